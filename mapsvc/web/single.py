"""The map page of a view as one file that opens from a disk: scripts, styles, fonts and data in it, and nothing to ask for."""

import base64
import json
import re
from dataclasses import replace
from functools import lru_cache
from hashlib import sha256
from typing import NamedTuple

from flask import Blueprint, Response, render_template, request

from mapsvc.analysis.queries import MapQuery, parse_map_query
from mapsvc.analysis.selection import select_members
from mapsvc.formats import geojson
from mapsvc.i18n import Language
from mapsvc.maps.document import MapDocument, MapOptions, build_document
from mapsvc.maps.outlines import outlines
from mapsvc.model import Dataset
from mapsvc.web.asking import file_name, is_download
from mapsvc.web.assets import content
from mapsvc.web.composing import compose_map_page
from mapsvc.web.http import PAGE, respond, service
from mapsvc.web.language import PARAMETER, check_language, current_language, page_address
from mapsvc.web.outputs import notes_of
from mapsvc.web.texts import map_texts
from mapsvc.web.titles import value_titles

blueprint = Blueprint("single", __name__)

# Names under which the map finds its data in the file, instead of addresses.
_MEMBERS, _OUTLINES = "members", "outlines"
# What the popup of a member says.
_PROPERTIES = (
    "name", "type", "country", "admin1", "since", "status", "themes", "url", "location_source", "source_url",
    "country_name",
)  # fmt: skip
_ADDRESS = re.compile(rb"""url\(\s*["']?([^"')]+)["']?\s*\)""")


@blueprint.get("/map.html")
def single_file() -> Response:
    """Serve the page of a view as one file."""
    check_language()
    language = current_language()
    dataset = service().store.dataset
    arguments = list(request.args.items(multi=True))
    query = parse_map_query(
        arguments, dataset.network, dataset.countries.index, also=(PARAMETER, "dl"), strict=True
    )
    filename = file_name(dataset, "map", query, "html") if is_download(arguments) else ""
    document = _document(language)
    script = _as_parsed(content("js/single-page.js") + b"\n" + document.script)
    parts = _Parts(document, script, _style(dataset.network.accent))

    def make() -> bytes:
        return _file(dataset, query, parts, language)

    response = respond(
        ("single", query), make, "text/html", cache=PAGE, filename=filename, language=language.tag
    )
    response.headers["Content-Security-Policy"] = f"{parts.policy}; frame-ancestors 'none'"
    return response


class _Parts(NamedTuple):
    """What is the same in every file of one language."""

    document: MapDocument
    script: bytes
    style: bytes

    @property
    def policy(self) -> str:
        """A policy that allows this script and this style, and no host at all."""
        return (
            f"default-src 'none'; script-src {_hash(self.script)}; style-src {_hash(self.style)}; "
            "img-src data:; font-src data:; base-uri 'none'; form-action 'none'"
        )


def _file(dataset: Dataset, query: MapQuery, parts: _Parts, language: Language) -> bytes:
    page = compose_map_page(dataset, query, parts.document, language)
    # On a disk there are no pages of ours beside it.
    page = replace(page, state={name: value for name, value in page.state.items() if name != "links"})
    html = render_template(
        "single.html",
        page=page,
        policy=parts.policy,
        embedded=_embedded(dataset, query, language),
        notes=notes_of(dataset.in_language(language.tag), language),
        address=page_address(page.canonical_query) if service().base_url else "",
    ).encode()
    # Nothing that was imported can hold a tag: the template escapes it all.
    head, _, rest = html.partition(b"</head>")
    body, _, end = rest.rpartition(b"</body>")
    return b"".join(
        [
            head,
            b"<style>",
            parts.style,
            b"</style>\n</head>",
            body,
            b"<script>",
            parts.script,
            b"</script>\n</body>",
            end,
        ]
    )


def _embedded(dataset: Dataset, query: MapQuery, language: Language) -> dict[str, object]:
    """Return what the map would fetch, by the name that it asks for."""
    names = value_titles(dataset, language)["country"]
    shown = dataset.members[select_members(dataset.members, query, dataset.network)]
    features = geojson.member_features(shown, names, dataset.network.region_of_country, _PROPERTIES)
    asked = f"{_MEMBERS}?{query.canonical()}" if query.canonical() else _MEMBERS
    return {
        asked: json.loads(geojson.collection(features, {})),
        _OUTLINES: json.loads(outlines(dataset.countries, names)),
    }


@lru_cache(maxsize=16)
def _document(language: Language) -> MapDocument:
    texts = map_texts(language)
    return build_document(
        MapOptions(members_url=_MEMBERS, outlines_url=_OUTLINES, texts=tuple(texts.items()))
    )


@lru_cache(maxsize=4)
def _style(accent: str) -> bytes:
    """Return the style sheets with the fonts in them; the few pictures of Leaflet's own are not used."""

    def inlined(match: re.Match[bytes]) -> bytes:
        name = match[1].decode()
        if name.startswith(("#", "data:")):
            return match[0]
        if not name.endswith(".woff2"):
            return b"none"
        font = base64.b64encode(content(name.removeprefix("../")))
        return b"url(data:font/woff2;base64," + font + b")"

    sheets = _ADDRESS.sub(inlined, content("css/map-page.css"))
    return _as_parsed(f":root {{ --accent: {accent}; }}\n".encode() + sheets)


def _as_parsed(text: bytes) -> bytes:
    """Return a text as a browser will have read it, which is what it takes the hash of."""
    return text.replace(b"\r\n", b"\n")


def _hash(text: bytes) -> str:
    return f"'sha256-{base64.b64encode(sha256(text).digest()).decode()}'"
