"""Coverage, counted by hand on the six squares; and what holds for every network."""

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mapsvc.analysis.coverage import Coverage, measure_coverage, members_at
from mapsvc.analysis.coverage_measures import COVERAGE, LEVELS, WORLD
from mapsvc.analysis.covering import reach_of
from mapsvc.analysis.small_numbers import wilson
from mapsvc.analysis.top_centres import CENTRE_STATES, centre_states, top_counts
from mapsvc.model import Dataset
from tests import world

IDS = tuple(world.members().index)
SHARES = ("centre_share", "centre_share_low", "centre_share_high", "people_share", "chance", "theme_share",
          "theme_chance", "theme_chance_adjusted", "smoothing_weight")  # fmt: skip


def changed(ids: list[str] | None = None, **cells: dict[str, object]) -> Dataset:
    """Return the squares with some of the members, in this order, and other values in some cells."""
    frame = world.members()
    for column, values in cells.items():
        for id_, value in values.items():
            frame.loc[id_, column] = value
    return replace(world.dataset(urban=world.URBAN), members=frame.loc[list(IDS if ids is None else ids)])


def measured(dataset: Dataset, asof: str = "") -> Coverage:
    """Return the coverage of a network on the centres of the squares."""
    return measure_coverage(dataset, world.URBAN, asof=asof)


@pytest.fixture(scope="module")
def squares_coverage() -> Coverage:
    return measured(changed())


def test_what_is_counted_of_a_country(squares_coverage):
    # Alpha covers its centre of 1,000,000; North, of 500,000, is nobody's. Three members: Alpha, Åbo, Ałma.
    row = squares_coverage.area("country", "AA")
    assert (row["n_members"], row["n_centres"], row["urban_people"]) == (3, 2, 1_500_000)
    assert (row["covered_centres"], row["covered_people"], row["direct_people"]) == (1, 1_000_000, 1_000_000)
    assert row["people_share"] == pytest.approx(2 / 3)
    assert row["centre_share"] == 0.5
    assert [row["centre_share_low"], row["centre_share_high"]] == pytest.approx(
        [float(one[0]) for one in wilson([1], [2])]
    )


def test_a_county_covers_through_regions_and_not_directly(squares_coverage):
    row = squares_coverage.area("country", "BB")
    assert (row["covered_people"], row["direct_people"], row["region_people"]) == (500_000, 0, 500_000)


def test_regions_and_the_world_are_sums_of_their_countries(squares_coverage):
    west, east, everywhere = (
        squares_coverage.area(level, area)
        for level, area in (("region", "west"), ("region", "east"), ("world", WORLD))
    )
    assert (west["n_members"], east["n_members"], everywhere["n_members"]) == (5, 1, 6)
    assert (west["urban_people"], east["urban_people"]) == (2_000_000, 100_000)
    assert everywhere["covered_people"] == 1_500_000
    assert everywhere["people_share"] == pytest.approx(1.5 / 2.1)


def test_what_is_expected_and_what_is_missing(squares_coverage):
    # Six members for 2.1 million people; AA has 1.5 million of them, EE 0.1 million and nobody.
    here = squares_coverage.area("country", "AA")
    assert here["expected"] == pytest.approx(1.5 * 6 / 2.1)
    assert here["ratio"] == pytest.approx(3 / (1.5 * 6 / 2.1))
    assert here["missing_members"] == pytest.approx(1.5 * 6 / 2.1 - 3)
    nobody = squares_coverage.area("country", "EE")
    assert nobody["missing_members"] == pytest.approx(0.1 * 6 / 2.1)
    assert nobody["chance"] == pytest.approx(np.exp(-0.1 * 6 / 2.1))
    assert nobody["people_short"] == pytest.approx(100_000 * 1.5 / 2.1)
    # Of its own region nobody is reached, so it falls short of nothing there.
    assert nobody["people_short_of_region"] == 0


def test_what_is_expected_of_all_countries_is_what_there_is(squares_coverage):
    assert squares_coverage.of("country")["expected"].sum() == pytest.approx(6)


def test_a_country_without_urban_centres_has_members_and_no_rate(squares_coverage):
    row = squares_coverage.area("country", "CC")
    assert (row["n_members"], row["urban_people"]) == (1, 0)
    for name in ("people_share", "centre_share", "rate", "smoothed_rate", "expected", "ratio", "chance"):
        assert np.isnan(row[name]), name


