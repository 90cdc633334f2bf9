"""The command line: what it prints, and how it ends."""

import errno
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from pathlib import Path
from urllib.request import urlopen

import pytest
from click.testing import CliRunner

from mapsvc import __version__
from mapsvc.cli import main
from mapsvc.settings import Settings, shipped
from mapsvc.sources.following import open_store
from mapsvc.web.app import create_app

README = Path(__file__).resolve().parent.parent / "README.md"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the bundled network, without its boundaries."""
    for name in ("network.toml", "themes.csv", "members.csv", "participation.csv"):
        shutil.copy(shipped("geodata") / name, tmp_path)
    return tmp_path


def run(*args: str):
    """Run the command and return its result."""
    return CliRunner().invoke(main, list(args))


def test_it_says_its_version():
    assert run("--version").output.strip() == f"mapsvc, version {__version__}"


@pytest.mark.parametrize("command", sorted(main.commands))
def test_the_readme_shows_the_help_of_each_command_as_it_is(command: str):
    help_text = run(command, "--help").output
    assert help_text.replace("main ", "mapsvc ", 1).strip() in README.read_text(encoding="utf-8")


def test_check_of_the_bundled_network_ends_well_and_counts_the_rows():
    result = run("check")
    assert result.exit_code == 0
    assert "732 rows read, 732 accepted, 0 rejected" in result.output


def test_check_ends_with_1_and_names_the_row_where_there_are_errors(folder: Path):
    with (folder / "members.csv").open("a", encoding="utf-8") as stream:
        stream.write("xx-atlantis,Atlantis,city,XX,,,,,member,,,1.0,1.0,given,https://example.org/\n")
    result = run("check", "--data", str(folder))
    assert result.exit_code == 1
    assert "members.csv:444:country: error:" in result.stderr


def test_check_as_json_is_json(folder: Path):
    body = json.loads(run("check", "--data", str(folder), "--json").stdout)
    assert body["rows"] == {"read": 732, "accepted": 732, "rejected": 0}
    assert {"severity", "code", "message", "row", "column"} <= set(body["findings"][0])


@pytest.mark.parametrize(
    ("args", "code", "word"),
    [
        (("check", "--data", "/nowhere"), 66, "no such folder"),
        (("serve", "--data", "/nowhere"), 66, "no such folder"),
        (("serve", "--port", "99999"), 2, "99999"),
        (("nosuch",), 2, "nosuch"),
        (("get", "/members.geojson?theme=watr"), 2, "use water"),
        (("get", "https://example.org/members.geojson"), 2, "not a path"),
        (("get", "//example.org/members.geojson"), 2, "not a path"),
        (("get", "/nothing.geojson"), 66, "/nothing.geojson"),
        (("export", "-o", "members.shp"), 2, "shp"),
        (("export", "--format", "csv", "--crs", "EPSG:3857", "-o", "-"), 2, "CSV"),
        (("export", "--theme", "watr"), 2, "use water"),
        (("export", "-o", "/nowhere/members.csv"), 73, "/nowhere/members.csv"),
        (("export", "--data", "/nowhere"), 66, "no such folder"),
        (("import", "/nowhere.csv", "--data", str(shipped("geodata"))), 66, "nowhere.csv"),
        (("import", "https://example.org/members.csv", "--data", str(shipped("geodata"))), 66, "example.org"),
    ],
)
def test_a_failure_is_one_line_and_a_code(args: tuple[str, ...], code: int, word: str):
    result = run(*args)
    assert result.exit_code == code
    assert word in result.stderr
    if "Usage:" not in result.stderr:
        assert result.stderr.startswith("mapsvc: error: ")
        assert len(result.stderr.strip().splitlines()) == 1


def test_bad_data_ends_with_65_and_bad_configuration_with_78(folder: Path):
    (folder / "members.csv").write_bytes(b"PK\x03\x04")
    assert run("check", "--data", str(folder)).exit_code == 65
    (folder / "network.toml").write_text("id = 3", encoding="utf-8")
    assert run("check", "--data", str(folder)).exit_code == 78


def test_a_setting_that_does_not_exist_ends_with_78():
    result = CliRunner().invoke(main, ["serve"], env={"MAPSVC_BASEURL": "https://example.org"})
    assert result.exit_code == 78
    assert "MAPSVC_BASEURL" in result.stderr


def test_a_port_that_is_taken_ends_with_69():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        result = run("serve", "--port", str(taken.getsockname()[1]))
    assert result.exit_code == 69
    assert "cannot listen" in result.stderr


def test_a_host_name_is_looked_up_and_a_wrong_one_is_named():
    result = run("serve", "--host", "nosuchhost.invalid")
    assert result.exit_code == 69
    assert "nosuchhost.invalid" in result.stderr


def test_serve_prints_an_address_that_answers_and_ends_on_a_signal():
    command = [sys.executable, "-m", "mapsvc", "serve", "--host", "localhost", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            address = re.search(r"http://localhost:\d+/", process.stdout.readline())[0]
            # The port listens before the worker is ready: the request waits for it.
            with urlopen(address + "members.geojson", timeout=30) as response:
                assert json.load(response)["numberMatched"] > 350
        finally:
            process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 128 + signal.SIGTERM


def test_gaps_prints_the_numbers_of_the_files(bundled_client):
    asked = ("--region", "africa", "--theme", "water")
    printed = json.loads(run("gaps", "--json", *asked).output)
    served = json.loads(bundled_client.get("/gaps.json?region=africa&theme=water").data)
    assert printed["about"] == served["about"]
    by_area = {row["area"]: row for row in served["areas"]}
    for row in printed["areas"]:
        assert {**row, "name": ""} == {**by_area[row["area"]], "name": ""}
    for name in served.keys() - {"about", "areas"}:
        assert printed[name] == served[name], name
    table = run("gaps", "-n", "3").output.splitlines()
    assert table[1].split()[:3] == ["World", "399", "399.0"]
    assert table[2].split()[:3] == ["China", "3", "79.9"]
    assert len(table) == 2 + 3 + 3


def test_gaps_prints_two_dates_side_by_side(bundled_client):
    printed = json.loads(run("gaps", "--json", "--asof", "2015", "--versus", "2005").output)
    served = json.loads(bundled_client.get("/gaps.json?asof=2015&versus=2005").data)
    then = {row["area"]: row["n_members"] for row in served["versus"]["areas"] if row["theme"] == "all"}
    assert {row["area"]: row["n_members"] for row in printed["versus"]["areas"]}.items() <= then.items()
    last = run("gaps", "-n", "0", "--asof", "2015", "--versus", "2005").output.splitlines()[-1]
    now = next(row["n_members"] for row in served["areas"] if (row["area"], row["theme"]) == ("world", "all"))
    assert last.startswith(f"2005: {then['world']} members, ")
    assert f"; 2015: {now} members, " in last


def test_gaps_fails_under_a_share_and_names_what_it_does_not_understand(folder: Path):
    assert run("gaps", "--quiet", "--fail-under", "1").exit_code == 0
    under = run("gaps", "--quiet", "--fail-under", "99.5")
    assert under.exit_code == 1
    assert "10.57 % of the urban people are covered, which is under 99.5 %" in under.output
    wrong = run("gaps", "--theme", "wind")
    assert (wrong.exit_code, wrong.output[:15]) == (2, "mapsvc: error: ")


def test_export_writes_the_file_that_the_page_gives(
    bundled_client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tmp_path)
    assert run("export", "--format", "gpkg", "--theme", "water", "-o", "members.gpkg").exit_code == 0
    assert (tmp_path / "members.gpkg").read_bytes() == bundled_client.get("/members.gpkg?theme=water").data
    assert run("export", "--theme", "water", "--quiet").output == ""
    named = next(tmp_path.glob("*.geojson"))
    assert named.name.endswith("-theme-water.geojson")
    assert named.read_bytes() == bundled_client.get("/members.geojson?theme=water").data
    shown = run("export", "--of", "countries", "-o", "-", "--format", "csv").stdout_bytes
    assert shown == bundled_client.get("/countries.csv").data


def test_get_prints_what_the_service_answers(bundled_client):
    address = "/members.geojson?theme=water&region=europe"
    assert run("get", address).stdout_bytes == bundled_client.get(address).data


def test_what_is_there_and_is_no_file_stays(tmp_path: Path):
    pipe = tmp_path / "pipe.csv"
    os.mkfifo(pipe)
    assert run("export", "-o", str(pipe)).exit_code == 73
    assert pipe.is_fifo()


TABLE = "name,country,type,status,lon,lat\nOslo,NO,city,member,10.7,59.9\nBergen,NO,city,member,5.3,60.4\n"


def imported(folder: Path, text: str, *options: str):
    (folder / "table.csv").write_text(text, "utf-8")
    return run("import", str(folder / "table.csv"), "--data", str(folder), "--allow-drop", *options)


def test_a_dry_run_says_what_would_change_and_writes_nothing(folder: Path):
    before = sorted(path.name for path in folder.iterdir())
    result = imported(folder, TABLE, "--dry-run")
    assert result.exit_code == 0
    assert "Against what is there now: 397 left, 2 moved." in result.output
    assert "it needs --allow-drop" in result.output
    assert sorted(path.name for path in folder.iterdir()) == sorted([*before, "table.csv"])


def test_a_person_at_a_terminal_is_told_first_and_a_script_publishes(folder: Path):
    (folder / "table.csv").write_text(TABLE, "utf-8")
    command = [
        sys.executable,
        "-m",
        "mapsvc",
        "import",
        str(folder / "table.csv"),
        "--data",
        str(folder),
        "--allow-drop",
    ]
    ours, theirs = os.openpty()
    with subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs) as process:
        assert process.wait(60) == 0
    os.close(theirs)
    said = b""
    while True:
        try:
            piece = os.read(ours, 65536)
        except OSError:  # the other side is gone
            break
        if not piece:
            break
        said += piece
    os.close(ours)
    assert b"Nothing was written. To publish:" in said
    assert not (folder / "snapshots").exists()
    assert imported(folder, TABLE).exit_code == 0
    assert "2 members" in run("history", "--data", str(folder)).output


def test_every_row_comes_back_with_what_was_found(folder: Path):
    text = TABLE + "Nowhere,XX,city,member,1,1\n=cmd(),NO,city,member,1,1\n"
    assert imported(folder, text, "--report", str(folder / "back.csv")).exit_code == 1
    rows = (folder / "back.csv").read_text("utf-8-sig").splitlines()
    assert len(rows) == 5  # how the file was read is said, but not here
    assert rows[0] == "name,country,type,status,lon,lat,findings"
    assert rows[1].endswith(",")
    assert "error: country: 'XX' is not known" in rows[3]
    assert rows[4].startswith("'=cmd()")
    assert imported(folder, text, "--report", str(folder / "back.json")).exit_code == 1
    assert json.loads((folder / "back.json").read_text("utf-8"))["rows"] == {
        "read": 4,
        "accepted": 3,
        "rejected": 1,
    }
    assert imported(folder, text, "--report", str(folder / "back.doc")).exit_code == 78


@pytest.mark.parametrize(
    ("args", "code"),
    [
        (("undo",), 66), (("undo", "--to", "7"), 66), (("diff", "1", "2"), 66), (("history",), 0), (("diff", "1"), 2),
    ],
)  # fmt: skip
def test_without_a_history_there_is_nothing_to_undo_or_compare(
    folder: Path, args: tuple[str, ...], code: int
):
    assert run(*args, "--data", str(folder)).exit_code == code


def test_a_full_disk_ends_with_74_and_what_was_served_stays(folder: Path, monkeypatch):
    before = (folder / "members.csv").read_bytes()

    def fail(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    result = imported(folder, TABLE)
    assert (result.exit_code, len(result.stderr.strip().splitlines())) == (74, 1)
    assert (folder / "members.csv").read_bytes() == before


def test_a_new_network_is_served_as_it_is_and_never_made_over_another(tmp_path: Path):
    folder = tmp_path / "Ría_de_Vigo"
    assert run("new", str(folder)).exit_code == 0
    checked = run("check", "--data", str(folder))
    assert (checked.exit_code, checked.output.split(";")[0]) == (0, "0 rows read, 0 accepted, 0 rejected")
    again = run("new", str(folder))
    assert (again.exit_code, "there is something in this folder" in again.stderr) == (73, True)
    client = create_app(Settings(), open_store(folder)).test_client()
    assert client.get("/readyz").json["network"] == "ria-de-vigo"
    for path in (
        "/",
        "/themes",
        "/members",
        "/data-quality",
        "/gaps",
        "/map.svg",
        "/?view=themes",
        "/changes.atom",
    ):
        assert client.get(path).status_code == 200, path
