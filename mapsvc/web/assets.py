"""Static files under a digest of them all, so that they are immutable, and the network's own colours."""

import mimetypes
import re
from functools import lru_cache, partial
from hashlib import sha256
from pathlib import Path, PurePosixPath

from flask import Blueprint, Response, request, url_for

from mapsvc.errors import NotFound
from mapsvc.web.http import FOR_EVER, respond, service

blueprint = Blueprint("assets", __name__)
_FOLDER = Path(__file__).resolve().parent.parent / "static"
_MEDIA_TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".woff2": "font/woff2"}
_SUFFIXES = {*_MEDIA_TYPES, ".png", ".ico"}

# Files that are always wanted together, sent as one: on a first visit a request costs more than its bytes.
BUNDLES = {
    "css/map-page.css": (
        "vendor/leaflet/leaflet.css",
        "css/site.css",
        "css/languages.css",
        "css/atlas.css",
        "css/map.css",
        "css/labels.css",
        "css/looking.css",
        "css/picture.css",
        "css/share.css",
    ),
    "js/map-page.js": (
        "vendor/leaflet/leaflet.js",
        "vendor/supercluster/supercluster.min.js",
        # Our modules, each after those that it imports; their names are unique among them.
        "js/dom.js",
        "js/popup.js",
        "js/camera.js",
        "js/countries.js",
        "js/reach.js",
        "js/spacing.js",
        "js/members.js",
        "js/map.js",
    ),
    "css/embed-page.css": (
        "vendor/leaflet/leaflet.css",
        "css/site.css",
        "css/languages.css",
        "css/atlas.css",
        "css/map.css",
        "css/labels.css",
        "css/looking.css",
        "css/embed.css",
    ),
    "js/panel.js": (
        "js/dom.js",
        "js/live.js",
        "js/ahead.js",
        "js/page.js",
        "js/timeline.js",
        "js/search.js",
        "js/near.js",
        "js/opened.js",
    ),
    "js/table-page.js": ("js/dom.js", "js/live.js", "js/table.js"),
}
# The names of places come after the map, as a module of one piece.
_MODULE = "js/names.js"
BUNDLES[_MODULE] = ("js/dom.js", "js/placing.js", "js/pyramid.js", "js/labels.js")
# The page as one file holds the same scripts, and one for its list.
BUNDLES["js/single-page.js"] = (*BUNDLES["js/map-page.js"], "js/single.js")
# In a frame, the map and its list live beside somebody else's text.
BUNDLES["js/embed-page.js"] = (*BUNDLES["js/single-page.js"], "js/gestures.js", "js/frame.js")
# A site may be light or dark whatever the visitor's device is: the same sheet, with its question answered.
_ANSWERED = {
    f"css/embed-page-{look}.css": (
        (b"@media (prefers-color-scheme: dark)", b"@media " + answer),
        (b"color-scheme: light dark;", f"color-scheme: {look};".encode()),
    )
    for look, answer in (("light", b"not all"), ("dark", b"all"))
}
BUNDLES.update(dict.fromkeys(_ANSWERED, BUNDLES["css/embed-page.css"]))
# Six hexadecimal digits: a colour as a site gives it, without the # that would end an address.
ACCENT = re.compile(r"[0-9a-f]{6}")
# A frame stands among somebody else's letters, and takes those of the device: ours are a tenth of its bytes.
_FONT_FACE = re.compile(rb"@font-face \{.*?\}\n", re.DOTALL)
_IMPORT = re.compile(rb'^import .*? from "\./[a-z]+\.js";$', re.MULTILINE)
_EXPORT = re.compile(rb"^export (?=(?:async )?(?:function|class|const) )", re.MULTILINE)

# What is said to developers, where it stands in lines of its own: visitors need not wait for it.
_REMARK = re.compile(rb"^[ \t]*(?://.*|/\*(?s:.*?)\*/)\n", re.MULTILINE)


@lru_cache(maxsize=1)
def _files() -> dict[str, Path]:
    """Return the files that may be served, by their path below the folder; nothing else can be asked for."""
    paths = sorted(path for path in _FOLDER.rglob("*") if path.is_file() and path.suffix in _SUFFIXES)
    return {path.relative_to(_FOLDER).as_posix(): path for path in paths}


@lru_cache(maxsize=1)
def digest() -> str:
    """Return a digest of all static files."""
    total = sha256()
    for name, path in _files().items():
        total.update(name.encode() + b"\0" + sha256(path.read_bytes()).digest())
    return total.hexdigest()[:12]


def asset(name: str) -> str:
    """Return the address of a static file."""
    return url_for("assets.static", version=digest(), name=name)


def content(name: str) -> bytes:
    """Return the bytes of one of our files or bundles."""
    return _joined(name, BUNDLES.get(name, (name,)))


@blueprint.get("/static/<version>/<path:name>")
def static(version: str, name: str) -> Response:
    """Serve one of our files, of the libraries that the build put beside them, or a bundle."""
    parts = BUNDLES.get(name, (name,))
    if version != digest() or not _files().keys() >= set(parts):
        raise NotFound("there is no such file")
    kind = _MEDIA_TYPES.get(PurePosixPath(name).suffix) or mimetypes.guess_type(name)[0]
    body = partial(_joined, name, parts)
    return respond(("static", name), body, kind or "application/octet-stream", cache=FOR_EVER, public=True)


def _joined(name: str, parts: tuple[str, ...]) -> bytes:
    """Return the bytes of a file, or of those that are sent as one.

    Modules become one script that runs as soon as it has come, with nothing to import and no names left behind; what is sent
    as one is sent without our remarks.
    """
    texts = {part: _files()[part].read_bytes() for part in parts}
    if name in BUNDLES:
        texts = {
            part: text if part.startswith("vendor/") else _REMARK.sub(b"", text)
            for part, text in texts.items()
        }
    if name == _MODULE:
        return b"\n".join(_IMPORT.sub(b"", text) for text in texts.values())
    if name not in BUNDLES or not name.endswith(".js"):
        sheet = b"\n".join(texts.values())
        if name.startswith("css/embed-page"):
            sheet = _FONT_FACE.sub(b"", sheet)
        for question, answer in _ANSWERED.get(name, ()):
            sheet = sheet.replace(question, answer)
        return sheet
    vendor = [text for part, text in texts.items() if part.startswith("vendor/")]
    ours = [
        _EXPORT.sub(b"", _IMPORT.sub(b"", text)) for part, text in texts.items() if part.startswith("js/")
    ]
    return b"\n".join([*vendor, b'(() => {\n"use strict";', *ours, b"})();\n"])


@blueprint.get("/network.css")
def network_css() -> Response:
    """Serve the colour that the network chose, or a site for its frame; a style sheet, because inline style is not allowed.

    Anyone may use it: a frame that is sandboxed is a stranger to us.
    """
    given = request.args.get("accent", "").lower()
    accent = f"#{given}" if ACCENT.fullmatch(given) else service().store.dataset.network.accent
    sheet = f":root {{ --accent: {accent}; }}\n"
    return respond(("network.css", accent), sheet.encode, "text/css", public=True)
