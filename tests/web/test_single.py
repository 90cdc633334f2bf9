"""The page as one file: everything in it, nothing outside, and no text that becomes markup."""

import base64
import html
import json
import re
from hashlib import sha256

import pytest
from flask.testing import FlaskClient

from mapsvc.settings import Settings
from mapsvc.sources.store import Store
from mapsvc.web.app import create_app
from tests import world
from tests.web.test_hostile import NAMES


def embedded(text: str, name: str) -> object:
    return json.loads(
        re.search(rf'data-from="{re.escape(html.escape(name))}">(.*?)</script>', text, re.DOTALL)[1]
    )


@pytest.mark.parametrize("view", ["", "theme=water", "region=west&type=city"])
def test_it_holds_the_members_of_the_view_as_the_data_has_them(client: FlaskClient, view):
    text = client.get(f"/map.html?{view}").text
    data = json.loads(client.get(f"/members.geojson?{view}").data)
    held = embedded(text, f"members?{view}" if view else "members")
    if view == "region=west&type=city":
        assert len(data["features"]) == 3
    assert [one["id"] for one in held["features"]] == [one["id"] for one in data["features"]]
    assert [one["geometry"] for one in held["features"]] == [one["geometry"] for one in data["features"]]
    assert set(embedded(text, "outlines")) == set(world.CODES)
    assert text.count('<span class="name"') == len(data["features"])


def test_it_names_no_file_and_no_host_to_load_from(client):
    text = client.get("/map.html").text
    assert not re.search(r"<(?:script|img|iframe|link|object)[^>]*\s(?:src|href|data)=", text)
    assert not re.search(r"""url\((?!data:|["']?#)""", text)
    assert not re.search(r"@import|<base", text)
    # What can be followed is the web's, and nothing that only this server has.
    assert {one[:8] for one in re.findall(r'<a [^>]*href="([^"#][^"]*)"', text)} <= {"https://"}


def test_its_policy_allows_its_own_script_and_style_and_no_host(client):
    response = client.get("/map.html")
    policy = html.unescape(
        re.search(r'http-equiv="Content-Security-Policy" content="([^"]+)"', response.text)[1]
    )
    assert policy.startswith("default-src 'none'; ")
    assert not re.search(r"unsafe|https?:|\*|'self'", policy)
    for tag in ("script", "style"):
        (body,) = re.findall(rf"<{tag}>(.*?)</{tag}>", response.text, re.DOTALL)
        digest = base64.b64encode(sha256(body.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy
    assert response.headers["Content-Security-Policy"] == f"{policy}; frame-ancestors 'none'"
    assert "\r" not in response.text


@pytest.mark.parametrize("name", NAMES)
def test_a_hostile_name_is_text_in_it(name):
    text = create_app(Settings(), Store(world.dataset({"a1": name}))).test_client().get("/map.html").text
    assert text.count("<script") == text.count("</script>") == 4
    assert text.count("</head>") == text.count("</body>") == text.count("</html>") == 1
    assert embedded(text, "members")["features"][0]["properties"]["name"] == name
    assert html.escape(name).replace("&#x27;", "&#39;").replace("&quot;", "&#34;") in text
    if "<" in name:
        assert name not in text


def test_it_is_saved_under_a_name_and_unknown_parameters_are_refused(client):
    header = client.get("/map.html?theme=water&dl=1").headers["Content-Disposition"]
    assert header == 'attachment; filename="squares-map-2026-01-02-theme-water.html"'
    assert client.get("/map.html?size=og").status_code == 400


def test_it_says_source_date_and_disclaimer(client):
    text = client.get("/map.html").text
    for words in ("As of January 2, 2026", "Squares imply no opinion.", "Counted by hand."):
        assert words in text


def test_an_empty_view_is_a_file_too(client):
    text = client.get("/map.html?q=nobody").text
    assert "No member matches" in text
    assert embedded(text, "members?q=nobody")["features"] == []
