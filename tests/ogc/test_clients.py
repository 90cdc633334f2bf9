"""Programs that people use, against the server as it is run: GDAL of Debian, the newer GDAL of pyogrio, QGIS, and OWSLib."""

import json
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from shutil import which
from typing import Any

import pandas as pd
import pyogrio
import pytest
from owslib.ogcapi.features import Features

from mapsvc.analysis.items_collections import member_items
from mapsvc.model import Dataset

# New Zealand on one side of the antimeridian, the west of North America on the other.
PACIFIC = (170.0, -50.0, -100.0, 50.0)


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """The address of a running server with the bundled network."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port = one.getsockname()[1]
    command = [sys.executable, "-m", "mapsvc", "serve", "--port", str(port)]
    root = f"http://127.0.0.1:{port}"
    process = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, env={"MAPSVC_BASE_URL": root, "PATH": "/usr/bin:/bin"}
    )
    try:
        _wait(port, process)
        yield root
    finally:
        process.terminate()
        process.wait(30)


def _wait(port: int, process: subprocess.Popen) -> None:
    for _ in range(600):
        assert process.poll() is None, "the server has ended"
        try:
            with closing(HTTPConnection("127.0.0.1", port, timeout=5)) as connection:
                connection.request("GET", "/livez")
                if connection.getresponse().status == 200:
                    return
        except OSError:
            time.sleep(0.1)
    pytest.fail("the server does not answer")


@pytest.fixture(scope="module")
def members(bundled: Dataset) -> pd.DataFrame:
    """The members as the service has them, with x and y, NaN where there is no place."""
    items = member_items(bundled, {})
    points = bundled.members.geometry
    return items.frame.assign(x=points.x.to_numpy(), y=points.y.to_numpy())


def in_the_pacific(members: pd.DataFrame) -> pd.Series:
    """Say of each member whether it is in the box over the antimeridian, or has no place."""
    west, south, east, north = PACIFIC
    inside = ((members["x"] >= west) | (members["x"] <= east)) & members["y"].between(south, north)
    return inside | members["x"].isna()


def halves() -> list[tuple[float, float, float, float]]:
    """Return the box as a client asks for it that knows no box over the antimeridian."""
    west, south, east, north = PACIFIC
    return [(west, south, 180.0, north), (-180.0, south, east, north)]


# --- The GDAL of pyogrio ---


def read(address: str, **asked: object) -> pd.DataFrame:
    """Return the members as the OAPIF driver of pyogrio reads them."""
    return pyogrio.read_dataframe(f"OAPIF:{address}/api", layer="members", **asked)


def test_pyogrio_lists_every_collection(address: str):
    layers = pyogrio.list_layers(f"OAPIF:{address}/api")[:, 0].tolist()
    assert layers == ["members", "countries", "coverage", "gaps", "urban-centres"]
    assert pyogrio.list_layers(f"OAPIF:{address}/")[:, 0].tolist() == layers


def test_pyogrio_reads_every_member_with_its_place(address: str, members: pd.DataFrame):
    frame = read(address)
    assert sorted(frame["id"]) == sorted(members.index)
    found = frame.set_index("id").loc[members.index]
    assert found.geometry.isna().tolist() == members["x"].isna().tolist()
    there = members["x"].notna()
    assert (found.geometry[there].x - members["x"][there]).abs().max() < 1e-5
    assert found["name"].tolist() == members["name"].tolist()


def test_pyogrio_finds_both_sides_of_the_antimeridian(address: str, members: pd.DataFrame):
    found = {id_ for box in halves() for id_ in read(address, bbox=box)["id"]}
    expected = members.index[in_the_pacific(members) & members["x"].notna()]
    assert len(expected) > 5
    assert found == set(expected)


def test_pyogrio_filters_by_an_attribute(address: str, members: pd.DataFrame):
    found = read(address, where="country = 'KE' OR (type = 'county' AND country <> 'US')")
    wanted = (members["country"] == "KE") | ((members["type"] == "county") & (members["country"] != "US"))
    assert sorted(found["id"]) == sorted(members.index[wanted])
    assert wanted.any()


# --- Debian's GDAL ---


def ogrinfo(address: str, *asked: str) -> str:
    """Return what ogrinfo says of the members."""
    if not which("ogrinfo"):
        pytest.skip("needs ogrinfo: .ci/gdal installs it")
    command = ["ogrinfo", "-ro", "-al", "-oo", "PAGE_SIZE=100", *asked, f"OAPIF:{address}/api", "members"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    assert "ERROR" not in done.stderr, done.stderr
    return done.stdout


def ids_of(text: str) -> list[str]:
    """Return the ids that ogrinfo printed."""
    return re.findall(r"^  id \(String\) = (.*)$", text, re.MULTILINE)


def test_ogrinfo_reads_every_member(address: str, members: pd.DataFrame):
    assert sorted(ids_of(ogrinfo(address))) == sorted(members.index)


def test_ogrinfo_finds_both_sides_of_the_antimeridian(address: str, members: pd.DataFrame):
    found = {id_ for box in halves() for id_ in ids_of(ogrinfo(address, "-spat", *map(str, box)))}
    assert found == set(members.index[in_the_pacific(members) & members["x"].notna()])


def test_ogrinfo_filters_by_an_attribute(address: str, members: pd.DataFrame):
    found = ids_of(ogrinfo(address, "-where", "country = 'JP' AND status = 'member'"))
    wanted = (members["country"] == "JP") & (members["status"] == "member")
    assert sorted(found) == sorted(members.index[wanted])
    assert wanted.any()


# --- QGIS ---


@pytest.fixture(scope="module")
def qgis(address: str, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What QGIS reads without a screen: by its OGR provider, and by its own for OGC API – Features."""
    python = "/usr/bin/python3"  # a system's QGIS belongs to the system's Python
    if subprocess.run([python, "-c", "import qgis.core"], capture_output=True, check=False).returncode:
        pytest.skip("needs QGIS: .ci/qgis installs it")
    home = str(tmp_path_factory.mktemp("qgis"))
    boxes = [",".join(map(str, box)) for box in halves()]
    done = subprocess.run(
        [python, str(Path(__file__).with_name("qgis_reads.py")), address, *boxes],
        capture_output=True,
        text=True,
        timeout=120,
        env={"QT_QPA_PLATFORM": "offscreen", "HOME": home, "XDG_RUNTIME_DIR": home, "PATH": "/usr/bin:/bin"},
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.strip().splitlines()[-1])  # what QGIS itself has to say comes before


