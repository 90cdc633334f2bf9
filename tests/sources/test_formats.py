"""The same twelve members give the same dataset, whatever they come in; parts of files and databases are chosen by name."""

import json
import sqlite3

import geopandas as gpd
import openpyxl
import pandas as pd
import pytest
from click.testing import CliRunner

from mapsvc.cli import main
from mapsvc.errors import BadData, NoInput, Unavailable
from mapsvc.settings import shipped
from mapsvc.sources.importer import import_members
from mapsvc.sources.incoming import read_incoming

GEODATA = shipped("geodata")


@pytest.fixture
def as_file(tmp_path, table, points):
    """Write the twelve in a format; the file's name says nothing about it."""

    def write(kind):
        path = tmp_path / f"{kind}.dat"
        if kind == "csv":
            table.to_csv(path, index=False, sep=";", encoding="utf-16")
        elif kind == "xlsx":
            book = openpyxl.Workbook()
            sheet = book.active
            sheet.append([])
            sheet.append(list(table.columns))
            for row in table.itertuples(index=False, name=None):
                sheet.append([_typed(cell) for cell in row])
            book.save(path)
        elif kind == "geojson":
            points.to_file(path, driver="GeoJSON")
        elif kind == "gpkg":
            points.to_file(tmp_path / "x.gpkg", layer="people")
            (tmp_path / "x.gpkg").rename(path)
        elif kind == "parquet":
            points.to_parquet(path)
        return path

    return write


def _typed(text):
    try:
        return float(text)
    except ValueError:
        return text or None


def imported(source, network, **more):
    result = import_members(source, network, atlas=GEODATA, **more)
    return result.table.to_csv(index=False), result


@pytest.fixture(scope="module")
def expected(tmp_path_factory, table):
    """What the importer makes of the plainest file."""
    folder = tmp_path_factory.mktemp("plain")
    for name in ("network.toml", "themes.csv"):
        (folder / name).write_bytes((GEODATA / name).read_bytes())
    table.to_csv(folder / "plain.csv", index=False)
    text, result = imported(folder / "plain.csv", folder)
    assert len(result.table) == 12
    return text


@pytest.mark.parametrize("kind", ["csv", "xlsx", "geojson", "gpkg", "parquet"])
def test_the_same_members_give_the_same_dataset_from_every_kind_of_file(as_file, network, expected, kind):
    assert imported(as_file(kind), network)[0] == expected


@pytest.mark.postgis
def test_the_same_members_give_the_same_dataset_from_a_database(database, points, network, expected):
    load(database, "people", points)
    assert imported(database, network, layer="people")[0] == expected
    query = 'SELECT *, population + 0 AS "pop" FROM people'
    with pytest.raises(BadData, match="both mean population"):
        imported(database, network, query=query)
    assert imported(database, network, query="SELECT * FROM people WHERE true ORDER BY name")[0] == expected


def load(address, table, frame):
    """Write features to a table, points as PostGIS has them."""
    import psycopg
    from psycopg import sql

    names = [name for name in frame.columns if name != "geometry"]
    with psycopg.connect(address, autocommit=True) as base:
        base.execute(sql.SQL("DROP TABLE IF EXISTS {}").format(sql.Identifier(table)))
        kinds = [("integer" if name == "population" else "text") for name in names]
        listed = [
            sql.SQL("{} {}").format(sql.Identifier(name), sql.SQL(kind))
            for name, kind in zip(names, kinds, strict=True)
        ]
        base.execute(
            sql.SQL("CREATE TABLE {} ({}, geom geometry(Point, 4326))").format(
                sql.Identifier(table), sql.SQL(", ").join(listed)
            )
        )
        insert = sql.SQL("INSERT INTO {} VALUES ({}, ST_SetSRID(%s::geometry, 4326))").format(
            sql.Identifier(table), sql.SQL(", ").join([sql.Placeholder()] * len(names))
        )
        for row in frame.itertuples(index=False):
            cells = [None if pd.isna(cell) else cell for cell in row[:-1]]
            base.execute(insert, [*cells, row[-1].wkb_hex])


# --- Parts of a file, reference systems ---


def test_a_sheet_is_chosen_by_name_and_another_name_lists_those_that_there_are(tmp_path):
    book = openpyxl.Workbook()
    book.active.title = "Notes"
    book.active.append(["nothing", "here"])
    book.create_sheet("Members").append(["name", "country"])
    book["Members"].append(["Oslo", "NO"])
    book.save(tmp_path / "book.xlsx")
    table = read_incoming(tmp_path / "book.xlsx", "Members")
    assert (table.frame.loc[2, "name"], table.dialect) == ("Oslo", "XLSX, sheet Members")
    with pytest.raises(BadData, match="there are: Notes, Members"):
        read_incoming(tmp_path / "book.xlsx", "People")


def test_dates_and_numbers_of_a_sheet_are_what_one_sees(tmp_path):
    from datetime import date, datetime

    book = openpyxl.Workbook()
    book.active.append(["a", "b", "c", "d", "e"])
    noon = datetime(2007, 11, 27, 12, 30)  # noqa: DTZ001 – a cell knows no time zone
    book.active.append([date(2007, 11, 27), noon, 2007, 0.1, True])
    book.save(tmp_path / "book.xlsx")
    row = read_incoming(tmp_path / "book.xlsx").frame.iloc[0].tolist()
    assert row == ["2007-11-27", "2007-11-27T12:30:00", "2007", "0.1", "true"]


