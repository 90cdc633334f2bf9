"""In whose language a request is answered, and that no language gets the answer of another."""

import html
import json
import re
from dataclasses import replace

import pytest
from flask.testing import FlaskClient

import catalogues
from mapsvc.i18n import language
from mapsvc.model import NetworkTexts
from mapsvc.settings import Settings
from mapsvc.sources.store import Store
from mapsvc.web.app import create_app
from tests import world

SEVEN = ("en", "es", "fr", "pt", "zh", "ja", "ko")
PAGES = ["/", "/about", "/?theme=water", "/nothing", "/?theme=nonsense"]


def speaking(tag: str, texts: NetworkTexts, **changes: object) -> FlaskClient:
    """Return a client of the six squares, which say something in one more language."""
    squares = world.dataset()
    network = replace(squares.network, languages={tag: texts}, **changes)
    return create_app(Settings(), Store(replace(squares, network=network))).test_client()


def lang_of(page: str) -> str:
    return re.search(r'<html lang="([^"]+)"', page)[1]


def ask(client: FlaskClient, path: str, accepted: str = ""):
    return client.get(
        path, headers={"Accept": "text/html", **({"Accept-Language": accepted} if accepted else {})}
    )


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("tag", SEVEN)
def test_a_page_is_in_the_language_that_the_browser_asks_for(client: FlaskClient, path: str, tag: str):
    response = ask(client, path, f"{tag}-XX, {tag};q=0.9")
    assert lang_of(response.text) == tag
    assert response.headers["Content-Language"] == tag
    assert "Accept-Language" in response.headers["Vary"]


@pytest.mark.parametrize("path", PAGES)
def test_the_address_comes_before_the_browser(client: FlaskClient, path: str):
    asked = path + ("&" if "?" in path else "?") + "lang=fr"
    assert lang_of(ask(client, asked, "ko").text) == "fr"


@pytest.mark.parametrize("asked", ["xx", "", "../fr", "<b>", "fr,en"])
def test_a_page_that_does_not_know_the_asked_language_negotiates(client: FlaskClient, asked: str):
    response = client.get("/", query_string={"lang": asked}, headers={"Accept-Language": "ja"})
    assert response.status_code == 200
    assert lang_of(response.text) == "ja"
    assert "lang=" + asked not in response.text or not asked


def test_the_network_speaks_its_own_language_where_nothing_fits():
    client = speaking("en", NetworkTexts(title="In English"), default_language="fr")
    assert lang_of(ask(client, "/").text) == "fr"
    assert lang_of(ask(client, "/", "de").text) == "fr"
    assert "In English" in ask(client, "/", "en").text


@pytest.mark.parametrize("tag", SEVEN[1:])
def test_no_english_sentence_is_left_on_a_page(bundled_client: FlaskClient, tag: str):
    english = {
        text
        for message in catalogues.extract()
        if message.id
        for text in (message.id if isinstance(message.id, tuple) else (message.id,))
        if language(tag).gettext(text) != text
    }
    for path in [
        "/",
        "/about",
        "/?theme=water&q=a",
        "/?q=nobodyiscalledthat",
        "/nothing",
        "/?theme=nonsense",
    ]:
        page = html.unescape(ask(bundled_client, path, tag).text)
        texts = [" ".join(text.split()) for text in re.findall(r">([^<>]+)<", page)]
        texts += re.findall(r'(?:aria-label|placeholder|content|title)="([^"]+)"', page)
        assert not [text for text in texts if text in english], path
        sentences = [text for text in english if len(text) > 20 and "%" not in text]
        assert not [text for text in sentences if text in page], path


@pytest.mark.parametrize("tag", SEVEN[1:])
def test_the_network_and_its_themes_speak_the_language(bundled_client: FlaskClient, bundled, tag: str):
    page = html.unescape(ask(bundled_client, "/", tag).text)
    spoken = bundled.network.in_language(tag)
    assert spoken.title != bundled.network.title
    for text in [spoken.title, spoken.completeness_note, spoken.boundary_disclaimer,
                 *(one.title for one in (*spoken.themes, *spoken.groups, *spoken.regions))]:  # fmt: skip
        assert text in page
    for one in bundled.network.regions:
        assert f">{one.title}<" not in page or one.title in {region.title for region in spoken.regions}


