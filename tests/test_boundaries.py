"""Country polygons on disk: what a good folder gives, and what is refused with the place of the fault."""

import json
import shutil
from pathlib import Path

import geopandas as gpd
import pyogrio
import pytest
from shapely import LineString, MultiPolygon, Polygon, box
from shapely.geometry import mapping

from mapsvc.errors import BadData, NoInput
from mapsvc.settings import shipped
from mapsvc.sources.boundaries import check_detailed, read_countries, read_detailed, read_parts

WEST, EAST = box(0, 0, 1, 1), box(1, 0, 2, 1)
HEADER = "country,iso_a3,name,m49_subregion,m49_title,population,label_longitude,label_latitude\n"


def write(folder: Path, shapes: dict, rows: str) -> Path:
    """Write a network's own countries: `shapes` by id, and the rows of countries.csv."""
    features = [
        {
            "type": "Feature",
            "id": id_,
            "properties": {},
            "geometry": shape if shape is None else mapping(shape),
        }
        for id_, shape in shapes.items()
    ]
    collection = {"type": "FeatureCollection", "features": features}
    (folder / "countries.geojson").write_text(json.dumps(collection), encoding="utf-8")
    (folder / "countries.csv").write_text(HEADER + rows, encoding="utf-8")
    return folder


@pytest.fixture
def two_squares(tmp_path):
    return write(
        tmp_path, {"NA": WEST, "BB": EAST}, "NA,NAM,West,mid,Middle,1000,0.5,0.5\nBB,BBB,East,,,,,\n"
    )


def test_countries_are_indexed_by_code_and_sorted_with_multipolygons(two_squares):
    countries = read_countries(two_squares)
    assert countries.index.tolist() == ["BB", "NA"]
    assert countries.index.name == "country"
    assert countries.geom_type.unique().tolist() == ["MultiPolygon"]
    assert countries.crs.to_epsg() == 4326
    assert countries.loc["NA", ["iso_a3", "name", "m49_subregion", "population"]].tolist() == [
        "NAM",
        "West",
        "mid",
        1000,
    ]


def test_an_empty_cell_is_missing_but_the_code_na_is_namibia(two_squares):
    countries = read_countries(two_squares)
    assert "NA" in countries.index
    assert countries.loc["BB", ["m49_subregion", "m49_title", "population", "label_latitude"]].isna().all()


def test_only_code_and_names_are_required(two_squares):
    (two_squares / "countries.csv").write_text(
        "country,iso_a3,name\nNA,NAM,West\nBB,BBB,East\n", encoding="utf-8"
    )
    countries = read_countries(two_squares)
    assert countries["population"].isna().all()
    assert str(countries["population"].dtype) == "Int64"


def test_a_network_without_boundaries_of_its_own_gets_the_fallback(tmp_path, two_squares):
    empty = tmp_path / "empty"
    empty.mkdir()
    assert read_countries(empty, fallback=two_squares).index.tolist() == ["BB", "NA"]
    assert read_detailed(empty, fallback=two_squares)["country"].tolist() == ["NA", "BB"]
    assert read_parts(empty, fallback=two_squares) == {}


def test_a_network_with_boundaries_of_its_own_never_gets_those_of_the_fallback(two_squares):
    parts = read_detailed(two_squares, fallback=shipped("geodata"))
    assert sorted(parts["country"]) == ["BB", "NA"]
    assert sum(shape.area for shape in parts.geometry) == 2
    assert read_parts(two_squares, fallback=shipped("geodata")) == {}


def test_the_detailed_level_may_have_several_rows_for_a_country_and_can_be_read_in_part(two_squares):
    frame = gpd.GeoDataFrame(
        {"country": ["AA", "AA", "BB"]}, geometry=[WEST, box(9, 9, 10, 10), EAST], crs=4326
    )
    pyogrio.write_dataframe(frame, two_squares / "countries_10m.fgb")
    assert sorted(read_detailed(two_squares)["country"]) == ["AA", "AA", "BB"]
    assert read_detailed(two_squares, bbox=(8, 8, 11, 11))["country"].tolist() == ["AA"]


