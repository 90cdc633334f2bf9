"""GeoJSON as RFC 7946 has it, checked by reading it back."""

import json

import geopandas as gpd
import numpy as np
import pytest
from shapely import MultiPolygon, Point, Polygon, box
from shapely.geometry import shape

from mapsvc.formats import geojson
from mapsvc.model import MEMBERS
from tests import world

NAMES = {code: f"Land {code}" for code in world.CODES}
PROPERTIES = (*(column.name for column in MEMBERS.columns), "country_name", "region")
REGIONS = {code: region.id for region in world.NETWORK.regions for code in region.countries}


def features() -> dict[str, dict]:
    """Return the members of the six squares as parsed features, by id."""
    texts = geojson.member_features(world.members(), NAMES, REGIONS, PROPERTIES)
    return {one["id"]: one for one in map(json.loads, texts)}


def test_a_member_is_a_point_in_lon_lat_with_its_facts():
    member = features()["a1"]
    assert member["type"] == "Feature"
    assert member["geometry"] == {"type": "Point", "coordinates": [0.25, 0.25]}
    assert (
        member["properties"] | {"name": "Alpha", "country_name": "Land AA", "region": "west"}
        == member["properties"]
    )
    assert member["properties"]["themes"] == ["air", "water"]


def test_a_member_without_a_place_has_a_null_geometry_and_is_there():
    assert features()["c1"]["geometry"] is None


def test_unknown_themes_are_null_and_none_is_an_empty_list():
    assert features()["a3"]["properties"]["themes"] is None
    assert features()["f1"]["properties"]["themes"] == []


def test_what_is_not_known_is_null_and_never_nan():
    properties = features()["a2"]["properties"]
    assert properties["since"] is None
    assert properties["population"] is None


def test_coordinates_have_five_decimals_at_most():
    people = world.members().iloc[:1].set_geometry([Point(1 / 3, -2 / 3)], crs=4326)
    text = geojson.member_features(people, NAMES, REGIONS, PROPERTIES)[0]
    assert '"coordinates":[0.33333,-0.66667]' in text


def test_a_number_that_json_does_not_have_is_refused_rather_than_written():
    with pytest.raises(ValueError, match="JSON"):
        geojson.collection([], {"x": float("nan")})


def test_numpy_integers_are_written_as_numbers():
    assert geojson.collection([], {"n": np.int64(3)}) == b'{"type":"FeatureCollection","n":3,"features":[]}'


def test_exterior_rings_run_counter_clockwise_and_holes_clockwise():
    clockwise = Polygon(box(0, 0, 3, 3).exterior.coords[::-1], [box(1, 1, 2, 2).exterior.coords])
    frame = gpd.GeoDataFrame(geometry=[MultiPolygon([clockwise])], index=["AA"], crs=4326)
    polygon = shape(json.loads(geojson.geometry_texts(frame)["AA"])).geoms[0]
    assert polygon.exterior.is_ccw
    assert not polygon.interiors[0].is_ccw
    assert polygon.area == 8


def test_short_numbers_are_the_same_numbers():
    frame = gpd.GeoDataFrame(geometry=[box(-180, -10.05, 100, 0.5)], index=["AA"], crs=4326)
    again = shape(json.loads(geojson.geometry_texts(frame)["AA"]))
    assert again.equals(box(-180, -10.05, 100, 0.5))


@pytest.mark.parametrize(
    "name",
    [
        "{{7*7}}",
        "100 {% off",
        "${alert(1)}",
        "</script><img src=x onerror=alert(1)>",
        "`",
        '"\\',
        "مدينة",
        "x" * 500,
    ],
)
def test_a_name_is_written_as_exactly_that_text(name: str):
    texts = geojson.member_features(world.members({"a1": name}), NAMES, REGIONS, PROPERTIES)
    assert json.loads(texts[0])["properties"]["name"] == name
