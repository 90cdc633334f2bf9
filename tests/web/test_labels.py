"""The names that the map writes: small, kept for ever under their snapshot, in the language that is asked for."""

import json
import re
from dataclasses import replace

import pytest
from flask.testing import FlaskClient

from mapsvc.settings import Settings
from mapsvc.sources.store import Store
from mapsvc.web.app import create_app
from tests import world
from tests.web.test_hostile import NAMES

# What a first visit may cost for names; all else has to fit into 250 kB with it.
MOST_BYTES = 15_000


def script_of(client: FlaskClient, path: str = "/") -> str:
    """Return the script that Folium wrote for a page."""
    page = client.get(path).get_data(as_text=True)
    return client.get(re.search(r'"(/maps/[0-9a-f]+\.js[^"]*)"', page)[1]).get_data(as_text=True)


def address(client: FlaskClient, tile: str = "0-0-0", path: str = "/") -> str:
    """Return the address of a tile, as the map finds it."""
    return re.search(r'"(/maps/labels-[^"]+)"', script_of(client, path))[1].replace("__id__", tile)


def towns() -> FlaskClient:
    """Return a client of the six squares with their urban centres."""
    return create_app(Settings(), Store(world.dataset(urban=world.URBAN))).test_client()


def test_the_top_holds_the_countries_and_the_largest_centres():
    client = towns()
    answer = json.loads(client.get(address(client)).data)
    assert len(answer["countries"]) == 6
    # The others have codes of real countries, and their names.
    assert "Land AA" in {name for name, *_ in answer["countries"]}
    assert answer["centres"] == [
        ["Alpha", 0.25, 0.25, 1000], ["North", 0.1, 0.9, 500], ["Betaville", 1.5, 0.5, 500], ["Empty", 4.5, 0.5, 100],
    ]  # fmt: skip
    assert answer["below"] == []


def test_a_network_without_centres_has_its_countries(client: FlaskClient):
    answer = json.loads(client.get(address(client)).data)
    assert len(answer["countries"]) == 6
    assert answer["centres"] == []


def test_it_is_kept_for_ever_and_may_be_read_by_anyone(client: FlaskClient):
    response = client.get(address(client))
    assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert response.content_type == "application/json"
    again = client.get(address(client), headers={"If-None-Match": response.headers["ETag"]})
    assert again.status_code == 304


@pytest.mark.parametrize("wrong", ["0-0-1", "1-0-0", "2-9-0", "x", "0-0-0.json", "%2e%2e"])
def test_there_is_no_other_tile(client: FlaskClient, wrong: str):
    assert client.get(address(client, wrong)).status_code == 404


def test_another_snapshot_has_no_labels_here(client: FlaskClient):
    assert client.get("/maps/labels-0123456789abcdef/0-0-0.json").status_code == 404


def test_a_language_that_is_not_offered_is_refused(client: FlaskClient):
    assert client.get(f"{address(client)}?lang=xx").status_code == 400


@pytest.mark.parametrize(
    ("tag", "country", "town"),
    [("en", "Kenya", "Seoul"), ("es", "Kenia", "Seúl"), ("fr", "Kenya", "Séoul"), ("pt", "Quênia", "Seul"),
     ("ko", "케냐", "서울"), ("ja", "ケニア", "ソウル"), ("zh", "肯尼亚", "首尔")],
)  # fmt: skip
def test_names_are_those_of_the_language_of_the_page(bundled_client: FlaskClient, tag, country, town):
    found = bundled_client.get(address(bundled_client, path=f"/?lang={tag}"))
    assert found.headers["Content-Language"] == tag
    answer = json.loads(found.data)
    assert country in {name for name, *_ in answer["countries"]}
    assert town in {name for name, *_ in answer["centres"]}


@pytest.mark.parametrize("tag", ["en", "ko", "ja"])
def test_what_a_first_visit_asks_for_is_small(bundled_client: FlaskClient, tag: str):
    top = address(bundled_client, path=f"/?lang={tag}")
    sent = bundled_client.get(top, headers={"Accept-Encoding": "br"})
    assert sent.headers["Content-Encoding"] == "br"
    assert len(sent.data) <= MOST_BYTES
    below = json.loads(bundled_client.get(top).data)["below"]
    assert below
    for tile in below[:4]:
        answer = bundled_client.get(top.replace("0-0-0", tile), headers={"Accept-Encoding": "br"})
        assert len(answer.data) <= MOST_BYTES


@pytest.mark.parametrize("name", [*NAMES, "x" * 500])
def test_a_hostile_name_is_a_text_and_never_in_the_script(name: str):
    urban = replace(
        world.URBAN, centres=world.URBAN.centres.assign(name=[name, "North", "Betaville", "Empty"])
    )
    client = create_app(Settings(), Store(world.dataset(urban=urban))).test_client()
    (first, *_), *_ = json.loads(client.get(address(client)).data)["centres"]
    assert first == (name if len(name) <= 60 else f"{name[:59]}…")
    plain = towns()
    assert script_of(client) == script_of(plain)


@pytest.mark.parametrize("path", ["/", "/members/a1", "/countries/AA"])
def test_with_tiles_of_others_there_are_no_names_of_ours(path: str, squares):
    assert "mapsvc.labels(" in script_of(create_app(Settings(), Store(squares)).test_client(), path)
    tiled = create_app(Settings(basemap="OpenStreetMap.Mapnik"), Store(squares)).test_client()
    assert "labels" not in script_of(tiled, path)


def test_the_page_as_one_file_asks_for_none(client: FlaskClient):
    assert "mapsvc.labels(" not in client.get("/map.html").get_data(as_text=True)
