"""A query string becomes a checked view, or an error that names the parameter."""

from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict
from werkzeug.urls import iri_to_uri

from mapsvc.analysis.queries import MEASURES, SINGLE, VIEWS, MapQuery, parse_map_query
from mapsvc.analysis.selection import facet_counts, select_members, theme_set, without_date
from mapsvc.errors import BadQuery
from tests import world


def parse(*pairs: tuple[str, str], strict: bool = True) -> MapQuery:
    """Return the view of these parameters on the six squares."""
    return parse_map_query(pairs, world.NETWORK, world.CODES, strict=strict)


def shown(query: MapQuery) -> list[str]:
    """Return the ids of the members in a view."""
    people = world.members()
    return list(people.index[select_members(people, query, world.NETWORK)])


def test_nothing_asked_for_is_the_whole_and_has_an_empty_canonical_form():
    assert parse() == MapQuery()
    assert MapQuery().canonical() == ""


def test_order_and_repetition_do_not_matter():
    one = parse(("region", "west"), ("theme", "water"), ("theme", "air"), ("theme", "water"))
    other = parse(("theme", "air"), ("theme", "water"), ("region", "west"))
    assert one == other
    assert one.canonical() == "theme=air&theme=water&region=west"


def test_an_empty_value_is_a_filter_that_is_not_set_as_a_plain_form_sends_it():
    assert parse(("q", ""), ("theme", "")) == MapQuery()


def test_case_does_not_matter_in_values():
    assert parse(("country", "aa"), ("theme", "Water")) == MapQuery(country=("AA",), theme=("water",))


@pytest.mark.parametrize(
    ("name", "value", "near"),
    [
        ("theme", "watr", "water"),
        ("region", "wst", "west"),
        ("country", "A", "AA"),
        ("type", "citty", "city"),
        ("status", "membr", "member"),
    ],
)
def test_a_wrong_value_is_refused_with_the_nearest_right_one(name: str, value: str, near: str):
    with pytest.raises(BadQuery) as caught:
        parse((name, value))
    assert caught.value.parameter == name
    assert near in caught.value.allowed


def test_an_unknown_parameter_is_refused_for_data_and_ignored_by_pages():
    with pytest.raises(BadQuery) as caught:
        parse(("themes", "water"))
    assert caught.value.parameter == "themes"
    assert caught.value.allowed == ("theme",)
    assert parse(("utm_source", "letter"), ("theme", "water"), strict=False) == MapQuery(theme=("water",))


@pytest.mark.parametrize("value", ["a" * 101, "a\x00b", "a\u202eb"])
def test_a_search_that_cannot_be_shown_is_refused(value: str):
    with pytest.raises(BadQuery):
        parse(("q", value))


@pytest.mark.parametrize("name", SINGLE)
def test_what_is_asked_once_is_asked_once(name: str):
    with pytest.raises(BadQuery) as caught:
        parse((name, "a"), (name, "b"))
    assert caught.value.parameter == name


def test_a_joiner_typed_between_letters_is_not_seen_and_not_minded():
    assert parse(("q", "A\u200cb\u200do")).q == "Abo"


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("joined_from", "95", "1900–2100"),
        ("joined_to", "1899", "1900–2100"),
        ("joined_to", "٢٠٠٠", "1900–2100"),
        ("asof", "2101", "YYYY-MM-DD"),
        ("asof", "2007-02-30", "YYYY-MM-DD"),
        ("asof", "27.11.2007", "YYYY-MM"),
        ("view", "gaps", "countries"),
        ("measure", "gdp", "per-million"),
    ],
)
def test_a_year_view_or_measure_that_there_is_not_is_refused(name: str, value: str, said: str):
    with pytest.raises(BadQuery) as caught:
        parse((name, value))
    assert caught.value.parameter == name
    assert said in caught.value.allowed


def test_years_that_end_before_they_begin_are_refused():
    with pytest.raises(BadQuery) as caught:
        parse(("joined_from", "2001"), ("joined_to", "2000"))
    assert caught.value.parameter == "joined_to"


def test_the_usual_view_is_not_said_and_a_measure_only_of_countries():
    assert parse(("view", "members"), ("measure", "share")).canonical() == ""
    assert parse(("view", "Countries")).canonical() == "view=countries"
    assert parse(("measure", "share"), ("view", "countries")).canonical() == "view=countries&measure=share"


def test_years_narrow_and_leave_out_those_without_a_date():
    assert shown(MapQuery(joined_from=1990, joined_to=1990)) == ["a1"]
    assert shown(MapQuery(joined_from=1991)) == ["a3"]
    assert shown(MapQuery(joined_to=2001)) == ["a1", "a3"]
    assert without_date(world.members(), MapQuery(joined_to=2001), world.NETWORK) == 4


def test_the_network_as_it_was():
    assert shown(MapQuery(asof="1989")) == []
    assert shown(MapQuery(asof="1990")) == ["a1"]
    assert shown(MapQuery(asof="2001-05-03")) == ["a1"]
    assert shown(MapQuery(asof="2001-05-04")) == ["a1", "a3"]


