"""Publishing keeps what was there: a history that can be read, compared and undone, whatever happens half-way."""

import errno
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from mapsvc.analysis.changes import find_changes
from mapsvc.errors import BadConfiguration, BadData, CannotCreate, NoInput, StorageFailure
from mapsvc.settings import shipped
from mapsvc.sources import durable, snapshots
from mapsvc.sources.durable import sole_writer
from mapsvc.sources.importer import import_members
from mapsvc.sources.publishing import changes_between, publish_members, undo
from mapsvc.sources.snapshots import About, commit, current, find, history
from tests import world

GEODATA = shipped("geodata")


@pytest.fixture
def network(tmp_path: Path) -> Iterator[Path]:
    """In memory where that can be had: what is tested is what is synced and when, not how fast the disk is."""
    home = Path("/dev/shm") if os.access("/dev/shm", os.W_OK) else tmp_path
    folder = Path(tempfile.mkdtemp(prefix="mapsvc-", dir=home))
    (folder / "themes.csv").write_text("group,group_title,id,title\nnature,Nature,water,Water\n", "utf-8")
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def publish(network: Path, tmp_path: Path):
    def run(*names: str, message: str = "", **more: bool):
        path = tmp_path / "people.csv"
        rows = [f"{name},NO,10.{n},59.9\n" for n, name in enumerate(names)]
        path.write_text("name,country,lon,lat\n" + "".join(rows), "utf-8")
        result = import_members(path, network, atlas=GEODATA)
        return publish_members(result, network, message=message, **more)

    return run


def members(folder: Path) -> bytes:
    return (folder / "members.csv").read_bytes()


def put(folder: Path, content: bytes, **more: int) -> snapshots.Generation:
    """Publish bytes, whatever they are."""
    with sole_writer(folder):
        return commit(folder, content, About(), **more)


def test_each_publication_is_a_generation_with_its_message_its_number_of_members_and_what_changed(
    network, publish
):
    publish("Oslo", message="the first")
    publish("Oslo", "Bergen", message="one  more\nline")
    newest, first = history(network)
    assert (newest.number, newest.about.message, newest.about.n_members) == (2, "one more line", 2)
    assert [(one["kind"], one["name"]) for one in newest.about.changes] == [("joined", "Bergen")]
    assert newest.about.rows == (2, 2, 0)
    assert (first.number, first.about.changes) == (1, ())
    assert current(network, history(network)) == newest
    assert snapshots.read_file(newest, "members.csv") == members(network)
    assert json.loads((newest.folder / "report.json").read_text("utf-8"))["rows"]["read"] == 2


def test_the_same_members_again_are_no_news(network, publish):
    assert publish("Oslo") is not None
    assert publish("Oslo") is None
    assert len(history(network)) == 1


def test_a_file_that_was_there_before_the_first_import_is_kept_too(network, publish):
    (network / "members.csv").write_text("name,country\nHamar,NO\n", "utf-8")
    publish("Oslo", allow_drop=True)
    newest, first = history(network)
    assert (first.about.kind, newest.about.kind) == ("edited", "import")
    assert [one["kind"] for one in newest.about.changes] == ["joined", "left"]
    undo(network)
    assert members(network) == b"name,country\nHamar,NO\n"


def test_what_was_edited_by_hand_is_served_and_kept_when_something_is_published_over_it(network, publish):
    publish("Oslo")
    edited = members(network).replace(b"Oslo", b"Oslo kommune")
    (network / "members.csv").write_bytes(edited)
    assert current(network, history(network)) is None
    publish("Oslo", "Bergen")
    assert [one.about.kind for one in history(network)] == ["import", "edited", "import"]
    assert [one["kind"] for one in history(network)[1].about.changes] == ["renamed"]
    undo(network)
    assert members(network) == edited


def test_undoing_brings_back_the_one_before_and_undoing_again_the_one_before_that(network, publish):
    states = []
    for names in (("Oslo",), ("Oslo", "Bergen"), ("Oslo", "Bergen", "Hamar")):
        publish(*names)
        states.append(members(network))
    undo(network, message="a mistake")
    assert members(network) == states[1]
    undo(network)
    assert members(network) == states[0]
    with pytest.raises(NoInput, match="nothing to undo"):
        undo(network)
    # Nothing is lost: undoing is a publication like any other, and what was undone can be had again.
    assert undo(network, "3").about.restores == 3
    assert members(network) == states[2]
    assert [one.number for one in history(network)] == [6, 5, 4, 3, 2, 1]
    assert history(network)[2].about.message == "a mistake"


def test_two_generations_are_compared(network, publish):
    publish("Oslo", "Bergen")
    publish("Oslo", "Hamar", allow_drop=True)
    past = history(network)
    told = [(one.kind, one.name) for one in changes_between(find(past, "1"), find(past, past[0].id))]
    assert told == [("renamed", "Hamar")]  # at the very point of Bergen


def test_a_generation_is_called_by_its_number_or_its_id_and_by_nothing_else(network, publish):
    publish("Oslo")
    past = history(network)
    assert find(past, "1") == find(past, past[0].id) == past[0]
    for name in ("2", "1-00000000", "../1", ""):
        with pytest.raises(NoInput, match="there is no snapshot"):
            find(past, name)


def test_of_old_generations_the_files_go_and_what_is_said_of_them_stays(network):
    for n in range(6):
        put(network, b"members %d" % n, keep=3)
    past = history(network)
    assert [one.is_kept for one in past] == [True, True, True, False, False, False]
    assert sorted(path.name for path in past[-1].folder.iterdir()) == ["manifest.json"]
    with pytest.raises(NoInput, match="no longer kept"):
        undo(network, "1")


