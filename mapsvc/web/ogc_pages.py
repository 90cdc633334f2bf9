"""The pages of OGC API – Features: what their templates are given."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import shapely
from flask import url_for

from mapsvc.analysis.items_query import ItemsQuery
from mapsvc.analysis.items_selection import Positions
from mapsvc.maps.miniatures import in_units
from mapsvc.model import Column
from mapsvc.web.gaps_map import WIDTH, drawn_height, drawn_paths
from mapsvc.web.heads import make_head
from mapsvc.web.ogc_collections import IDS, About, Served, about, served
from mapsvc.web.ogc_links import Link, address
from mapsvc.web.sheets import Head
from mapsvc.web.sheets import Link as PageLink
from mapsvc.web.snapshot import Snapshot

# More points than this are a cloud, and a page of half a megabyte.
_MAX_DOTS = 1_000
_KINDS = {
    "Int64": "integer",
    "int64": "integer",
    "float64": "number",
    "bool": "true / false",
    "object": "list",
}


@dataclass(frozen=True)
class Page:
    """What every page has: its head, and the address of the same as JSON."""

    head: Head
    json: str


@dataclass(frozen=True)
class LandingPage(Page):
    """Where everything begins."""

    collections: tuple[About, ...]
    root: str
    ways: tuple[Link, ...]


@dataclass(frozen=True)
class ListPage(Page):
    """Collections, or the classes that are kept to."""

    collections: tuple[About, ...] = ()
    classes: tuple[str, ...] = ()


@dataclass(frozen=True)
class CollectionPage(Page):
    """One collection."""

    about: About
    n: int
    systems: tuple[str, ...]
    items: str
    queryables: str


@dataclass(frozen=True)
class QueryablesPage(Page):
    """What can be asked for: each property with its kind, what it holds, and the values that it can have."""

    rows: tuple[tuple[Column, str, tuple[str, ...]], ...]


@dataclass(frozen=True)
class WorldMap:
    """The world with dots on it, or with countries filled."""

    width: int
    height: int
    paths: tuple[tuple[str, str], ...]
    filled: frozenset[str]
    dots: tuple[tuple[float, float], ...]


@dataclass(frozen=True, eq=False)
class Shown:
    """What a page of features shows: the places of these in the frame, of how many, and where it leads."""

    query: ItemsQuery
    places: Positions
    n_found: int
    links: Sequence[Link]


@dataclass(frozen=True)
class ItemsPage(Page):
    """A page of features."""

    about: About
    columns: tuple[str, ...]
    rows: tuple[tuple[str, str, tuple[object, ...]], ...]
    n: int
    first: int
    last: int
    previous: str
    following: str
    everything: str
    table: str
    map: WorldMap


@dataclass(frozen=True)
class ItemPage(Page):
    """One feature with all its properties; `href` is its own page on the site, where it has one."""

    rows: tuple[tuple[Column, object], ...]
    href: str
    map: WorldMap


@dataclass(frozen=True)
class DefinitionPage(Page):
    """The OpenAPI document as a table: each address with its summary and parameters."""

    rows: tuple[tuple[str, str, tuple[str, ...]], ...]


def compose_landing(here: Snapshot, links: Sequence[Link]) -> LandingPage:
    """Return what the landing page is given."""
    say = here.language.gettext
    title = say("Data for programs")
    lead = say(
        "The data of this network as OGC API – Features, for QGIS, GDAL, Python, R and whatever else reads it."
    )
    ways = tuple(one for one in links if one.rel in {"service-doc", "conformance", "data"})
    every = tuple(about(here, id_) for id_ in IDS)
    head = make_head(here, title, lead, url_for("ogc.landing"), ())
    return LandingPage(head, _json(links), every, address("landing"), ways)


def compose_collections(here: Snapshot, links: Sequence[Link]) -> ListPage:
    """Return what the page of all collections is given."""
    say = here.language.gettext
    head = make_head(here, say("Collections"), say("Collections"), url_for("ogc.collections"), _crumbs(here))
    return ListPage(head, _json(links), tuple(about(here, id_) for id_ in IDS))


def compose_conformance(here: Snapshot, classes: Sequence[str], links: Sequence[Link]) -> ListPage:
    """Return what the page of conformance is given."""
    say = here.language.gettext
    head = make_head(here, say("Conformance"), say("Conformance"), url_for("ogc.conformance"), _crumbs(here))
    return ListPage(head, _json(links), classes=tuple(classes))


def compose_collection(here: Snapshot, id_: str, links: Sequence[Link]) -> CollectionPage:
    """Return what the page of a collection is given."""
    what = about(here, id_)
    path = url_for("ogc.collection", collection=id_)
    head = make_head(here, what.title, what.description, path, _crumbs(here, within=True))
    from mapsvc.analysis.reference_systems import SYSTEMS  # noqa: PLC0415 – pyproj is slow to come

    return CollectionPage(
        head,
        _json(links),
        what,
        len(served(here, id_).items.frame),
        tuple(f"{one.title} ({one.code})" for one in SYSTEMS),
        url_for("ogc.items", collection=id_),
        url_for("ogc.queryables", collection=id_),
    )


def compose_properties(here: Snapshot, id_: str, endpoint: str, links: Sequence[Link]) -> QueryablesPage:
    """Return what the page of the properties of a collection is given: all that there are can be asked for."""
    what, say = about(here, id_), here.language.gettext
    items = served(here, id_).items
    path = url_for(f"ogc.{endpoint}", collection=id_)
    head = make_head(here, say("Properties"), what.description, path, _crumbs(here, what))
    rows = tuple(
        (one, _KINDS.get(one.dtype, "text"), items.choices.get(one.name, ())) for one in items.schema.columns
    )
    return QueryablesPage(head, _json(links), rows)


def compose_items(here: Snapshot, held: Served, shown: Shown) -> ItemsPage:
    """Return what a page of features is given."""
    items, query, places = held.items, shown.query, shown.places
    what, say = about(here, items.id), here.language.gettext
    path = url_for("ogc.items", collection=items.id)
    head = make_head(
        here, say("Features"), what.description, path, _crumbs(here, what), query=query.canonical()
    )
    columns = query.properties or what.shown
    frame = items.frame.iloc[places]
    cells = zip(*(_cells(frame[name]) for name in columns), strict=True)
    rows = tuple(
        (str(id_), url_for("ogc.item", collection=items.id, feature=id_), row)
        for id_, row in zip(frame.index, cells, strict=True)
    )
    return ItemsPage(
        head, _json(shown.links), what, columns, rows, shown.n_found, query.offset + 1, query.offset + len(places),
        _href(shown.links, "prev"), _href(shown.links, "next"), path if query.pairs else "",
        next(one.href for one in shown.links if one.type == "text/csv"),
        _world(here, held, places),
    )  # fmt: skip


def compose_item(here: Snapshot, held: Served, place: int, links: Sequence[Link]) -> ItemPage:
    """Return what the page of a feature is given."""
    items = held.items
    what, id_ = about(here, items.id), str(items.frame.index[place])
    path = url_for("ogc.item", collection=items.id, feature=id_)
    row = items.frame.iloc[[place]]
    title = str(row["name"].iloc[0])
    features = PageLink(here.language.gettext("Features"), url_for("ogc.items", collection=items.id))
    head = make_head(here, title, what.description, path, (*_crumbs(here, what), features))
    facts = tuple((one, _cells(row[one.name])[0]) for one in items.schema.columns)
    site = {
        "members": lambda: url_for("profiles.member", id=id_),
        "countries": lambda: url_for("profiles.country", code=id_),
        "coverage": lambda: url_for("profiles.country", code=id_),
    }
    href = site[items.id]() if items.id in site else ""
    return ItemPage(head, _json(links), facts, href, _world(here, held, np.array([place])))


def compose_definition(here: Snapshot, document: Mapping[str, Any], links: Sequence[Link]) -> DefinitionPage:
    """Return what the page of the OpenAPI document is given."""
    say = here.language.gettext
    title = say("Description of the interface")
    head = make_head(here, title, title, url_for("ogc.definition"), _crumbs(here))
    rows = tuple(
        (
            path,
            operations["get"]["summary"],
            tuple(
                str(one.get("name") or one["$ref"].rpartition("/")[2])
                for one in operations["get"]["parameters"]
            ),
        )
        for path, operations in document["paths"].items()
    )
    return DefinitionPage(head, _json(links), rows)


def _json(links: Sequence[Link]) -> str:
    return next(one.href for one in links if one.rel == "alternate" and one.type != "text/html")


def _href(links: Sequence[Link], rel: str) -> str:
    return next((one.href for one in links if one.rel == rel), "")


def _crumbs(here: Snapshot, what: About | None = None, *, within: bool = False) -> tuple[PageLink, ...]:
    """Return the pages above a page: the landing page, all collections, and the collection."""
    say = here.language.gettext
    trail = [PageLink(say("Data for programs"), url_for("ogc.landing"))]
    if within or what is not None:
        trail.append(PageLink(say("Collections"), url_for("ogc.collections")))
    if what is not None:
        trail.append(PageLink(what.title, url_for("ogc.collection", collection=what.id)))
    return tuple(trail)


def _cells(column: pd.Series) -> list[object]:
    """Return the values of a column as a page shows them: None where there is none, lists as texts."""
    values = zip(column.astype("object"), column.isna(), strict=True)
    return [None if gone else _shown(value) for value, gone in values]


def _shown(value: object) -> object:
    if isinstance(value, float):
        return float(f"{value:.6g}")
    return ", ".join(map(str, value)) if isinstance(value, tuple) else value


def _world(here: Snapshot, held: Served, places: Positions) -> WorldMap:
    """Return the features of a page on a small map of the world."""
    items = held.items
    paths = tuple(drawn_paths(here.dataset).items())
    filled: frozenset[str] = frozenset()
    dots: tuple[tuple[float, float], ...] = ()
    if items.id in {"countries", "coverage"}:
        filled = frozenset(str(items.frame.index[place]) for place in places)
    else:
        shapes = [one for one in items.shapes[places[:_MAX_DOTS]] if one is not None and not one.is_empty]
        if shapes:
            xy = np.round(in_units(shapely.get_coordinates(shapes), WIDTH), 1).tolist()
            dots = tuple((x, y) for x, y in xy)
    return WorldMap(WIDTH, drawn_height(), paths, filled, dots)
