"""Pasted into WordPress: its own rules, as tests/wordpress.py tells them, find our answer and leave the frame whole."""

import html
import re
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest

from mapsvc.settings import Settings
from mapsvc.sources.store import Store
from mapsvc.web.app import create_app
from tests import wordpress

README = (Path(__file__).resolve().parents[2] / "README.md").read_text(encoding="utf-8")
BASE = "https://maps.example.org"
PASTED = [
    "/",
    "/?theme=water&region=west",
    "/#4/1.5/30",
    "/members?q=alpha",
    "/countries/AA",
    "/themes/water",
    "/embed?show=list",
]


@pytest.fixture
def client(squares):
    """A client of a service that everybody may embed."""
    return create_app(Settings(embed_allow=("*",), base_url=BASE), Store(squares)).test_client()


def path_of(address: str) -> str:
    """Return an address of ours as a client of the test asks for it."""
    assert address.startswith(f"{BASE}/")
    return address.removeprefix(BASE)


@pytest.mark.parametrize("pasted", PASTED)
def test_a_page_leads_to_the_answer_of_which_a_frame_with_a_title_is_left(client, pasted):
    page = client.get(pasted.partition("#")[0])
    found = wordpress.discovered(page.data)
    assert list(found) == ["application/json+oembed", "text/xml+oembed"]
    # It adds these to what it found.
    more = urlencode({"maxwidth": "600", "maxheight": "900", "dnt": "1"})
    answer = client.get(f"{path_of(found['application/json+oembed'])}&{more}").get_json()
    assert (answer["type"], answer["width"], answer["height"]) == ("rich", 600, 520)
    shown = wordpress.filtered(answer["html"], "a1B2c3D4e5")
    assert re.findall(r"</?\w+", shown) == ["<iframe", "</iframe"]
    kept = {name: html.unescape(text) for name, text in re.findall(r' ([\w-]+)="([^"]*)"', shown)}
    assert kept["title"] == answer["title"]
    assert kept["src"].endswith("#?secret=a1B2c3D4e5")
    assert (kept["width"], kept["height"], kept["sandbox"]) == ("600", "520", "allow-scripts")
    assert client.get(path_of(kept["src"])).status_code == 200


def test_what_its_filter_would_take_away_is_not_there(client):
    answer = client.get(
        "/oembed", query_string={"url": f"{BASE}/?q=%3Cscript%3Ealert(1)%3C/script%3E"}
    ).get_json()
    assert "<script" not in answer["html"]
    assert "<script" not in wordpress.filtered(answer["html"], "x")
    # The filter itself takes scripts away, and shows nothing where no frame is.
    assert wordpress.filtered('<iframe src="/" onload="x"></iframe><script>1</script>', "x").count("<") == 2
    assert wordpress.filtered("<p>text</p><script>1</script>", "x") == ""


@pytest.mark.parametrize("pasted", ["", *PASTED])
def test_the_provider_line_of_the_readme_stands_for_each_page(client, pasted):
    line = re.search(r"wp_oembed_add_provider\('([^']*)', '([^']*)', true\)", README)
    pattern, endpoint = (
        text.replace("your\\.site", "maps\\.example\\.org").replace("your.site", "maps.example.org")
        for text in line.groups()
    )
    assert wordpress.provider_matches(pattern, BASE + pasted, is_pattern=True)
    assert not wordpress.provider_matches(pattern, f"https://evil.example/?{BASE}/", is_pattern=True)
    asked = urlencode(
        {"maxwidth": "600", "maxheight": "900", "url": BASE + pasted, "dnt": "1", "format": "json"}
    )
    assert urlsplit(endpoint).path == "/oembed"
    assert client.get(f"/oembed?{asked}").status_code == 200


def test_a_star_would_not_stand_for_the_map_itself():
    assert wordpress.provider_matches(f"{BASE}/*", f"{BASE}/?theme=water")
    assert not wordpress.provider_matches(f"{BASE}/*", f"{BASE}/")
