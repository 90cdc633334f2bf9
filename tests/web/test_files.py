"""Every view in every format: the same ids, attributes and places, read back by the readers that people have."""

import hashlib
import io
import json
import subprocess
import sys
import time
import zipfile

import openpyxl
import pandas as pd
import pyogrio
import pytest
from flask.testing import FlaskClient
from geoparquet_validator import check_bytes, failed

from mapsvc.errors import BadConfiguration, Overloaded
from mapsvc.formats.kinds import KINDS, OTHERS
from mapsvc.settings import Settings
from mapsvc.sources.store import Store
from mapsvc.web import file_answers
from mapsvc.web.app import create_app
from mapsvc.web.turns import Turns
from tests import world
from tests.reading import READERS, as_frame

WHAT = ("members", "countries", "urban-centres")
HOSTILE = {
    "a1": '=HYPERLINK("http://evil.example","x")',
    "a2": "＋1+cmd|' /C calc'!A0",
    "a3": "\t=1+1",
    "b1": "'quoted'",
    "c1": "-2+3",
    "f1": "<b>&amp;\"';,\n{{ 7*7 }} 서울 \u2067x",
}


@pytest.fixture(scope="module")
def client() -> FlaskClient:
    """A client of the six squares with urban centres, whose members have hostile names."""
    return served(HOSTILE)


def served(names: dict[str, str] | None = None) -> FlaskClient:
    """Return a client of the six squares."""
    data = world.dataset(names, urban=world.URBAN)
    return create_app(Settings(base_url="https://maps.example.org"), Store(data)).test_client()


def content(client: FlaskClient, address: str) -> bytes:
    """Return the bytes at an address that answers."""
    response = client.get(address)
    assert response.status_code == 200, (address, response.text[:300])
    return response.data


@pytest.mark.parametrize("ending", OTHERS)
@pytest.mark.parametrize("what", WHAT)
def test_all_formats_hold_the_same_ids_attributes_and_places(client: FlaskClient, what: str, ending: str):
    expected = as_frame(READERS["geojson"](content(client, f"/{what}.geojson")))
    found = as_frame(READERS[ending](content(client, f"/{what}.{ending}")))
    if ending in {"csv", "xlsx"} and what == "countries":
        expected = expected.drop(columns="place")  # a table has no polygons
    # A column in which nothing is known may be left out by a reader.
    pd.testing.assert_frame_equal(found, expected.loc[:, (expected != "").any()], check_dtype=False)


@pytest.mark.parametrize("ending", ["gpkg", "fgb", "kml", "parquet"])
def test_coverage_for_gis_is_the_countries_of_its_geojson(client: FlaskClient, ending: str):
    expected = as_frame(READERS["geojson"](content(client, "/gaps.geojson?theme=water")))
    found = as_frame(READERS[ending](content(client, f"/gaps.{ending}?theme=water")))
    pd.testing.assert_frame_equal(found, expected.loc[:, (expected != "").any()], check_dtype=False)


def test_coverage_as_a_workbook_is_the_grid_of_its_csv(client: FlaskClient):
    book = openpyxl.load_workbook(io.BytesIO(content(client, "/gaps.xlsx?theme=water")))
    rows = [
        ["" if cell is None else cell for cell in row] for row in book["gaps"].iter_rows(values_only=True)
    ]
    plain = pd.read_csv(io.BytesIO(content(client, "/gaps.csv?theme=water")), keep_default_na=False)
    assert rows[0] == list(plain.columns)
    assert len(rows) == len(plain) + 1
    assert [str(row[1]) for row in rows[1:]] == list(plain["area"])
    members, values = rows[0].index("n_members"), rows[0].index("value")
    assert [str(row[members]) for row in rows[1:]] == list(plain["n_members"].map(str))
    numbers = [
        pd.to_numeric(pd.Series(column), errors="coerce")
        for column in ([row[values] for row in rows[1:]], plain["value"])
    ]
    pd.testing.assert_series_equal(*numbers, check_names=False)
    assert numbers[0].notna().sum() > 9


