"""The world as a picture sees it: equal areas, curved edges, and nothing torn or turned inside out."""

import numpy as np
import pytest
import shapely
from pyproj import Geod

from mapsvc.maps.projection import WORLD, Projections, aim_at, project, window
from mapsvc.model import Dataset
from tests import world

NOWHERE = np.empty((0, 2))


def aim_of(dataset: Dataset, *codes: str, whole: bool = True):
    return aim_at(dataset.countries, codes, NOWHERE, whole=whole)


def region(dataset: Dataset, name: str) -> tuple[str, ...]:
    return next(one.countries for one in dataset.network.regions if one.id == name)


@pytest.mark.parametrize("codes", [(), ("KE",), ("RU",), ("FJ", "NZ")])
def test_areas_are_those_of_the_globe(bundled, codes):
    aim = aim_of(bundled, *codes) if codes else WORLD
    projected = project(bundled.countries, aim)
    geod = Geod(ellps="WGS84")
    checked = 0
    for code, area in projected.areas_m2.items():
        shape = shapely.segmentize(bundled.countries.geometry[code], 0.5)
        true = abs(geod.geometry_area_perimeter(shape)[0])
        if true > 1e11 and shapely.bounds(shape)[1] > -60:
            checked += 1
            # Only Equal Earth sees all of a country; elsewhere parts beyond the horizon are left out.
            assert area == pytest.approx(true, rel=0.02) or (codes and area < true), code
    assert checked > (100 if not codes else 20)


@pytest.mark.parametrize(("codes", "middle"), [(("RU",), 90), (("FJ",), 179), (("NZ", "FJ", "WS"), 180)])
def test_a_country_on_both_sides_of_180_degrees_is_whole_and_in_the_middle(bundled, codes, middle):
    aim = aim_of(bundled, *codes)
    assert not aim.is_world
    assert abs((aim.middle[0] - middle + 180) % 360 - 180) < 12
    west, south, east, north = window(aim, project(bundled.countries, aim))
    assert west < 0 < east
    assert south < 0 < north
    # Russia is about 9,000 km from one end to the other, and not 30,000.
    assert east - west < 9.5e6


def test_no_line_runs_along_180_degrees_through_a_country_that_was_cut_there(bundled):
    aim = aim_of(bundled, "RU")
    shape = project(bundled.countries, aim).shapes["RU"]
    cut = shapely.LineString([(x, y) for x, y in zip(*_line(aim, 180.0, 66.0, 68.5), strict=True)])
    assert shapely.area(shape) == pytest.approx(16.9e12, rel=0.03)
    assert shapely.length(shapely.intersection(shapely.boundary(shape), shapely.buffer(cut, 300))) < 20_000


def _line(aim, lon, south, north):
    from pyproj import Transformer

    there = Transformer.from_crs("EPSG:4326", aim.projection, always_xy=True)
    lat = np.linspace(south, north, 20)
    return there.transform(np.full_like(lat, lon), lat)


def test_oceania_is_seen_from_the_pacific_and_europe_without_siberia(bundled):
    oceania = aim_of(bundled, *region(bundled, "oceania"), whole=False)
    assert not oceania.is_world
    assert 150 < oceania.middle[0] % 360 < 200
    europe = aim_of(bundled, *region(bundled, "europe"), whole=False)
    west, _, east, _ = window(europe, project(bundled.countries, europe))
    assert east - west < 6e6


def test_what_spreads_over_the_globe_is_shown_as_the_world(bundled):
    assert aim_of(bundled, "US", "KE", "JP", "BR") == WORLD
    assert aim_of(bundled) == WORLD


def test_nothing_on_the_other_side_is_turned_inside_out(bundled):
    for code in ("NZ", "ES", "KE", "GL", "CL"):
        aim = aim_of(bundled, code)
        projected = project(bundled.countries, aim)
        box = shapely.box(*window(aim, projected))
        seen = {one for one, shape in projected.shapes.items() if shapely.contains(shape, box)}
        assert not seen, code


def test_edges_are_curves_in_equal_earth(squares):
    # The western edge of the first square lies on the prime meridian, which is straight; its copy at 60° W is not.
    far = squares.countries.copy()
    far.geometry = far.geometry.translate(xoff=-60).scale(1, 40, origin=(0, 0))
    shape = project(far, WORLD).shapes["AA"]
    assert shapely.get_num_coordinates(shape) > 80


def test_a_point_that_must_be_seen_is_seen(squares):
    aim = aim_at(squares.countries, ["AA"], np.array([[5.0, 3.0]]), whole=True)
    west, south, east, north = window(aim, project(squares.countries, aim))
    from mapsvc.maps.projection import points_in

    ((x, y),) = points_in(aim, np.array([[5.0, 3.0]]))
    assert west < x < east
    assert south < y < north


def test_the_world_is_projected_once_for_each_snapshot_and_forgotten_with_it():
    projections = Projections(kept=2)
    land = world.countries()
    first = projections.of("one", land, WORLD)
    assert projections.of("one", land, WORLD) is first
    assert projections.of("two", land, WORLD) is not first
    assert projections.of("one", land, WORLD) is not first
