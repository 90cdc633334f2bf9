"""Whatever bytes come: read or refused by name, and every row is accepted or listed."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mapsvc.errors import BadData
from mapsvc.settings import shipped
from mapsvc.sources import files
from mapsvc.sources.child import READERS
from mapsvc.sources.gazetteer import Gazetteer
from mapsvc.sources.importer import import_table
from mapsvc.sources.places import KnownPlaces
from mapsvc.sources.readers import raw_table
from tests.sources import bombs

CELL = st.sampled_from(
    ["Oslo", "NO", "XX", "", "10.7", "59.9", "1e5", "NaN", "-", "=1", "'", "é", "\u202e", "member", "x" * 600]
)
HEADER = "name,country,lat,lon,type,since\n"
TABLES = st.lists(st.lists(CELL, min_size=1, max_size=8), max_size=12).map(
    lambda rows: (HEADER + "".join(",".join(row) + "\n" for row in rows)).encode()
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3),
    max_leaves=4,
)
FEATURES = st.lists(
    st.fixed_dictionaries(
        {
            "type": st.just("Feature"),
            "properties": st.dictionaries(st.sampled_from(["name", "country", "type"]), VALUES),
        },
        optional={
            "geometry": st.none() | st.fixed_dictionaries({"type": st.just("Point"), "coordinates": VALUES})
        },
    ),
    max_size=6,
).map(lambda found: json.dumps({"type": "FeatureCollection", "features": found}).encode())
ANY = st.binary(max_size=300) | TABLES | FEATURES


def read(content, folder):
    """Read bytes as a child does, but in this process."""
    path = folder / "any"
    path.write_bytes(content)
    kind = files.must_be_readable(content[: files.HEAD], "any")
    return raw_table(READERS[kind](path, "any", ""), "any", "any")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("any")
    (folder / "themes.csv").write_text("group,group_title,id,title\nnature,Nature,water,Water\n")
    return folder


@given(ANY)
@settings(max_examples=60)
def test_rows_in_are_rows_accepted_and_rows_rejected(folder, content):
    try:
        table = read(content, folder)
        report = import_table(
            table, folder, atlas=shipped("geodata"), gazetteer=Gazetteer([]), places=KnownPlaces()
        ).report
    except BadData:
        return
    assert report.n_read == len(table.frame) + table.report.n_rejected
    assert report.n_read == report.n_accepted + report.n_rejected
    assert len({issue.row for issue in report.errors}) >= report.n_rejected or report.n_rejected > 1_000


@given(
    st.sampled_from(["gpkg", "parquet", "xlsx"]), st.integers(0, 10_000), st.binary(min_size=1, max_size=40)
)
@settings(max_examples=60)
def test_a_good_file_with_some_bytes_changed_is_read_or_refused(folder, kind, place, noise):
    path = folder / f"good.{kind}"
    if kind == "xlsx":
        path.write_bytes(bombs.book())
    elif not path.exists():
        (bombs.geopackage() if kind == "gpkg" else bombs.parquet({"name": ["Oslo"] * 50}))(path)
    content = bytearray(path.read_bytes())
    place %= len(content)
    content[place : place + len(noise)] = noise
    try:
        table = read(bytes(content), folder)
    except BadData as refusal:
        said = str(refusal)
    else:
        said = table.dialect
        assert all(isinstance(cell, str) for cell in table.frame.to_numpy().ravel())
    assert said.isprintable()
