"""The share panel: what it gives away is exactly the view, and the code is the one of the conventions."""

import html
import re

import pytest

from mapsvc.settings import Settings
from mapsvc.sources.store import Store
from mapsvc.web.app import create_app
from tests import world
from tests.web.test_hostile import NAMES

BASE = "https://maps.example.org/members"
VIEW = "theme=water&region=west&lang=en"


@pytest.fixture
def client(squares):
    """A client of a service that knows its address and lets everybody embed."""
    return create_app(Settings(embed_allow=("*",), base_url=BASE), Store(squares)).test_client()


def code_on(page: str) -> str:
    """Return the code for another site as a visitor would copy it."""
    return html.unescape(re.search(r'<textarea id="share-code"[^>]*>(.*?)</textarea>', page, re.DOTALL)[1])


def test_the_link_is_the_public_address_of_the_view(client):
    page = client.get(f"/?{VIEW}").text
    link = html.unescape(re.search(r'id="share-link" readonly value="([^"]*)"', page)[1])
    assert link == f"{BASE}/?{VIEW}"


def test_the_code_is_the_frame_of_the_view_with_a_plain_link_behind(client):
    assert code_on(client.get(f"/?{VIEW}").text) == (
        '<iframe title="Water · West · Members of the Network of Squares" '
        f'src="{BASE}/embed?theme=water&amp;region=west&amp;lang=en" loading="lazy" height="520" '
        'style="width:0;min-width:100%!important;border:none" allowfullscreen '
        'referrerpolicy="strict-origin-when-cross-origin"></iframe>\n'
        f'<p><a href="{BASE}/?theme=water&amp;region=west&amp;lang=en">Water · West · Members of the Network of Squares</a></p>'
    )


def test_pictures_and_files_are_of_the_view(client):
    page = client.get(f"/?{VIEW}").text
    panel = page.split('id="share"')[1].split("</details>")[0]
    addresses = [
        html.unescape(one)
        for one in re.findall(r'<a href="([^"]*(?:map|members|countries|themes)\.[^"]*)"', panel)
    ]
    assert [one for one in addresses if "theme=water&region=west" not in one] == []
    assert [re.search(r"size=(\w+)", one)[1] for one in addresses if "/map.png" in one] == [
        "og",
        "square",
        "a4",
    ]
    assert len([one for one in addresses if "dl=1" in one]) >= 4
    for one in addresses:
        assert client.get(one.replace(BASE, "").replace("/members/", "/", 1)).status_code == 200, one


def test_where_nobody_may_embed_no_code_is_given_away(squares):
    page = create_app(Settings(), Store(squares)).test_client().get("/").text
    assert 'id="share-link"' in page
    assert "share-code" not in page


def test_where_some_may_embed_it_says_who(squares):
    allowed = ("https://example.org", "https://*.example.org")
    page = create_app(Settings(embed_allow=allowed), Store(squares)).test_client().get("/?lang=en").text
    assert re.search(r"It works on: https://example\.org(,| and) https://\*\.example\.org<", page)


@pytest.mark.parametrize("text", NAMES)
def test_a_hostile_search_cannot_leave_the_code(squares, text):
    app = create_app(Settings(embed_allow=("*",), base_url=BASE), Store(world.dataset()))
    response = app.test_client().get("/", query_string={"q": text})
    if response.status_code == 400:
        return
    code = code_on(response.text)
    assert re.findall(r"<(\w+)", code) == ["iframe", "p", "a"]
    assert re.findall(r'\s([a-z]+)="', code.split(">")[0]) == [
        "title", "src", "loading", "height", "style", "referrerpolicy",
    ]  # fmt: skip
