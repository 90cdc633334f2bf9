"""Outlines are the same countries as the GeoJSON, in Web Mercator and whole numbers."""

import json
import re
from pathlib import Path

import pytest
from pyproj import Transformer

from mapsvc.maps.outlines import TOP_LATITUDE, WORLD, outlines
from mapsvc.model import Dataset
from tests import world

MODULE = Path(__file__).resolve().parent.parent / "mapsvc/static/js/countries.js"


def rings(path: str) -> list[list[tuple[float, float]]]:
    """Return the rings of a path, in units."""
    found = []
    for one in re.findall(r"M(-?\d+) (-?\d+)l([^z]*)z", path):
        x, y = int(one[0]), int(one[1])
        numbers = [int(number) for number in re.findall(r"-?\d+", one[2])]
        points = [(x, y)]
        for east, south in zip(numbers[::2], numbers[1::2], strict=True):
            x, y = x + east, y + south
            points.append((x, y))
        found.append(points)
    return found


def test_every_country_has_a_name_a_size_and_a_path():
    rows = json.loads(outlines(world.countries(), {"AA": "Land of A"}))
    assert list(rows) == list(world.CODES)
    assert rows["AA"][0] == "Land of A"
    # A degree is 65,536 / 360 units at the equator.
    assert rows["AA"][1] == pytest.approx(WORLD / 360, abs=1)


def test_points_lie_where_pyproj_puts_them(bundled: Dataset):
    mercator = Transformer.from_crs(4326, 3857, always_xy=True)
    half = 20037508.342789244
    kenya = bundled.countries.loc[["KE"]]
    ours = {point for ring in rings(json.loads(outlines(kenya, {}))["KE"][2]) for point in ring}
    for lon, lat in kenya.geometry.iloc[0].geoms[0].exterior.coords:
        x, y = mercator.transform(lon, lat)
        near = round((x + half) / (2 * half) * WORLD), round((half - y) / (2 * half) * WORLD)
        assert near in ours


def test_areas_are_those_of_the_polygons(bundled: Dataset):
    mercator = bundled.countries.drop("AQ").to_crs(3857)
    unit = 2 * 20037508.342789244 / WORLD
    rows = json.loads(outlines(bundled.countries, {}))
    for code in ("BR", "FR", "ZA", "ID"):
        assert rows[code][1] == pytest.approx(mercator.geometry[code].area ** 0.5 / unit, rel=0.02)


def test_no_country_is_lost_however_small(bundled: Dataset):
    rows = json.loads(outlines(bundled.countries, {}))
    assert set(rows) == set(bundled.countries.index)
    assert all(rings(path) for _, _, path in rows.values())


def test_the_poles_are_cut_where_the_map_ends(bundled: Dataset):
    ys = [
        y for ring in rings(json.loads(outlines(bundled.countries.loc[["AQ"]], {}))["AQ"][2]) for _, y in ring
    ]
    assert max(ys) == WORLD
    assert TOP_LATITUDE < 85.06


def test_the_map_module_has_the_same_units():
    assert f"const WORLD = 2 ** {WORLD.bit_length() - 1};" in MODULE.read_text(encoding="utf-8")