def test_unknown_is_never_zero(squares_coverage):
    # Gamma may work on water: nobody recorded it. EE has nobody at all, which is known.
    rows = squares_coverage.of("country", "water")
    assert rows["state"].to_dict() == {"AA": "active", "BB": "not-in-theme", "CC": "unknown", "DD": "none", "EE": "none",
                                       "FF": "not-in-theme"}  # fmt: skip
    assert rows.at["CC", "n_unknown"] == 1
    alma_alone = measured(changed(["a3"])).of("country", "water").loc["AA"]
    assert alma_alone["state"] == "unknown"
    for name in ("people_share", "rate", "smoothed_rate", "ratio", "missing_members", "chance", "people_short",
                 "theme_share", "location_quotient", "theme_chance"):  # fmt: skip
        assert np.isnan(alma_alone[name]), name
    assert rows.at["EE", "rate"] == 0
    assert rows.at["EE", "people_share"] == 0


def test_the_share_of_a_theme_is_of_the_members_whose_themes_are_recorded(squares_coverage):
    # In AA two of two work on water, the third is not recorded; in the world two of four.
    row = squares_coverage.area("country", "AA", "water")
    assert row["theme_share"] == 1.0
    assert row["location_quotient"] == pytest.approx(2.0)
    assert row["theme_chance"] == pytest.approx(0.5)  # both or neither of two, at one half each
    assert squares_coverage.area("country", "BB", "water")["location_quotient"] == 0


def test_a_theme_covers_what_its_members_cover(squares_coverage):
    assert squares_coverage.area("country", "AA", "air")["covered_people"] == 1_000_000
    assert squares_coverage.area("country", "AA", "mobility")["covered_people"] == 0
    assert squares_coverage.area("country", "BB", "mobility")["covered_people"] == 500_000


def test_a_city_inside_a_member_region_counts_once():
    shore = changed(type={"a2": "region"}, name={"a2": "Northern Shore"})
    row = measured(shore).area("country", "AA")
    assert (row["covered_people"], row["direct_people"], row["region_people"]) == (
        1_500_000,
        1_000_000,
        500_000,
    )
    assert row["covered_centres"] == 2


def test_a_part_of_a_centre_is_counted_apart_and_a_claim_beyond_it_is_cut_and_said():
    part = {"name": {"a1": "Suburb"}, "type": {"a1": "district"}}
    row = measured(changed(["a1"], **part, population={"a1": 70_000})).area("country", "AA")
    assert (row["covered_centres"], row["partly_covered_centres"], row["covered_people"]) == (0, 1, 70_000)
    assert not row["clipped"]
    row = measured(changed(["a1"], **part, population={"a1": 3_000_000})).area("country", "AA")
    assert row["covered_people"] == 1_000_000
    assert row["clipped"]
    assert row["people_share"] <= 1


def test_members_that_match_no_centre_are_listed_with_the_reason():
    unmatched = measured(changed()).reach.unmatched.to_dict()
    # Åbo and Ałma lie outside of every disc; Gamma has no place; a federation covers nothing.
    assert unmatched == {"a2": "no-centre", "a3": "no-centre", "c1": "no-place", "f1": "association"}


def test_a_centre_across_180_degrees_is_found():
    urban = replace(world.URBAN, centres=world.URBAN.centres.assign(longitude=[179.99, 0.1, 1.5, 4.5]))
    people = world.members().loc[["a1"]].set_geometry(gpd.points_from_xy([-179.99], [0.25], crs=4326))
    assert reach_of(people, urban).people.tolist() == [1_000_000]


def test_those_without_a_date_are_counted_at_every_date_and_their_number_is_returned():
    dated = changed(since={"a1": "1990", "a2": "2001-05-04"}, until={"d1": "1999"})
    assert list(members_at(dated.members, "1995").index) == ["a1", "b1", "c1", "d1", "f1"]
    coverage = measured(dated, "1995")
    assert coverage.n_undated == 4
    assert coverage.area("world", WORLD)["n_members"] == 5
    # Delta left at the end of 1999.
    assert "d1" not in members_at(dated.members, "2000").index
    assert measured(dated).area("world", WORLD)["n_members"] == 6


def test_a_date_before_the_network_began_and_a_network_of_nobody_have_no_failure_and_no_members():
    for coverage in (measured(changed([])), measured(changed(["a1"]), "1950")):
        everywhere = coverage.area("world", WORLD)
        assert (everywhere["n_members"], everywhere["people_share"], everywhere["rate"]) == (0, 0, 0)
        assert coverage.of("country")["state"].eq("none").all()
        assert np.isnan(everywhere["ratio"])


def test_a_network_in_one_country_and_one_of_a_single_member_have_every_measure_in_bounds():
    for ids in (["a1"], ["a1", "a2", "a3"]):
        areas = measured(changed(ids)).areas
        assert not np.isinf(areas.select_dtypes("float64").to_numpy()).any()
        assert areas.loc[("country", "AA", "all"), "ratio"] == pytest.approx(2.1 / 1.5)


