"""Our tables in LibreOffice: it reads every member, and finds nothing in them that it would calculate."""

import csv
import io
import re
import subprocess
from pathlib import Path
from shutil import which
from xml.etree import ElementTree as ET

import pytest
from flask.testing import FlaskClient

from mapsvc.settings import Settings
from mapsvc.sources.store import Store
from mapsvc.web.app import create_app
from tests import world

HOSTILE = {
    "a1": '=HYPERLINK("http://evil.example","x")',
    "a2": "＋1+cmd|' /C calc'!A0",
    "a3": "\t=1+1",
    "b1": "'quoted'",
    "c1": "-2+3",
    "f1": "서울",
}
# What its dialogue finds out by the byte order mark: without one, it takes a table for what the system writes.
UTF_8 = "CSV:44,34,76,1"
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"


@pytest.fixture(scope="module")
def client() -> FlaskClient:
    return create_app(Settings(), Store(world.dataset(HOSTILE))).test_client()


@pytest.fixture(scope="module")
def opened(client: FlaskClient, tmp_path_factory: pytest.TempPathFactory) -> dict[str, ET.Element]:
    """What LibreOffice makes of our files, and of two that somebody else made carelessly."""
    if not which("soffice"):
        pytest.skip("needs soffice: .ci/libreoffice installs it")
    folder: Path = tmp_path_factory.mktemp("opened")
    for kind in ("csv", "xlsx"):
        (folder / f"ours-{kind}.{kind}").write_bytes(client.get(f"/members.{kind}").data)
    (folder / "careless.csv").write_bytes(b"name,n\r\n=1+1,2\r\n")
    tables = sorted(file.name for file in folder.glob("*.csv"))
    convert(folder, *tables, f"--infilter={UTF_8}")
    convert(folder, "ours-xlsx.xlsx")
    made = {file.stem: ET.parse(file).getroot() for file in folder.glob("*.fods")}
    assert len(made) == len(tables) + 1
    return made


def convert(folder: Path, *asked: str) -> None:
    """Let LibreOffice open files and write them as its own format."""
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", "fods", *asked]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr


def formulas(sheet: ET.Element) -> list[str]:
    """Return what a spreadsheet would calculate, or lead elsewhere."""
    links = [one.attrib.values() for one in sheet.iter(f"{TEXT}a")]
    return [text for cell in sheet.iter() if (text := cell.get(f"{TABLE}formula"))] + [
        str(one) for one in links
    ]


def rows(sheet: ET.Element) -> list[list[str]]:
    """Return the texts of the first table."""
    table = next(sheet.iter(f"{TABLE}table"))
    found = []
    for row in table.iter(f"{TABLE}table-row"):
        cells: list[str] = []
        for cell in row.iter(f"{TABLE}table-cell"):
            text = "\n".join("".join(part.itertext()) for part in cell.iter(f"{TEXT}p"))
            cells += [text] * min(int(cell.get(f"{TABLE}number-columns-repeated", "1")), 50)
        if any(cells):
            found.append(cells)
    return found


def test_a_careless_file_would_be_calculated(opened: dict[str, ET.Element]):
    assert formulas(opened["careless"]) == ["of:=1+1"]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_no_cell_of_ours_is_calculated(opened: dict[str, ET.Element], kind: str):
    assert formulas(opened[f"ours-{kind}"]) == []


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_every_member_is_read_with_its_name(opened: dict[str, ET.Element], client: FlaskClient, kind: str):
    said = list(csv.reader(io.StringIO(client.get("/members.csv").data.decode("utf-8-sig"), newline="")))
    read = rows(opened[f"ours-{kind}"])
    assert len(read) == len(said) > 5
    name = said[0].index("name")

    def plain(row: list[str]) -> str:
        return re.sub(r"\s", "", row[name])  # a tab is an element of its own there

    assert [plain(row) for row in read] == [plain(row) for row in said]
