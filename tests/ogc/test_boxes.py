"""Boxes show exactly what a person would find by going through all features one by one."""

import numpy as np
import pytest
import shapely

from mapsvc.analysis.boxes import Box, Shapes
from mapsvc.analysis.items_collections import member_items
from mapsvc.analysis.items_query import parse_items_query
from mapsvc.analysis.items_selection import select_items
from mapsvc.model import Dataset
from tests import world

N_BOXES, N_POINTS = 100_000, 80


def random_boxes(random: np.random.Generator) -> np.ndarray:
    """Return west, south, east, north: 30 % over the antimeridian, 10 % at a pole, 10 % without area."""
    lon = np.sort(np.round(random.uniform(-180, 180, (N_BOXES, 2))), axis=1)
    lat = np.sort(np.round(random.uniform(-90, 90, (N_BOXES, 2))), axis=1)
    boxes = np.column_stack([lon[:, 0], lat[:, 0], lon[:, 1], lat[:, 1]])
    kind = random.uniform(size=N_BOXES)
    over = kind < 0.3
    boxes[over] = boxes[over][:, [2, 1, 0, 3]]
    boxes[(kind >= 0.3) & (kind < 0.35), 3] = 90
    boxes[(kind >= 0.35) & (kind < 0.4), 1] = -90
    flat = (kind >= 0.4) & (kind < 0.45)
    boxes[flat, 3] = boxes[flat, 1]
    spot = (kind >= 0.45) & (kind < 0.5)
    boxes[spot, 2:] = boxes[spot, :2]
    return boxes


def by_going_through_them(x: float | None, y: float | None, boxes: np.ndarray) -> np.ndarray:
    """Say of each box whether a point is in it, as the specification says it in words."""
    west, south, east, north = boxes.T
    if x is None or y is None:
        return np.ones(len(boxes), dtype=bool)
    between = np.where(west <= east, (west <= x) & (x <= east), (x >= west) | (x <= east))
    return between & (south <= y) & (y <= north)


def test_100_000_boxes_show_what_brute_force_finds():
    random = np.random.default_rng(6)
    boxes = random_boxes(random)
    lonlat = np.round(
        np.column_stack([random.uniform(-180, 180, N_POINTS), random.uniform(-90, 90, N_POINTS)])
    )
    lonlat[:6] = [[180, 0], [-180, 0], [0, 90], [0, -90], [180, 90], [-180, -90]]
    shapes = shapely.points(lonlat).astype(object)
    shapes[10:20] = None
    expected = np.column_stack(
        [by_going_through_them(*((None, None) if one is None else (one.x, one.y)), boxes) for one in shapes]
    )
    laid = Shapes(shapes)
    found = np.array([laid.meeting(Box(*box)) for box in boxes.tolist()])
    assert (boxes[:, 0] > boxes[:, 2]).mean() > 0.25
    assert expected.any(axis=1).all()  # what has no place is in every box
    assert not expected.all(axis=1).any()
    np.testing.assert_array_equal(found, expected)


@pytest.mark.parametrize("seed", range(3))
def test_areas_are_shown_where_they_meet_a_box(seed: int):
    random = np.random.default_rng(seed)
    corners = np.round(random.uniform([-180, -90], [170, 80], (40, 2)))
    areas = np.array([shapely.box(x, y, x + 10, y + 10) for x, y in corners], dtype=object)
    areas[5] = None
    laid = Shapes(areas)
    for box in random_boxes(random)[:2_000].tolist():
        west, south, east, north = box
        parts = [(west, east)] if west <= east else [(west, 180), (-180, east)]
        expected = [
            area is None
            or any(left <= x + 10 and right >= x and south <= y + 10 and north >= y for left, right in parts)
            for area, (x, y) in zip(areas, corners, strict=True)
        ]
        assert laid.meeting(Box(*box)).tolist() == expected


def test_a_planted_bug_is_seen():
    """The complement at the antimeridian, which other servers return, is not what brute force gives."""
    boxes = np.array([[170.0, -10.0, -170.0, 10.0]])
    laid = Shapes(shapely.points([[175.0, 0.0], [0.0, 0.0]]).astype(object))
    assert by_going_through_them(175, 0, boxes).tolist() == [True]
    assert laid.meeting(Box(170, -10, -170, 10)).tolist() == [True, False]
    assert laid.meeting(Box(-170, -10, 170, 10)).tolist() == [False, True]


def test_a_box_in_equal_earth_is_a_box_there(squares: Dataset):
    items = member_items(squares, {})
    uri = "http://www.opengis.net/def/crs/EPSG/0/8857"
    query = parse_items_query([("bbox", "0,0,90000,100000"), ("bbox-crs", uri)], items)
    found = [str(items.frame.index[place]) for place in select_items(items, query)]
    assert found == ["a1", "a2", "a3", "c1"]


def test_the_members_of_the_world_have_a_place_or_none():
    assert [shape is None for shape in member_items(world.dataset(), {}).shapes].count(True) == 1
