"""The README is true: its tables and examples are what the code says."""

import doctest
import re
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from mapsvc.analysis.queries import PARAMETERS
from mapsvc.cli import main
from mapsvc.commands import EXIT_CODES
from mapsvc.maps.view import MAX_HEIGHT, MAX_PIXELS, MAX_SCALE, MAX_WIDTH, MIN_SIDE, PRESETS
from mapsvc.model import MEMBERS, PARTICIPATION, FrameSchema
from mapsvc.settings import Settings
from mapsvc.sources.following import open_store
from mapsvc.web.app import create_app
from mapsvc.web.pictures import SIZE_PARAMETERS

ROOT = Path(__file__).resolve().parent.parent
TEXT = (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("schema", [MEMBERS, PARTICIPATION], ids=lambda schema: schema.name)
def test_the_table_of_columns_is_the_schema(schema: FrameSchema):
    rows = [f"| `{one.name}` | {'yes' if one.nullable else 'no'} | {one.help} |" for one in schema.columns]
    assert "\n".join(rows) in TEXT


def test_the_parameters_are_those_of_a_view():
    table = TEXT.split("| parameter |")[1].split("\n\n")[0]
    assert tuple(re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE)) == PARAMETERS


def test_the_sizes_of_a_picture_are_those_of_the_code():
    table = TEXT.split("| for a picture |")[1].split("\n\n")[0]
    assert tuple(re.findall(r"`(\w+)`(?=[^|]*\|[^|]*\|[^|]*\|$)", table, re.MULTILINE)) == SIZE_PARAMETERS
    for name, size in PRESETS.items():
        assert re.search(rf"`{name}` \({size.width} × {size.height}", table), name
    assert f"drawn {PRESETS['a4'].scale} times" in table
    assert f"| {MIN_SIDE} to {MAX_WIDTH} |" in table
    assert MAX_WIDTH == MAX_HEIGHT
    assert f"| 1 to {MAX_SCALE} |" in table
    assert f"{MAX_PIXELS / 1e6} million" in table


def test_the_exit_codes_are_those_of_the_command_line():
    stated = {
        int(code) for code in re.findall(r"`(\d+)`", TEXT.split("Exit codes:")[1].split("Every failure")[0])
    }
    assert stated == {0, 1, 2, *EXIT_CODES.values()}


def test_every_command_is_shown():
    assert set(re.findall(r"^Usage: mapsvc (\w+)", TEXT, re.MULTILINE)) == set(main.commands)


def test_every_example_address_answers(bundled_client):
    addresses = re.findall(r"http://127\.0\.0\.1:8000(/[^'\"\s]*)", TEXT)
    assert len(addresses) >= 4
    for address in [*addresses, "/?theme=water&region=africa", "/livez", "/readyz"]:
        assert bundled_client.get(address).status_code == 200, address


def test_every_file_it_points_to_is_there():
    for target in re.findall(r"\]\((?!http)([^)#]+)\)", TEXT):
        assert (ROOT / target).exists(), target


def test_the_tour_of_the_library_prints_what_it_shows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    tour = TEXT.split("## From Python")[1].split("```pycon\n")[1].split("```")[0]
    (tmp_path / "geodata").symlink_to(ROOT / "geodata")
    monkeypatch.chdir(tmp_path)
    test = doctest.DocTestParser().get_doctest(tour, {}, "README", "README.md", 0)
    printed: list[str] = []
    options = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
    failures = doctest.DocTestRunner(optionflags=options).run(test, out=printed.append).failed
    assert not failures, "".join(printed)
    assert len(test.examples) > 10
    assert {one.name for one in tmp_path.iterdir()} == {"geodata", "water.gpkg", "water.html"}


def test_bring_your_own_network_works_as_written_and_not_for_cities_alone(tmp_path: Path, monkeypatch):
    block = TEXT.split("## Bring your own network")[1].split("```console\n")[1].split("```")[0]
    commands = [line.removeprefix("$ ").split("#")[0].split() for line in block.splitlines()]
    assert len(commands) == 10
    lighthouses = ROOT / "tests" / "data" / "lighthouses"
    table = (lighthouses / "table.csv").read_text("utf-8")
    (tmp_path / "members.csv").write_text(table, "utf-8")
    # One is called by its other name, one is new.
    newer = table.replace("Lanterna of Genoa", "Torre della Lanterna") + "Kullen;Sweden;56.3014;12.4519;;\n"
    (tmp_path / "newer.csv").write_text(newer, "utf-8")
    monkeypatch.chdir(tmp_path)
    said: dict[str, str] = {}
    for program, *words in commands[:-1]:
        if program == "nano":
            for name in ("network.toml", "themes.csv"):
                shutil.copy(lighthouses / name, tmp_path / "mynetwork")
            continue
        assert program == "mapsvc"
        done = CliRunner().invoke(main, words)
        assert done.exit_code == 0, (words, done.output)
        said[words[0] + ("?" if "--dry-run" in words else "")] = done.output
    assert "Nothing was written" in said["import?"]
    assert "12 rows read, 12 accepted, 0 rejected; 0 errors" in said["check"]
    assert "12 members  first" in said["history"]
    assert "1 joined, 1 renamed" in said["diff"]
    assert "name,country,lat,lon,theme,website,findings" in (tmp_path / "back.csv").read_text("utf-8-sig")
    assert commands[-1] == ["mapsvc", "serve", "--data", "mynetwork"]
    client = create_app(Settings(), open_store(Path("mynetwork"))).test_client()
    names = {one["properties"]["name"] for one in client.get("/members.geojson").json["features"]}
    assert "Lanterna of Genoa" in names
    assert "Kullen" not in names
    for path in (
        "/",
        "/?theme=rock",
        "/countries/ES",
        "/themes/world-heritage",
        "/data-quality",
        "/gaps",
        "/changes.atom",
    ):
        assert client.get(path).status_code == 200, path
    assert "Kullen" in client.get("/changes.json").text
