"""Measures of countries, counted by hand on the six squares."""

import math

import pandas as pd
import pytest

from mapsvc.analysis.covering import covered_people, urban_people
from mapsvc.analysis.filling import fill_countries
from mapsvc.analysis.measures import country_values, offered_measures
from mapsvc.analysis.queries import MapQuery
from mapsvc.model import Urban
from tests import world


def people_of(ids: list[str], **changes: dict[str, object]):
    """Return some of the seven members, with other values in some cells."""
    frame = world.members()
    for column, cells in changes.items():
        for id_, value in cells.items():
            frame.loc[id_, column] = value
    return frame.loc[ids]


def covered(ids: list[str], **changes: dict[str, object]) -> dict[str, int]:
    """Return the people that these members cover."""
    return covered_people(people_of(ids, **changes), world.URBAN).to_dict()


def test_the_urban_people_of_a_country_are_those_of_its_centres():
    assert urban_people(world.URBAN).to_dict() == {"AA": 1_500_000, "BB": 500_000, "EE": 100_000}


def test_a_city_covers_the_centre_that_it_is():
    assert covered(["a1"], location_source={"a1": "geonames:1"}) == {"AA": 1_000_000}


def test_a_city_that_is_found_by_its_name_and_place_covers_its_centre():
    # Alpha lies in the disc of the centre of that name.
    assert covered(["a1"]) == {"AA": 1_000_000}


def test_a_district_covers_at_most_its_own_people_and_nothing_where_they_are_not_known():
    source = {"a1": "geonames:11"}
    name, type_ = {"a1": "Suburb"}, {"a1": "district"}
    assert covered(["a1"], location_source=source, name=name, type=type_) == {"AA": 40_000}
    assert covered(["a1"], name=name, type=type_) == {"AA": 0}
    assert covered(["a1"], name=name, type=type_, population={"a1": 70_000}) == {"AA": 70_000}


def test_what_two_members_cover_of_one_centre_counts_once():
    both = {"a1": "geonames:1", "a2": "geonames:1"}
    assert covered(["a1", "a2"], location_source=both) == {"AA": 1_000_000}


def test_a_region_covers_every_centre_of_the_area_that_it_is_by_name():
    assert covered(["a1"], type={"a1": "region"}, name={"a1": "Northern Shore"}) == {"AA": 1_500_000}


def test_a_county_that_is_no_first_order_area_covers_the_centre_of_its_seat():
    assert covered(["a1"], type={"a1": "county"}, name={"a1": "Alpha County"}) == {"AA": 1_000_000}


def test_an_association_covers_nothing_and_neither_does_a_member_without_a_place():
    assert covered(["a1"], type={"a1": "association"}) == {}
    assert covered(["c1"]) == {}


def test_a_centre_of_another_country_is_not_covered():
    assert covered(["b1"], location_source={"b1": "geonames:1"}) == {"BB": 500_000}


def values(measure: str, urban: Urban | None = world.URBAN) -> dict[str, float]:
    """Return the values of a measure for all members of the six squares."""
    query = MapQuery(view="countries", measure=measure)
    filled = fill_countries(world.dataset(urban=urban), query).countries
    return {code: value for code, value in filled["value"].items() if not math.isnan(value)}


def test_members_per_million_urban_inhabitants():
    assert values("per-million") == {"AA": pytest.approx(2.0), "BB": pytest.approx(2.0)}


def test_the_share_of_urban_people_is_in_per_cent():
    # Alpha of 1,000,000 and Åbo of nobody, of 1,500,000; Beta lies in the only centre of BB, as its county.
    assert values("share") == {"AA": pytest.approx(100 * 1_000_000 / 1_500_000), "BB": pytest.approx(100.0)}


def test_the_first_year_is_that_of_the_first_with_a_date():
    assert values("first-year") == {"AA": 1990.0}


def test_without_an_urban_centre_there_is_a_class_of_its_own_and_no_number():
    filled = fill_countries(world.dataset(urban=world.URBAN), MapQuery(view="countries", measure="share"))
    looks = filled.countries["look"].to_dict()
    # CC and FF have a member and no centre; DD has nobody; EE has a centre and nobody.
    assert looks == {"AA": "class-5", "BB": "class-5", "CC": "no-centre", "DD": "none", "EE": "none",
                     "FF": "no-centre"}  # fmt: skip


def test_members_without_a_date_make_a_country_of_unknown_year():
    filled = fill_countries(world.dataset(), MapQuery(view="countries", measure="first-year"))
    assert filled.countries["look"].to_dict()["BB"] == "no-date"


def test_with_a_theme_the_four_states_remain_whatever_the_measure():
    for measure in offered_measures(world.dataset(urban=world.URBAN)):
        query = MapQuery(theme=("water",), view="countries", measure=measure)
        states = fill_countries(world.dataset(urban=world.URBAN), query).countries["look"].to_dict()
        assert states["BB"] == "not-in-theme", measure
        assert states["CC"] == "unknown", measure
        assert states["EE"] == "none", measure
        assert states["AA"].startswith("class-"), measure


def test_a_network_without_urban_centres_offers_no_measure_of_them():
    assert offered_measures(world.dataset()) == ("members", "first-year")
    assert values("share", urban=None) == {}
    people = world.members()
    assert country_values("per-million", people, pd.Index(["AA"]), None).isna().all()


def test_on_the_bundled_network_no_share_is_above_the_whole(bundled):
    filled = fill_countries(bundled, MapQuery(view="countries", measure="share")).countries
    known = filled["value"].dropna()
    assert len(known) > 60
    assert known.between(0, 100).all()
    # A region of Korea by its English name, and its provinces together: most of the country.
    assert filled.at["KR", "value"] > 50
