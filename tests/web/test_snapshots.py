"""The running service takes up what is published, refuses what it cannot serve, and answers pinned addresses for ever."""

import html
import json
import re
import shutil
import threading
from pathlib import Path

import pytest

from mapsvc.errors import MapsvcError
from mapsvc.settings import Settings, shipped
from mapsvc.sources.durable import put_file, sole_writer
from mapsvc.sources.following import Follower, open_store
from mapsvc.sources.publishing import undo
from mapsvc.sources.snapshots import About, commit, history
from mapsvc.sources.store import Store
from mapsvc.web.app import create_app
from tests import world


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The bundled network with two generations: Tirana is called otherwise in the second."""
    for name in ("network.toml", "themes.csv", "members.csv", "participation.csv"):
        shutil.copy(shipped("geodata") / name, tmp_path)
    content = (tmp_path / "members.csv").read_bytes()
    put(tmp_path, content)
    put(tmp_path, content.replace(b",Tirana,", "Tiranë".join(",,").encode()))
    return tmp_path


def put(folder: Path, content: bytes) -> None:
    with sole_writer(folder):
        commit(folder, content, About(n_members=399))


def service_of(folder: Path):
    store = open_store(folder)
    return create_app(Settings(), store).test_client(), Follower(store, folder)


def names(client, path: str = "/members.geojson?country=AL") -> set[str]:
    return {one["properties"]["name"] for one in client.get(path).json["features"]}


def test_what_is_published_is_served_at_the_next_look_and_so_is_what_is_undone(folder):
    client, follower = service_of(folder)
    assert "Tiranë" in names(client)
    undo(folder)
    assert "Tiranë" in names(client)
    follower.look()
    assert "Tirana" in names(client)
    ready = client.get("/readyz").json
    assert (ready["status"], ready["generation"]) == ("ok", history(folder)[0].id)


def test_nothing_is_read_again_where_nothing_has_changed(folder, monkeypatch):
    _, follower = service_of(folder)
    follower.look()
    monkeypatch.setattr("mapsvc.sources.following.load_current", None)
    follower.look()


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("members.csv", b"PK\x03\x04", "members.csv: "),
        ("members.csv", b"name,country\nOslo,NO\n", "members.csv: would drop"),
        ("network.toml", b"id = 3", "network.toml"),
        ("themes.csv", None, "themes.csv"),
    ],
)
def test_what_cannot_be_served_is_refused_and_the_reason_said(folder, caplog, name, content, reason):
    client, follower = service_of(folder)
    before = client.get("/members.geojson").data
    if content is None:
        (folder / name).unlink()
    else:
        (folder / name).write_bytes(content)
    follower.look()
    assert client.get("/members.geojson").data == before
    ready = client.get("/readyz")
    assert (ready.status_code, ready.json["status"]) == (200, "degraded")
    assert ready.json["reason"].startswith(reason)
    assert str(folder) not in ready.text
    assert "refused, and what was served stays" in caplog.text
    # One that starts does the same: it serves the newest generation that it can.
    again, _ = service_of(folder)
    assert names(again) == names(client)
    assert again.get("/readyz").json["reason"].startswith(reason)
    # Once the folder is mended, all is well again.
    undo_by_hand(folder)
    follower.look()
    assert client.get("/readyz").json["status"] == "ok"


def undo_by_hand(folder: Path) -> None:
    for name in ("network.toml", "themes.csv"):
        shutil.copy(shipped("geodata") / name, folder)
    shutil.copy(history(folder)[0].folder / "members.csv", folder)


def test_without_a_history_a_folder_that_cannot_be_read_is_an_error(folder):
    shutil.rmtree(folder / "snapshots")
    (folder / "members.csv").write_bytes(b"PK\x03\x04")
    with pytest.raises(MapsvcError, match=r"members\.csv"):
        open_store(folder)


def test_a_folder_without_history_that_is_edited_by_hand_is_served_as_it_stands(folder):
    shutil.rmtree(folder / "snapshots")
    client, follower = service_of(folder)
    text = (folder / "members.csv").read_text("utf-8").replace("Tiranë", "Tirona")
    put_file(text.encode(), folder / "members.csv")
    follower.look()
    assert "Tirona" in names(client)
    assert "generation" not in client.get("/readyz").json


def test_a_folder_that_may_only_be_read_is_served_with_its_history(folder):
    for path in (folder, folder / "snapshots", *(folder / "snapshots").iterdir()):
        path.chmod(0o555)
    client, follower = service_of(folder)
    follower.look()
    assert "Tirana" in names(client, "/members.geojson?country=AL&snapshot=1")
    for path in (folder, folder / "snapshots", *(folder / "snapshots").iterdir()):
        path.chmod(0o755)


# --- Pinned addresses ---


@pytest.mark.parametrize(
    "path", ["/?country=AL", "/members?country=AL", "/embed?country=AL&show=list", "/countries/AL"]
)
def test_a_pinned_page_shows_what_was_there_and_all_its_links_do(folder, path):
    client, _ = service_of(folder)
    pin = history(folder)[-1].id
    joint = "&" if "?" in path else "?"
    text = client.get(f"{path}{joint}lang=en&snapshot={pin}").text
    assert "Tirana" in text
    assert "Tiranë" not in text
    ours = {html.unescape(one) for one in re.findall(r'(?:href|src|action)="(/[^"#]*)', text)}
    forgot = [
        one for one in ours
        if f"snapshot={pin}" not in one and not one.startswith(("/static/", "/network", "/favicon"))
    ]  # fmt: skip
    plain = {html.unescape(one) for one in re.findall(r'action="([^"]*)"', text)}
    # A form has it in a field, one link leads out of it, and the API serves what is there now.
    assert set(forgot) <= plain | {"/?lang=en", "/api?lang=en"}
    assert not plain or f'name="snapshot" value="{pin}"' in text
    assert "Tiranë" in client.get(f"{path}{joint}lang=en").text


def test_what_a_pinned_page_fetches_is_there(folder):
    client, _ = service_of(folder)
    pin = history(folder)[-1].id
    text = client.get(f"/?snapshot={pin}").text
    fetched = [
        html.unescape(one) for one in re.findall(r'(?:src|href)="(/maps/[^"]+|/members\.geojson[^"]+)"', text)
    ]
    assert len(fetched) >= 3
    for address in fetched:
        other, _ = service_of(folder)  # another worker, which has not seen the page
        assert other.get(address).status_code == 200, address


def test_a_pinned_address_of_the_running_snapshot_and_the_plain_one_are_two_pages(folder):
    client, _ = service_of(folder)
    pin = history(folder)[0].id
    assert pin in client.get(f"/about?snapshot={pin}").text
    assert pin not in client.get("/about").text


def test_the_builder_gives_the_code_of_a_frame_that_never_changes(folder):
    client = create_app(
        Settings(embed_allow=("*",), base_url="https://maps.example.org"), open_store(folder)
    ).test_client()
    pin = history(folder)[0].id
    live = client.get("/embed/builder?country=AL&lang=en").text
    keep = html.unescape(re.search(r'href="([^"]+)">Keep it as it is now', live)[1])
    kept = client.get(keep).text
    frame = re.search(
        r"/embed\?[^&]*country=AL[^\s]*snapshot=[0-9a-f-]+", html.unescape(html.unescape(kept))
    )[0]
    assert pin in frame
    undo(folder)
    again = create_app(Settings(embed_allow=("*",)), open_store(folder)).test_client()
    assert "Tiranë" in again.get(re.sub("&show=[a-z]+", "", frame.rstrip('"')) + "&show=list").text
    newest = html.unescape(re.search(r'href="([^"]+)">Always the newest', kept)[1])
    assert "snapshot" not in newest


def test_a_pinned_page_says_that_it_is_one_and_leads_to_what_is_there_now(folder):
    client, _ = service_of(folder)
    for path in ("/", "/countries/AL", "/data-quality"):
        text = client.get(f"{path}?lang=en&snapshot=1").text
        assert re.search(
            r'An earlier state of the list</strong> · 1-[0-9a-f]{8} · <a href="/\?lang=en"', text
        )
        assert "An earlier state" not in client.get(f"{path}?lang=en").text


@pytest.mark.parametrize(
    ("name", "status"), [("9", 410), ("1-00000000", 410), ("0", 400), ("../1", 400), ("1&snapshot=2", 400)]
)
def test_a_snapshot_that_there_is_not_is_said(folder, name, status):
    client, _ = service_of(folder)
    for path in ("/members.geojson", "/"):
        assert client.get(f"{path}?snapshot={name}").status_code == status


def test_one_that_is_damaged_or_no_longer_kept_is_gone(folder):
    client, _ = service_of(folder)
    (history(folder)[-1].folder / "themes.csv").write_bytes(b"")
    assert client.get("/members.geojson?snapshot=1").status_code == 410
    (history(folder)[-1].folder / "themes.csv").unlink()
    assert client.get("/members.geojson?snapshot=1").status_code == 410


# --- One snapshot for a whole request ---


def test_a_request_ends_with_the_snapshot_it_began_with(squares):
    store = Store(squares)
    app = create_app(Settings(), store)
    new = world.dataset({"a1": "Renamed"})

    kept = []

    @app.before_request
    def publish_meanwhile():
        held = app.extensions["mapsvc"].store.dataset
        store.replace(new)
        kept.append(app.extensions["mapsvc"].store.dataset is held)

    assert b"Renamed" not in app.test_client().get("/members.geojson").data
    assert b"Renamed" in app.test_client().get("/members.geojson").data
    assert kept == [True, True]


def test_a_page_of_the_snapshot_before_still_gets_its_outlines_and_its_script(squares):
    store = Store(squares)
    client = create_app(Settings(), store).test_client()
    addresses = re.findall(r'(?:src|href)="(/maps/[^"]+)"', client.get("/").text)
    assert len(addresses) >= 2
    store.replace(world.dataset({"a1": "Renamed"}))
    for address in addresses:
        assert client.get(html.unescape(address)).status_code == 200, address


def test_a_thousand_snapshots_are_swapped_under_readers_and_no_answer_is_torn():
    """Each snapshot calls all members by one name of its own: an answer with two, or beside the outlines of another, is torn."""
    ids = list(world.members().index)
    turns = [world.dataset({str(id_): f"N{n}" for id_ in ids}) for n in range(8)]
    name_of = {one.fingerprint: f"N{n}" for n, one in enumerate(turns)}
    store = Store(turns[0])
    app = create_app(Settings(), store)
    ended, torn, n_read = threading.Event(), [], [0, 0]

    def read(number: int) -> None:
        client = app.test_client()
        while not ended.is_set():
            path = ("/members.geojson", "/?country=AA")[number]
            answer = client.get(path)
            found = set(re.findall(r"\bN\d\b", answer.text))
            found |= {name_of[one] for one in re.findall(r"outlines-([0-9a-f]{16})", answer.text)}
            if answer.status_code != 200 or len(found) != 1:
                torn.append((path, answer.status_code, found))
            n_read[number] += 1

    readers = [threading.Thread(target=read, args=(number,)) for number in range(2)]
    for one in readers:
        one.start()
    for n in range(1000):
        store.replace(turns[n % len(turns)])
        ended.wait(0.0005)
    ended.set()
    for one in readers:
        one.join()
    assert torn == []
    assert min(n_read) > 5
    # Nothing was kept under the name of another either.
    for n, one in enumerate(turns):
        store.replace(one)
        assert set(re.findall(r"\bN\d\b", app.test_client().get("/members.geojson").text)) == {f"N{n}"}


def test_the_history_of_a_service_without_a_folder_is_empty(client):
    assert client.get("/members.geojson?snapshot=1").status_code == 410
    assert json.loads(client.get("/readyz").data)["status"] == "ok"
