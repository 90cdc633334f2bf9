"""The pictures over HTTP: the same members as the page and the data, checked parameters, and work that is bounded."""

import json
import re
import threading
from io import BytesIO
from xml.etree import ElementTree as ET

import pytest
from flask.testing import FlaskClient
from PIL import Image

from mapsvc.analysis.queries import parse_map_query
from mapsvc.errors import Overloaded
from mapsvc.i18n import language
from mapsvc.maps.view import PRESETS, Size
from mapsvc.settings import Settings
from mapsvc.sources.store import Store
from mapsvc.web.app import create_app
from mapsvc.web.pictures import size_of, view_of
from mapsvc.web.turns import Turns
from tests import world
from tests.web.test_hostile import NAMES

SVG = "{http://www.w3.org/2000/svg}"
VIEWS = [
    "",
    "theme=water",
    "theme=nature&type=city",
    "region=west",
    "region=east&status=former",
    "country=AA&country=BB",
    "q=%C3%A5bo",
    "q=nobody",
    "theme=mobility&region=east",
]
BUNDLED_VIEWS = [
    "", "theme=water", "region=africa", "region=oceania", "country=KR", "q=san", "theme=energy&region=europe&type=city",
]  # fmt: skip


def numbers_of_page(client: FlaskClient, view: str) -> int:
    headline = re.search(r'id="headline".*?</p>', client.get(f"/?{view}").text, re.DOTALL)[0]
    found = re.search(r"<strong>(\d+) members?</strong>", headline)
    return int(found[1]) if found else 0


def numbers_of_picture(client: FlaskClient, view: str) -> int:
    said = ET.fromstring(client.get(f"/map.svg?{view}").data).find(f"{SVG}desc").text
    found = re.match(r"(\d+) members?", said)
    return int(found[1]) if found else 0


@pytest.mark.parametrize("view", VIEWS)
def test_a_picture_counts_the_members_that_the_page_and_the_data_count(client, view):
    data = json.loads(client.get(f"/members.geojson?{view}").data)
    assert numbers_of_picture(client, view) == numbers_of_page(client, view) == data["numberMatched"]


@pytest.mark.parametrize("view", BUNDLED_VIEWS)
def test_a_picture_of_the_bundled_network_counts_the_same_and_shows_each_with_a_place(
    bundled, bundled_client, view
):
    data = json.loads(bundled_client.get(f"/members.geojson?{view}").data)
    assert numbers_of_picture(bundled_client, view) == data["numberMatched"]
    query = parse_map_query(
        [tuple(pair.split("=")) for pair in view.split("&") if pair],
        bundled.network,
        bundled.countries.index,
        strict=True,
    )
    placed = [one for one in data["features"] if one["geometry"]]
    with bundled_client.application.test_request_context():
        assert len(view_of(bundled, query, language("en")).points) == len(placed)


def test_the_legend_is_that_of_the_page(client):
    page = client.get("/?theme=water").text
    said = ET.fromstring(client.get("/map.svg?theme=water").data).find(f"{SVG}desc").text
    labels = re.findall(r'<span class="swatch [^"]+"></span><span class="label">([^<]+)<', page)
    assert len(labels) >= 3
    assert f"Members per country: {', '.join(labels)}." in said


def test_date_source_and_disclaimer_are_on_it(client):
    said = ET.fromstring(client.get("/map.svg").data).find(f"{SVG}desc").text
    for words in (
        "As of January 2, 2026",
        "This list is partial.",
        "Squares imply no opinion.",
        "Counted by hand.",
    ):
        assert words in said


@pytest.mark.parametrize(
    "path", ["/map.png", "/map.svg", "/map.png?size=square", "/map.svg?theme=water&size=a4"]
)
def test_a_picture_has_its_type_and_validators_and_may_be_shown_anywhere(client, path):
    response = client.get(path)
    assert response.content_type == ("image/png" if ".png" in path else "image/svg+xml")
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert response.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert "max-age=300" in response.headers["Cache-Control"]
    again = client.get(path, headers={"If-None-Match": response.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_a_png_is_not_compressed_again_and_an_svg_is(client):
    accepted = {"Accept-Encoding": "gzip, br"}
    assert "Content-Encoding" not in client.get("/map.png", headers=accepted).headers
    assert client.get("/map.svg", headers=accepted).headers["Content-Encoding"] == "br"


def test_an_svg_that_is_opened_may_do_nothing(client):
    policy = client.get("/map.svg").headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none';")
    assert "sandbox" in policy
    assert "script-src" not in policy


def test_a_picture_that_is_saved_has_a_name_that_says_what_it_is(client):
    header = client.get("/map.png?theme=water&dl=1").headers["Content-Disposition"]
    assert header == 'attachment; filename="squares-map-2026-01-02-theme-water.png"'
    assert "Content-Disposition" not in client.get("/map.png?theme=water").headers


@pytest.mark.parametrize(
    ("asked", "size"),
    [
        ([], PRESETS["og"]),
        ([("size", "square")], Size(1080, 1080)),
        ([("size", "a4")], Size(1123, 794, 3)),
        ([("width", "800"), ("height", "400")], Size(800, 400)),
        ([("size", "square"), ("scale", "2")], Size(1080, 1080, 2)),
        ([("width", "2400"), ("height", "2400")], Size(2400, 2400)),
    ],
)
def test_a_size_is_a_preset_or_given(asked, size):
    assert size_of(asked) == size


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("size=huge", "size"), ("width=319", "width"), ("width=2401", "width"), ("height=99999999", "height"),
        ("width=1e3", "width"), ("width=-5", "width"), ("width=٣٢٠", "width"), ("width=+400", "width"),
        ("scale=0", "scale"), ("scale=4", "scale"), ("scale=1.5", "scale"),
        ("width=2400&height=2400&scale=2", "scale"), ("size=og&size=og", "size"), ("dl=2", "dl"),
        ("colour=red", "colour"), ("theme=nonsense", "theme"), ("lang=xx-yy-zz", "lang"),
    ],
)  # fmt: skip
def test_what_cannot_be_drawn_is_refused_by_name(client, query, parameter):
    response = client.get(f"/map.png?{query}")
    assert response.status_code == 400
    assert response.content_type == "application/problem+json"
    assert json.loads(response.data)["parameter"] == parameter


