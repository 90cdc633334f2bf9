"""The page of a view without scripts: tabs, measures, legend, ranking, small multiples, years, suggestions."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from mapsvc.settings import Settings
from mapsvc.sources.store import Store
from mapsvc.web.app import create_app
from tests import world


@pytest.fixture
def urban_client() -> FlaskClient:
    """A client of the six squares with urban centres."""
    return create_app(Settings(), Store(world.dataset(urban=world.URBAN))).test_client()


def page(client: FlaskClient, address: str) -> str:
    """Return a page as text, in which runs of white space are one."""
    response = client.get(address)
    assert response.status_code == 200
    return re.sub(r"\s+", " ", response.get_data(as_text=True))


def section(text: str, name: str) -> str:
    """Return the part of a page that is replaced under a name."""
    return text.partition(f'data-live="{name}"')[2].partition("data-live=")[0]


def test_three_views_are_links_that_keep_the_filters(client: FlaskClient):
    looks = section(page(client, "/?theme=water&view=countries&measure=first-year"), "looks")
    assert re.findall(r'href="([^"]+)"(?: aria-current="page")?>', looks) == [
        "/?theme=water", "/?theme=water&amp;view=countries&amp;measure=first-year", "/?theme=water&amp;view=themes",
        "/gaps?theme=water",
    ]  # fmt: skip
    assert re.findall(r'aria-current="page">(\w+)', looks) == ["Countries"]


def test_the_form_keeps_the_view_and_offers_the_measures_that_there_are(
    client: FlaskClient, urban_client: FlaskClient
):
    address = "/?view=countries"
    assert 'type="hidden" name="view" value="countries"' in page(client, address)
    select = r'<option value="([a-z-]+)"[^>]*>[A-Z]'
    plain = page(client, address).split('id="measure"')[1].split("</select>")[0]
    assert re.findall(select, plain) == ["members", "first-year"]
    urban = page(urban_client, address).split('id="measure"')[1].split("</select>")[0]
    assert re.findall(select, urban) == ["members", "per-million", "share", "first-year"]
    assert 'id="measure"' not in page(client, "/")


def test_countries_are_ranked_by_the_measure_with_the_number_beside_each(urban_client: FlaskClient):
    ranking = section(page(urban_client, "/?view=countries&measure=share"), "list")
    rows = re.findall(
        r'<li value="(\d+)"><a [^>]*data-country="(\w+)">[^<]*</a> <small>(\d) members?</small> <span class="n">([\d.]+)',
        ranking,
    )
    assert rows == [("1", "BB", "1", "100"), ("2", "AA", "3", "66.7")]
    assert "no urban centre counted</strong> (2): Cocos (Keeling) Islands, Land FF" in ranking
    assert "nan" not in ranking.lower()


def test_countries_of_one_value_share_a_rank(client: FlaskClient):
    ranking = section(page(client, "/?view=countries"), "list")
    assert re.findall(r'<li value="(\d+)"><a [^>]*data-country="(\w+)"', ranking) == [
        ("1", "AA"), ("2", "BB"), ("2", "CC"), ("2", "FF"),
    ]  # fmt: skip


def test_a_class_of_the_legend_says_its_countries(client: FlaskClient):
    legend = section(page(client, "/?theme=water"), "legend")
    keys = dict(re.findall(r'data-look="([\w-]+)".*?<span class="names">(.*?)</span></button>', legend))
    assert re.sub(r"<[^>]+>", "", keys["class-1"]).split() == ["1", "country", "Land", "AA"]
    assert "Barbados, Land FF" in keys["not-in-theme"]
    assert "Cocos (Keeling) Islands" in keys["unknown"]
    assert "Estonia, Land DD" in keys["none"]


def test_the_legend_and_the_map_have_the_same_classes(urban_client: FlaskClient):
    for measure in ("members", "per-million", "share", "first-year"):
        text = page(urban_client, f"/?view=countries&measure={measure}")
        found = set(re.findall(r'\[\d+, ?"active", ?(\d)', text))
        classes = set(re.findall(r'data-look="class-(\d)"', section(text, "legend")))
        assert found
        assert found <= classes, measure


def test_themes_are_small_worlds_on_one_scale_each_with_its_numbers(client: FlaskClient):
    worlds = section(page(client, "/?view=themes"), "multiples")
    stamps = re.findall(r'class="stamp" href="([^"]+)">.*?<strong>(\w+)</strong> <span>([^<]+)<', worlds)
    assert stamps == [
        ("/?theme=air", "Air", "1 member in 1 country"),
        ("/?theme=water", "Water", "2 members in 1 country"),
        ("/?theme=mobility", "Mobility", "1 member in 1 country"),
    ]
    water = worlds.split('href="/?theme=water"')[1].split("</svg>")[0]
    looks = dict(re.findall(r'<g class="([\w-]+)">((?:<use href="#w-\w+"/>)+)</g>', water))
    assert {look: re.findall(r"#w-(\w+)", uses) for look, uses in looks.items()} == {
        "class-1": ["AA"], "not-in-theme": ["BB", "FF"], "unknown": ["CC"],
    }  # fmt: skip
    # One scale: the one member of Air is paler than the two of Water.
    air = worlds.split('href="/?theme=air"')[1].split("</svg>")[0]
    assert 'class="class-0"><use href="#w-AA"/>' in air


def test_the_small_worlds_are_light(bundled_client: FlaskClient):
    response = bundled_client.get("/?view=themes", headers={"Accept-Encoding": "br"})
    assert len(response.data) < 40_000


def test_the_years_are_a_choice_without_scripts(client: FlaskClient):
    time = section(page(client, "/?asof=1995"), "time")
    years = re.findall(r'<option value="(\d+)"', time)
    assert (years[0], years[-1]) == ("2026", "1990")  # from the first date to the day it was compiled
    assert '<option value="1995" selected>' in time
    assert time.count("<rect") == 2
    assert 'class="reached" x="1"' in time
    assert time.count('class="later"') == 1


def test_those_without_a_date_are_counted_beside_the_slider(client: FlaskClient):
    assert "4 members have no date and are not on this slider." in page(client, "/")
    assert "1 member has no date and is not on this slider." in page(client, "/?theme=mobility")


def test_years_are_chips_that_can_be_taken_off_and_everything_is_one_click_away(client: FlaskClient):
    chips = section(page(client, "/?asof=2005&joined_from=1990&view=countries"), "chips")
    assert re.findall(r'class="chip" rel="nofollow" href="([^"]+)"', chips) == [
        "/?asof=2005&amp;view=countries", "/?joined_from=1990&amp;view=countries",
    ]  # fmt: skip
    assert 'class="clear" href="/?view=countries"' in chips


def test_a_network_without_dates_has_no_slider(app: Flask):
    dataset = world.dataset()
    people = dataset.members.assign(since=dataset.members["since"].mask(dataset.members["since"].notna()))
    undated = create_app(Settings(), Store(_with(dataset, people))).test_client()
    assert 'id="slider"' not in page(undated, "/")


def _with(dataset, people):
    from dataclasses import replace

    return replace(dataset, members=people, fingerprint="undated")


def suggested(client: FlaskClient, text: str) -> list[tuple[str, str]]:
    """Return kind and id of what is suggested."""
    groups = client.get("/suggest.json", query_string={"q": text}).get_json()["groups"]
    return [(group["kind"], item["id"]) for group in groups for item in group["items"]]


def test_members_countries_themes_and_places_are_suggested(urban_client: FlaskClient):
    assert suggested(urban_client, "al") == [("member", "a1"), ("member", "a3"), ("place", "1")]
    assert suggested(urban_client, "wat") == [("theme", "water")]
    assert suggested(urban_client, "land aa") == [("country", "AA")]
    assert suggested(urban_client, "delta") == []  # not a member any more


def test_a_place_says_who_is_nearest(urban_client: FlaskClient):
    item = urban_client.get("/suggest.json?q=betav").get_json()["groups"][0]["items"][0]
    assert item == {"id": "3", "label": "Betaville", "note": "BB", "at": [1.5, 0.5],
                    "said": "The nearest member is Beta, here"} | {"note": item["note"]}  # fmt: skip
    empty = urban_client.get("/suggest.json?q=empty").get_json()["groups"][0]["items"][0]
    assert empty["said"] == "No member here; the nearest is Federation, 111 km away"


@pytest.mark.parametrize("query", ["", "q=", "q=a&q=b", "q=a&limit=3", "q=" + "a" * 101])
def test_suggestions_for_nothing_that_can_be_typed_are_refused(client: FlaskClient, query: str):
    assert client.get(f"/suggest.json?{query}").status_code == 400


def test_suggestions_are_small(bundled_client: FlaskClient):
    for text in ("s", "san", "서울", "wroclaw", "nairobbi"):
        assert 0 < len(bundled_client.get("/suggest.json", query_string={"q": text}).data) <= 3_500, text


def test_members_are_found_by_names_in_other_scripts_and_files_agree(bundled_client: FlaskClient):
    for text, id_ in (("서울", "kr-seoul"), ("wroclaw", "pl-wroclaw"), ("Sao Paulo", "br-sao-paulo")):
        body = bundled_client.get("/members.geojson", query_string={"q": text}).get_json(force=True)
        assert id_ in [one["id"] for one in body["features"]], text
        assert f'data-show="{id_}"' in bundled_client.get("/", query_string={"q": text}).get_data(
            as_text=True
        )


def test_a_search_without_a_result_says_what_was_perhaps_meant(bundled_client: FlaskClient):
    text = page(bundled_client, "/?q=Wroclavv")
    assert "Did you mean:" in text
    assert re.search(r'href="/\?q=Wroc%C5%82aw">Wrocław</a>', text)
    assert "Did you mean:" not in page(bundled_client, "/?q=Wroclaw")


def test_only_this_page_may_ask_where_the_visitor_is(client: FlaskClient):
    assert "geolocation=(self)" in client.get("/").headers["Permissions-Policy"]


def help_of(text: str) -> list[tuple[str, str, str]]:
    """Return the ways out of an empty view: address, label and number of members."""
    ways = section(text, "empty")
    return re.findall(
        r'<li><a rel="nofollow" href="([^"]+)">([^<]+)</a> <span class="n">([^<]+)</span>', ways
    )


def test_an_empty_view_says_which_one_filter_to_take_off_for_how_many(client: FlaskClient):
    text = page(client, "/?theme=air&theme=water&region=east&type=city&view=countries")
    # Of the cities in air or water only Alpha is left, in the west; in the east nobody is a city.
    assert help_of(text) == [
        ("/?theme=air&amp;theme=water&amp;type=city&amp;view=countries", "Without East", "1 member")
    ]
    assert "<bdi>Air</bdi> · <bdi>Water</bdi> · <bdi>East</bdi> · <bdi>City</bdi>" in section(text, "empty")
    assert '<a class="everything" href="/?view=countries">All 6 members</a>' in text
    assert '<p class="map-note">No member matches' in section(text, "nobody")


def test_values_of_one_parameter_are_taken_off_together(client: FlaskClient):
    text = page(client, "/?theme=mobility&country=AA&country=CC")
    assert help_of(text) == [
        ("/?country=AA&amp;country=CC", "Without Mobility", "4 members"),
        ("/?theme=mobility", "Without Land AA, Cocos (Keeling) Islands", "1 member"),
    ]


def test_where_no_single_filter_helps_that_is_said(client: FlaskClient):
    text = section(page(client, "/?q=zzzz&region=east&type=village"), "empty")
    assert "More than one filter would have to go." in text
    assert "All 6 members" in text


def test_a_search_alone_offers_everything_and_no_second_way_to_it(client: FlaskClient):
    text = section(page(client, "/?q=alpa"), "empty")
    assert "Did you mean:" in text
    assert "Alpha" in text
    assert "Without" not in text
    assert "More than one" not in text


def test_help_stands_under_the_search_and_only_where_nobody_is(client: FlaskClient):
    empty = page(client, "/?q=zzzz")
    assert empty.index('id="q"') < empty.index('class="empty"') < empty.index('id="filter-theme"')
    assert 'class="empty"' not in page(client, "/?theme=water")
    assert 'class="map-note"' not in page(client, "/?theme=water")


def test_the_table_helps_in_the_same_words(client: FlaskClient):
    text = page(client, "/members?theme=mobility&country=AA&sort=-name&page=3")
    assert help_of(text) == [
        ("/members?country=AA&amp;sort=-name", "Without Mobility", "3 members"),
        ("/members?theme=mobility&amp;sort=-name", "Without Land AA", "1 member"),
    ]