def test_the_level_to_draw_stands_in_for_the_detailed_one_by_place_too(two_squares):
    assert read_detailed(two_squares, bbox=(1.5, 0.2, 1.6, 0.3))["country"].tolist() == ["BB"]


@pytest.mark.parametrize("name", ["countries.csv", "countries.geojson"])
def test_a_file_that_is_missing_is_named(two_squares, name):
    (two_squares / name).unlink()
    with pytest.raises(NoInput, match=name):
        read_countries(two_squares)


@pytest.mark.parametrize(
    ("rows", "line", "message"),
    [
        ("NA,NAM,West,,,,,\nBB,BBB,East,,,,,\nBB,BBB,Again,,,,,\n", 4, "BB given twice"),
        ("NA,NAM,West,,,,,\nbb,BBB,East,,,,,\n", 3, "'bb' is not a country code"),
        ("NA,NAM,West,,,,,\n,BBB,East,,,,,\n", 3, "a code is missing"),
        ("NA,NAM,West,,,,,\nBB,BBB,,,,,,\n", 3, "name is empty"),
        ("NA,NAM,West,,,many,,\nBB,BBB,East,,,,,\n", 2, "'many' is not a whole number"),
        ("NA,NAM,West,,,1.5,,\nBB,BBB,East,,,,,\n", 2, "'1.5' is not a whole number"),
        ("NA,NAM,West,,,,here,\nBB,BBB,East,,,,,\n", 2, "'here' is not a number"),
    ],
)
def test_a_bad_row_is_refused_with_its_line(two_squares, rows, line, message):
    (two_squares / "countries.csv").write_text(HEADER + rows, encoding="utf-8")
    with pytest.raises(BadData, match=message) as raised:
        read_countries(two_squares)
    assert (raised.value.file, raised.value.row) == ("countries.csv", line)


def test_a_table_without_a_required_column_is_refused(two_squares):
    (two_squares / "countries.csv").write_text("country,name\nNA,West\nBB,East\n", encoding="utf-8")
    with pytest.raises(BadData, match="no column iso_a3"):
        read_countries(two_squares)


def test_a_country_in_one_file_only_is_refused_and_named(two_squares):
    (two_squares / "countries.csv").write_text(HEADER + "NA,NAM,West,,,,,\n", encoding="utf-8")
    with pytest.raises(BadData, match=r"countries\.csv:country: BB of countries\.geojson not found"):
        read_countries(two_squares)
    rows = "NA,NAM,West,,,,,\nBB,BBB,East,,,,,\nCC,CCC,Away,,,,,\n"
    (two_squares / "countries.csv").write_text(HEADER + rows, encoding="utf-8")
    with pytest.raises(BadData, match=r"countries\.geojson:country: CC of countries\.csv not found"):
        read_countries(two_squares)


BOW_TIE = Polygon([(0, 0), (1, 1), (1, 0), (0, 1), (0, 0)])
BAND = Polygon([(179, 0), (-179, 0), (-179, 1), (179, 1), (179, 0)])
POLAR_CAP = Polygon([(-180, -90), (180, -90), (180, -80), (0, -70), (-180, -80), (-180, -90)])


@pytest.mark.parametrize(
    ("shape", "message"),
    [
        (BOW_TIE, "are not valid"),
        (BAND, "cross 180° and are not cut there"),
        (box(170, 0, 190, 1), "reach beyond 180° or 90°"),
        (LineString([(0, 0), (1, 1)]), "are not polygons"),
        (None, "have no geometry"),
        (Polygon(), "have no geometry"),
    ],
)
def test_a_shape_that_cannot_be_drawn_is_refused_with_its_country(tmp_path, shape, message):
    write(tmp_path, {"AA": WEST, "BB": shape}, "AA,AAA,West,,,,,\nBB,BBB,East,,,,,\n")
    with pytest.raises(BadData, match=f"BB: the polygons {message}"):
        read_countries(tmp_path)