@pytest.mark.parametrize("ending", OTHERS)
def test_a_file_holds_exactly_the_view(client: FlaskClient, ending: str):
    found = READERS[ending](content(client, f"/members.{ending}?theme=water&region=west"))
    assert sorted(found) == ["a1", "a2"]


@pytest.mark.parametrize("ending", OTHERS)
@pytest.mark.parametrize("what", ["members", "urban-centres"])
def test_a_view_without_anybody_is_a_file_without_rows(client: FlaskClient, what: str, ending: str):
    query = "q=nobody" if what == "members" else "offset=9999"
    assert READERS[ending](content(client, f"/{what}.{ending}?{query}")) == {}


@pytest.mark.parametrize("ending", OTHERS)
@pytest.mark.parametrize("what", [*WHAT, "gaps"])
def test_equal_data_gives_equal_bytes_at_any_time(what: str, ending: str, monkeypatch: pytest.MonkeyPatch):
    first = content(served(), f"/{what}.{ending}")
    # As if it were years later: every clock that a format could ask.
    monkeypatch.setattr(time, "time", lambda: 2_000_000_000.0)
    monkeypatch.setattr(time, "localtime", lambda *_: time.gmtime(2_000_000_000))
    second = content(served(), f"/{what}.{ending}")
    assert hashlib.sha256(first).hexdigest() == hashlib.sha256(second).hexdigest()


@pytest.mark.parametrize("ending", ["gpkg", "xlsx", "zip"])
def test_the_time_inside_a_file_is_that_of_the_data(ending: str):
    file = content(served(), f"/members.{ending}")
    if ending == "gpkg":
        assert b"2026-01-02T00:00:00" in file
        return
    if ending == "xlsx":
        properties = openpyxl.load_workbook(io.BytesIO(file)).properties
        assert (properties.created.date().isoformat(), properties.modified.date().isoformat()) == (
            "2026-01-02",
        ) * 2
        return
    with zipfile.ZipFile(io.BytesIO(file)) as package:
        assert {one.date_time for one in package.infolist()} == {(2026, 1, 2, 0, 0, 0)}


