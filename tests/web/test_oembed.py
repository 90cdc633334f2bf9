"""oEmbed: what is pasted is one of our views or nothing, it is never asked for, and the answer is always ours."""

import html
import itertools
import json
import random
import re
import socket
from urllib.parse import quote, urlsplit
from xml.etree import ElementTree as ET

import pytest
from flask.testing import FlaskClient

from mapsvc.errors import Overloaded
from mapsvc.settings import Settings
from mapsvc.sources.store import Store
from mapsvc.web.app import create_app
from mapsvc.web.oembed import Budget
from mapsvc.web.prepared import PreparedAnswers

BASE = "https://maps.example.org/members"


def client_for(squares, *allowed: str, base_url: str = BASE) -> FlaskClient:
    """Return a client of a service at `base_url` that these sites may embed."""
    return create_app(Settings(embed_allow=allowed, base_url=base_url), Store(squares)).test_client()


@pytest.fixture
def client(squares) -> FlaskClient:
    """A client of a service that everybody may embed."""
    return client_for(squares, "*")


def ask(client: FlaskClient, url: str, **others: str):
    """Ask for what to embed of an address."""
    return client.get("/members/oembed", query_string={"url": url, **others})


def src_of(answer: dict) -> str:
    """Return the address of the frame in an answer."""
    return html.unescape(re.search(r' src="([^"]*)"', answer["html"])[1])


def test_the_address_of_a_view_gives_its_frame_and_its_picture(client):
    response = ask(client, f"{BASE}/?theme=water&region=west")
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "application/json"
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    answer = response.get_json()
    title = "Water · West · Members of the Network of Squares"
    assert answer == {
        "version": "1.0", "type": "rich", "title": title, "width": 800, "height": 520, "cache_age": 86400,
        "html": f'<iframe title="{title}" src="{BASE}/embed?theme=water&amp;region=west" loading="lazy" width="800" '
        'height="520" style="max-width:100%;border:none" allowfullscreen referrerpolicy="strict-origin-when-cross-origin"></iframe>',
        "provider_name": "Squares", "provider_url": f"{BASE}/",
        "thumbnail_url": f"{BASE}/map.png?theme=water&region=west&size=og",
        "thumbnail_width": 1200, "thumbnail_height": 630,
    }  # fmt: skip


def test_xml_says_the_same(client):
    response = ask(client, f"{BASE}/?q=<b>%26", format="xml")
    assert response.status_code == 404  # < is no part of an address
    url = f"{BASE}/?q=%3Cb%3E%26"
    response = ask(client, url, format="xml")
    assert response.headers["Content-Type"] == "text/xml; charset=utf-8"
    root = ET.fromstring(response.data)
    assert root.tag == "oembed"
    said = {one.tag: one.text for one in root}
    assert said == {name: str(value) for name, value in ask(client, url).get_json().items()}


@pytest.mark.parametrize(
    ("pasted", "framed"),
    [
        ("", ""),
        ("/", ""),
        ("/?utm_source=x&theme=water", "?theme=water"),
        ("/?region=west&theme=water&theme=air", "?theme=air&theme=water&region=west"),
        ("/?theme=water&lang=ko", "?theme=water&lang=ko"),
        ("/?lang=xx", ""),
        ("/#4/-1.3/36.8", "#4/-1.3/36.8"),
        ("/#list", ""),
        ("/members?theme=water&sort=name", "?theme=water"),
        ("/countries/AA", "?country=AA"),
        ("/countries/AA?theme=water", "?country=AA"),
        ("/themes/nature", "?theme=nature"),
        ("/embed?theme=water&show=list&look=dark", "?theme=water&show=list&look=dark"),
        ("/?view=countries", "?view=countries"),
    ],
)
def test_each_kind_of_our_pages_is_the_view_that_it_shows(client, pasted, framed):
    answer = ask(client, BASE + pasted).get_json()
    assert src_of(answer) == f"{BASE}/embed{framed}"
    assert client.get(src_of(answer).removeprefix("https://maps.example.org")).status_code == 200