def test_pixels_are_for_png_alone(client):
    assert client.get("/map.svg?scale=2").status_code == 400
    assert Image.open(BytesIO(client.get("/map.png?width=400&height=320&scale=2").data)).size == (800, 640)


@pytest.mark.parametrize("name", NAMES)
def test_a_hostile_member_or_search_is_drawn_and_never_run(name):
    client = create_app(Settings(), Store(world.dataset({"a1": name}))).test_client()
    for path in ("/map.svg", "/map.png"):
        assert client.get(path, query_string={"country": "AA"}).status_code == 200
        searched = client.get(path, query_string={"q": name})
        assert searched.status_code in {200, 400}
        if path == "/map.svg" and searched.status_code == 200:
            root = ET.fromstring(searched.data)
            assert name.strip() in root.find(f"{SVG}title").text
            assert {one.tag for one in root.iter()} <= {
                f"{SVG}{tag}"
                for tag in ("svg", "title", "desc", "defs", "clipPath", "pattern", "path", "circle", "g")
            }


def test_beyond_a_few_that_wait_pictures_are_refused_for_a_while():
    turns = Turns(working=1, waiting=1)
    entered, leave = threading.Event(), threading.Event()

    def draw():
        with turns.turn():
            entered.set()
            leave.wait(20)

    first, second = threading.Thread(target=draw), threading.Thread(target=draw)
    first.start()
    assert entered.wait(20)
    second.start()
    # The second waits; who comes third is sent away, at once, as soon as the second has its place.
    refused = 0
    for _ in range(2000):
        if not turns._places.acquire(blocking=False):
            refused += 1
            break
        turns._places.release()
    assert refused
    with pytest.raises(Overloaded), turns.turn():
        pass
    leave.set()
    first.join()
    second.join()
    with turns.turn():
        pass


def test_who_is_refused_is_told_when_to_come_back(app, monkeypatch):
    monkeypatch.setitem(
        app.extensions, "mapsvc.pictures", app.extensions["mapsvc.pictures"]._replace(turns=Turns(1, 0))
    )
    turns = app.extensions["mapsvc.pictures"].turns
    client = app.test_client()
    with turns.turn():
        response = client.get("/map.png")
        assert response.status_code == 503
        assert int(response.headers["Retry-After"]) > 0
        assert response.headers["Cache-Control"] == "no-store"
        assert client.get("/members.geojson").status_code == 200
    assert client.get("/map.png").status_code == 200


def test_matplotlib_is_loaded_by_the_first_picture_and_not_before():
    import subprocess
    import sys

    code = "import sys; from mapsvc.web import app; print('matplotlib' in sys.modules, 'PIL' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]


def test_other_sites_are_told_what_a_link_shows():
    client = create_app(Settings(base_url="https://maps.example.org/m"), Store(world.dataset())).test_client()
    page = client.get("/?theme=water").text
    tags = dict(re.findall(r'<meta (?:property|name)="((?:og|twitter):[^"]+)" content="([^"]*)">', page))
    assert tags["og:image"] == "https://maps.example.org/m/map.png?theme=water&amp;size=og"
    assert (tags["og:image:width"], tags["og:image:height"]) == ("1200", "630")
    assert (PRESETS["og"].width, PRESETS["og"].height) == (1200, 630)
    assert tags["og:title"] == "Water · Members of the Network of Squares"
    assert tags["og:image:alt"].startswith(
        "Water · Members of the Network of Squares: 2 members in 1 country"
    )
    assert tags["og:url"] == "https://maps.example.org/m/?theme=water"
    assert tags["og:locale"] == "en_US"
    assert tags["twitter:card"] == "summary_large_image"
    assert client.get("/m/map.png?theme=water&size=og").status_code == 200


def test_without_an_address_of_its_own_the_service_promises_no_picture(client):
    page = client.get("/").text
    assert 'property="og:title"' in page
    assert "og:image" not in page


def test_the_page_offers_its_pictures_and_shows_one_where_there_is_no_script(client):
    page = client.get("/?theme=water").text
    for address in (
        "/map.png?theme=water&amp;dl=1",
        "/map.svg?theme=water&amp;dl=1",
        "/map.html?theme=water&amp;dl=1",
    ):
        assert f'href="{address}"' in page
        assert client.get(address.replace("&amp;", "&")).status_code == 200
    still = re.search(r"<noscript><img [^>]*></noscript>", page)[0]
    assert 'src="/map.svg?theme=water&amp;size=a4"' in still
    assert 'alt="Water · Members of the Network of Squares: 2 members in 1 country"' in still
