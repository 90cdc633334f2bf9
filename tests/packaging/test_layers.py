"""The layers are watched: each kind of forbidden import, planted in a copy of the package, is reported."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

# Where the import is planted, what is imported, and the line by which it is reported.
PLANTED = (
    ("errors.py", "import mapsvc.model", "mapsvc.errors -> mapsvc.model"),
    ("model.py", "import mapsvc.settings", "mapsvc.model -> mapsvc.settings"),
    ("model.py", "import time", "mapsvc.model -> time"),
    ("analysis/queries.py", "import flask", "mapsvc.analysis.queries -> flask"),
    ("analysis/queries.py", "import os", "mapsvc.analysis.queries -> os"),
    ("analysis/queries.py", "import socket", "mapsvc.analysis.queries -> socket"),
    (
        "analysis/membership.py",
        "import mapsvc.sources.store",
        "mapsvc.analysis.membership -> mapsvc.sources.store",
    ),
    ("formats/geojson.py", "import mapsvc.maps.shell", "mapsvc.formats.geojson -> mapsvc.maps.shell"),
    ("formats/geojson.py", "import mapsvc.settings", "mapsvc.formats.geojson -> mapsvc.settings"),
    ("sources/store.py", "import folium", "mapsvc.sources.store -> folium"),
    ("sources/store.py", "import mapsvc.web.http", "mapsvc.sources.store -> mapsvc.web.http"),
    ("web/http.py", "import mapsvc.web.app", "mapsvc.web.http -> mapsvc.web.app"),
    ("web/http.py", "import mapsvc.cli", "mapsvc.web.http -> mapsvc.cli"),
)


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [Path(sys.executable).parent / "lint-imports", "--no-cache", "--no-logo"]
    environ = {"PATH": "", "PYTHONPATH": str(folder), "COLUMNS": "300"}
    return subprocess.run(command, cwd=folder, env=environ, capture_output=True, text=True, check=False)


@pytest.fixture
def house(tmp_path: Path) -> Path:
    shutil.copytree(
        ROOT / "mapsvc", tmp_path / "mapsvc", ignore=shutil.ignore_patterns("static", "__pycache__")
    )
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_the_house_keeps_its_layers(house):
    done = lint(house)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(("file", "line", "report"), PLANTED)
def test_a_forbidden_import_is_reported(house, file, line, report):
    with (house / "mapsvc" / file).open("a", encoding="utf-8") as module:
        module.write(f"\n{line}\n")
    done = lint(house)
    assert done.returncode == 1
    assert f"{report} " in done.stdout


def test_a_module_without_a_place_in_the_layers_is_reported(house):
    (house / "mapsvc" / "helpers.py").touch()
    done = lint(house)
    assert done.returncode == 1
    assert "mapsvc.helpers" in done.stdout


@pytest.mark.parametrize(
    "line",
    [
        "from datetime import date; TODAY = date.today()",
        "import datetime; NOW = datetime.datetime.now(datetime.UTC)",
        "import urllib.request",
    ],
)
def test_a_clock_or_the_network_is_reported_in_analysis_and_allowed_elsewhere(house, line):
    ruff = [Path(sys.executable).parent / "ruff", "check", "--no-cache", "--quiet", "--select", "TID251"]
    codes = {}
    for file in ("analysis/queries.py", "model.py", "sources/store.py", "web/http.py"):
        module = house / "mapsvc" / file
        module.write_text(f"{line}\n", encoding="utf-8")
        codes[file] = subprocess.run([*ruff, module], cwd=house, capture_output=True, check=False).returncode
    assert codes == {"analysis/queries.py": 1, "model.py": 1, "sources/store.py": 0, "web/http.py": 0}