def test_a_country_around_the_pole_and_one_cut_at_180_degrees_are_accepted(tmp_path):
    halves = MultiPolygon([box(179, 0, 180, 1), box(-180, 0, -179, 1)])
    write(tmp_path, {"AQ": POLAR_CAP, "FJ": halves}, "AQ,ATA,Pole,,,,,\nFJ,FJI,Halves,,,,,\n")
    assert len(read_countries(tmp_path)) == 2


def test_a_feature_without_an_id_or_with_an_id_twice_is_refused(two_squares):
    path = two_squares / "countries.geojson"
    collection = json.loads(path.read_text(encoding="utf-8"))
    collection["features"][1]["id"] = "NA"
    path.write_text(json.dumps(collection), encoding="utf-8")
    with pytest.raises(BadData, match="NA given twice"):
        read_countries(two_squares)
    del collection["features"][1]["id"]
    path.write_text(json.dumps(collection), encoding="utf-8")
    with pytest.raises(BadData, match="code"):
        read_countries(two_squares)
    del collection["features"][0]["id"]
    path.write_text(json.dumps(collection), encoding="utf-8")
    with pytest.raises(BadData, match="no id"):
        read_countries(two_squares)


@pytest.mark.parametrize("content", ["", "not json", '{"type": "FeatureCollection", "features": ', "[1, 2]"])
def test_a_file_that_is_no_geojson_is_refused(two_squares, content):
    (two_squares / "countries.geojson").write_text(content, encoding="utf-8")
    with pytest.raises(BadData, match=r"countries\.geojson"):
        read_countries(two_squares)


def test_another_format_under_the_name_is_not_opened(two_squares):
    source = shutil.copy(two_squares / "countries.geojson", two_squares / "other.geojson")
    vrt = f"<OGRVRTDataSource><OGRVRTLayer name='other'><SrcDataSource>{source}</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>"
    (two_squares / "countries.geojson").write_text(vrt, encoding="utf-8")
    with pytest.raises(BadData, match="cannot be read as features"):
        read_countries(two_squares)


def test_projected_coordinates_are_refused(two_squares):
    frame = gpd.GeoDataFrame({"country": ["AA"]}, geometry=[WEST], crs=4326).to_crs(3857)
    pyogrio.write_dataframe(frame, two_squares / "countries_10m.fgb")
    with pytest.raises(BadData, match="use EPSG:4326"):
        read_detailed(two_squares)


def test_a_detailed_level_without_codes_is_refused(two_squares):
    frame = gpd.GeoDataFrame({"name": ["AA"]}, geometry=[WEST], crs=4326)
    pyogrio.write_dataframe(frame, two_squares / "countries_10m.fgb")
    with pytest.raises(BadData, match="no column country"):
        read_detailed(two_squares)


def test_the_geometries_of_the_detailed_level_are_checked_on_request():
    good = gpd.GeoDataFrame({"country": ["AA", "AA"]}, geometry=[WEST, EAST], crs=4326)
    check_detailed(good)
    with pytest.raises(BadData, match="BB: the polygons are not valid"):
        check_detailed(gpd.GeoDataFrame({"country": ["AA", "BB"]}, geometry=[WEST, BOW_TIE], crs=4326))


def test_what_is_drawn_as_part_of_what_is_checked_too(two_squares):
    path = two_squares / "countries_part_of.csv"
    path.write_text("country,part_of,name\nGF,FR,French Guiana\n", encoding="utf-8")
    assert read_parts(two_squares) == {"GF": "FR"}
    path.write_text("country,part_of,name\nGF,France,French Guiana\n", encoding="utf-8")
    with pytest.raises(BadData, match=r"countries_part_of\.csv:2:part_of: 'France' is not a country code"):
        read_parts(two_squares)