@pytest.mark.parametrize("ending", OTHERS)
def test_headers_are_those_of_all_data(client: FlaskClient, ending: str):
    response = client.get(f"/members.{ending}?theme=water&dl=1")
    headers = response.headers
    assert headers["Content-Type"].partition(";")[0] == KINDS[ending].media_type
    assert (
        headers["Content-Disposition"]
        == f'attachment; filename="squares-members-2026-01-02-theme-water.{ending}"'
    )
    assert headers["Access-Control-Allow-Origin"] == "*"
    assert headers["Cache-Control"] == "public, max-age=300, stale-while-revalidate=86400"
    assert headers["Content-Length"] == str(len(response.data))
    assert 'rel="license"' in headers.getlist("Link")[0]
    again = client.get(f"/members.{ending}?theme=water", headers={"If-None-Match": headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    head = client.head(f"/members.{ending}?theme=water")
    assert head.headers["Content-Length"] == headers["Content-Length"]
    preflight = client.open(f"/members.{ending}", method="OPTIONS")
    assert preflight.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize(
    ("address", "parameter"),
    [
        ("/members.gpkg?crs=EPSG:27700", "crs"),
        ("/members.gpkg?crs=file:///etc/passwd", "crs"),
        ("/members.gpkg?crs=%2Bproj%3Dlongлат", "crs"),
        ("/members.gpkg?crs=http://www.opengis.net/def/crs/EPSG/0/../3857x", "crs"),
        ("/members.gpkg?crs=EPSG:3857&crs=EPSG:3857", "crs"),
        ("/members.csv?crs=EPSG:3857", "crs"),
        ("/members.kml?crs=EPSG:3857", "crs"),
        ("/members.geojson?crs=EPSG:3857", "crs"),
        ("/members.xlsx?themes=water", "themes"),
        ("/gaps.gpkg?theme=watr", "theme"),
        ("/urban-centres.csv?limit=0", "limit"),
        ("/metadata.json?f=rdf", "f"),
        ("/metadata.json?f=dcat&f=dcat", "f"),
    ],
)
def test_what_cannot_be_understood_is_a_problem_that_names_the_parameter(
    client, address: str, parameter: str
):
    response = client.get(address)
    assert response.status_code == 400
    assert response.headers["Content-Type"] == "application/problem+json"
    assert json.loads(response.data)["parameter"] == parameter


@pytest.mark.parametrize(
    "address", ["/members.shp", "/members.", "/gaps.", "/countries.geojson.zip", "/themes.csv"]
)
def test_a_format_that_there_is_not_is_not_found(client: FlaskClient, address: str):
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("ending", ["gpkg", "fgb", "parquet"])
@pytest.mark.parametrize("spelling", ["EPSG:3857", "epsg:3857", "http://www.opengis.net/def/crs/EPSG/0/3857"])
def test_coordinates_come_in_the_reference_system_that_is_asked_for(
    client, tmp_path, ending: str, spelling: str
):
    file = content(client, f"/members.{ending}?crs={spelling}&country=BB")
    place = READERS[ending](file)["b1"]["place"]
    # 1.5° and 0.5° on the sphere of radius 6,378,137 m: counted by hand as R·λ and R·ln tan(π/4 + φ/2).
    assert place == "POINT (166979.24 55660.45)"
    if ending != "parquet":
        path = tmp_path / f"members.{ending}"
        path.write_bytes(file)
        assert pyogrio.read_info(path)["crs"] == "EPSG:3857"
    else:
        assert b'"code": 3857' in file


def test_the_operator_decides_which_reference_systems_there_are(squares):
    client = create_app(Settings(crs=("EPSG:2056",)), Store(squares)).test_client()
    assert client.get("/members.gpkg?crs=EPSG:3857").status_code == 400
    assert json.loads(client.get("/members.gpkg?crs=x").data)["allowed"] == ["OGC:CRS84", "EPSG:2056"]
    assert client.get("/members.gpkg?crs=OGC:CRS84").data == client.get("/members.gpkg").data


@pytest.mark.parametrize("wrong", ["EPSG:999999", "+proj=merc", "https://example.org/crs"])
def test_a_reference_system_that_there_is_not_stops_the_start(squares, wrong: str):
    with pytest.raises(BadConfiguration) as caught:
        create_app(Settings(crs=("EPSG:3857", wrong)), Store(squares))
    assert caught.value.column == "MAPSVC_CRS"


@pytest.mark.parametrize("query", ["", "?crs=EPSG:3857", "?q=nobody"])
@pytest.mark.parametrize("what", ["members", "countries"])
def test_geoparquet_is_what_its_validator_says_it_is(client: FlaskClient, what: str, query: str):
    if what == "countries" and "q=" in query:
        query = "?region=west"
    report = check_bytes(what, content(client, f"/{what}.parquet{query}"))
    # Not all skipped: that would be a pass that says nothing.
    assert [one for one in report["outcomes"] if one["status"] == "pass"]
    assert failed(report, "core") == [], report


def test_no_cell_of_a_workbook_or_table_is_a_formula(client: FlaskClient):
    book = openpyxl.load_workbook(io.BytesIO(content(client, "/members.xlsx")))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert len(cells) > 100
    assert [cell.value for cell in cells if cell.data_type == "f" or cell.hyperlink] == []
    texts = [cell.value for cell in cells if isinstance(cell.value, str)]
    assert [text for text in texts if text[0] in "=+-@\t\r＝＋－＠"] == []
    names = {cell.value for cell in book["members"]["B"]}
    assert '\'=HYPERLINK("http://evil.example","x")' in names


def test_a_package_says_what_it_is_where_it_comes_from_and_what_was_asked(client: FlaskClient):
    with zipfile.ZipFile(io.BytesIO(content(client, "/members.zip?theme=water"))) as package:
        assert package.namelist() == ["README.txt", "metadata.json", "members.csv", "members.geojson"]
        assert package.testzip() is None
        readme = package.read("README.txt").decode()
        metadata = json.loads(package.read("metadata.json"))
    for said in (
        "Licence: CC0 1.0 https://creativecommons.org/publicdomain/zero/1.0/",
        "Source: Counted by hand.",
        "Cite as: Network of Squares. (2026). Water · Members · Members of the Network of Squares (as of 2026-01-02",
        "Date of the data: 2026-01-02",
        f"Snapshot: {metadata['snapshot']}",
        "Query: theme=water",
        "Address: https://maps.example.org/?theme=water",
        "* Some members are missing on purpose.",
        "* Squares imply no opinion.",
    ):
        assert said in readme
    assert metadata["numberOfFeatures"] == 2
    assert set(metadata["citation"]) == {"apa", "bibtex", "ris"}


def test_metadata_leads_to_every_file_of_the_view(client: FlaskClient):
    metadata = json.loads(content(client, "/metadata.json?theme=water"))
    assert [one["mediaType"] for one in metadata["files"]] == [one.media_type for one in KINDS.values()]
    for one in metadata["files"]:
        assert "theme=water" in one["href"]
        response = client.get(one["href"].removeprefix("https://maps.example.org"))
        assert response.headers["Content-Type"].partition(";")[0] == one["mediaType"]


def test_dcat_has_where_to_read_and_where_to_get_and_schema_org_what_and_how(client: FlaskClient):
    dcat = json.loads(content(client, "/metadata.json?f=dcat"))
    assert dcat["@type"] == "dcat:Dataset"
    assert len(dcat["dcat:distribution"]) == 2 * len(KINDS)
    assert all(
        {"dcat:accessURL", "dcat:downloadURL", "dcat:mediaType"} <= set(one)
        for one in dcat["dcat:distribution"]
    )
    assert dcat["dct:modified"] == {"@type": "xsd:date", "@value": "2026-01-02"}
    schema = json.loads(content(client, "/metadata.json?f=schema&theme=water"))
    assert (schema["@context"], schema["@type"]) == ("https://schema.org", "Dataset")
    assert {"contentUrl", "encodingFormat"} <= set(schema["distribution"][0])
    assert schema["isPartOf"] == "https://maps.example.org/#dataset"
    assert client.get("/metadata.json?f=dcat").headers["Content-Type"] == "application/ld+json"


def test_geojson_links_to_itself_its_licence_its_metadata_and_the_other_formats(client: FlaskClient):
    for what in (*WHAT, "gaps"):
        links = json.loads(content(client, f"/{what}.geojson?theme=water"))["links"]
        assert all({"rel", "href", "type"} <= set(one) for one in links)
        by_rel: dict[str, list[dict[str, str]]] = {}
        for one in links:
            by_rel.setdefault(one["rel"], []).append(one)
        assert by_rel["license"][0]["href"] == "https://creativecommons.org/publicdomain/zero/1.0/"
        assert len(by_rel["enclosure"]) == len(OTHERS)
        for one in [*by_rel["self"], *by_rel["describedby"], *by_rel["enclosure"]]:
            response = client.get(one["href"].removeprefix("https://maps.example.org"))
            assert response.status_code == 200, one
            assert response.headers["Content-Type"].partition(";")[0] == one["type"]


def test_urban_centres_left_out_of_a_file_are_said(client: FlaskClient, monkeypatch: pytest.MonkeyPatch):
    book = openpyxl.load_workbook(io.BytesIO(content(client, "/urban-centres.xlsx?limit=3")))
    said = dict(book["about"].iter_rows(values_only=True))
    assert said["notes"].startswith("This file holds 3 of 4")
    assert said["number_of_features"] == "3"


def test_who_comes_while_too_many_files_are_being_made_is_asked_to_come_again(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(file_answers, "_TURNS", Turns(1, 0))
    with file_answers._TURNS.turn():
        response = served().get("/members.xlsx")
    assert response.status_code == 503
    assert response.headers["Retry-After"]
    with pytest.raises(Overloaded), file_answers._TURNS.turn(), file_answers._TURNS.turn():
        pass


def test_the_writers_of_formats_are_imported_when_the_first_file_is_asked_for():
    code = "import sys; from mapsvc.web import app; print({'xlsxwriter', 'arro3.io', 'mapsvc.web.file_answers'} & {*sys.modules})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