def test_who_was_a_member_then_is_shown_as_of_then():
    people = world.members()
    people.loc["d1", ["since", "until"]] = ["1995", "2005-06"]

    def at(day: str) -> list[str]:
        return list(people.index[select_members(people, MapQuery(asof=day), world.NETWORK)])

    assert at("2000") == ["a1", "d1"]
    assert at("2005-05") == ["a1", "a3", "d1"]
    assert at("2006") == ["a1", "a3"]


def test_how_the_members_are_looked_at_changes_nothing_about_who_they_are():
    for view in ("members", "countries", "themes"):
        assert shown(MapQuery(view=view)) == shown(MapQuery())


def test_one_filter_can_be_taken_off_and_all_of_them_keep_the_look():
    query = MapQuery(theme=("air", "water"), joined_from=1990, asof="2000", view="countries", measure="share")
    assert query.without("theme", "air").theme == ("water",)
    assert query.without("joined_from").joined_from is None
    assert query.without("asof").asof == ""
    assert query.everything() == MapQuery(view="countries", measure="share")


def test_more_values_than_anyone_needs_are_refused():
    with pytest.raises(BadQuery):
        parse(*[("theme", "water")] * 51)


def test_a_theme_group_stands_for_its_themes():
    assert theme_set(parse(("theme", "nature")), world.NETWORK) == {"air", "water"}
    assert shown(MapQuery(theme=("nature",))) == ["a1", "a2"]


def test_without_a_status_only_members_are_shown():
    assert shown(MapQuery()) == ["a1", "a2", "a3", "b1", "c1", "f1"]
    assert shown(MapQuery(status=("former",))) == ["d1"]


def test_values_of_one_parameter_are_alternatives_and_parameters_narrow():
    assert shown(MapQuery(theme=("mobility", "water"))) == ["a1", "a2", "b1"]
    assert shown(MapQuery(theme=("mobility", "water"), type=("city",))) == ["a1"]
    assert shown(MapQuery(country=("BB", "CC"))) == ["b1", "c1"]
    assert shown(MapQuery(region=("east",))) == ["f1"]


@pytest.mark.parametrize("text", ["abo", "Åbo", "A\u030abo", "ÅBO", "abo town"[:3]])
def test_search_does_not_mind_accents_case_or_form(text: str):
    assert shown(MapQuery(q=text)) == ["a2"]


def test_search_finds_letters_that_have_no_accent_to_take_off():
    assert shown(MapQuery(q="alma")) == ["a3"]


def test_a_search_for_signs_alone_finds_nobody():
    assert shown(MapQuery(q="???")) == []


def test_choices_are_counted_under_the_other_filters():
    counts = facet_counts(world.members(), MapQuery(theme=("water",), region=("west",)), world.NETWORK)
    assert counts["theme"] == {"air": 1, "water": 2, "mobility": 1, "nature": 2, "city": 1}
    assert counts["region"] == {"west": 2, "east": 0}
    assert counts["country"] == {"AA": 2}
    assert counts["type"] == {"city": 1, "town": 1}
    assert counts["status"] == {"member": 2, "former": 0, "prospect": 0, "unconfirmed": 0}


def test_every_choice_shows_as_many_members_as_it_says():
    people = world.members()
    for base in (
        MapQuery(),
        MapQuery(region=("west",)),
        MapQuery(theme=("nature",), type=("city",)),
        MapQuery(asof="2000"),
        MapQuery(joined_from=1995),
    ):
        for name, choices in facet_counts(people, base, world.NETWORK).items():
            for value, n in choices.items():
                assert len(shown(base.only(name, value))) == n, (base, name, value)


values = {
    "theme": [*world.NETWORK.theme_ids, "nature", "city"],
    "region": ["west", "east"],
    "country": list(world.CODES),
    "type": ["city", "county"],
    "status": ["member", "former"],
}
pairs = st.lists(
    st.one_of(*(st.tuples(st.just(name), st.sampled_from(choices)) for name, choices in values.items()))
)


once = st.fixed_dictionaries(
    {
        "asof": st.sampled_from(["", "1999", "1999-12", "1999-12-31"]),
        "joined_from": st.sampled_from(["", "1990"]),
        "joined_to": st.sampled_from(["", "1990", "2020"]),
        "view": st.sampled_from(["", *VIEWS]),
        "measure": st.sampled_from(["", *MEASURES]),
    }
)


@given(pairs, once, st.sampled_from(["", "São Paulo", "서울", "a&b=c#d", "100 %"]))
def test_the_canonical_form_says_the_same_view_again(
    given_pairs: list[tuple[str, str]], single: dict[str, str], text: str
):
    query = parse(*given_pairs, *single.items(), ("q", text))
    again = MultiDict(parse_qsl(query.canonical()))
    assert parse(*again.items(multi=True)) == query
    assert iri_to_uri(query.canonical()) == query.canonical()


def test_what_was_selected_before_is_not_taken_for_other_members_or_themes():
    members = world.members()
    water = MapQuery(theme=("water",))
    first = select_members(members, water, world.NETWORK)
    renamed = members.assign(themes=[("air",)] * len(members))
    assert first.any()
    assert not select_members(renamed, water, world.NETWORK).any()
    assert select_members(members, water, world.NETWORK).equals(first)
    assert select_members(members, MapQuery(theme=("air",)), world.NETWORK).sum() != 0
