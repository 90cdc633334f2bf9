"""The memory of answers: bounded, one computation per key, and never an answer of another snapshot."""

import re
import threading
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapsvc.settings import Settings
from mapsvc.sources.store import Store
from mapsvc.web.app import create_app
from mapsvc.web.assets import BUNDLES, content
from mapsvc.web.http import Answer, AnswerCache, choose_encoding
from mapsvc.web.prepared import MAX_ANSWERS, PreparedAnswers
from tests import world

STATIC = Path(__file__).resolve().parents[2] / "mapsvc/static"


def test_an_answer_is_made_once_and_remembered():
    cache = AnswerCache(1000)
    made = []
    for _ in range(3):
        cache.get("key", lambda: made.append(1) or Answer(b"x", "text/plain"))
    assert len(made) == 1


def test_many_who_ask_at_once_wait_for_one_computation():
    cache = AnswerCache(1000)
    made = []

    def make() -> Answer:
        made.append(1)
        time.sleep(0.05)
        return Answer(b"x", "text/plain")

    threads = [threading.Thread(target=cache.get, args=("key", make)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 1


def test_a_computation_that_fails_is_tried_again_by_the_next():
    cache = AnswerCache(1000)
    with pytest.raises(ZeroDivisionError):
        cache.get("key", lambda: 1 / 0)
    assert cache.get("key", lambda: Answer(b"x", "text/plain")).body == b"x"


def test_what_was_not_asked_for_longest_goes_first():
    cache = AnswerCache(3 * 150)
    for key in ("a", "b", "c"):
        cache.get(key, lambda: Answer(b"x" * 100, "text/plain"))
    cache.get("a", lambda: pytest.fail("a is remembered"))
    cache.get("d", lambda: Answer(b"x" * 100, "text/plain"))
    cache.get("a", lambda: pytest.fail("a was asked for lately"))
    made = []
    cache.get("b", lambda: made.append(1) or Answer(b"x", "text/plain"))
    assert made


@pytest.mark.parametrize(
    ("header", "encoding"),
    [
        ("", "identity"),
        ("identity", "identity"),
        ("gzip", "gzip"),
        ("gzip, deflate, br, zstd", "br"),
        ("br;q=0, gzip;q=0.5", "gzip"),
        ("br;q=0.1, gzip;q=0.9", "gzip"),
        ("*", "br"),
        ("*;q=0", "identity"),
        ("nonsense", "identity"),
        ("GZIP", "gzip"),
    ],
)
def test_the_encoding_is_the_best_that_both_know(header: str, encoding: str):
    assert choose_encoding(header) == encoding


@given(st.text(max_size=60))
def test_no_header_breaks_the_choice_of_an_encoding(header: str):
    assert choose_encoding(header) in {"br", "gzip", "identity"}


def test_a_new_snapshot_answers_at_once_everywhere(squares):
    store = Store(squares)
    client = create_app(Settings(), store).test_client()
    before = client.get("/members.geojson")
    assert client.get("/members.geojson").data == before.data
    store.replace(world.dataset({"a1": "Renamed"}))
    after = client.get("/members.geojson")
    assert b"Renamed" in after.data
    assert after.headers["ETag"] != before.headers["ETag"]


def test_a_prepared_answer_is_the_same_as_the_first_one(client):
    first = client.get("/members.geojson", headers={"Accept-Encoding": "gzip"})
    again = client.get("/members.geojson", headers={"Accept-Encoding": "gzip"})
    assert again.data == first.data
    assert dict(again.headers) == {name: value for name, value in first.headers.items() if name != "Date"}


def test_a_prepared_answer_leaves_its_date_to_the_server_that_sends_it(app):
    client = app.test_client()
    assert "Date" in client.get("/members.geojson").headers
    assert "Date" not in client.get("/members.geojson").headers


@pytest.mark.parametrize("path", ["/members.geojson?theme=nonsense", "/nothing", "/readyz", "/"])
def test_errors_pages_and_health_are_never_prepared(app, path: str):
    app.test_client().get(path)
    assert isinstance(app.wsgi_app, PreparedAnswers)
    assert not app.wsgi_app._kept


def test_the_memory_of_prepared_answers_is_bounded(app):
    client = app.test_client()
    for number in range(MAX_ANSWERS + 20):
        client.get(f"/themes.json?q=x{number}")
    assert len(app.wsgi_app._kept) == MAX_ANSWERS


def test_a_conditional_request_is_answered_by_its_condition(client):
    etag = client.get("/members.geojson").headers["ETag"]
    assert client.get("/members.geojson", headers={"If-None-Match": etag}).status_code == 304
    assert client.get("/members.geojson", headers={"If-None-Match": '"x"'}).status_code == 200


def test_prepared_answers_hold_no_more_bytes_than_their_share(squares):
    app = create_app(Settings(cache_mb=1), Store(squares))
    client = app.test_client()
    for number in range(300):
        client.get(f"/countries.geojson?q=x{number}")
    kept = app.wsgi_app._kept
    assert 0 < sum(len(one.body) for one in kept.values()) <= 250_000
    assert app.wsgi_app._bytes == sum(len(one.body) for one in kept.values())


def test_many_threads_may_fill_the_prepared_answers_at_once(squares):
    app = create_app(Settings(cache_mb=1), Store(squares))
    failures = []

    def ask(first: int) -> None:
        client = app.test_client()
        answers = [client.get(f"/themes.json?q=x{first}-{number}").status_code for number in range(60)]
        failures.extend(status for status in answers if status != 200)

    threads = [threading.Thread(target=ask, args=(first,)) for first in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def test_a_page_is_asked_for_again_so_that_an_upgrade_shows_at_once(client):
    response = client.get("/")
    assert response.headers["Cache-Control"] == "no-cache"
    assert "Last-Modified" not in response.headers
    assert client.get("/", headers={"If-None-Match": response.headers["ETag"]}).status_code == 304


def test_static_files_are_kept_for_ever_and_an_old_digest_is_gone(client):
    page = client.get("/").get_data(as_text=True)
    address = re.search(r"/static/[0-9a-f]+/js/map-page\.js", page)[0]
    assert client.get(address).headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert client.get(re.sub(r"/static/[0-9a-f]+/", "/static/000000000000/", address)).status_code == 404


def test_a_bundle_is_its_parts_without_imports(client):
    page = client.get("/").get_data(as_text=True)
    script = client.get(re.search(r"/static/[0-9a-f]+/js/map-page\.js", page)[0]).get_data(as_text=True)
    for part in BUNDLES["js/map-page.js"]:
        assert (STATIC / part).is_file(), part
    assert "class Members" in script
    assert "Supercluster" in script
    assert not re.search(r"^(import|export) ", script, re.MULTILINE)


def test_another_site_may_ask_with_a_condition(client):
    response = client.options("/members.geojson")
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert "If-None-Match" in response.headers["Access-Control-Allow-Headers"]


def test_the_outlines_belong_to_their_snapshot(client):
    page = client.get("/").get_data(as_text=True)
    address = re.search(r"/maps/outlines-[^\"]+\.json", page)[0]
    assert client.get(address).headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert client.get("/maps/outlines-other.json").status_code == 404


@pytest.mark.parametrize("name", ["js/map-page.js", "css/map-page.css", "js/panel.js"])
def test_what_is_sent_as_one_holds_no_remarks_of_ours_and_the_notices_of_others(name):
    sent = content(name).decode()
    lines = [line.strip() for line in sent.splitlines()]
    ours = lines[lines.index('"use strict";') :] if name.endswith(".js") else lines
    assert not [line for line in ours if line.startswith(("//", "/**", "/* The map comes first"))]
    if name == "js/map-page.js":
        assert "(c) 2010-2023 Vladimir Agafonkin" in sent