def test_two_languages_never_share_an_answer(client: FlaskClient):
    first = {tag: ask(client, "/", tag) for tag in SEVEN}
    again = {tag: ask(client, "/", tag) for tag in reversed(SEVEN)}
    assert len({one.headers["ETag"] for one in first.values()}) == 7
    for tag in SEVEN:
        assert again[tag].data == first[tag].data
        condition = {"Accept-Language": tag, "If-None-Match": first[tag].headers["ETag"]}
        assert client.get("/", headers=condition).status_code == 304
        other = {
            "Accept-Language": "fr" if tag != "fr" else "ko",
            "If-None-Match": first[tag].headers["ETag"],
        }
        assert client.get("/", headers=other).status_code == 200


def test_what_was_asked_for_and_what_was_negotiated_are_two_answers(client: FlaskClient):
    negotiated, asked = ask(client, "/", "fr"), ask(client, "/?lang=fr", "ko")
    assert negotiated.headers["ETag"] != asked.headers["ETag"]
    assert ask(client, "/", "fr").data == negotiated.data


def test_every_link_of_a_page_keeps_the_language_that_was_asked_for(client: FlaskClient):
    page = ask(client, "/?theme=water&lang=fr").text
    kept = [html.unescape(one) for one in re.findall(r'<a [^>]*href="(/[^"]*)"', page)]
    pages = [one for one in kept if "." not in one.partition("?")[0]]
    assert len(pages) > 8
    assert not [one for one in pages if "lang=" not in one]
    assert '<input type="hidden" name="lang" value="fr">' in page
    assert 'data-query="theme=water&amp;lang=fr"' in page
    state = json.loads(re.search(r'id="state"[^>]*>(.*?)</script>', page)[1])
    assert state["query"] == "theme=water&lang=fr"


def test_a_page_that_was_negotiated_adds_no_language_to_its_pages_but_to_its_files(client: FlaskClient):
    page = html.unescape(ask(client, "/?theme=water", "fr").text)
    links = re.findall(r'<a (?![^>]*hreflang)[^>]*href="(/[^"]*)"', page)
    with_language = {one for one in links if "lang=" in one}
    assert with_language >= {
        "/members.geojson?theme=water&dl=1&lang=fr", "/countries.geojson?theme=water&dl=1&lang=fr",
        "/themes.json?theme=water&lang=fr",
        "/map.png?theme=water&dl=1&lang=fr", "/map.svg?theme=water&dl=1&lang=fr", "/map.html?theme=water&dl=1&lang=fr",
    }  # fmt: skip
    assert [one for one in with_language if "." not in one.partition("?")[0]] == []
    assert 'as="fetch" crossorigin href="/members.geojson?theme=water&lang=fr"' in page
    assert 'name="lang"' not in page
    english = html.unescape(ask(client, "/?theme=water", "en").text)
    assert "lang=" not in re.sub(r"<[^>]*hreflang[^>]*>", "", english).replace('html lang="en"', "")


@pytest.mark.parametrize("path", ["/", "/about", "/?theme=water&region=west"])
def test_the_versions_of_a_page_name_each_other(squares, path: str):
    client = create_app(Settings(base_url="https://maps.example.org/m"), Store(squares)).test_client()

    def links(address: str) -> tuple[dict[str, str], str]:
        page = html.unescape(ask(client, address.removeprefix("https://maps.example.org/m")).text)
        found = dict(re.findall(r'<link rel="alternate" hreflang="([^"]+)" href="([^"]+)"', page))
        return found, re.search(r'<link rel="canonical" href="([^"]+)"', page)[1]

    versions, canonical = links(path)
    assert set(versions) == {*SEVEN, "x-default"}
    assert versions["x-default"] == canonical == f"https://maps.example.org/m{path}"
    for tag in SEVEN:
        others, itself = links(versions[tag])
        assert itself == versions[tag]
        assert others == versions


