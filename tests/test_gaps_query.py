"""What the pages of coverage may be asked: checked at the edge, named where it is wrong, written in one form."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapsvc.analysis.gaps_query import GapsQuery, parse_gaps_query
from mapsvc.analysis.siting_query import canonical, parse_question
from mapsvc.errors import BadQuery
from tests import world


def gaps(text: str, *, strict: bool = True) -> GapsQuery:
    pairs = [tuple(part.split("=", 1)) for part in text.split("&") if part]
    return parse_gaps_query(pairs, world.NETWORK, world.CODES, strict=strict)


def question(text: str):
    pairs = [tuple(part.split("=", 1)) for part in text.split("&") if part]
    return parse_question(pairs, world.NETWORK, world.CODES, strict=True)


def test_a_question_has_one_form_whatever_the_order():
    asked = gaps(
        "sort=-ratio&asof=2010-05&theme=WATER&measure=chance&region=west&threshold=50000&versus=1990"
    )
    assert (
        asked.canonical()
        == "theme=water&region=west&asof=2010-05&versus=1990&threshold=50000&measure=chance&sort=-ratio"
    )
    assert gaps(asked.canonical()) == asked
    assert gaps("theme=&region=&sort=missing").canonical() == ""


@pytest.mark.parametrize(
    ("text", "parameter"),
    [
        ("theme=wind", "theme"), ("theme=nature", "theme"), ("theme=air&theme=water", "theme"), ("region=north", "region"),
        ("asof=soon", "asof"), ("asof=1800", "asof"), ("versus=x", "versus"), ("threshold=-1", "threshold"), ("threshold=1e9", "threshold"),
        ("threshold=٣", "threshold"), ("measure=beauty", "measure"), ("sort=--ratio", "sort"), ("country=AA", "country"),
    ],
)  # fmt: skip
def test_what_cannot_be_understood_is_named(text, parameter):
    with pytest.raises(BadQuery) as caught:
        gaps(text)
    assert caught.value.parameter in {parameter, "asof" if parameter == "versus" else parameter}
    assert caught.value.allowed or "more than once" in caught.value.message


def test_a_page_ignores_what_it_does_not_know():
    assert gaps("utm_source=x&theme=air", strict=False) == GapsQuery("air")


def test_who_next_has_one_form_and_leaves_out_regions_and_countries():
    asked = question(
        "p=3&leave_out=west&leave_out=ee&reach_km=12.5&exact=1&equity=0.5&theme=water&min_people=0"
    )
    assert asked.leave_out == {"west", "EE"}
    assert (asked.p, asked.reach_km, asked.equity, asked.min_people, asked.is_exact) == (
        3,
        12.5,
        0.5,
        0,
        True,
    )
    assert question(canonical(asked)) == asked
    assert canonical(question("")) == ""


@given(st.decimals(0, 500, places=8), st.decimals(0, 99, places=9))
def test_the_address_of_a_question_asks_exactly_the_same(reach_km, equity):
    asked = question(f"reach_km={reach_km:f}&equity={equity:f}")
    assert question(canonical(asked)) == asked


def test_a_number_out_of_range_says_what_can_be_asked_for():
    for text, allowed in (
        ("p=100000", "1–1,000"),
        ("p=-1", "1–1,000"),
        ("reach_km=501", "0–500"),
        ("min_people=-1", "0 or more"),
    ):
        with pytest.raises(BadQuery) as caught:
            question(text)
        assert caught.value.allowed == (allowed,), text


@pytest.mark.parametrize(
    ("text", "parameter"),
    [
        ("p=0", "p"), ("p=1.5", "p"), ("p=many", "p"), ("p=1&p=2", "p"), ("p=99999", "p"), ("reach_km=-5", "reach_km"), ("reach_km=nan", "reach_km"),
        ("reach_km=inf", "reach_km"), ("reach_km=501", "reach_km"), ("equity=1e3", "equity"), ("theme=wind", "theme"), ("exact=yes", "exact"),
        ("leave_out=ZZ", "leave_out"), ("asof=2010", "asof"),
    ],
)  # fmt: skip
def test_a_question_that_cannot_be_answered_names_what_is_wrong(text, parameter):
    with pytest.raises(BadQuery) as caught:
        question(text)
    assert caught.value.parameter == parameter
