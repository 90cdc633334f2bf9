"""The features of a collection: a page of them, one of them, as GeoJSON and as pages of the site."""

from datetime import UTC
from email.utils import parsedate_to_datetime
from functools import lru_cache

from flask import Response, render_template, request

from mapsvc.analysis.items_query import DEFAULT_LIMIT, MAX_LIMIT, ItemsQuery, once, parse_items_query
from mapsvc.analysis.items_selection import items_table, page_of, select_items
from mapsvc.analysis.reference_systems import CRS84, ReferenceSystem, system_of
from mapsvc.errors import BadQuery, Gone, NotFound
from mapsvc.formats import ogcapi
from mapsvc.formats.geojson import MEDIA_TYPE
from mapsvc.formats.kinds import KINDS
from mapsvc.web.assets import asset
from mapsvc.web.http import respond
from mapsvc.web.language import respond_page, with_query
from mapsvc.web.ogc_asked import ALSO, asked, varying
from mapsvc.web.ogc_collections import Served, check_collection, served, title_of
from mapsvc.web.ogc_forms import CSV, ITEM_FORMS, wants_page, wants_table
from mapsvc.web.ogc_links import (
    HTML,
    Link,
    address,
    documents,
    forms,
    licence_links,
    schema_link,
    with_links,
)
from mapsvc.web.ogc_pages import Shown, compose_item, compose_items
from mapsvc.web.snapshot import Snapshot

CSV_TYPE = KINDS["csv"].media_type
_TYPES = {"json": MEDIA_TYPE, "html": HTML, CSV: CSV_TYPE}


def items(collection: str) -> Response:
    """Serve a page of the features that a question asks for."""
    here = asked(ITEM_FORMS)
    check_collection(collection)
    held = served(here, collection)
    query = parse_items_query(request.args.items(multi=True), held.items, also=ALSO)
    fingerprint = here.dataset.fingerprint
    if query.snapshot and query.snapshot != fingerprint:
        raise Gone(
            "the data was replaced after the first page was read; begin again without 'offset' and 'snapshot'"
        )
    found = select_items(held.items, query)
    shown = Shown(query, page_of(found, query), len(found), _links(here, collection, query, len(found)))
    key = ("items", fingerprint, collection, query)
    if wants_table():
        response = respond(
            ("table", *key), lambda: _table(held, shown), CSV_TYPE, public=True, language=here.language.tag
        )
    elif wants_page():
        response = respond_page(
            key,
            lambda: render_template(
                "ogc_items.html", page=compose_items(here, held, shown), asset=asset
            ).encode(),
        )
    else:
        response = respond(
            key, lambda: _page(here, held, shown), MEDIA_TYPE, public=True, language=here.language.tag,
        )  # fmt: skip
        response.headers["Content-Crs"] = f"<{query.system.uri}>"
    return with_links(varying(response), shown.links)


def _table(held: Served, shown: Shown) -> bytes:
    """Return a page of features as a table, with longitude and latitude where they are points.

    Raises
    ------
    BadQuery
        Where other coordinates are asked for: a table does not say which it has.
    """
    from mapsvc.formats.tables import csv_of  # noqa: PLC0415 – with it come workbooks; few ask for a table

    if shown.query.system is not CRS84:
        raise BadQuery("a table has longitude and latitude", parameter="crs", allowed=(CRS84.uri,))
    return csv_of(items_table(held.items, shown.places, shown.query.properties))


def _page(here: Snapshot, held: Served, shown: Shown) -> bytes:
    network = here.dataset.network
    said = {
        "links": documents(shown.links),
        # Equal data gives equal bytes: this is when the data was written, not when somebody asked.
        "timeStamp": _moment(here.dataset.modified),
        "numberMatched": shown.n_found,
        "numberReturned": len(shown.places),
        "licence": network.licence_url or network.licence,
        "completeness": network.completeness,
    }
    features = held.texts.chosen(shown.places, shown.query.properties, shown.query.system)
    return ogcapi.items_page(said, features)


@lru_cache(maxsize=16)
def _moment(http_date: str) -> str:
    return parsedate_to_datetime(http_date).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _links(here: Snapshot, collection: str, query: ItemsQuery, n_found: int) -> list[Link]:
    """Return where this page is, the next one and the one before, and what it belongs to."""
    title, say = title_of(here, collection), here.language.gettext
    form = CSV if wants_table() else "html" if wants_page() else "json"
    kind = _TYPES[form]
    limit = (("limit", str(query.limit)),) if query.limit != DEFAULT_LIMIT else ()

    def of_page(offset: int) -> str:
        pairs = (*limit, ("offset", str(offset)), ("snapshot", here.dataset.fingerprint), ("f", form))
        return address("items", query.canonical(*pairs), collection=collection)

    place = (("offset", str(query.offset)),) if query.offset else ()
    given = (("snapshot", query.snapshot),) if query.snapshot else ()
    itself = query.canonical(*limit, *place, *given)
    path = address("items", collection=collection)
    links = [
        Link("self" if one == form else "alternate", type_, title, with_query(path, itself, f"f={one}"))
        for one, type_ in sorted(_TYPES.items(), key=lambda pair: pair[0] != form)
    ]
    if query.offset + query.limit < n_found:
        links.append(Link("next", kind, say("Next page"), of_page(query.offset + query.limit)))
    if query.offset and n_found:
        before = min(query.offset, n_found) - query.limit
        links.append(Link("prev", kind, say("Previous page"), of_page(max(0, before))))
    links.append(
        Link(
            "collection",
            "application/json",
            title,
            address("collection", "f=json", collection=collection),
        )
    )
    links.append(schema_link(say("Properties"), collection))
    return [*links, *licence_links(here.dataset.network)]


def item(collection: str, feature: str) -> Response:
    """Serve one feature."""
    here = asked()
    check_collection(collection)
    system = system_of(once(request.args.items(multi=True), ("crs",), ALSO).get("crs", ""), "crs")
    held = served(here, collection)
    place = held.items.positions.get(feature)
    if place is None:
        raise NotFound(f"there is no feature {feature[:40]!r} in {collection!r}")
    links = _item_links(here, collection, feature, system)
    key = ("item", here.dataset.fingerprint, collection, feature, system.code)
    if wants_page():
        response = respond_page(
            key,
            lambda: render_template(
                "ogc_item.html", page=compose_item(here, held, place, links), asset=asset
            ).encode(),
        )
    else:
        response = respond(
            key, lambda: held.texts.one(place, documents(links), system), MEDIA_TYPE, public=True,
            language=here.language.tag,
        )  # fmt: skip
        response.headers["Content-Crs"] = f"<{system.uri}>"
    return with_links(varying(response), links)


def _item_links(here: Snapshot, collection: str, feature: str, system: ReferenceSystem) -> list[Link]:
    title = title_of(here, collection)
    query = f"crs={system.uri}" if request.args.get("crs") else ""
    links = forms(
        "item", feature, as_page=wants_page(), query=query, media_type=MEDIA_TYPE, collection=collection,
        feature=feature,
    )  # fmt: skip
    belongs = Link(
        "collection", "application/json", title, address("collection", "f=json", collection=collection)
    )
    return [*links, belongs, *licence_links(here.dataset.network)]


def whole_length(here: Snapshot, collection: str) -> int:
    """Return how many bytes a collection has as one page; 0 where it does not fit on one."""
    query, held = ItemsQuery(limit=MAX_LIMIT), served(here, collection)
    found = select_items(held.items, query)
    if len(found) > query.limit:
        return 0
    return len(
        _page(here, held, Shown(query, found, len(found), _links(here, collection, query, len(found))))
    )
