"""Counting and locating members, with values that a person can count on the six squares."""

import geopandas as gpd
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely import Point, box

from mapsvc.analysis.membership import assign_country, count_members, country_findings, country_states
from mapsvc.analysis.queries import MapQuery
from mapsvc.model import MEMBER_TYPES, STATUSES
from tests import world

THEMES = world.NETWORK.theme_ids
LAND = gpd.GeoDataFrame({"country": list(world.CODES)}, geometry=list(world.countries().geometry), crs=4326)


def points(*places: tuple[float, float] | None) -> gpd.GeoDataFrame:
    """Return a frame of points, or of nulls."""
    shapes = [Point(*place) if place else None for place in places]
    return gpd.GeoDataFrame(geometry=shapes, index=[f"p{n}" for n in range(len(places))], crs=4326)


def test_a_point_lies_in_the_square_around_it():
    found = assign_country(points((0.5, 0.5), (4.5, 0.5)), LAND)
    assert list(found["found_country"]) == ["AA", "EE"]
    assert list(found["offshore_km"]) == [0.0, 0.0]


def test_a_harbour_a_few_km_off_the_coast_belongs_to_the_nearest_country_and_the_distance_is_kept():
    found = assign_country(points((2.5, 1.05)), LAND)
    assert found["found_country"].iloc[0] == "CC"
    # 0.05 degrees of latitude at the equator: 110.574 km a degree on the WGS 84 ellipsoid.
    assert found["offshore_km"].iloc[0] == pytest.approx(0.05 * 110.574, rel=1e-3)


def claimed(country: str, place: tuple[float, float]) -> gpd.GeoDataFrame:
    """Return one point whose row names a country."""
    return points(place).assign(country=country)


def test_a_town_just_across_a_border_belongs_to_the_country_it_names():
    found = assign_country(claimed("BB", (0.99, 0.5)), LAND)
    assert found["found_country"].iloc[0] == "BB"
    # 0.01 degrees of longitude at the equator.
    assert found["offshore_km"].iloc[0] == pytest.approx(1.11, abs=0.01)


def test_a_town_farther_across_a_border_lies_where_it_lies():
    assert assign_country(claimed("BB", (0.9, 0.5)), LAND)["found_country"].iloc[0] == "AA"


def test_a_point_far_out_at_sea_belongs_to_no_country():
    found = assign_country(points((2.5, 5.0)), LAND)
    assert found["found_country"].iloc[0] == ""
    assert found["offshore_km"].isna().all()


def test_a_member_without_a_place_has_no_found_country():
    found = assign_country(points(None, (0.5, 0.5)), LAND)
    assert list(found["found_country"]) == ["", "AA"]


def test_land_across_the_antimeridian_is_as_near_as_it_is():
    land = gpd.GeoDataFrame({"country": ["FJ"]}, geometry=[box(179.0, -18, 180.0, -17)], crs=4326)
    found = assign_country(points((-179.95, -17.5)), land)
    assert found["found_country"].iloc[0] == "FJ"
    assert found["offshore_km"].iloc[0] == pytest.approx(5.3, abs=0.1)


def test_a_point_on_a_border_belongs_to_one_country_and_always_the_same():
    first = assign_country(points((1.0, 0.5)), LAND)["found_country"].iloc[0]
    assert first in {"AA", "BB"}
    assert {assign_country(points((1.0, 0.5)), LAND)["found_country"].iloc[0] for _ in range(5)} == {first}


def test_a_point_outside_its_own_country_is_a_finding_that_names_both():
    people = world.members()
    moved = people.set_geometry([Point(1.5, 0.5), *people.geometry[1:]], crs=4326)
    findings = country_findings(moved, assign_country(moved, LAND), "members.csv")
    assert [(one.code, one.severity, one.value) for one in findings] == [("outside-country", "error", "a1")]
    assert "BB" in findings[0].message
    assert "AA" in findings[0].message


