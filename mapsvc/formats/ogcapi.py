"""The documents of OGC API – Features: conformance, collections, queryables, and a page of items."""

import json
from collections.abc import Mapping, Sequence

from mapsvc.analysis.items import Items
from mapsvc.analysis.reference_systems import CRS84, URIS
from mapsvc.model import Column

Document = dict[str, object]

_PART1 = "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/"
_PART2 = "http://www.opengis.net/spec/ogcapi-features-2/1.0/conf/"
_PART3 = "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/"
_CQL2 = "http://www.opengis.net/spec/cql2/1.0/conf/"
# What is declared is tested, class by class, in tests/ogc.
CONFORMANCE = (
    *(_PART1 + name for name in ("core", "geojson", "html", "oas30")),
    _PART2 + "crs",
    *(_PART3 + name for name in ("queryables", "queryables-query-parameters", "filter", "features-filter")),
    *(_CQL2 + name for name in ("cql2-text", "cql2-json", "basic-cql2", "advanced-comparison-operators")),
)
_GREGORIAN = "http://www.opengis.net/def/uom/ISO-8601/0/Gregorian"
_TYPES = {"str": "string", "Int64": "integer", "int64": "integer", "float64": "number", "bool": "boolean"}


def document(parts: Mapping[str, object]) -> bytes:
    """Return a document as JSON."""
    return json.dumps(parts, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()


def extent(box: Sequence[float] | None, since: str, *, is_temporal: bool) -> Document:
    """Return where and when the features of a collection are; a place or time that is not known is left out."""
    found: Document = {}
    if box is not None:
        found["spatial"] = {"bbox": [list(box)], "crs": CRS84.uri}
    if is_temporal:
        first = f"{since}{'0000-01-01'[len(since) :]}T00:00:00Z" if since else None
        found["temporal"] = {"interval": [[first, None]], "trs": _GREGORIAN}
    return found


def collection(
    id_: str, title: str, description: str, where: Document, links: Sequence[Document]
) -> Document:
    """Return what a collection is."""
    return {
        "id": id_,
        "title": title,
        "description": description,
        "extent": where,
        "itemType": "feature",
        "crs": list(URIS),
        "storageCrs": CRS84.uri,
        "links": list(links),
    }


def property_schema(column: Column, choices: Sequence[str] = ()) -> Document:
    """Return the JSON Schema of a property."""
    if column.dtype == "object":
        held: Document = {"type": "string", **({"enum": list(choices)} if choices else {})}
        return {"type": "array", "items": held, "description": column.help}
    schema: Document = {"type": _TYPES[column.dtype], "description": column.help}
    return schema | ({"enum": list(choices)} if choices else {})


def queryables(items: Items, title: str, address: str) -> Document:
    """Return what the features of a collection can be asked for, as JSON Schema."""
    properties: Document = {
        one.name: property_schema(one, items.choices.get(one.name, ())) for one in items.schema.columns
    }
    return _object_schema(title, address, {"geometry": _geometry_schema(items), **properties})


def feature_schema(items: Items, title: str, address: str) -> Document:
    """Return what each feature of a collection has, as JSON Schema: its id, its place and its properties, side by side."""
    properties: Document = {
        one.name: _or_null(property_schema(one, items.choices.get(one.name, ())), one)
        for one in items.schema.columns
    }
    id_: Document = {"type": "string", "x-ogc-role": "id", "description": items.schema.index}
    whole = {"id": id_, "geometry": _geometry_schema(items), **properties}
    return {**_object_schema(title, address, whole), "required": list(whole)}


def _or_null(schema: Document, column: Column) -> Document:
    """Return the schema of a property that is null where nothing is known."""
    if not column.nullable:
        return schema
    choices = schema.get("enum")
    values: Document = {"enum": [*choices, None]} if isinstance(choices, list) else {}
    return {**schema, "type": [schema["type"], "null"], **values}


def _geometry_schema(items: Items) -> Document:
    is_point = items.schema.geometry.startswith("Point")
    return {
        "format": "geometry-point" if is_point else "geometry-multipolygon",
        "x-ogc-role": "primary-geometry",
    }


def _object_schema(title: str, address: str, properties: Document) -> Document:
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": address,
        "type": "object",
        "title": title,
        "properties": properties,
        "additionalProperties": False,
    }


def items_page(about: Mapping[str, object], features: Sequence[str]) -> bytes:
    """Return a FeatureCollection of a page of features.

    Examples
    --------
    >>> items_page({"numberMatched": 0}, [])
    b'{"type":"FeatureCollection","numberMatched":0,"features":[]}'
    """
    head = document(about).decode()[1:-1]
    return f'{{"type":"FeatureCollection",{head},"features":[{",".join(features)}]}}'.encode()
