"""The frame: who may show it, what stands in it, and that nothing leads out of it but links that open elsewhere."""

import re

import pytest
from flask.testing import FlaskClient

from mapsvc.settings import Settings
from mapsvc.sources.store import Store
from mapsvc.web.app import create_app
from mapsvc.web.embed_options import LOOKS, PARTS, camera_of, parse_options

FRAMED = {"Sec-Fetch-Dest": "iframe", "Sec-Fetch-Site": "cross-site"}


def client_for(squares, *allowed: str, base_url: str = "") -> FlaskClient:
    """Return a client of a service that these sites may show in a frame."""
    return create_app(Settings(embed_allow=allowed, base_url=base_url), Store(squares)).test_client()


def ancestors(response) -> str:
    """Return what the answer says of who may frame it."""
    return re.search(r"frame-ancestors ([^;]*)", response.headers["Content-Security-Policy"])[1]


@pytest.mark.parametrize(
    ("allowed", "said"),
    [
        ((), "'self'"),
        (("*",), "*"),
        (
            ("https://example.org", "https://*.example.org"),
            "'self' https://example.org https://*.example.org",
        ),
    ],
)
def test_the_frame_may_be_shown_where_the_operator_says(squares, allowed, said):
    response = client_for(squares, *allowed).get("/embed?theme=water")
    assert response.status_code == 200
    assert ancestors(response) == said
    assert "X-Frame-Options" not in response.headers
    assert response.headers["Cross-Origin-Resource-Policy"] == "cross-origin"


@pytest.mark.parametrize(
    "path",
    ["/", "/members", "/countries/AA", "/about", "/members.geojson", "/nothing", "/map.html", "/map.svg"],
)
def test_nothing_else_may_be_framed_even_where_everybody_may_embed(squares, path):
    response = client_for(squares, "*").get(path)
    assert ancestors(response) == "'none'"
    assert response.headers["X-Frame-Options"] == "DENY"


def test_a_mistake_in_the_address_is_explained_inside_the_frame(squares):
    response = client_for(squares, "https://example.org").get(
        "/embed?theme=watr", headers={"Accept": "text/html"}
    )
    assert response.status_code == 400
    assert "https://example.org" in ancestors(response)
    assert "X-Frame-Options" not in response.headers


def test_a_site_that_is_not_allowed_gets_a_page_that_says_so_and_leads_to_the_map(squares):
    client = client_for(squares, "https://example.org")
    response = client.get("/embed?theme=water", headers={**FRAMED, "Referer": "https://other.example/"})
    assert response.status_code == 403
    assert ancestors(response) == "*"
    assert response.headers["Cache-Control"] == "no-store"
    assert 'href="/?theme=water"' in response.text
    assert "folium" not in response.text
    assert "Alpha" not in response.text


@pytest.mark.parametrize(
    "headers",
    [
        {**FRAMED, "Referer": "https://example.org/"},
        {**FRAMED},  # it does not say who it is: the browser looks at the ancestors
        {"Referer": "https://other.example/"},  # a link that was followed
        {"Sec-Fetch-Dest": "document", "Sec-Fetch-Site": "cross-site", "Referer": "https://other.example/"},
        {
            "Sec-Fetch-Dest": "iframe",
            "Sec-Fetch-Site": "same-origin",
            "Referer": "http://localhost/embed/builder",
        },
    ],
)
def test_who_is_allowed_or_not_in_a_frame_gets_the_map(squares, headers):
    assert client_for(squares, "https://example.org").get("/embed", headers=headers).status_code == 200


def test_a_refusal_is_not_given_to_others(squares):
    response = client_for(squares).get("/embed")
    assert {"Referer", "Sec-Fetch-Dest", "Sec-Fetch-Site"} <= set(response.headers["Vary"].split(", "))


def test_it_shows_the_title_the_legend_and_the_way_to_the_full_map(client):
    text = client.get("/embed?theme=water&lang=en").text
    assert "<h1>Water · Members of the Network of Squares</h1>" in text
    assert 'class="legend' in text
    assert 'id="full" href="/?theme=water&amp;lang=en"' in text
    assert "Squares imply no opinion." in text
    assert 'id="narrow"' not in text
    assert 'id="list"' not in text


@pytest.mark.parametrize(
    ("part", "mark"),
    [
        ("title", "<h1>"),
        ("legend", 'class="legend'),
        ("search", 'name="q" value='),
        ("filters", '<select name="theme"'),
        ("list", 'id="list"'),
        ("download", 'class="downloads"'),
    ],
)
def test_each_part_is_shown_when_it_is_asked_for_and_alone(client, part, mark):
    assert mark in client.get(f"/embed?show={part}").text
    assert mark not in client.get("/embed?show=map").text
    others = [one for one in PARTS if one not in {part, "map"}]
    assert mark not in client.get("/embed?" + "&".join(f"show={one}" for one in others)).text
    assert 'id="full"' in client.get(f"/embed?show={part}").text


