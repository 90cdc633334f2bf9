"""The OpenAPI 3.0 document: every address, parameter and answer of OGC API – Features, and no reference to elsewhere."""

from collections.abc import Mapping, Sequence

from mapsvc.analysis.cql2 import LANGUAGES
from mapsvc.analysis.items import Items
from mapsvc.analysis.items_query import DEFAULT_LIMIT, MAX_LIMIT, MAX_SEARCH
from mapsvc.analysis.reference_systems import CRS84, URIS
from mapsvc.formats.geojson import MEDIA_TYPE as GEOJSON
from mapsvc.formats.kinds import KINDS
from mapsvc.formats.ogcapi import Document, property_schema
from mapsvc.formats.openapi_schemas import SCHEMAS
from mapsvc.model import Network

_JSON, _HTML, _PROBLEM = "application/json", "text/html", "application/problem+json"
CSV = KINDS["csv"].media_type
OPENAPI = "application/vnd.oai.openapi+json;version=3.0"


def definition(network: Network, root: str, collections: Sequence[tuple[str, Items]]) -> Document:
    """Return the document.

    Parameters
    ----------
    root : str
        Where the paths begin.
    collections : sequence of (title, Items)
        Each has paths of its own, because each has properties of its own.
    """
    paths: Document = {
        "/api": _path("landing", "Where everything begins", {_JSON: "landingPage"}),
        "/conformance": _path("conformance", "The standards that are kept to", {_JSON: "confClasses"}),
        "/openapi.json": _path("definition", "This document", {OPENAPI: "anything"}),
        "/collections": _path("collections", "All collections", {_JSON: "collections"}),
    }
    for title, items in collections:
        paths.update(_collection_paths(title, items))
    return {
        "openapi": "3.0.3",
        "info": {
            "title": network.title,
            "description": network.tagline,
            "version": network.compiled or "1",
            "license": _licence(network),
        },
        "servers": [{"url": root}],
        "tags": [{"name": items.id, "description": title} for title, items in collections],
        "paths": paths,
        "components": {"parameters": _parameters(), "responses": _problems(), "schemas": SCHEMAS},
    }


def _licence(network: Network) -> Document:
    return {"name": network.licence, **({"url": network.licence_url} if network.licence_url else {})}


def _collection_paths(title: str, items: Items) -> Document:
    root = f"/collections/{items.id}"
    names = [one.name for one in items.schema.columns]
    own: list[Document] = [
        {
            "name": one.name,
            "in": "query",
            "description": one.help,
            "schema": _asked_schema(property_schema(one, items.choices.get(one.name, ()))),
        }
        for one in items.schema.columns
    ]
    sortable = [one.name for one in items.schema.columns if one.dtype != "object"]
    lists = [
        _list("properties", "What is written of each feature", names),
        _list(
            "sortby", "What to sort by; a minus turns it round", [*sortable, *(f"-{one}" for one in sortable)]
        ),
    ]
    shared = [_ref("parameters", name) for name in _parameters() if name not in {"f", "lang"}]
    feature: Document = {
        "name": "featureId", "in": "path", "required": True, "description": "The id of a feature",
        "schema": {"type": "string", "minLength": 1},
    }  # fmt: skip
    tag, of = items.id, f"of {title}" if title.isascii() else f"of {items.id}"
    return {
        root: _path(f"collection-{tag}", f"What there is {of}", {_JSON: "collection"}, tag=tag),
        f"{root}/queryables": _path(
            f"queryables-{tag}", f"The properties {of}", {"application/schema+json": "anything"}, tag=tag
        ),
        f"{root}/schema": _path(
            f"schema-{tag}",
            f"What each of the features {of} has",
            {"application/schema+json": "anything"},
            tag=tag,
        ),
        f"{root}/items": _path(
            f"items-{tag}",
            f"The features {of}",
            {GEOJSON: "featureCollection", CSV: "table"},
            [*shared, *lists, *own],
            tag=tag,
            also=("410",),
            form=_form("json", "html", "csv"),
        ),
        f"{root}/items/{{featureId}}": _path(
            f"item-{tag}",
            f"One feature {of}",
            {GEOJSON: "feature"},
            [feature, _ref("parameters", "crs")],
            tag=tag,
            also=("404",),
        ),
    }


def _asked_schema(schema: Document) -> Document:
    """Return what a property can be asked for: of a list, one of its values."""
    items = schema.get("items")
    return (
        dict(items)
        if isinstance(items, dict)
        else {key: value for key, value in schema.items() if key != "description"}
    )