def test_a_damaged_generation_is_said_and_what_is_served_stands(network):
    put(network, b"one")
    put(network, b"two")
    (network / "snapshots" / "1" / "members.csv").write_bytes(b"ome")
    with pytest.raises(BadData, match="snapshot 1 is damaged"):
        undo(network)
    assert members(network) == b"two"
    (network / "snapshots" / "1" / "manifest.json").write_bytes(b"{")
    assert [one.number for one in history(network)] == [2]


@pytest.mark.parametrize("text", ["true", "2", '"5"', "1_000_000"])
def test_how_many_are_kept_stands_in_the_settings_of_the_network(network, publish, text):
    (network / "network.toml").write_text(f"snapshots_kept = {text}\n", "utf-8")
    with pytest.raises(BadConfiguration, match="snapshots_kept"):
        publish("Oslo")
    assert not (network / "members.csv").exists()


# --- What ends half-way ---


@pytest.mark.parametrize("call", ["fsync", "rename", "replace", "open"])
def test_whichever_call_fails_the_old_or_the_new_is_there_and_the_next_publication_succeeds(
    network, monkeypatch, call
):
    usual, n_failed = getattr(os, call), 0
    for fatal in range(1, 60):
        n_calls, folder = 0, network / str(fatal)
        folder.mkdir()
        put(folder, b"old")

        def sometimes(*arguments, fatal=fatal, **more):
            nonlocal n_calls
            n_calls += 1
            if n_calls == fatal:
                raise OSError(errno.ENOSPC, "No space left on device")
            return usual(*arguments, **more)

        monkeypatch.setattr(os, call, sometimes)
        try:
            put(folder, b"new")
        except (StorageFailure, CannotCreate, NoInput):
            n_failed += 1
        monkeypatch.setattr(os, call, usual)
        assert members(folder) in {b"old", b"new"}
        put(folder, b"after")
        # What is served has a generation that can be read.
        newest = current(folder, history(folder))
        assert snapshots.read_file(newest, "members.csv") == b"after"
        if n_calls < fatal:
            break
    assert n_calls < fatal
    assert n_failed >= 1


def test_a_writer_that_died_after_the_step_that_counts_has_published(network, monkeypatch):
    put(network, b"old")
    monkeypatch.setattr(snapshots, "rename", lambda *_: os.abort)  # it never came to that
    put_by_the_dead(network, b"new")
    monkeypatch.undo()
    assert members(network) == b"new"
    assert [one.number for one in history(network)] == [2, 1]
    put(network, b"newest")
    assert sorted(path.name for path in (network / "snapshots").iterdir()) == ["1", "2", "3"]


def put_by_the_dead(folder: Path, content: bytes) -> None:
    with pytest.raises(StorageFailure, match="cannot be read again"):
        put(folder, content)


def test_a_writer_that_died_before_it_has_not(network):
    put(network, b"old")
    shutil.copytree(network / "snapshots" / "1", network / "snapshots" / ".2.new")
    told = (network / "snapshots" / ".2.new" / "manifest.json").read_text("utf-8")
    checksum = history(network)[0].files["members.csv"]
    told = told.replace(checksum, "0" * 64)
    (network / "snapshots" / ".2.new" / "manifest.json").write_text(told, "utf-8")
    assert [one.number for one in history(network)] == [1]
    put(network, b"new")
    assert sorted(path.name for path in (network / "snapshots").iterdir()) == ["1", "2"]
    assert members(network) == b"new"


def test_links_in_the_history_are_removed_and_never_followed(network, tmp_path):
    precious = tmp_path / "precious"
    precious.mkdir()
    (precious / "file").write_text("kept", "utf-8")
    (network / "snapshots").mkdir()
    (network / "snapshots" / ".1.new").symlink_to(precious)
    put(network, b"one")
    assert (precious / "file").read_text("utf-8") == "kept"


# --- What changed ---


def test_joined_left_renamed_moved_and_themes_are_told_apart():
    old = world.members()
    new = world.members({"a1": "Another name"})
    assert [(one.kind, one.id, one.before, one.after) for one in find_changes(old, new)] == [
        ("renamed", "a1", old.at["a1", "name"], "Another name")
    ]
    counted = old.index[old["status"] == "member"]
    without = old.drop(index=counted[0])
    assert [(one.kind, one.id) for one in find_changes(old, without)] == [("left", counted[0])]
    assert [(one.kind, one.id) for one in find_changes(without, old)] == [("joined", counted[0])]
    former = old.assign(status=old["status"].where(old.index != counted[0], "former"))
    assert [(one.kind, one.id) for one in find_changes(old, former)] == [("left", counted[0])]
    moved = old.set_geometry(old.geometry.translate(0.5))
    assert {one.kind for one in find_changes(old, moved)} == {"moved"}
    assert not find_changes(old, old.set_geometry(old.geometry.translate(0.0005)))
    taught = old.copy()
    taught.at["a1", "themes"] = ("nothing",)
    assert [(one.kind, one.after) for one in find_changes(old, taught)] == [("themes", "nothing")]


def test_folders_are_synced_and_the_order_of_writing_is_the_one_that_survives(network, monkeypatch):
    order = []
    for name in ("put_folder", "put_file", "rename"):
        usual = getattr(snapshots, name)
        monkeypatch.setattr(
            snapshots, name, lambda *args, usual=usual, name=name: (order.append(name), usual(*args))
        )
    synced = []
    usual = durable.sync_folder
    monkeypatch.setattr(durable, "sync_folder", lambda folder: (synced.append(folder.name), usual(folder)))
    put(network, b"one")
    assert order == ["put_folder", "put_file", "rename"]
    assert synced == [".1.new", network.name, "snapshots"]