@pytest.mark.parametrize("path", ["/about", "/members/a1", "/members.geojson", "/map.png", "/oembed", "/livez", "/countries",
                                  "/countries/ZZ", "/themes/none", "/?theme=none", "/?asof=x", "/embed?look=blue", "//", "/%2e%2e/"])  # fmt: skip
def test_what_is_ours_and_no_view_is_not_found(client, path):
    assert ask(client, BASE + path).status_code == 404


@pytest.mark.parametrize(
    ("maxwidth", "maxheight"), [(400, 300), (1, 1), (5000, 5000), (800, 100), (640, 99999)]
)
def test_nothing_is_larger_than_the_maximum(client, maxwidth, maxheight):
    answer = ask(client, f"{BASE}/", maxwidth=str(maxwidth), maxheight=str(maxheight)).get_json()
    assert answer["width"] == min(800, maxwidth)
    assert answer["height"] == min(520, maxheight)
    assert f'width="{answer["width"]}" height="{answer["height"]}"' in answer["html"]
    if "thumbnail_url" in answer:
        assert answer["thumbnail_width"] <= maxwidth
        assert answer["thumbnail_height"] <= maxheight
        assert client.get(answer["thumbnail_url"].removeprefix("https://maps.example.org")).status_code == 200
    else:
        assert maxwidth < 640 or maxheight < 320


@pytest.mark.parametrize("value", ["0", "-1", "1e3", "٣", " 1", "1.5", "100000", "NaN"])
@pytest.mark.parametrize("name", ["maxwidth", "maxheight"])
def test_a_maximum_that_is_no_number_is_a_bad_request(client, name, value):
    response = ask(client, f"{BASE}/", **{name: value})
    assert response.status_code == 400
    assert response.get_json()["parameter"] == name


def test_a_format_that_there_is_not_is_not_offered(client):
    response = ask(client, f"{BASE}/", format="yaml")
    assert response.status_code == 501
    assert "json, xml" in response.get_json()["detail"]


def test_a_service_that_does_not_know_its_address_finds_none(squares):
    client = client_for(squares, "*", base_url="")
    response = client.get("/oembed", query_string={"url": "http://localhost/"})
    assert response.status_code == 404
    assert "oembed" not in client.get("/").text
    assert "Link" not in client.get("/").headers


def test_the_pages_lead_to_it_in_their_head_and_as_a_header(client):
    pages = {
        "/members/?theme=water": "?theme=water",
        "/members/embed?theme=water": "?theme=water",
        "/members/members?theme=water&sort=-name&page=1": "?theme=water",
        "/members/countries/AA": "?country=AA",
        "/members/themes/nature": "?theme=nature",
    }
    for path, framed in pages.items():
        response = client.get(path)
        for kind, media_type in (("json", "application/json+oembed"), ("xml", "text/xml+oembed")):
            href = html.unescape(
                re.search(rf'type="{re.escape(media_type)}"[^>]*href="([^"]*)"', response.text)[1]
            )
            answer = client.get(href.removeprefix("https://maps.example.org"))
            assert answer.status_code == 200
            assert f"/embed{framed}" in html.unescape(answer.text)
            if "/embed" not in path:
                assert f'<{href}>; rel="alternate"; type="{media_type}"' in response.headers.getlist("Link")
            assert f"format={kind}" in href


def test_where_a_list_is_set_only_its_sites_are_answered_and_the_others_told_why(squares):
    client = client_for(squares, "https://example.org")
    address = {"query_string": {"url": f"{BASE}/"}}
    assert client.get("/members/oembed", **address).status_code == 200  # a server that says nothing of itself
    allowed = client.get("/members/oembed", **address, headers={"Referer": "https://example.org/editor"})
    assert allowed.status_code == 200
    for name, value in (
        ("Referer", "https://other.example/"),
        ("Origin", "https://other.example"),
        ("Origin", "null"),
    ):
        refused = client.get("/members/oembed", **address, headers={name: value})
        assert refused.status_code == 403, name
        assert "does not allow this site" in refused.get_json()["detail"]
    assert isinstance(client.application.wsgi_app, PreparedAnswers)
    assert not client.application.wsgi_app._kept


def test_where_nobody_may_embed_it_says_so(squares):
    response = ask(client_for(squares), f"{BASE}/")
    assert response.status_code == 403
    assert "allows no site" in response.get_json()["detail"]


