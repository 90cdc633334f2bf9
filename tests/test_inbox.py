"""A folder into which files are copied: each is taken once, when it is whole, and put away with what was found."""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from mapsvc.errors import BadData, NoInput
from mapsvc.settings import shipped
from mapsvc.sources.inbox import Inbox, watch

TABLE = "name,country,type,status,lon,lat\nOslo,NO,city,member,10.7,59.9\n"


class Enough(Exception):
    """Ends the endless."""


def looked(folder: Path, between: list, take) -> list[str]:
    """Watch with one step between each two looks."""
    said, steps = [], iter(between)

    def pause(_: float) -> None:
        step = next(steps, None)
        if step is None:
            raise Enough
        step()

    with pytest.raises(Enough):
        watch(Inbox(folder), take, said.append, pause)
    return said


def names(folder: Path) -> list[str]:
    return sorted(path.name.split("-", 1)[-1] for path in folder.iterdir() if path.is_file())


def test_a_file_that_still_grows_is_left_alone_until_it_does_no_more(tmp_path):
    taken = []

    def take(path: Path) -> bytes:
        taken.append(path.read_text())
        return b"findings"

    def grow() -> None:
        with (tmp_path / "table.csv").open("a") as stream:
            stream.write("x")

    looked(tmp_path, [grow, grow, grow, int, int, int], take)
    assert taken == ["xxx"]
    assert names(tmp_path / "done") == ["table.csv", "table.csv.findings.csv"]
    assert names(tmp_path) == []


def test_what_cannot_be_taken_is_put_aside_with_the_reason_and_the_next_is_taken(tmp_path):
    def take(path: Path) -> bytes:
        if path.name == "bad.csv":
            raise BadData("it is broken", file="bad.csv")
        return b""

    (tmp_path / "bad.csv").write_text("1")
    (tmp_path / "good.csv").write_text("2")
    said = looked(tmp_path, [int, int], take)
    assert said[0].startswith("mapsvc: error: bad.csv: it is broken (")
    assert names(tmp_path / "refused") == ["bad.csv", "bad.csv.findings.txt"]
    assert names(tmp_path / "done") == ["good.csv"]


def test_hidden_files_links_folders_and_pipes_are_never_taken(tmp_path):
    (tmp_path / ".table.csv.part").write_text("x")
    (tmp_path / "secret.csv").symlink_to("/etc/passwd")
    (tmp_path / "folder.csv").mkdir()
    os.mkfifo(tmp_path / "pipe.csv")
    (tmp_path / "empty.csv").touch()
    assert looked(tmp_path, [int, int, int], lambda path: pytest.fail(str(path))) == []


def test_a_folder_that_is_not_there_is_said(tmp_path):
    with pytest.raises(NoInput):
        Inbox(tmp_path / "nothing")


def test_the_command_publishes_what_is_copied_in_and_ends_on_a_signal(tmp_path):
    network, inbox = tmp_path / "network", tmp_path / "inbox"
    network.mkdir()
    inbox.mkdir()
    for name in ("network.toml", "themes.csv"):
        shutil.copy(shipped("geodata") / name, network)
    command = [
        sys.executable,
        "-m",
        "mapsvc",
        "import",
        str(inbox),
        "--data",
        str(network),
        "--watch",
        "--map",
        "name=Sted",
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert "Watching" in process.stdout.readline()
        # Its column of names is called what only --map can say.
        (inbox / "table.csv").write_text(TABLE.replace("name", "Sted", 1))
        end = time.monotonic() + 60
        while not list((inbox / "done").glob("*.findings.csv")) and time.monotonic() < end:
            time.sleep(0.1)
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 128 + signal.SIGTERM
    assert b"Oslo" in (network / "members.csv").read_bytes()
    assert len(list((inbox / "done").iterdir())) == 2
