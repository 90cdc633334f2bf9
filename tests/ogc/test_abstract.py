"""Our server passes every abstract test, and every abstract test fails on a server that is wrong in what it is about."""

import pytest
from werkzeug.test import Client

from mapsvc.settings import Settings
from mapsvc.sources.store import Store
from mapsvc.web.app import create_app
from tests import world
from tests.ogc.abstract import CHECKS
from tests.ogc.broken import BREAKAGES, Broken


@pytest.fixture(scope="module")
def wsgi():
    return create_app(Settings(), Store(world.dataset(urban=world.URBAN))).wsgi_app


@pytest.mark.parametrize("name", CHECKS)
def test_our_server_passes(wsgi, name: str):
    CHECKS[name](Client(wsgi))


@pytest.mark.parametrize("name", BREAKAGES)
def test_a_server_that_is_wrong_is_found_out(wsgi, name: str):
    breakage = BREAKAGES[name]
    for caught_by in breakage.caught_by:
        with pytest.raises((AssertionError, LookupError, ValueError)):
            CHECKS[caught_by](Client(Broken(wsgi, breakage.change)))


def test_every_abstract_test_can_fail():
    caught = {name for breakage in BREAKAGES.values() for name in breakage.caught_by}
    assert set(CHECKS) - caught == set()


def test_each_form_is_given_again_to_whom_it_was_given(wsgi):
    """What is in memory is found by what is accepted, too: a program never gets a page, nor a person JSON."""
    client, path = Client(wsgi), "/collections/members/items?limit=3"
    for _ in range(3):
        document = client.get(path, headers={"Accept": "application/geo+json"})
        assert document.headers["Content-Type"] == "application/geo+json"
        page = client.get(path, headers={"Accept": "text/html"})
        assert page.headers["Content-Type"] == "text/html; charset=utf-8"
        assert client.get(path).headers["Content-Type"] == "application/geo+json"
        root = client.get("/", headers={"Accept": "text/html"})
        assert root.headers["Content-Type"] == "text/html; charset=utf-8"
        assert (
            client.get("/", headers={"Accept": "application/json"}).headers["Content-Type"]
            == "application/json"
        )


def test_a_program_that_takes_the_landing_page_for_the_root_is_led_on(wsgi):
    client = Client(wsgi)
    for path in (
        "/api/",
        "/api/conformance",
        "/api/collections",
        "/api/collections/members/items?limit=2&bbox=0,0,1,1",
    ):
        response = client.get(path)
        assert response.status_code == 308
        assert response.headers["Location"] == (path.removeprefix("/api") if path != "/api/" else "/api")
        assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert client.get("/api//evil.example/").status_code == 404
    assert client.get("/api/collections//evil.example").status_code == 404


def test_a_page_asked_for_from_another_site_is_allowed_to_ask_conditionally(wsgi):
    response = Client(wsgi).options("/collections/members/items")
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert "If-None-Match" in response.headers["Access-Control-Allow-Headers"]


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "{{ 7 * 7 }}", "${7*7}", "'; --"])
def test_what_is_in_the_data_is_text_on_a_page_and_in_a_document(text: str):
    wsgi = create_app(Settings(), Store(world.dataset({"a1": text}))).wsgi_app
    client = Client(wsgi)
    for path in ("/collections/members/items?f=html", "/collections/members/items/a1?f=html"):
        page = client.get(path).get_data(as_text=True)
        assert "<script>alert" not in page
        assert "49" not in page.partition("<h1>")[2].partition("</h1>")[0]
    document = client.get("/collections/members/items/a1?f=json").get_json(force=True)
    assert document["properties"]["name"] == text


def test_a_page_leads_to_the_source_of_a_feature_and_to_its_table(bundled_client):
    page = bundled_client.get("/collections/members/items/de-hamburg?f=html").get_data(as_text=True)
    source = bundled_client.get("/collections/members/items/de-hamburg?f=json").get_json(force=True)[
        "properties"
    ]["source_url"]
    assert f'<a href="{source}" rel="noopener">' in page
    items = bundled_client.get("/collections/members/items?f=html&country=KE").get_data(as_text=True)
    assert 'href="/collections/members/items?country=KE&amp;f=csv" type="text/csv"' in items
