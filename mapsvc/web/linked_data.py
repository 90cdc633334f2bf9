"""Pages said again for machines: schema.org as JSON-LD. Plain dicts, which templates write with `tojson`, escaped."""

from collections.abc import Iterable, Sequence

from flask import url_for

from mapsvc.formats.sitemap import calendar_date
from mapsvc.model import COUNTED_STATUS, Dataset, Network
from mapsvc.web.http import absolute
from mapsvc.web.sheets import Link

Document = dict[str, object]
_CONTEXT = "https://schema.org"
# What kind of place a local government of each type governs; an association governs none.
_PLACES = {"city": "City", "town": "City", "village": "City"}


def breadcrumbs(crumbs: Sequence[Link]) -> Document:
    """Return a BreadcrumbList."""
    items = [
        {"@type": "ListItem", "position": place, "name": one.title, "item": absolute(one.href)}
        for place, one in enumerate(crumbs, 1)
    ]
    return {"@context": _CONTEXT, "@type": "BreadcrumbList", "itemListElement": items}


def item_list(name: str, links: Iterable[Link]) -> Document:
    """Return an ItemList of pages of ours."""
    items = [
        {"@type": "ListItem", "position": place, "name": one.title, "url": absolute(one.href)}
        for place, one in enumerate(links, 1)
    ]
    return {
        "@context": _CONTEXT,
        "@type": "ItemList",
        "name": name,
        "numberOfItems": len(items),
        "itemListElement": items,
    }


def dataset_document(dataset: Dataset, name: str, description: str) -> Document:
    """Return a Dataset: the whole network as something to take home."""
    network = dataset.network
    document: Document = {
        "@context": _CONTEXT,
        "@type": "Dataset",
        "@id": absolute(url_for("pages.index")) + "#dataset",
        "name": name,
        "description": f"{description} {network.completeness_note}".strip(),
        "url": absolute(url_for("pages.index")),
        "license": network.licence_url or network.licence,
        "creator": organization(network),
        "isAccessibleForFree": True,
        "distribution": [
            _file(url_for("api.members"), "application/geo+json"),
            _file(url_for("api.countries"), "application/geo+json"),
            _file(url_for("api.themes"), "application/json"),
        ],
    }
    if modified := calendar_date(network.compiled):
        document["dateModified"] = modified
    shown = dataset.members[dataset.members["status"] == COUNTED_STATUS]
    if len(since := shown["since"].dropna()):
        document["temporalCoverage"] = f"{min(since)[:4]}/{modified or '..'}"
    placed = shown[shown.geometry.notna()]
    if len(placed):
        west, south, east, north = (round(float(one), 2) for one in placed.total_bounds)
        document["spatialCoverage"] = {
            "@type": "Place",
            "geo": {"@type": "GeoShape", "box": f"{south} {west} {north} {east}"},
        }
    return document


def organization(network: Network) -> Document:
    """Return the network as an Organization."""
    document: Document = {"@type": "Organization", "name": network.name}
    return document | {"url": network.homepage} if network.homepage else document


def member_document(  # noqa: PLR0917 – the facts of a member
    network: Network,
    name: str,
    kind: str,
    country: str,
    page: str,
    source: str,
    point: tuple[float, float] | None,
) -> Document:
    """Return a member: the government of a place, or an organization; `point` is latitude and longitude."""
    place: Document = {"@type": _PLACES.get(kind, "AdministrativeArea"), "name": name}
    place["containedInPlace"] = {"@type": "Country", "name": country}
    if point:
        place["geo"] = {"@type": "GeoCoordinates", "latitude": point[0], "longitude": point[1]}
    governs = kind not in {"association", "other"}
    document: Document = {
        "@context": _CONTEXT,
        "@type": "GovernmentOrganization" if governs else "Organization",
        "name": name,
        "mainEntityOfPage": absolute(page),
        "memberOf": organization(network),
        "location": place if governs else place | {"@type": "Place"},
    }
    if source:
        document["url"] = source
    return document


def country_document(name: str, code: str, page: str) -> Document:
    """Return a country as an AdministrativeArea."""
    return {
        "@context": _CONTEXT,
        "@type": "AdministrativeArea",
        "name": name,
        "identifier": code,
        "mainEntityOfPage": absolute(page),
    }


def _file(path: str, media_type: str) -> Document:
    return {"@type": "DataDownload", "contentUrl": absolute(path), "encodingFormat": media_type}
