"""What leads to the features: the landing page, conformance, the collections, what can be asked of each, and the OpenAPI document."""

from collections.abc import Callable

from flask import Response, render_template, request

from mapsvc.analysis.items_collections import MEASURED
from mapsvc.analysis.items_query import MAX_LIMIT, once
from mapsvc.analysis.reference_systems import URIS
from mapsvc.formats import ogcapi, openapi
from mapsvc.formats.geojson import MEDIA_TYPE
from mapsvc.web.assets import asset
from mapsvc.web.http import respond, service
from mapsvc.web.language import respond_page
from mapsvc.web.ogc_asked import ALSO, asked, varying
from mapsvc.web.ogc_collections import IDS, about, check_collection, served
from mapsvc.web.ogc_forms import wants_page
from mapsvc.web.ogc_items import whole_length
from mapsvc.web.ogc_links import (
    HTML,
    JSON,
    OPENAPI,
    QUERYABLES_REL,
    SCHEMA,
    SCHEMA_REL,
    Link,
    address,
    documents,
    forms,
    licence_links,
    schema_link,
    with_links,
)
from mapsvc.web.ogc_pages import (
    compose_collection,
    compose_collections,
    compose_conformance,
    compose_definition,
    compose_landing,
    compose_properties,
)
from mapsvc.web.snapshot import Snapshot


def _answer(
    here: Snapshot,
    key: tuple[str, ...],
    links: list[Link],
    document: Callable[[], ogcapi.Document],
    page: Callable[[], tuple[str, object]],
) -> Response:
    """Answer with a document, or with the page of the same: a template and what it is given."""
    whole = (*key, here.dataset.fingerprint)
    media_type = next(one.type for one in links if one.rel in {"self", "alternate"} and one.type != HTML)
    if wants_page():

        def rendered() -> bytes:
            template, given = page()
            return render_template(template, page=given, asset=asset).encode()

        response = respond_page(whole, rendered)
    else:
        response = respond(
            whole, lambda: ogcapi.document(document()), media_type, public=True,
            language=here.language.tag,
        )  # fmt: skip
    return with_links(varying(response), links)


def _asked_plainly() -> Snapshot:
    """Return the running snapshot for an address that takes no parameters of its own."""
    here = asked()
    once(request.args.items(multi=True), (), ALSO)
    return here


def landing() -> Response:
    """Serve where everything begins."""
    here = _asked_plainly()
    network, say = here.dataset.network, here.language.gettext
    links = [
        *forms("landing", network.title, as_page=wants_page()),
        Link("service-desc", OPENAPI, say("Description of the interface"), address("definition")),
        Link("service-doc", HTML, say("Description of the interface"), address("definition", "f=html")),
        Link("conformance", JSON, say("Conformance"), address("conformance")),
        Link("data", JSON, say("Collections"), address("collections")),
        *licence_links(network),
    ]
    said: ogcapi.Document = {
        "title": network.title,
        "description": " ".join(part for part in (network.tagline, network.completeness_note) if part),
        "links": documents(links),
    }
    return _answer(
        here, ("ogc",), links, lambda: said, lambda: ("ogc_landing.html", compose_landing(here, links))
    )


def conformance() -> Response:
    """Serve what is kept to."""
    here = _asked_plainly()
    links = forms("conformance", here.language.gettext("Conformance"), as_page=wants_page())
    said: ogcapi.Document = {"conformsTo": list(ogcapi.CONFORMANCE), "links": documents(links)}
    return _answer(
        here, ("conformance",), links, lambda: said,
        lambda: ("ogc_conformance.html", compose_conformance(here, ogcapi.CONFORMANCE, links)),
    )  # fmt: skip