@pytest.mark.parametrize("kind", ["gpkg", "parquet", "geojson"])
def test_points_in_another_reference_system_are_in_degrees_afterwards_and_it_is_said(tmp_path, points, kind):
    path = tmp_path / f"x.{kind}"
    other = points[["name", "country", "geometry"]].to_crs(3857)
    if kind == "parquet":
        other.to_parquet(path)
    else:
        other.to_file(path, **({"RFC7946": "NO"} if kind == "geojson" else {}))
    table = read_incoming(path)
    assert float(table.frame["longitude"].iloc[5]) == pytest.approx(178.44149, abs=1e-7)
    assert "EPSG:3857" in next(issue.message for issue in table.report.issues if issue.code == "reprojected")


def test_points_in_a_system_that_is_not_stated_are_refused(tmp_path, points):
    path = tmp_path / "x.gpkg"
    points.to_file(path)
    with sqlite3.connect(path) as base:
        base.execute("UPDATE gpkg_geometry_columns SET srs_id = -1")
    with pytest.raises(BadData, match="not stated by its EPSG code"):
        read_incoming(path)


@pytest.mark.parametrize("kind", ["geojson", "gpkg", "parquet"])
def test_a_shape_that_is_no_point_costs_the_point_and_is_a_finding_of_its_row(tmp_path, kind):
    from shapely import Point, box

    frame = gpd.GeoDataFrame(
        {"name": ["A", "B", "C"]}, geometry=[Point(1, 2), box(0, 0, 1, 1), None], crs=4326
    )
    path = tmp_path / f"x.{kind}"
    if kind == "parquet":
        frame.to_parquet(path)
    else:
        frame.to_file(path)
    table = read_incoming(path)
    assert table.frame["longitude"].tolist() == ["1", "", ""]
    (issue,) = table.report.errors
    assert (issue.row, issue.code) == (2, "not-a-point")
    assert "polygon" in issue.message.lower()


def test_numbers_of_geojson_stay_as_they_are_written(tmp_path):
    feature = '{"type":"Feature","geometry":null,"properties":{"a":1.10,"b":"1.10","c":null,"d":["x","y"],"e":{"k":1}}}'
    path = tmp_path / "x.json"
    path.write_text(f'{{"features":[{feature}],"type":"FeatureCollection"}}', "utf-8")
    assert read_incoming(path).frame.iloc[0].tolist() == ["1.10", "1.10", "", "x;y", "k=1", "", ""]


def test_a_feature_collection_of_this_service_can_be_imported_again(tmp_path, bundled_client, network):
    path = tmp_path / "members.geojson"
    path.write_bytes(bundled_client.get("/members.geojson?country=NO").data)
    _, result = imported(path, network)
    ids = [feature["id"] for feature in json.loads(path.read_bytes())["features"]]
    assert sorted(result.table["id"]) == sorted(ids)


# --- Databases ---


def test_a_database_that_cannot_be_reached_ends_with_69_and_the_password_is_not_shown(network):
    address = "postgresql://me:secret@127.0.0.1:9/members"
    with pytest.raises(Unavailable):
        read_incoming(address, "people")
    result = CliRunner().invoke(main, ["import", address, "--table", "people", "--data", str(network)])
    assert result.exit_code == 69
    assert "postgresql://127.0.0.1:9/members: the database cannot be reached" in result.stderr
    assert "secret" not in result.output


def test_a_database_needs_a_table_or_a_query_and_a_file_takes_no_query(tmp_path):
    with pytest.raises(NoInput, match="holds many tables"):
        read_incoming("postgresql://127.0.0.1:9/x")
    (tmp_path / "x.csv").write_text("a\n1\n")
    with pytest.raises(NoInput, match="a query needs a database"):
        read_incoming(tmp_path / "x.csv", query="SELECT 1")


@pytest.mark.postgis
@pytest.mark.parametrize(
    "query",
    ["DELETE FROM kept", "SELECT 1; DROP TABLE kept", "SELECT 1; COMMIT; DROP TABLE kept", "DROP TABLE kept",
     "WITH gone AS (DELETE FROM kept RETURNING *) SELECT * FROM gone", "COPY kept TO PROGRAM 'touch owned'",
     "SELECT set_config('transaction_read_only', 'off', false), count(*) FROM kept", "not SQL", "SELECT pg_sleep(1000)"],
)  # fmt: skip
def test_a_query_can_only_read(database, points, query, monkeypatch):
    from mapsvc.sources import postgis

    monkeypatch.setattr(postgis, "STATEMENT_S", 1)
    load(database, "kept", points[["name", "population", "geometry"]])
    with pytest.raises((BadData, Unavailable)):
        read_incoming(database, query=query)
    assert len(read_incoming(database, "kept").frame) == 12


@pytest.mark.postgis
def test_points_without_a_reference_system_or_in_another_than_the_first_are_findings(database):
    query = """SELECT 'A' AS name, NULL::geometry AS geom UNION ALL SELECT 'B', 'SRID=4326;POINT(1 2)'::geometry
               UNION ALL SELECT 'C', 'POINT(1 2)'::geometry UNION ALL SELECT 'D', 'SRID=3857;POINT(1 2)'::geometry"""
    table = read_incoming(database, query=query)
    assert table.frame["longitude"].tolist() == ["", "1", "", ""]
    assert [(issue.row, issue.code) for issue in table.report.errors] == [
        (3, "not-a-point"),
        (4, "not-a-point"),
    ]
    other = read_incoming(database, query="SELECT 'A' AS name, 'SRID=3857;POINT(0 0)'::geometry AS geom")
    assert other.frame["longitude"].tolist() == ["0"]


@pytest.mark.postgis
def test_a_table_that_is_not_there_is_66_and_hostile_names_are_quoted(database, points):
    hostile = 'x"; DROP TABLE kept; --'
    load(database, hostile, points[["name", "geometry"]])
    assert len(read_incoming(database, hostile).frame) == 12
    with pytest.raises(NoInput, match="does not exist"):
        read_incoming(database, 'nope"; DROP TABLE kept; --')
