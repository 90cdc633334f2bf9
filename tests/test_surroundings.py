"""Who is near, which countries touch, and what a map of a country shows: on squares that can be measured by hand."""

import geopandas as gpd
import pandas as pd
import pytest
from pyproj import Geod
from shapely import MultiPolygon, Point, box

from mapsvc.analysis.surroundings import Surroundings, beside, reading_order
from tests import world


@pytest.fixture
def around() -> Surroundings:
    return Surroundings(world.members(), world.countries(), world.NETWORK.theme_ids)


def test_the_nearest_come_first_and_only_members_with_a_place_are_neighbours(around):
    # c1 has no place and d1 has left: neither is anybody's neighbour, and nobody is their own.
    assert [near.id for near in around.nearest("a1", 9)] == ["a2", "a3", "b1", "f1"]


def test_distances_are_geodesic_kilometres(around):
    expected = Geod(ellps="WGS84").inv(0.25, 0.25, 0.5, 0.5)[2] / 1000
    assert around.nearest("a1", 1)[0].km == pytest.approx(expected)
    assert 39 < expected < 40


def test_peers_share_a_theme(around):
    assert [near.id for near in around.nearest("a1", 9, themes=("air", "water"))] == ["a2"]
    assert around.nearest("a2", 9, themes=("mobility",))[0].id == "b1"


def test_a_member_without_a_place_is_near_nobody(around):
    assert around.nearest("c1", 3) == ()


def test_one_who_left_has_neighbours_but_is_none(around):
    # From 3.5, 0.5: f1 and b1 stand two degrees off on either side, equally far.
    assert {near.id for near in around.nearest("d1", 2)} == {"b1", "f1"}
    assert "d1" not in {near.id for near in around.nearest("f1", 9)}


def test_squares_side_by_side_share_a_border(around):
    assert around.borders["AA"] == ("BB",)
    assert around.borders["BB"] == ("AA", "CC")
    assert around.borders["FF"] == ("EE",)


def test_who_is_nearest_to_a_country_is_measured_from_its_border(around):
    near = around.nearest_to_country("EE", 2)
    # EE reaches from 4 to 5; f1 stands at 5.5, half a degree off, b1 at 1.5.
    assert [one.id for one in near] == ["f1", "b1"]
    assert near[0].km == pytest.approx(Geod(ellps="WGS84").inv(5, 0.5, 5.5, 0.5)[2] / 1000)


def test_the_other_side_of_180_degrees_is_near():
    members = (
        world.members()
        .loc[["a1", "b1"]]
        .set_geometry(gpd.GeoSeries([Point(179.9, 0), Point(-179.8, 0)], index=["a1", "b1"], crs=4326))
    )
    countries = (
        world.countries()
        .iloc[:3]
        .set_geometry(
            gpd.GeoSeries(
                [box(179, -1, 180, 1), box(-180, -1, -179, 1), box(177, -1, 178, 1)],
                index=["AA", "BB", "CC"],
                crs=4326,
            )
        )
    )
    around = Surroundings(members, countries, world.NETWORK.theme_ids)
    assert around.nearest("a1", 1)[0].km == pytest.approx(33.4, abs=0.1)
    assert around.nearest_to_country("CC", 2)[1].km == pytest.approx(2.2 * 111.32, rel=0.001)


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ([box(0, 0, 10, 10), box(60, 0, 61, 1)], (0, 0, 10, 10)),  # overseas, left out
        ([box(0, 0, 10, 10), box(14, 0, 15, 1)], (0, 0, 15, 10)),
        ([box(170, 0, 180, 10), box(-180, 0, -178, 10)], (170, 0, 182, 10)),  # cut at 180°, whole again
    ],
)
def test_the_box_of_a_country_is_its_main_part(parts, expected):
    countries = gpd.GeoDataFrame(geometry=[MultiPolygon(parts)], index=["AA"], crs=4326)
    around = Surroundings(world.members(), countries, ())
    assert around.box("AA") == expected


def test_reading_goes_by_country_then_by_name_without_accents():
    frame = pd.DataFrame(
        {"country": ["BB", "AA", "AA"], "name": ["Beta", "Zeta", "Ångström"]}, index=["b", "z", "a"]
    )
    order = reading_order(frame, {"AA": "Zulu", "BB": "Yankee"})
    assert order == ("b", "a", "z")
    assert beside(order, "b") == (None, "a")
    assert beside(order, "z") == ("a", None)
