"""The name of a country stands inside of it, where it has most room."""

import geopandas as gpd
import pytest
from shapely import MultiPolygon, Point, Polygon, box

from mapsvc.analysis.anchors import WIDE, anchors
from mapsvc.model import Dataset
from tests import world


def anchor_of(*parts: Polygon):
    """Return the anchor of a country of these parts."""
    return anchors(gpd.GeoDataFrame(geometry=[MultiPolygon(parts)], index=["AA"], crs=4326)).loc["AA"]


def test_in_a_square_the_ellipse_is_as_wide_as_the_square():
    found = anchors(world.countries())
    assert found.index.to_list() == list(world.CODES)
    assert found["longitude"].to_list() == pytest.approx([0.5, 1.5, 2.5, 3.5, 4.5, 5.5], abs=0.02)
    assert found["latitude"].to_list() == pytest.approx([0.5] * 6, abs=0.01)
    assert found["room"].to_list() == pytest.approx([0.5 / WIDE] * 6, rel=0.01)
    assert found["side"].to_list() == pytest.approx([1.0] * 6, rel=0.001)


def test_where_there_is_room_everywhere_a_name_stands_in_the_middle():
    assert anchor_of(box(0, -2, 30, 2))["longitude"] == pytest.approx(15, abs=0.01)


def test_a_name_lies_in_the_wide_part_and_not_in_the_high_one():
    wide, high = box(0, 0, 20, 4), box(20, -20, 25, 4)
    found = anchor_of(wide.union(high))
    assert wide.contains(Point(found["longitude"], found["latitude"]))


def test_a_part_far_away_does_not_move_the_name():
    assert anchor_of(box(0, 0, 4, 4), box(100, 0, 102, 2))["longitude"] == pytest.approx(2, abs=0.01)


def test_the_largest_part_is_the_largest_on_the_ground_and_not_on_the_map():
    # In Mercator the northern one is seven times as large; on the ground it is a third.
    assert anchor_of(box(0, 0, 4, 4), box(50, 78, 56, 81))["latitude"] < 4


def test_both_sides_of_180_degrees_are_one_country():
    found = anchor_of(box(170, 0, 180, 4), box(-180, 0, -176, 4))
    assert 170 < found["longitude"] < 180


def test_the_anchor_of_every_real_country_is_inside_of_it(bundled: Dataset):
    found = anchors(bundled.countries)
    points = gpd.GeoSeries(gpd.points_from_xy(found["longitude"], found["latitude"]), found.index, crs=4326)
    outside = found.index[~bundled.countries.geometry.contains(points)]
    assert outside.to_list() == []
    assert (found[["room", "side"]] > 0).all(axis=None)


@pytest.mark.parametrize(
    ("code", "around"),
    [("FR", box(-2, 46, 7, 50)), ("US", box(-120, 32, -80, 48)), ("NO", box(5, 58, 20, 70)),
     ("RU", box(60, 50, 150, 72)), ("NZ", box(166, -47, 179, -34)), ("EC", box(-81, -5, -75, 2))],
)  # fmt: skip
def test_countries_with_parts_far_away_are_named_where_people_look_for_them(bundled: Dataset, code, around):
    found = anchors(bundled.countries.loc[[code]]).loc[code]
    assert around.contains(Point(found["longitude"], found["latitude"]))
