"""The page "Use this data": every file of a view, how other programs read it, and how to cite it."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import url_for

from mapsvc.analysis.queries import MapQuery
from mapsvc.analysis.selection import select_members
from mapsvc.formats.kinds import KINDS
from mapsvc.web import snippets
from mapsvc.web.describing import WHAT, file_url, view_title, work_of
from mapsvc.web.filtering import chips_of
from mapsvc.web.heads import make_head
from mapsvc.web.http import absolute, service
from mapsvc.web.language import with_query
from mapsvc.web.metadata import citations
from mapsvc.web.offering import offer_of
from mapsvc.web.sheets import Head, Link
from mapsvc.web.snapshot import Snapshot
from mapsvc.web.titles import page_url
from mapsvc.web.views import Offer

# Where the public address is not configured, examples take the one that `mapsvc serve` has.
USUAL_HOST = "http://127.0.0.1:8000"


@dataclass(frozen=True)
class DataPage:
    """The page "Use this data" of a view; `host` is empty where the service knows its address."""

    head: Head
    narrowed: tuple[str, ...]
    view_url: str
    offer: Offer
    others: tuple[tuple[str, tuple[Link, ...]], ...]
    metadata: tuple[Link, ...]
    addresses: snippets.Addresses
    code: Mapping[str, str]
    citations: Mapping[str, str]
    host: str
    crs: tuple[str, ...]


def compose_data(here: Snapshot, query: MapQuery) -> DataPage:
    """Put together the page of a view."""
    say, view = here.language.gettext, query.canonical()
    n_members = int(select_members(here.dataset.members, query, here.dataset.network).sum())
    addresses = snippets.Addresses(
        *(_whole("members", one, view) for one in ("geojson", "csv", "gpkg", "parquet"))
    )
    described = with_query(url_for("files.metadata"), view)
    title = view_title(here.dataset, "members", query, here.language)
    return DataPage(
        head=make_head(
            here, say("Use this data"),
            say("Every file of this view, how QGIS, Python, R and spreadsheets read it, its licence and how to cite it."),
            url_for("files.page"), (), query=view,
        ),
        narrowed=tuple(chip.label for chip in chips_of(query, here.titles, here.language)),
        view_url=page_url(query),
        offer=offer_of(query, n_members, here.language),
        others=tuple((say(title), _files(what, view if what == "countries" else "")) for what, title in WHAT.items() if what != "members"),
        metadata=tuple(
            Link(name, with_query(described, part))
            for name, part in (("JSON", ""), ("schema.org", "f=schema"), ("DCAT", "f=dcat"))
        ),
        addresses=addresses,
        code={
            "gdal": snippets.gdal(addresses),
            "python": snippets.python(addresses),
            "r": snippets.r(addresses),
            "leaflet": snippets.leaflet(addresses),
            "sheets": snippets.sheets(addresses),
            "shell": snippets.shell(view),
        },
        citations=citations(work_of(here.dataset, title, absolute(page_url(query)))),
        host="" if service().base_url else USUAL_HOST,
        crs=service().crs,
    )  # fmt: skip


def _whole(what: str, ending: str, view: str) -> str:
    # In the network's own language, as every file is unless another is asked for.
    address = absolute(file_url(what, ending, view, lang=None))
    return USUAL_HOST + address if address.startswith("/") else address


def _files(what: str, view: str) -> tuple[Link, ...]:
    return tuple(
        Link(one.title, with_query(file_url(what, one.ending, view), "dl=1")) for one in KINDS.values()
    )