def test_the_grid_counts_what_can_be_counted_by_hand():
    counts = count_members(world.members(), world.CODES, THEMES)
    nonzero = {key: n for key, n in counts.items() if n}
    assert nonzero == {
        ("AA", "all"): 3, ("AA", "air"): 1, ("AA", "water"): 2,
        ("BB", "all"): 1, ("BB", "mobility"): 1,
        ("CC", "all"): 1,
        ("FF", "all"): 1,
    }  # fmt: skip


def test_the_grid_is_full_so_that_a_gap_is_a_row():
    counts = count_members(world.members(), world.CODES, THEMES)
    assert len(counts) == len(world.CODES) * (len(THEMES) + 1)
    assert counts[("EE", "water")] == 0
    assert counts.dtype == "int64"
    assert counts.index.names == ["country", "theme"]


def test_former_members_are_not_counted():
    assert count_members(world.members(), world.CODES, THEMES)[("DD", "all")] == 0


def test_without_a_theme_a_country_is_active_or_has_no_member():
    states = country_states(world.members(), MapQuery(), world.NETWORK, world.CODES)
    assert states["state"].to_dict() == {
        "AA": "active", "BB": "active", "CC": "active", "DD": "none", "EE": "none", "FF": "active",
    }  # fmt: skip
    assert states["n_members"].to_dict() == {"AA": 3, "BB": 1, "CC": 1, "DD": 0, "EE": 0, "FF": 1}


def test_with_a_theme_the_four_states_are_told_apart():
    states = country_states(world.members(), MapQuery(theme=("water",)), world.NETWORK, world.CODES)
    assert states["state"].to_dict() == {
        "AA": "active",  # a1 and a2
        "BB": "not-in-theme",  # b1 is known to work on mobility only
        "CC": "unknown",  # nothing is recorded for c1
        "DD": "none",  # d1 has left
        "EE": "none",
        "FF": "not-in-theme",  # f1 is known to work on none
    }


def test_a_country_where_one_member_is_unrecorded_is_unknown_even_if_others_are_recorded():
    states = country_states(world.members(), MapQuery(theme=("mobility",)), world.NETWORK, world.CODES)
    assert states.at["AA", "state"] == "unknown"  # a3 may work on mobility


def test_a_region_leaves_only_its_countries_in_the_view():
    states = country_states(world.members(), MapQuery(region=("east",)), world.NETWORK, world.CODES)
    assert list(states.index) == ["DD", "EE", "FF"]


frames = st.lists(
    st.tuples(
        st.sampled_from([*world.CODES, "ZZ"]),
        st.sampled_from(STATUSES),
        st.one_of(st.none(), st.frozensets(st.sampled_from(THEMES)).map(lambda ids: tuple(sorted(ids)))),
        st.sampled_from(MEMBER_TYPES),
    )
).map(
    lambda rows: pd.DataFrame(rows, columns=["country", "status", "themes", "type"]).astype(
        {"themes": "object"}
    )
)


@given(frames)
def test_members_are_the_sum_over_countries_plus_the_unassigned(frame: pd.DataFrame):
    counts = count_members(frame, world.CODES, THEMES)
    counted = frame[frame["status"] == "member"]
    unassigned = int((~counted["country"].isin(world.CODES)).sum())
    assert counts.xs("all", level="theme").sum() + unassigned == len(counted)


@given(frames)
def test_no_count_is_negative_and_no_theme_exceeds_all(frame: pd.DataFrame):
    table = count_members(frame, world.CODES, THEMES).unstack("theme")
    assert (table >= 0).all(axis=None)
    assert table.drop(columns="all").le(table["all"], axis=0).all(axis=None)


@given(frames, st.randoms())
def test_the_order_of_rows_does_not_matter(frame: pd.DataFrame, random):
    order = list(range(len(frame)))
    random.shuffle(order)
    shuffled = frame.iloc[order]
    pd.testing.assert_series_equal(
        count_members(frame, world.CODES, THEMES), count_members(shuffled, world.CODES, THEMES)
    )
