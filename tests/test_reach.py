"""What a place reaches, drawn: as large as it is, once where two share it, and inside of the map at 180°."""

import re

import numpy as np
import pytest
import shapely

from mapsvc.maps.miniatures import height
from mapsvc.maps.reach import reach_path, spots

WIDTH = 960
# Metres of the equal-area projection to a unit of the map.
METRES = 2 * 17_243_959.06 / WIDTH


def area_km2(path: str) -> float:
    rings = [
        shapely.Polygon([tuple(map(float, pair.split())) for pair in ring.split("L")])
        for ring in re.findall(r"M([^z]+)z", path)
    ]
    return sum(ring.area for ring in rings) * METRES**2 / 1e6


@pytest.mark.parametrize("place", [(0.0, 0.0), (100.0, 40.0), (-70.0, -50.0)])
def test_a_circle_is_as_large_as_it_is_on_the_globe(place):
    assert area_km2(reach_path(np.array([place]), 500.0, WIDTH)) == pytest.approx(np.pi * 500**2, rel=0.02)


def test_what_two_share_is_drawn_once():
    one, other, far = (0.0, 0.0), (0.0, 0.1), (50.0, 0.0)
    alone = area_km2(reach_path(np.array([one]), 500.0, WIDTH))
    assert area_km2(reach_path(np.array([one, other]), 500.0, WIDTH)) < 1.1 * alone
    assert area_km2(reach_path(np.array([one, far]), 500.0, WIDTH)) == pytest.approx(2 * alone, rel=0.02)


@pytest.mark.parametrize("longitude", [179.9, -179.9])
def test_a_circle_at_180_degrees_stays_inside_of_the_map(longitude):
    path = reach_path(np.array([(longitude, 0.0)]), 500.0, WIDTH)
    x = [float(pair.split()[0]) for pair in re.split("[MLz]", path) if pair]
    assert min(x) >= 0
    assert max(x) <= WIDTH
    assert max(x) - min(x) < WIDTH / 10


def test_nowhere_and_no_distance_reach_nothing():
    assert reach_path(np.empty((0, 2)), 100.0, WIDTH) == ""
    assert reach_path(np.array([(0.0, 0.0)]), 0.0, WIDTH) == ""
    assert spots(np.empty((0, 2)), WIDTH) == []


def test_a_spot_is_where_the_map_has_the_place():
    ((x, y),) = spots(np.array([(0.0, 0.0)]), WIDTH)
    assert x == WIDTH / 2
    assert 0 < y < height(WIDTH)