def test_without_scripts_there_is_a_picture_and_every_name(client):
    text = client.get("/embed").text
    inside = " ".join(re.findall(r"<noscript>(.*?)</noscript>", text, re.DOTALL))
    assert "/map.svg" in inside
    for name in ("Alpha", "Åbo", "Ałma", "Beta", "Gamma", "Federation"):
        assert name in inside


def test_every_link_opens_outside_and_the_form_stays_inside(client):
    text = client.get("/embed?" + "&".join(f"show={one}" for one in PARTS)).text
    assert '<base target="_blank">' in text
    assert re.findall(r"<form[^>]*target=\"(\w+)\"", text) == ["_self"]
    assert "target=" not in text.replace('<base target="_blank">', "").replace('target="_self"', "")


def test_the_form_keeps_what_the_site_chose(client):
    text = client.get("/embed?show=filters&look=dark&type=city&theme=air&theme=water&lang=en").text
    kept = re.findall(r'type="hidden" name="(\w+)" value="(\w+)"', text)
    assert kept == [
        ("theme", "air"), ("theme", "water"), ("type", "city"), ("show", "filters"), ("look", "dark"), ("lang", "en"),
    ]  # fmt: skip
    # Several themes were chosen by the site: a visitor cannot choose one of them away.
    assert re.findall(r'<select name="(\w+)"', text) == ["region", "country"]


@pytest.mark.parametrize(
    "query", ["show=all", "look=blue", "look=dark&look=light", "accent=red", "accent=12345g"]
)
def test_an_option_that_is_not_known_is_refused(client, query):
    assert client.get(f"/embed?{query}").status_code == 400


@pytest.mark.parametrize("look", LOOKS)
def test_the_colours_are_those_that_the_site_chose(client, look):
    text = client.get(f"/embed?look={look}&accent=C2185B").text
    sheet = client.get(re.search(r"/static/[^\"]+/css/embed-page[^\"]*", text)[0]).text
    dark = re.search(r"@media ([^{]*) \{\s*:root \{\s*--accent-ink: #5cc4bd", sheet)[1]
    assert dark == {"auto": "(prefers-color-scheme: dark)", "light": "not all", "dark": "all"}[look]
    assert f"color-scheme: {'light dark' if look == 'auto' else look};" in sheet
    address = re.search(r"/network\.css[^\"]*", text)[0].replace("&amp;", "&")
    assert client.get(address).text == ":root { --accent: #c2185b; }\n"


def test_a_colour_that_is_none_is_the_networks_own(client):
    assert client.get("/network.css?accent=}body{display:none").text == ":root { --accent: #0b7a75; }\n"


def test_a_sandboxed_frame_may_use_everything_that_the_frame_loads(client):
    text = client.get("/embed").text
    addresses = re.findall(r'(?:src|href)="(/(?:static|maps|network|members\.geojson|map\.svg)[^"]*)"', text)
    assert len(addresses) >= 5
    for address in addresses:
        headers = client.get(address.replace("&amp;", "&")).headers
        assert headers["Cross-Origin-Resource-Policy"] == "cross-origin", address
        assert headers["Access-Control-Allow-Origin"] == "*", address


def test_options_have_one_canonical_form():
    options = parse_options(
        [("accent", "#C2185B"), ("show", "list"), ("show", "title"), ("look", "dark"), ("theme", "water")]
    )
    assert options.canonical() == "show=title&show=list&look=dark&accent=c2185b"
    assert parse_options([("show", "legend"), ("show", "title"), ("show", "map")]).canonical() == ""
    assert parse_options([("show", "map")]).canonical() == "show=map"


@pytest.mark.parametrize(
    "text", ["4/1", "4/1/2/3", "x/1/2", "4/91/0", "4/0/361", "٤/1/2", "4/1/2\n", "4/1/2#x", "javascript:"]
)
def test_what_is_no_camera_is_none(text):
    assert camera_of(text) == ""


def test_the_frame_has_the_letters_of_the_device_and_asks_for_none(client):
    sheet = client.get(re.search(r"/static/[^\"]+/css/embed-page[^\"]*", client.get("/embed").text)[0]).text
    assert "@font-face" not in sheet
    assert "woff" not in sheet
    assert ".frame {" in sheet


def test_the_names_of_places_come_as_one_module(client):
    version = re.search(r"/static/(\w+)/", client.get("/embed").text)[1]
    script = client.get(f"/static/{version}/js/names.js").text
    assert re.findall(r"^import ", script, re.MULTILINE) == []
    assert "export class Labels" in script