def test_the_largest_centres_are_counted_by_what_they_are_to_the_network(squares_coverage):
    states = centre_states(squares_coverage, world.NETWORK)
    assert states["state"].tolist() == ["member", "missing", "in-member-region", "missing"]
    assert states["rank"].tolist() == [1, 2, 3, 4]
    assert states["rank_in_region"].tolist() == [1, 2, 3, 1]
    counts = top_counts(states, world.NETWORK, (2, 100)).set_index(["area", "top"])
    assert counts.loc[("world", 2), ["n_centres", "member", "missing"]].tolist() == [2, 1, 1]
    assert counts.loc[("west", 100), ["n_centres", *CENTRE_STATES]].tolist() == [3, 1, 1, 0, 1]
    assert counts.loc[("east", 100), "missing"] == 1


# Each measures a network or two, whole.
few = settings(max_examples=40)


@st.composite
def networks(draw) -> Dataset:
    """Return the squares with members drawn at random: some of the seven, with other types, themes, homes and places."""
    ids = draw(st.lists(st.sampled_from(IDS), unique=True))
    dataset = changed(ids)
    frame = dataset.members.copy()
    for id_ in ids:
        frame.loc[id_, "type"] = draw(
            st.sampled_from(["city", "district", "county", "region", "association"])
        )
        frame.loc[id_, "name"] = draw(st.sampled_from(["Alpha", "Suburb", "Northern Shore", "Betaville"]))
        frame.loc[id_, "population"] = draw(st.sampled_from([pd.NA, 0, 70_000, 3_000_000]))
        frame.loc[id_, "location_source"] = draw(
            st.sampled_from(["given", "geonames:1", "geonames:2", "geonames:11"])
        )
        frame.at[id_, "themes"] = draw(st.sampled_from([None, (), ("water",), ("air", "mobility")]))
    return replace(dataset, members=frame)


@few
@given(networks(), st.data())
def test_adding_a_member_never_lowers_a_coverage(dataset, data):
    if not len(dataset.members):
        return
    left_out = data.draw(st.sampled_from(list(dataset.members.index)))
    fewer = measured(replace(dataset, members=dataset.members.drop(index=left_out))).areas
    more = measured(dataset).areas
    for name in ("covered_people", "covered_centres", "direct_people", "n_members"):
        assert (more[name] >= fewer[name]).all(), name
    known = fewer["people_share"].notna() & more["people_share"].notna()
    assert (more["people_share"] >= fewer["people_share"])[known].all()


@few
@given(networks())
def test_two_regions_together_never_exceed_their_sum_and_no_share_leaves_its_bounds(dataset):
    areas = measured(dataset).areas
    west, east, both = (areas.xs(area, level="area") for area in ("west", "east", WORLD))
    for name in ("covered_people", "covered_centres", "n_members"):
        together = west[name].to_numpy() + east[name].to_numpy()
        assert (both[name].to_numpy() <= together).all(), name
    assert (areas["covered_people"] <= areas["urban_people"]).all()
    assert (areas["region_people"] >= 0).all()
    for name in SHARES:
        assert areas[name].dropna().between(0, 1).all(), name


@few
@given(networks(), st.randoms())
def test_the_order_of_rows_does_not_matter(dataset, random):
    ids = list(dataset.members.index)
    random.shuffle(ids)
    turned = measured(replace(dataset, members=dataset.members.loc[ids])).areas
    pd.testing.assert_frame_equal(measured(dataset).areas, turned)


def test_the_grid_is_full_and_its_columns_are_those_of_the_schema(squares_coverage):
    areas = squares_coverage.areas
    assert len(areas) == (6 + 2 + 1) * 4
    assert areas.index.is_unique
    assert tuple(areas.index.unique("level")) == LEVELS
    assert {one.name: str(areas[one.name].dtype) for one in COVERAGE.columns} == {
        one.name: one.dtype for one in COVERAGE.columns
    }
    for one in COVERAGE.columns:
        assert one.nullable or areas[one.name].notna().all(), one.name


def test_on_the_bundled_network_everything_is_there(bundled):
    coverage = measure_coverage(bundled, bundled.urban)
    world_row = coverage.area("world", WORLD)
    n_counted = int((bundled.members["status"] == "member").sum())
    assert world_row["n_members"] == n_counted
    assert world_row["n_centres"] == 28_833
    assert coverage.of("country")["n_members"].sum() == n_counted
    assert coverage.of("region")["n_members"].sum() <= n_counted
    assert len(coverage.reach.unmatched) + len(np.unique(coverage.reach.members)) == n_counted
    # Every row that says active has a member, and the other way round.
    assert ((coverage.areas["state"] == "active") == (coverage.areas["n_members"] > 0)).all()