def _path(
    name: str,
    summary: str,
    content: Mapping[str, str],
    parameters: Sequence[Document] = (),
    *,
    tag: str = "",
    also: Sequence[str] = (),
    form: Document | None = None,
) -> Document:
    answers: Document = {
        "200": {
            "description": summary,
            "headers": {"Link": {"schema": {"type": "string"}}, "ETag": {"schema": {"type": "string"}}},
            "content": {
                **{kind: {"schema": _ref("schemas", schema)} for kind, schema in content.items()},
                _HTML: {"schema": {"type": "string"}},
            },
        },
        "304": {"description": "The client has it already"},
        **{status: _ref("responses", status) for status in ("400", *also, "414", "500")},
    }
    return {
        "get": {
            "operationId": name,
            "summary": summary,
            **({"tags": [tag]} if tag else {}),
            "parameters": [*parameters, form or _ref("parameters", "f"), _ref("parameters", "lang")],
            "responses": answers,
        }
    }


def _ref(kind: str, name: str) -> Document:
    """Return a reference inside of the document."""
    return {"$ref": f"#/components/{kind}/{name}"}


def _problems() -> Document:
    said = {
        "400": "A parameter cannot be understood; the document names it",
        "404": "There is nothing at this address",
        "410": "The snapshot that a page belongs to has been replaced",
        "414": "The address is too long",
        "500": "Something went wrong",
    }
    content: Document = {
        _PROBLEM: {"schema": _ref("schemas", "problem")},
        _HTML: {"schema": {"type": "string"}},
    }
    return {status: {"description": text, "content": content} for status, text in said.items()}


def _list(name: str, text: str, values: Sequence[str]) -> Document:
    return {
        "name": name, "in": "query", "description": text, "style": "form", "explode": False,
        "schema": {"type": "array", "items": {"type": "string", "enum": list(values)}, "minItems": 1, "maxItems": 10},
    }  # fmt: skip


def _parameter(name: str, text: str, schema: Document, **more: object) -> Document:
    return {"name": name, "in": "query", "description": text, "required": False, "schema": schema, **more}


def _form(*forms: str) -> Document:
    return _parameter(
        "f", "The form of the answer, whatever 'Accept' says", {"type": "string", "enum": list(forms)}
    )


def _parameters() -> dict[str, Document]:
    """Return the parameters that all collections share."""
    system: Document = {"type": "string", "format": "uri", "enum": list(URIS), "default": CRS84.uri}
    box: Document = {
        "type": "array",
        "items": {"type": "number"},
        "oneOf": [{"minItems": 4, "maxItems": 4}, {"minItems": 6, "maxItems": 6}],
    }
    whole: Document = {"type": "integer", "minimum": 0, "default": 0}
    every = [
        _parameter(
            "limit", "How many features a page has; more than the maximum gives the maximum",
            {"type": "integer", "minimum": 1, "maximum": MAX_LIMIT, "default": DEFAULT_LIMIT},
            style="form", explode=False,
        ),
        _parameter("offset", "How many features come before the page; follow the link 'next' instead", whole),
        _parameter("snapshot", "The snapshot that a page belongs to", {"type": "string", "pattern": "^[0-9A-Za-z]{1,64}$"}),
        _parameter(
            "bbox", "West, south, east, north; west of more than east crosses the antimeridian. What has no place is in every box",
            box, style="form", explode=False,
        ),
        _parameter("bbox-crs", "The reference system of 'bbox'", system),
        _parameter(
            "datetime", "A moment, or an interval 'from/to', of which one may be '..'. What has no date is in every interval",
            {"type": "string"}, style="form", explode=False,
        ),
        _parameter("q", "Words of the name; accents, case and script do not matter", {"type": "string", "maxLength": MAX_SEARCH}),
        _parameter("filter", "What must be true, in CQL2", {"type": "string", "minLength": 1, "maxLength": 2000}),
        _parameter("filter-lang", "The form of 'filter'", {"type": "string", "enum": list(LANGUAGES), "default": LANGUAGES[0]}),
        _parameter("filter-crs", "The reference system of coordinates in 'filter'", system),
        _parameter("crs", "The reference system of the answer", system),
        _form("json", "html"),
        _parameter("lang", "The language of names, as a BCP 47 tag", {"type": "string"}),
    ]  # fmt: skip
    return {str(one["name"]): one for one in every}
