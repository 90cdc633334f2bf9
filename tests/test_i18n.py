"""The language that fits, and numbers, dates, order and plurals as it has them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.http import parse_accept_header

from mapsvc.i18n import (
    country_names,
    is_language,
    language,
    negotiate,
    offered_languages,
    translated_languages,
)

SEVEN = ("en", "es", "fr", "ja", "ko", "pt", "zh")


@pytest.mark.parametrize(
    ("header", "tag"),
    [
        ("", "en"),
        ("fr", "fr"),
        ("FR", "fr"),
        ("pt-BR, en;q=0.5", "pt"),
        ("es-419", "es"),
        ("zh-Hans", "zh"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh"),
        ("zh-Hans-SG", "zh"),
        ("ja-JP-u-ca-japanese", "ja"),
        ("en;q=0.2, ko;q=0.9", "ko"),
        ("de, ja;q=0.1", "ja"),
        ("de", "en"),
        ("*", "en"),
        ("en;q=0, *", "es"),
        ("en;q=0", "en"),
        ("fr;q=0, es;q=0.1", "es"),
        ("fr;q=2, ,;;q=x, -, ko;q=0.1", "ko"),
        ("fr; q=0.5, ko; q=0.5", "fr"),
        ("\x00☃,,,=;", "en"),
        ("x" * 4000, "en"),
    ],
)
def test_the_language_that_fits_best_is_spoken(header: str, tag: str):
    assert negotiate(parse_accept_header(header), SEVEN, "en") == tag


def test_any_form_of_a_language_is_better_than_another_language():
    assert negotiate([("pt", 1.0)], ("en", "pt-BR"), "en") == "pt-BR"
    assert negotiate([("pt-PT", 1.0)], ("en", "pt-BR"), "en") == "pt-BR"


@given(st.text(max_size=80))
def test_no_header_breaks_the_negotiation(header: str):
    assert negotiate(parse_accept_header(header), SEVEN, "en") in SEVEN


def test_seven_languages_have_screen_texts():
    assert set(translated_languages()) == set(SEVEN)


def test_a_regional_form_that_a_network_speaks_takes_the_place_of_ours():
    assert offered_languages("pt-BR", ["de"]) == ("de", "en", "es", "fr", "pt-BR", "zh", "ja", "ko")


@pytest.mark.parametrize("tag", ["", "xx", "e", "pt_BR", "../fr", "fr\n", "en-XXXXXXXXX", "<b>"])
def test_what_the_cldr_does_not_know_is_no_language(tag: str):
    assert not is_language(tag)


def test_arabic_runs_from_right_to_left():
    assert language("ar").direction == "rtl"
    assert {language(tag).direction for tag in SEVEN} == {"ltr"}


def test_a_regional_form_has_the_texts_of_its_language():
    assert language("pt-BR").gettext("Country") == language("pt").gettext("Country") == "País"


@pytest.mark.parametrize(
    ("tag", "text"),
    [("en", "1,234.5"), ("es", "1.234,5"), ("fr", "1\u202f234,5"), ("pt", "1.234,5"), ("ko", "1,234.5")],
)
def test_numbers_are_written_as_the_language_does(tag: str, text: str):
    assert language(tag).number(1234.5) == text


@pytest.mark.parametrize(
    ("tag", "day", "month", "year"),
    [
        ("en", "May 4, 2001", "May 2001", "2001"),
        ("es", "4 de mayo de 2001", "mayo de 2001", "2001"),
        ("fr", "4 mai 2001", "mai 2001", "2001"),
        ("pt", "4 de maio de 2001", "maio de 2001", "2001"),
        ("ko", "2001년 5월 4일", "2001년 5월", "2001년"),
        ("ja", "2001年5月4日", "2001年5月", "2001年"),
        ("zh", "2001年5月4日", "2001年5月", "2001年"),
    ],
)
def test_dates_are_written_as_the_language_does(tag: str, day: str, month: str, year: str):
    here = language(tag)
    assert [here.date("2001-05-04"), here.date("2001-05"), here.date("2001")] == [day, month, year]


@pytest.mark.parametrize("written", ["2001-13", "0000", "2001-5-4", "", "١٩٩٠", "2001-02-30"])
def test_what_is_no_date_stays_as_it_is(written: str):
    assert language("en").date(written) == written


def test_every_plural_category_has_its_form():
    assert language("fr").plurals("%n member", "%n members") == {
        "many": "%n membres", "one": "%n membre", "other": "%n membres",
    }  # fmt: skip
    assert language("ko").plurals("%n member", "%n members") == {"other": "회원 %n곳"}
    assert set(language("ar").plurals("%n member", "%n members")) == {
        "zero",
        "one",
        "two",
        "few",
        "many",
        "other",
    }


def test_names_stand_in_the_order_of_the_language():
    assert sorted(["Zambie", "Égypte", "Fidji"], key=language("fr").order) == ["Égypte", "Fidji", "Zambie"]
    # By their sound: Āfùhàn, Déguó, Zhōngguó.
    assert sorted(["中国", "德国", "阿富汗"], key=language("zh").order) == ["阿富汗", "德国", "中国"]


def test_the_policy_of_the_network_comes_before_the_cldr():
    assert country_names(["TR", "QZ"], "ko", {"TR": "터키"}, {"QZ": "Land"}) == {"QZ": "Land", "TR": "터키"}
