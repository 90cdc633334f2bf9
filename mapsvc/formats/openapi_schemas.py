"""The JSON Schemas of the documents of OGC API – Features, as the OpenAPI document holds them."""

from collections.abc import Sequence
from typing import Any

Schema = dict[str, Any]

_TEXT: Schema = {"type": "string"}
_COUNT: Schema = {"type": "integer", "minimum": 0}


def _object(required: Sequence[str], properties: Schema) -> Schema:
    return {"type": "object", "required": list(required), "properties": properties}


def _list(items: Schema) -> Schema:
    return {"type": "array", "items": items}


def _of(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


_LINKS = _list(_of("link"))

SCHEMAS: Schema = {
    "anything": {"type": "object"},
    "link": _object(
        ["href", "rel", "type"],
        {"href": _TEXT, "rel": _TEXT, "type": _TEXT, "title": _TEXT, "hreflang": _TEXT, "length": _COUNT},
    ),
    "landingPage": _object(["title", "links"], {"title": _TEXT, "description": _TEXT, "links": _LINKS}),
    "confClasses": _object(["conformsTo"], {"conformsTo": _list(_TEXT), "links": _LINKS}),
    "extent": {
        "type": "object",
        "properties": {
            "spatial": _object(
                ["bbox", "crs"],
                {"bbox": _list({"type": "array", "items": {"type": "number"}, "minItems": 4}), "crs": _TEXT},
            ),
            "temporal": _object(
                ["interval"],
                {
                    "interval": _list(
                        {
                            "type": "array",
                            "items": {"type": "string", "format": "date-time", "nullable": True},
                            "minItems": 2,
                            "maxItems": 2,
                        }
                    ),
                    "trs": _TEXT,
                },
            ),
        },
    },
    "collection": _object(
        ["id", "links", "itemType", "crs", "storageCrs"],
        {
            "id": _TEXT,
            "title": _TEXT,
            "description": _TEXT,
            "links": _LINKS,
            "extent": _of("extent"),
            "itemType": {"type": "string", "enum": ["feature"]},
            "crs": _list(_TEXT),
            "storageCrs": _TEXT,
        },
    ),
    "collections": _object(
        ["links", "collections"],
        {"links": _LINKS, "collections": _list(_of("collection")), "crs": _list(_TEXT)},
    ),
    "geometry": {
        "type": "object",
        "nullable": True,
        "required": ["type", "coordinates"],
        "properties": {
            "type": {"type": "string", "enum": ["Point", "Polygon", "MultiPolygon"]},
            "coordinates": {"type": "array", "items": {}},
        },
    },
    "feature": _object(
        ["type", "id", "geometry", "properties"],
        {
            "type": {"type": "string", "enum": ["Feature"]},
            "id": _TEXT,
            "geometry": _of("geometry"),
            "properties": {"type": "object", "nullable": True},
            "links": _LINKS,
        },
    ),
    "featureCollection": _object(
        ["type", "features", "links", "timeStamp", "numberMatched", "numberReturned"],
        {
            "type": {"type": "string", "enum": ["FeatureCollection"]},
            "features": _list(_of("feature")),
            "links": _LINKS,
            "timeStamp": {"type": "string", "format": "date-time"},
            "numberMatched": _COUNT,
            "numberReturned": _COUNT,
            "licence": _TEXT,
            "completeness": _TEXT,
        },
    ),
    "table": _TEXT,
    "problem": _object(
        ["title", "status"],
        {
            "type": _TEXT,
            "title": _TEXT,
            "status": {"type": "integer"},
            "detail": _TEXT,
            "parameter": _TEXT,
            "allowed": _list(_TEXT),
        },
    ),
}