@pytest.mark.parametrize("path", PAGES)
def test_every_page_leads_to_the_others_by_their_own_names(client: FlaskClient, path: str):
    page = ask(client, path).text
    found = re.findall(r'<a href="([^"]+)" hreflang="(\w+)" lang="(\w+)"[^>]*>([^<]+)</a>', page)
    assert [(tag, name) for _, tag, _, name in found] == [
        ("en", "English"), ("es", "Español"), ("fr", "Français"), ("pt", "Português"), ("zh", "中文"),
        ("ja", "日本語"), ("ko", "한국어"),
    ]  # fmt: skip
    assert all(
        tag == lang and lang_of(ask(client, html.unescape(href)).text) == tag for href, tag, lang, _ in found
    )


@pytest.mark.parametrize("path", ["/members.geojson", "/countries.geojson", "/themes.json"])
def test_a_file_is_the_same_for_every_browser_and_says_its_language_in_its_address(bundled_client, path: str):
    plain = bundled_client.get(path)
    assert plain.headers["Content-Language"] == "en"
    assert bundled_client.get(path, headers={"Accept-Language": "ko"}).data == plain.data
    korean = bundled_client.get(f"{path}?lang=ko")
    assert korean.headers["Content-Language"] == "ko"
    assert korean.data != plain.data
    assert bundled_client.get(path).data == plain.data
    assert bundled_client.get(f"{path}?lang=KO").data == korean.data


def test_names_of_countries_and_themes_in_files_follow_the_language(bundled_client: FlaskClient):
    def names(query: str) -> set[str]:
        body = bundled_client.get(f"/members.geojson?country=KE&{query}").get_json(force=True)
        return {one["properties"]["country_name"] for one in body["features"]}

    assert names("") == {"Kenya"}
    assert names("lang=ko") == {"케냐"}
    groups = bundled_client.get("/themes.json?lang=es").get_json(force=True)["groups"]
    assert groups[0]["themes"][0]["title"] == "Clima"


@pytest.mark.parametrize("query", ["lang=xx", "lang=fr&lang=ko", "lang=fr-CA", "lang=..%2ffr"])
@pytest.mark.parametrize("path", ["/members.geojson", "/countries.geojson", "/themes.json"])
def test_a_file_in_a_language_that_there_is_not_is_refused(client: FlaskClient, path: str, query: str):
    response = client.get(f"{path}?{query}")
    assert response.status_code == 400
    problem = json.loads(response.data)
    assert problem["parameter"] == "lang"
    if "&" not in query:
        assert set(problem["allowed"]) == set(SEVEN)


@pytest.mark.parametrize("tag", SEVEN)
def test_the_map_of_a_page_speaks_its_language(bundled_client: FlaskClient, tag: str):
    page = html.unescape(ask(bundled_client, "/", tag).text)
    script = bundled_client.get(re.search(r'src="(/maps/[^"]+)"', page)[1]).text
    assert json.dumps(language(tag).gettext("Zoom in")) in script
    outlines = json.loads(bundled_client.get(re.search(r'"(/maps/outlines-[^"]+)"', page)[1]).data)
    assert outlines["KE"][0] == language(tag).locale.territories["KE"]
    assert (f"lang={tag}" in script) == (tag != "en")


def test_a_language_without_screen_texts_has_those_of_the_source_and_its_own_content():
    client = speaking("ar", NetworkTexts(title="أعضاء", themes={"water": "ماء"}))
    page = ask(client, "/", "ar").text
    assert '<html lang="ar" dir="rtl">' in page
    assert "أعضاء" in page
    assert "ماء" in page
    assert "Member, country, theme, place" in page
    assert 'hreflang="ar" lang="ar"' in page


def test_a_number_is_written_as_the_page_writes_it(squares):
    many = replace(squares.network, compiled="2001-05-04")
    client = create_app(Settings(), Store(replace(squares, network=many))).test_client()
    assert "4 mai 2001" in ask(client, "/", "fr").text
    assert "2001年5月4日" in ask(client, "/about", "ja").text