def test_no_answer_depends_on_the_language_of_the_one_who_asks(client):
    first = ask(client, f"{BASE}/?theme=water").data
    assert (
        client.get(
            "/members/oembed", query_string={"url": f"{BASE}/?theme=water"}, headers={"Accept-Language": "ko"}
        ).data
        == first
    )
    assert "lang" not in json.loads(first)["thumbnail_url"]


def test_a_budget_is_spent_and_fills_again():
    budget = Budget(1000, 2)
    budget.spend()
    budget.spend()
    spent = Budget(0, 1)
    spent.spend()
    with pytest.raises(Overloaded):
        spent.spend()


def hostile_addresses() -> list[str]:
    """Return more than 3,000 addresses that are meant to be taken for ours."""
    schemes = [
        "https",
        "http",
        "HTTPS",
        "ftp",
        "file",
        "javascript",
        "data",
        "//",
        "gopher",
        "https:/",
        "https:",
        "view-source:https",
        "",
    ]
    hosts = ["maps.example.org@evil.example", "evil.example", "maps.example.org.evil.example", "maps.example.org:8443", "evil.example#maps.example.org",
             "evil.example\\@maps.example.org", "maps.example.org\\.evil.example", "user:pw@maps.example.org", "maps.example.org%2eevil.example",
             "mаps.example.org", "maps。example.org", "[::1]", "127.0.0.1", "169.254.169.254", "localhost", "0x7f000001", "maps.example.org\t.evil.example",
             "maps.example.org.", "maps.example.org:443@evil.example", "maps.example.org\r\nHost: evil.example", "", "maps.example.org:80", "maps.example.org:"]  # fmt: skip
    paths = ["/members/", "/members", "/members/../../etc/passwd", "/members/%2e%2e/%2e%2e/", "/members//evil.example/", "/members/embed?theme=water",
             "/", "/members/\\evil.example", "/members/%00", "/members/?theme=%3Cscript%3E", "/members/?q=%0d%0aX:%20y", "/members/%c0%ae"]  # fmt: skip
    made = [f"{scheme}://{host}{path}" for scheme, host, path in itertools.product(schemes, hosts, paths)]
    chance = random.Random(7)
    letters = "".join(map(chr, range(256))) + "／＠：․\u202e\ufeff"
    for _ in range(400):
        text = list(f"{BASE}/?theme=water")
        for _ in range(chance.randint(1, 4)):
            text.insert(chance.randrange(len(text)), chance.choice(letters))
        made.append("".join(text))
    return made


def test_thousands_of_hostile_addresses_are_refused_or_become_ours_and_nobody_is_asked(client, monkeypatch):
    addresses = hostile_addresses()
    assert len(set(addresses)) >= 3000
    monkeypatch.setattr("mapsvc.web.oembed._BUDGET", Budget(0, 10**6))
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: pytest.fail("a name was looked up"))
    monkeypatch.setattr(socket.socket, "connect", lambda *_, **__: pytest.fail("somebody was asked"))
    n_refused = 0
    for address in addresses:
        response = client.get(
            f"/members/oembed?url={quote(address, safe='')}", headers={"Accept": "application/json"}
        )
        if response.status_code in {400, 404}:
            n_refused += 1
            continue
        assert response.status_code == 200, address
        answer = response.get_json()
        for one in (src_of(answer), answer["thumbnail_url"], answer["provider_url"]):
            assert one.startswith(f"{BASE}/"), address
            assert urlsplit(one).hostname == "maps.example.org"
        assert re.findall(r"<(\w+)", answer["html"]) == ["iframe"]
    assert n_refused > 2900


def test_what_is_too_much_at_once_is_put_off_and_what_is_known_is_still_answered(client, monkeypatch):
    monkeypatch.setattr("mapsvc.web.oembed._BUDGET", Budget(0, 1))
    assert ask(client, f"{BASE}/?theme=water").status_code == 200
    refused = ask(client, f"{BASE}/?theme=air")
    assert refused.status_code == 503
    assert int(refused.headers["Retry-After"]) >= 1
    assert ask(client, f"{BASE}/?theme=water").status_code == 200
