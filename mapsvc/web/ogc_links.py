"""Links as OGC API – Features has them: in documents, in ``Link`` headers, and on pages."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flask import Response, url_for

from mapsvc.model import Network
from mapsvc.web.http import absolute
from mapsvc.web.language import with_query

JSON, HTML, SCHEMA = "application/json", "text/html", "application/schema+json"
OPENAPI = "application/vnd.oai.openapi+json;version=3.0"
SCHEMA_REL = "http://www.opengis.net/def/rel/ogc/1.0/schema"
QUERYABLES_REL = "http://www.opengis.net/def/rel/ogc/1.0/queryables"
# Those that say how to go on; a header with all links would be longer than some servers take.
_IN_HEADER = frozenset({"self", "alternate", "next", "prev", "collection", "describedby", "license"})


@dataclass(frozen=True)
class Link:
    """A link with its relation and media type; `length` in bytes where it is known."""

    rel: str
    type: str
    title: str
    href: str
    length: int | None = None

    def document(self) -> dict[str, object]:
        """Return it as JSON has it."""
        said: dict[str, object] = {"rel": self.rel, "type": self.type, "title": self.title, "href": self.href}
        return said if self.length is None else {**said, "length": self.length}

    @property
    def header(self) -> str:
        """The link as a header has it; titles may be of any script and stay in the document."""
        return f'<{self.href}>; rel="{self.rel}"; type="{self.type}"'


def address(endpoint: str, query: str = "", **values: str) -> str:
    """Return the public address of one of our endpoints."""
    return absolute(with_query(url_for(f"ogc.{endpoint}", **dict[str, Any](values)), query))


def forms(
    endpoint: str, title: str, *, as_page: bool, query: str = "", media_type: str = JSON, **values: str
) -> list[Link]:
    """Return the links of a document to itself and to its other form."""
    path = address(endpoint, **values)
    as_json, as_html = (
        (with_query(path, query, "f=json"), media_type),
        (with_query(path, query, "f=html"), HTML),
    )
    shown, other = (as_html, as_json) if as_page else (as_json, as_html)
    return [Link("self", shown[1], title, shown[0]), Link("alternate", other[1], title, other[0])]


def schema_link(title: str, collection: str) -> Link:
    """Return the link to the schema of the features of a collection."""
    return Link("describedby", SCHEMA, title, address("schema", "f=json", collection=collection))


def licence_links(network: Network) -> list[Link]:
    """Return the link to the licence of the data, if it has an address."""
    return [Link("license", HTML, network.licence, network.licence_url)] if network.licence_url else []


def documents(links: Iterable[Link]) -> list[dict[str, object]]:
    """Return links as JSON has them."""
    return [one.document() for one in links]


def with_links(response: Response, links: Iterable[Link]) -> Response:
    """Say the links that lead on in the headers of an answer, too."""
    for one in links:
        if one.rel in _IN_HEADER and one.href.isascii():
            response.headers.add("Link", one.header)
    return response