def test_qgis_opens_the_address_of_a_file_with_every_place(qgis: dict[str, Any], members: pd.DataFrame):
    current = members[members["status"] == "member"]
    assert sorted(qgis["file"]) == sorted(current.index)
    for id_, (name, x, y) in qgis["file"].items():
        assert name == current.at[id_, "name"]
        assert (x is None) == pd.isna(current.at[id_, "x"])
        assert x is None or (x, y) == pytest.approx((current.at[id_, "x"], current.at[id_, "y"]), abs=1e-5)


def test_qgis_reads_every_member_through_the_interface(qgis: dict[str, Any], members: pd.DataFrame):
    assert sorted(qgis["items"]) == sorted(members.index)
    assert {id_ for id_, (_, x, _) in qgis["items"].items() if x is None} == set(
        members.index[members["x"].isna()]
    )
    assert set(qgis["crs"]) <= {"EPSG:4326", "OGC:CRS84"}


def test_qgis_finds_both_sides_of_the_antimeridian(qgis: dict[str, Any], members: pd.DataFrame):
    assert set(qgis["boxes"]) == set(members.index[in_the_pacific(members) & members["x"].notna()])


def test_qgis_filters_by_an_attribute(qgis: dict[str, Any], members: pd.DataFrame):
    wanted = (members["country"] == "JP") & (members["status"] == "member")
    assert sorted(qgis["where"]) == sorted(members.index[wanted])


# --- OWSLib ---


@pytest.mark.parametrize("root", ["/api", "/api/"])
def test_owslib_finds_its_way(address: str, root: str, members: pd.DataFrame):
    service = Features(f"{address}{root}")
    assert service.feature_collections() == ["members", "countries", "coverage", "gaps", "urban-centres"]
    assert service.collection("members")["itemType"] == "feature"
    assert len(service.conformance()["conformsTo"]) > 10
    assert service.api()["openapi"].startswith("3.0")
    assert "country" in service.collection_queryables("members")["properties"]
    page = service.collection_items("members", limit=10_000)
    assert [one["id"] for one in page["features"]] == list(members.index)
    first = members.index[0]
    assert service.collection_item("members", first)["properties"]["name"] == members.at[first, "name"]


def test_owslib_asks_over_the_antimeridian_and_filters(address: str, members: pd.DataFrame):
    service = Features(f"{address}/api")
    page = service.collection_items("members", bbox=list(PACIFIC), limit=1000)
    assert [one["id"] for one in page["features"]] == list(members.index[in_the_pacific(members)])
    page = service.collection_items("members", filter="country = 'KE'", limit=1000)
    assert {one["properties"]["country"] for one in page["features"]} == {"KE"}
    assert page["numberMatched"] == (members["country"] == "KE").sum()
