"""GeoJSON as RFC 7946 has it: lon/lat, no crs, no NaN, null where a place is unknown, numbers kept short."""

import json
import math
from collections.abc import Iterable, Mapping, Sequence

import geopandas as gpd
import pandas as pd
import shapely

MEDIA_TYPE = "application/geo+json"
POINT_DECIMALS = 5


def member_features(
    members: gpd.GeoDataFrame,
    country_names: Mapping[str, str],
    regions: Mapping[str, str],
    properties: Sequence[str],
) -> list[str]:
    """Return each member as the text of a GeoJSON Feature, in the order of the frame.

    Parameters
    ----------
    members : GeoDataFrame
        `MEMBERS`, EPSG:4326.
    country_names, regions : mapping of str to str
        By ISO alpha-2 code.
    properties : sequence of str
        Those to write, in this order: columns of `members`, ``country_name``, ``region``.
    """
    columns = [column for column in members.columns if column != members.geometry.name]
    records = members[columns].astype("object").where(members[columns].notna(), None).to_dict("records")
    features = []
    for id_, point, record in zip(members.index, members.geometry, records, strict=True):
        country = record["country"]
        known = {
            **record,
            "themes": None if record["themes"] is None else list(record["themes"]),
            "country_name": country_names.get(country, country),
            "region": regions.get(country),
        }
        features.append(_feature(str(id_), _point(point), {name: known[name] for name in properties}))
    return features


def country_features(
    geometries: Mapping[str, str], rows: Iterable[Mapping[str, object]], properties: Sequence[str]
) -> list[str]:
    """Return each country as the text of a GeoJSON Feature.

    Parameters
    ----------
    geometries : mapping of str to str
        ISO alpha-2 code to a GeoJSON geometry, see `geometry_texts`.
    rows : iterable of mappings
        What is known of each country; ``country`` is taken as the id.
    properties : sequence of str
        Those to write, in this order.
    """
    return [
        _feature(
            str(row["country"]), geometries[str(row["country"])], {name: row[name] for name in properties}
        )
        for row in rows
    ]


def place_features(rows: Iterable[Mapping[str, object]]) -> list[str]:
    """Return places as GeoJSON Features; ``geonameid``, ``longitude`` and ``latitude`` are the id and the point of each."""
    features = []
    for row in rows:
        x, y = (float(str(row[name])) for name in ("longitude", "latitude"))
        kept = {
            name: value for name, value in row.items() if name not in {"geonameid", "longitude", "latitude"}
        }
        features.append(_feature(str(row["geonameid"]), _point(shapely.Point(x, y)), kept))
    return features


def geometry_texts(frame: gpd.GeoDataFrame) -> dict[str, str]:
    """Return the geometries of `frame` as GeoJSON, by index.

    Examples
    --------
    >>> square = gpd.GeoDataFrame(geometry=[shapely.box(0, 0, 1, 1)], index=["AA"], crs=4326)
    >>> geometry_texts(square)["AA"]
    '{"type":"Polygon","coordinates":[[[1,0],[1,1],[0,1],[0,0],[1,0]]]}'
    """
    oriented = shapely.orient_polygons(frame.geometry.to_numpy(), exterior_cw=False)
    texts = shapely.to_geojson(oriented)
    # "12.0" says no more than "12".
    return {str(id_): _short(text) for id_, text in zip(frame.index, texts, strict=True)}


def _short(text: str) -> str:
    return text.replace(".0,", ",").replace(".0]", "]").replace(" ", "")


def collection(features: Sequence[str], about: Mapping[str, object]) -> bytes:
    """Return a FeatureCollection of `features`, with `about` as further members of the collection.

    Examples
    --------
    >>> collection([], {"numberMatched": 0})
    b'{"type":"FeatureCollection","numberMatched":0,"features":[]}'
    """
    head = "".join(f"{_json(name)}:{_json(value)}," for name, value in about.items())
    return f'{{"type":"FeatureCollection",{head}"features":[{",".join(features)}]}}'.encode()


def _feature(id_: str, geometry: str, properties: Mapping[str, object]) -> str:
    return f'{{"type":"Feature","id":{_json(id_)},"geometry":{geometry},"properties":{_json(properties)}}}'


def _point(point: object) -> str:
    if not isinstance(point, shapely.Point) or point.is_empty:
        return "null"
    if not (math.isfinite(point.x) and math.isfinite(point.y)):
        return "null"
    return f'{{"type":"Point","coordinates":[{round(point.x, POINT_DECIMALS)},{round(point.y, POINT_DECIMALS)}]}}'


def _json(value: object) -> str:
    return json.dumps(
        value, ensure_ascii=False, separators=(",", ":"), allow_nan=False, default=_plain_number
    )


def _plain_number(value: object) -> object:
    if isinstance(value, pd.api.extensions.ExtensionDtype) or not hasattr(value, "item"):
        raise TypeError(f"cannot write {type(value).__name__} as JSON")
    return value.item()
