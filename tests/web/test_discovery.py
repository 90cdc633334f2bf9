"""Sitemap and robots: every page can be found, answers, and is called something of its own."""

import re
from urllib.robotparser import RobotFileParser
from xml.etree import ElementTree as ET

import pytest

from mapsvc.formats.sitemap import sitemap
from mapsvc.settings import Settings
from mapsvc.sources.store import Store
from mapsvc.web.app import create_app

NAMES = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}


def addresses(body: bytes) -> list[str]:
    return [str(one.text) for one in ET.fromstring(body).iterfind("s:url/s:loc", NAMES)]


def test_every_page_of_the_squares_is_in_the_sitemap(client):
    found = addresses(client.get("/sitemap.xml").data)
    # Map, about, data quality, use this data, table, countries, themes; coverage, its matrix, who next, method; two groups and
    # three themes; six countries; seven members.
    assert len(found) == 7 + 4 + 5 + 6 + 7 == len(set(found))


@pytest.mark.parametrize("network", ["squares", "bundled"])
def test_every_address_answers_with_a_title_and_a_description_of_its_own(request, network):
    dataset = request.getfixturevalue(network)
    client = create_app(Settings(base_url="https://maps.example.org"), Store(dataset)).test_client()
    titles: dict[str, str] = {}
    descriptions: dict[str, str] = {}
    for address in addresses(client.get("/sitemap.xml").data):
        assert address.startswith("https://maps.example.org/")
        path = address.removeprefix("https://maps.example.org")
        response = client.get(path)
        assert response.status_code == 200, path
        text = response.get_data(as_text=True)
        assert f'<link rel="canonical" href="{address}">' in text or path == "/about"
        title = re.search(r"<title>(.+?)</title>", text)[1]
        description = re.search(r'<meta name="description" content="(.+?)"', text)[1]
        assert descriptions.setdefault(description, path) == path
        # Two places may have one name; their descriptions tell them apart.
        titles[path] = title
    assert len(titles) > 20
    assert len(set(titles.values())) > 0.97 * len(titles)


def test_the_date_is_that_of_the_data(client):
    dates = {
        one.text for one in ET.fromstring(client.get("/sitemap.xml").data).iterfind("s:url/s:lastmod", NAMES)
    }
    assert dates == {"2026-01-02"}


def test_languages_are_alternates():
    body = sitemap(
        ["https://a.example/"], "soon", {"https://a.example/": {"fr": "https://a.example/?lang=fr&x"}}
    )
    link = ET.fromstring(body).find("s:url/x:link", NAMES)
    assert link.attrib == {"rel": "alternate", "hreflang": "fr", "href": "https://a.example/?lang=fr&x"}
    assert b"lastmod" not in body


def test_robots_may_read_pages_and_leave_endless_combinations(squares):
    client = create_app(Settings(base_url="https://maps.example.org/m"), Store(squares)).test_client()
    text = client.get("/m/robots.txt").get_data(as_text=True)
    assert "Sitemap: https://maps.example.org/m/sitemap.xml" in text
    assert "Disallow: /m/*?*&" in text
    parser = RobotFileParser()
    parser.parse(text.splitlines())
    assert parser.can_fetch("any", "https://maps.example.org/m/members/a1")


def test_without_a_public_address_no_sitemap_is_named(client):
    assert "Sitemap" not in client.get("/robots.txt").get_data(as_text=True)


def test_the_sitemap_names_every_language_of_every_page(client):
    tree = ET.fromstring(client.get("/sitemap.xml").data)
    for page in tree.iterfind("s:url", NAMES):
        links = {one.get("hreflang"): one.get("href") for one in page.iterfind("x:link", NAMES)}
        assert {"en", "fr", "ko", "x-default"} <= set(links)
        assert links["x-default"] == page.findtext("s:loc", namespaces=NAMES)
        assert client.get(links["fr"]).headers["Content-Language"] == "fr"
