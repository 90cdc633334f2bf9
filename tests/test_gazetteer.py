"""Places by name: told apart by admin1, population and type, or not placed at all. On a world of a dozen places."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapsvc.analysis.names import fold, fold_afresh
from mapsvc.errors import BadData
from mapsvc.sources.gazetteer import Area, Gazetteer, Place
from mapsvc.sources.geocoding import Wanted, distance_km, locate
from mapsvc.sources.places import KnownPlace, KnownPlaces, read_places

# Each place: id, name, country, area, inhabitants, longitude, latitude, other names.
PLACES = [
    Place(1, "Vancouver", "CA", "CA.02", 662_248, -123.12, 49.25),
    Place(2, "Vancouver", "US", "US.WA", 196_442, -122.66, 45.64),
    Place(3, "Newark", "US", "US.NJ", 311_549, -74.17, 40.74),
    Place(4, "Newark", "US", "US.CA", 45_336, -122.04, 37.53),
    Place(5, "Newark", "US", "US.OH", 49_934, -82.4, 40.06),
    Place(6, "Wrocław", "PL", "PL.72", 672_545, 17.03, 51.1, ("Breslau", "Вроцлав", "弗罗茨瓦夫")),
    Place(7, "Diyarbakır", "TR", "TR.21", 1_000_000, 40.2, 37.9),
    Place(8, "Riverton", "US", "US.CA", 30_000, -119.0, 37.0),
    Place(9, "Lakeside", "US", "US.CA", 90_000, -119.1, 37.2),
    Place(10, "Oakville", "US", "US.CA", 2_000, -118.0, 37.1),
    Place(11, "Oakland", "US", "US.CA", 40_000, -118.1, 37.1),
    Place(12, "Washington", "US", "US.DC", 600_000, -77.0, 38.9, ("Washington, D.C.",)),
    Place(13, "Hamlet", "US", "US.OH", 1_200, -82.0, 40.0),
    Place(14, "Twin", "US", "US.OH", 10_000, -82.0, 41.0),
    Place(15, "Twin", "US", "US.CA", 9_000, -120.0, 38.0),
    Place(16, "Gemini", "US", "US.OH", 8_000, -82.0, 42.0, ("Twin",)),
]
AREAS = [
    Area("US.CA", 1, ("California", "CA"), 100),
    Area("US.NJ", 1, ("New Jersey",), 101),
    Area("US.OH", 1, ("Ohio",), 102),
    Area("US.WA", 1, ("Washington",), 103),
    Area("CA.02", 1, ("British Columbia",), 104),
    Area("US.CA.001", 2, ("Riverton County", "Riverton"), 105),
    Area("US.CA.002", 2, ("Oak County",), 106),
    Area("US.OH.001", 2, ("Riverton County",), 107),
    Area("US.CA.003", 2, ("Oakville County",), 108),
]
INSIDE = {"US.CA.001": [8, 9], "US.CA.002": [10, 11], "US.CA.003": [10, 11], "US.OH.001": [13]}


@pytest.fixture(scope="module")
def gazetteer():
    return Gazetteer(
        PLACES, lambda: AREAS, lambda code: INSIDE.get(code, ()), {"US": "Washington", "PL": "Warsaw"}
    )


@pytest.fixture
def find(gazetteer):
    def found(name, type_="city", country="US", *, admin1="", population=None, known=None):
        return locate(Wanted(name, type_, country, admin1, population), gazetteer, known or KnownPlaces())

    return found


def codes(located):
    return [(remark.severity, remark.code) for remark in located.remarks]


# --- Places by name ---


@pytest.mark.parametrize("name", ["Wrocław", "WROCLAW", "Breslau", "вроцлав", "弗罗茨瓦夫", "wrocław "])
def test_a_place_is_found_by_any_of_its_names_in_any_script_and_case(find, name):
    assert find(name, country="PL").source == "geonames:6"


@pytest.mark.parametrize("name", ["Diyarbakır", "DIYARBAKIR", "Diyarbakir", "DİYARBAKIR"])
def test_the_dotless_i_makes_no_difference(find, name):
    assert find(name, country="TR").source == "geonames:7"


def test_a_place_of_another_country_is_never_taken(find):
    assert find("Vancouver", country="CA").source == "geonames:1"
    assert find("Vancouver").source == "geonames:2"
    assert codes(find("Vancouver", country="PL")) == [("error", "place-not-found")]


@pytest.mark.parametrize(
    ("admin1", "source"), [("California", "geonames:4"), ("CA", "geonames:4"), ("Ohio", "geonames:5")]
)
def test_one_name_in_several_states_is_told_apart_by_the_state(find, admin1, source):
    assert find("Newark", admin1=admin1).source == source


def test_one_name_is_told_apart_by_population(find):
    assert find("Newark", population=300_000).source == "geonames:3"


def test_without_either_the_largest_counts_only_if_it_is_five_times_the_next(find):
    assert find("Newark").source == "geonames:3"
    located = find("Twin")
    assert located.place is None
    assert codes(located) == [("error", "ambiguous-place")]
    assert (
        "Twin, Ohio (10,000; geonames:14); Twin, California (9,000; geonames:15)"
        in located.remarks[0].suggestion
    )


def test_a_main_name_outweighs_a_larger_number_of_other_names(find):
    assert find("Twin", admin1="Ohio").source == "geonames:14"


def test_places_next_to_each_other_are_one(find):
    near = Place(17, "Twin", "US", "US.OH", 9_500, -82.05, 41.0)
    pair = Gazetteer([PLACES[13], near], lambda: AREAS)
    assert distance_km(PLACES[13], near) < 5
    assert locate(Wanted("Twin", "city", "US"), pair, KnownPlaces()).source == "geonames:14"


def test_a_name_that_is_not_in_the_stated_state_is_not_looked_for_elsewhere(find):
    located = find("Vancouver", admin1="Ohio")
    assert located.place is None
    assert codes(located) == [("error", "not-in-admin1")]


def test_a_state_that_is_not_known_is_said_and_does_not_help(find):
    located = find("Twin", admin1="Ohoi")
    assert located.place is None
    assert codes(located) == [("warning", "unknown-admin1"), ("error", "ambiguous-place")]


def test_a_village_is_not_taken_for_the_city_of_its_name_unless_something_confirms_it(find):
    assert codes(find("Hamlet")) == [("error", "small-place")]
    assert find("Hamlet", type_="village").source == "geonames:13"
    assert find("Hamlet", admin1="Ohio").source == "geonames:13"
    assert find("Hamlet", population=1_000).source == "geonames:13"


def test_a_population_far_off_is_said(find):
    assert codes(find("Newark", admin1="Ohio", population=5)) == [("info", "population-differs")]


def test_a_name_that_is_spelt_wrong_is_only_suggested(find):
    located = find("Vancuver")
    assert located.place is None
    assert located.remarks[0].suggestion == "perhaps Vancouver; else add it to places.csv"


def test_words_for_the_kind_of_place_and_brackets_do_not_matter(find):
    assert find("City of Wrocław", country="PL").source == "geonames:6"
    assert find("Wrocław (Breslau)", country="PL").source == "geonames:6"


# --- Seats ---


def test_a_county_lies_at_the_place_of_its_name_unless_the_largest_dwarfs_it(find):
    located = find("Riverton County", "county", admin1="California")
    assert (located.source, codes(located)) == ("geonames:8 seat", [("info", "seat-by-name")])
    located = find("Oakville County", "county")
    assert (located.source, codes(located)) == ("geonames:11 seat", [("warning", "seat-largest")])


def test_a_county_without_such_a_place_lies_at_its_largest_with_a_warning(find):
    located = find("Oak County", "county")
    assert (located.source, codes(located)) == ("geonames:11 seat", [("warning", "seat-largest")])


def test_a_county_name_in_two_states_is_not_guessed(find):
    located = find("Riverton County", "county")
    assert located.place is None
    assert codes(located) == [("error", "ambiguous-area")]


def test_a_region_lies_at_its_seat(find):
    located = find("California", "region")
    assert (located.source, codes(located)) == ("geonames:9 seat", [("warning", "seat-largest")])


def test_a_county_that_is_no_area_of_the_gazetteer_lies_at_the_place_of_its_name(find):
    located = find("Wrocław County", "county", "PL")
    assert (located.source, codes(located)) == ("geonames:6 seat", [("info", "seat-by-name")])


def test_a_municipality_that_no_town_is_named_after_lies_at_its_largest_place(find):
    located = find("Oak County", "town", admin1="California")
    assert (located.source, codes(located)) == ("geonames:11 seat", [("warning", "seat-largest")])


def test_an_association_lies_at_the_capital_with_a_warning(find):
    located = find("League of Towns", "association")
    assert (located.source, codes(located)) == ("geonames:12 seat", [("warning", "at-capital")])
    assert find("Liga Miast", "association", "PL").place is None


# --- places.csv ---


def test_what_the_operator_knows_decides(find):
    known = KnownPlaces({("US", "newark", ""): KnownPlace(5, False, "the one in Ohio")})
    located = find("Newark", known=known)
    assert (located.source, codes(located)) == ("geonames:5", [("info", "known-place")])
    assert find("Newark", admin1="California", known=known).source == "geonames:4"


def test_another_name_of_a_state_can_be_stated(find):
    known = KnownPlaces(areas={("US", "the golden state"): 100})
    assert find("Newark", admin1="The Golden State", known=known).source == "geonames:4"


def test_a_place_that_the_operator_puts_in_another_country_is_said(find):
    located = find("Newark", known=KnownPlaces({("US", "newark", ""): KnownPlace(1, False, "moved")}))
    assert codes(located) == [("info", "known-place"), ("warning", "country-changed")]


def test_a_geonameid_that_does_not_exist_is_an_error(find):
    located = find("Newark", known=KnownPlaces({("US", "newark", ""): KnownPlace(999, False, "?")}))
    assert (located.place, codes(located)) == (None, [("error", "unknown-geonameid")])


@pytest.mark.parametrize(
    ("line", "column"),
    [("A,DE,,x,place,", "geonameid"), ("A,DE,,1,palace,", "kind"), ("A,DE,,1,place,\nÁ,DE,,2,seat,", "name")],
)
def test_places_csv_is_checked(tmp_path, line, column):
    path = tmp_path / "places.csv"
    path.write_text(f"name,country,admin1,geonameid,kind,reason\n{line}\n", encoding="utf-8")
    with pytest.raises(BadData) as caught:
        read_places(path)
    assert caught.value.column == column


# --- Keys ---


@given(st.text(st.characters(max_codepoint=0x7F)) | st.text(max_size=8))
def test_the_quick_way_to_fold_is_the_same_as_the_slow_one(name):
    assert fold_afresh(name) == fold(name)
