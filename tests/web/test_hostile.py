"""What a client or a file may send, and the right answer: never run, never break, never redirect away."""

import html
import json
import re
from urllib.parse import unquote

import pytest
from flask.testing import FlaskClient

from mapsvc.settings import Settings
from mapsvc.sources.store import Store
from mapsvc.web.app import create_app
from tests import world

NAMES = [
    "{{7*7}}",
    "{{ cycler.__init__.__globals__.os.system('touch pwned') }}",
    "100 {% off",
    "{# comment",
    "${alert(1)}",
    "</script><img src=x onerror=alert(1)>",
    "<script>alert(1)</script>",
    "`",
    '"><svg onload=alert(1)>',
    "javascript:alert(1)",
    "مدينة الاختبار",
    "\u202eevil\u202c",
    "x" * 500,
]
PATHS = ["/", "/members.geojson", "/countries.geojson", "/themes.json", "/about"]


def client_with(name: str) -> FlaskClient:
    """Return a client of the six squares where one member has this name."""
    return create_app(Settings(), Store(world.dataset({"a1": name}))).test_client()


@pytest.mark.parametrize("name", NAMES)
def test_a_hostile_name_is_exactly_that_text_on_the_page(name: str):
    page = client_with(name).get("/").get_data(as_text=True)
    assert html.escape(name).replace("&#x27;", "&#39;").replace("&quot;", "&#34;") in page
    if "<" in name:
        assert name not in page
    assert ">49<" not in page


@pytest.mark.parametrize("name", NAMES)
def test_a_hostile_name_is_exactly_that_text_in_the_file(name: str):
    body = json.loads(client_with(name).get("/members.geojson").data)
    assert body["features"][0]["properties"]["name"] == name


@pytest.mark.parametrize("name", NAMES)
def test_a_hostile_name_never_reaches_the_map_script(name: str):
    scripts = []
    for one in (name, "Alpha"):
        client = client_with(one)
        address = re.search(r"/maps/[0-9a-f]+\.js", client.get("/").get_data(as_text=True))[0]
        script = client.get(address).get_data(as_text=True)
        # The addresses of outlines and labels name the snapshot, which is another one.
        scripts.append(re.sub(r"(outlines|labels)-[0-9a-f]{16}", r"\1", script))
    assert scripts[0] == scripts[1]
    assert len(scripts[0]) > 500


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("text", NAMES)
def test_a_hostile_search_is_answered_and_shown_as_text(client: FlaskClient, path: str, text: str):
    response = client.get(path, query_string={"q": text})
    assert response.status_code in {200, 400}
    if "<" in text:
        assert text not in response.get_data(as_text=True)


@pytest.mark.parametrize(
    "path",
    ["//evil.example/", "/\\evil.example/", "/..%2f..%2fetc/passwd", "/static/x/..%2f..%2fsettings.py", "/%00",
     "/static/x/js/%2e%2e/%2e%2e/cli.py", "/maps/../../x.js", "/%c0%ae%c0%ae/", "/members.geojson/", "/a%0d%0aX: y"],
)  # fmt: skip
def test_a_strange_path_is_not_found_and_leads_nowhere_else(client: FlaskClient, path: str):
    # As a server hands it over; the client's own parser would take the first for a host.
    response = client.get("/", environ_overrides={"PATH_INFO": unquote(path, "latin-1")})
    assert response.status_code == 404
    assert "Location" not in response.headers
    assert "X" not in response.headers


def test_an_address_longer_than_anyone_needs_is_refused(client: FlaskClient):
    assert client.get("/?q=" + "a" * 5000).status_code == 414


def test_a_host_that_is_not_ours_is_misdirected(squares):
    client = create_app(Settings(trusted_hosts=("map.example.org",)), Store(squares)).test_client()
    assert client.get("/livez", headers={"Host": "map.example.org"}).status_code == 200
    assert client.get("/livez", headers={"Host": "evil.example"}).status_code == 421


@pytest.mark.parametrize(
    "header", ["Host", "X-Forwarded-Host", "Forwarded", "X-Forwarded-Proto", "X-Original-URL"]
)
def test_no_answer_depends_on_a_forged_header(client: FlaskClient, header: str):
    for path in PATHS:
        forged = client.get(path, headers={header: "evil.example"})
        assert forged.data == client.get(path).data
        assert "evil.example" not in str(forged.headers)


def test_links_are_under_the_configured_address_and_nothing_else(squares):
    client = create_app(Settings(base_url="https://maps.example.org/members"), Store(squares)).test_client()
    page = client.get("/?theme=water", headers={"Host": "evil.example"}).get_data(as_text=True)
    assert 'href="https://maps.example.org/members/?theme=water"' in page
    assert 'href="/members/' in page
    assert "evil.example" not in page


@pytest.mark.parametrize("path", [*PATHS, "/nothing", "/?theme=nonsense", "/livez"])
def test_every_answer_has_the_headers_that_protect(client: FlaskClient, path: str):
    headers = client.get(path).headers
    policy = headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self';")
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "strict-origin-when-cross-origin"
    assert "Permissions-Policy" in headers
    assert "Set-Cookie" not in headers
    assert "Server" not in headers


def test_a_basemap_adds_its_host_for_pictures_and_nothing_else(squares):
    client = create_app(Settings(basemap="OpenStreetMap.Mapnik"), Store(squares)).test_client()
    policy = client.get("/").headers["Content-Security-Policy"]
    assert "img-src 'self' data: https://tile.openstreetmap.org;" in policy
    assert "connect-src 'self';" in policy


def test_a_failure_that_nobody_foresaw_says_nothing_of_the_inside(app, monkeypatch):
    monkeypatch.setattr("mapsvc.web.features.select_members", lambda *_: 1 / 0)
    response = app.test_client().get("/members.geojson")
    assert response.status_code == 500
    assert json.loads(response.data) == {
        "type": "about:blank", "title": "Something went wrong on our side", "status": 500,
    }  # fmt: skip