def collections() -> Response:
    """Serve all collections."""
    here = _asked_plainly()
    links = [
        *forms("collections", here.language.gettext("Collections"), as_page=wants_page()),
        *licence_links(here.dataset.network),
    ]

    def document() -> ogcapi.Document:
        every = [_described(here, id_, _collection_links(here, id_)) for id_ in IDS]
        return {"links": documents(links), "collections": every, "crs": list(URIS)}

    return _answer(
        here,
        ("collections",),
        links,
        document,
        lambda: ("ogc_collections.html", compose_collections(here, links)),
    )


def collection(collection: str) -> Response:
    """Serve what a collection is."""
    here = _asked_plainly()
    check_collection(collection)
    links = _collection_links(here, collection)
    return _answer(
        here, ("collection", collection), links,
        lambda: _described(here, collection, [*links, *_enclosure(here, collection)]),
        lambda: ("ogc_collection.html", compose_collection(here, collection, links)),
    )  # fmt: skip


def queryables(collection: str) -> Response:
    """Serve what the features of a collection can be asked for."""
    here = _asked_plainly()
    check_collection(collection)
    title = about(here, collection).title
    links = forms("queryables", title, as_page=wants_page(), media_type=SCHEMA, collection=collection)
    return _answer(
        here, ("queryables", collection), links,
        lambda: ogcapi.queryables(
            served(here, collection).items, title, address("queryables", collection=collection)
        ),
        lambda: ("ogc_queryables.html", compose_properties(here, collection, "queryables", links)),
    )  # fmt: skip


def schema(collection: str) -> Response:
    """Serve what each feature of a collection has."""
    here = _asked_plainly()
    check_collection(collection)
    title = about(here, collection).title
    links = forms("schema", title, as_page=wants_page(), media_type=SCHEMA, collection=collection)
    return _answer(
        here, ("schema", collection), links,
        lambda: ogcapi.feature_schema(
            served(here, collection).items, title, address("schema", collection=collection)
        ),
        lambda: ("ogc_queryables.html", compose_properties(here, collection, "schema", links)),
    )  # fmt: skip


def definition() -> Response:
    """Serve the OpenAPI document."""
    here = _asked_plainly()
    links = forms("definition", "OpenAPI", as_page=wants_page(), media_type=OPENAPI)

    def made() -> ogcapi.Document:
        every = [(about(here, id_).title, served(here, id_).items) for id_ in IDS]
        root = service().base_url.rstrip("/") or request.script_root or "/"
        return openapi.definition(here.dataset.network, root, every)

    return _answer(
        here, ("openapi",), links, made, lambda: ("ogc_definition.html", compose_definition(here, made(), links)),
    )  # fmt: skip


def _described(here: Snapshot, id_: str, links: list[Link]) -> dict[str, object]:
    what = about(here, id_)
    where = ogcapi.extent(what.box, what.since, is_temporal=what.is_temporal)
    return ogcapi.collection(id_, what.title, what.description, where, documents(links))


def _collection_links(here: Snapshot, id_: str) -> list[Link]:
    what, say = about(here, id_), here.language.gettext
    return [
        *forms("collection", what.title, as_page=wants_page(), collection=id_),
        Link("items", MEDIA_TYPE, what.title, address("items", "f=json", collection=id_)),
        Link("items", HTML, what.title, address("items", "f=html", collection=id_)),
        Link(QUERYABLES_REL, SCHEMA, say("Properties"), address("queryables", "f=json", collection=id_)),
        Link(QUERYABLES_REL, HTML, say("Properties"), address("queryables", "f=html", collection=id_)),
        schema_link(say("Properties"), id_),
        Link(SCHEMA_REL, SCHEMA, say("Properties"), address("schema", "f=json", collection=id_)),
        *licence_links(here.dataset.network),
    ]


def _enclosure(here: Snapshot, id_: str) -> list[Link]:
    """Return the link to everything in one file, with its length, for what is at hand and not too much."""
    if id_ in MEASURED:
        return []
    found = whole_length(here, id_)
    href = address("items", f"limit={MAX_LIMIT}&f=json", collection=id_)
    return [Link("enclosure", MEDIA_TYPE, about(here, id_).title, href, found)] if found else []
