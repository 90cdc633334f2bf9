"""oEmbed 1.0 (https://oembed.com): the address of a view is pasted into an editor, and its frame stands there.

The address is taken apart and matched against our own routes; it is never asked for. Everything in the answer is
built again from the checked view.
"""

import json
import re
import time
from dataclasses import dataclass
from threading import Lock
from urllib.parse import parse_qsl, unquote, urlsplit
from xml.etree import ElementTree as ET

from flask import Blueprint, Response, current_app, request, url_for
from werkzeug.exceptions import HTTPException

from mapsvc import i18n
from mapsvc.analysis.queries import MapQuery, parse_map_query
from mapsvc.errors import BadQuery, NotAllowed, NotFound, NotOffered, Overloaded
from mapsvc.maps.view import MIN_SIDE, PRESETS
from mapsvc.sites import EVERYBODY
from mapsvc.web import framing
from mapsvc.web.asking import single_value
from mapsvc.web.embed_options import EmbedOptions, camera_of, parse_options
from mapsvc.web.filtering import chips_of
from mapsvc.web.frames import USUAL_HEIGHT, FrameCode
from mapsvc.web.http import absolute, respond, service
from mapsvc.web.language import PARAMETER, offered_tags, with_query
from mapsvc.web.sharing import frame_html
from mapsvc.web.titles import value_titles

blueprint = Blueprint("oembed", __name__)

USUAL_WIDTH = 800
MAX_ADDRESS = 2048
CACHE_AGE = 86400
FORMATS = {"json": "application/json", "xml": "text/xml"}
_PLAIN = re.compile(r"https?://[!#$%&'()*+,\-./0-9:;=?@A-Z_a-z~]*")
# Answers that are not remembered, in one process: an editor asks once for what is pasted.
_PER_SECOND, _AT_ONCE = 400, 800


@dataclass(frozen=True)
class Pasted:
    """What an address of ours asks for: a view, how it is framed, where it looks, in which language (empty for the visitor's)."""

    query: MapQuery
    options: EmbedOptions
    camera: str = ""
    language: str = ""


class Budget:
    """Lets so many through in a second, and some more at once."""

    def __init__(self, per_second: int, at_once: int) -> None:
        self._per_second = per_second
        self._at_once = self._left = float(at_once)
        self._filled = time.monotonic()
        self._lock = Lock()

    def spend(self) -> None:
        """Take one.

        Raises
        ------
        Overloaded
            Where none is left.
        """
        with self._lock:
            now = time.monotonic()
            self._left = min(self._at_once, self._left + (now - self._filled) * self._per_second)
            self._filled = now
            if self._left < 1:
                raise Overloaded("too many addresses are being looked at")
            self._left -= 1


_BUDGET = Budget(_PER_SECOND, _AT_ONCE)


@blueprint.get("/oembed")
def oembed() -> Response:
    """Serve what an editor needs to show the view whose address was pasted into it."""
    arguments = list(request.args.items(multi=True))
    kind = single_value(arguments, "format") or "json"
    if kind not in FORMATS:
        raise NotOffered(f"there is no format {kind[:40]!r}", hint=f"use {', '.join(FORMATS)}")
    _check_who_asks()
    most = (_most(arguments, "maxwidth"), _most(arguments, "maxheight"))
    pasted = read_address(single_value(arguments, "url"))

    def make() -> bytes:
        _BUDGET.spend()
        said = describe(pasted, *most)
        return _as_xml(said) if kind == "xml" else json.dumps(said, ensure_ascii=False).encode()

    # What depends on who asks may not be given to the next one without asking again.
    is_same_for_all = EVERYBODY in service().embed_allow
    response = respond(("oembed", kind, pasted, most), make, FORMATS[kind], public=is_same_for_all)
    response.headers["Access-Control-Allow-Origin"] = "*"
    if not is_same_for_all:
        response.headers["Vary"] = "Accept-Encoding, Origin, Referer"
    return response


def _check_who_asks() -> None:
    """Refuse where nothing may be framed, or where the site that asks says who it is and is none of those allowed."""
    if not service().embed_allow:
        raise NotAllowed("the operator of this service allows no site to embed the map")
    for name in ("Origin", "Referer"):
        site = request.headers.get(name, "")
        if site and not site.startswith(f"{service().base_url}/") and framing.is_refused(site):
            raise NotAllowed("the operator of this service does not allow this site to embed the map")


def _most(arguments: list[tuple[str, str]], name: str) -> int | None:
    text = single_value(arguments, name)
    if not text:
        return None
    if not re.fullmatch(r"[0-9]{1,5}", text) or int(text) == 0:
        raise BadQuery(f"{name!r} is a whole number of pixels", parameter=name, allowed=(str(USUAL_WIDTH),))
    return int(text)


def read_address(address: str) -> Pasted:
    """Return what one of our own addresses asks for.

    Raises
    ------
    NotFound
        For any other address, whatever it is: nothing is told of it, and nothing is asked.
    """
    nothing = NotFound("this is not the address of a view of this map")
    public = urlsplit(service().base_url)
    if not public.netloc:
        raise NotFound("this service does not know its public address", near=())
    if len(address) > MAX_ADDRESS or not _PLAIN.fullmatch(address):
        raise nothing
    try:
        parts = urlsplit(address)
        path = unquote(parts.path, errors="strict")
        given = parse_qsl(parts.query, keep_blank_values=True, errors="strict", max_num_fields=200)
        camera = unquote(parts.fragment, errors="strict")
    except ValueError:
        raise nothing from None
    # Letter by letter: a name before an @, a port, another spelling are another place.
    if (parts.scheme, parts.netloc.lower()) != (public.scheme, public.netloc.lower()):
        raise nothing
    prefix = public.path
    if path == prefix:
        path = f"{prefix}/"
    if not path.startswith(f"{prefix}/") or path.startswith(f"{prefix}//"):
        raise nothing
    try:
        return _view_at(path.removeprefix(prefix), given, camera_of(camera))
    except BadQuery:
        raise nothing from None


def _view_at(path: str, given: list[tuple[str, str]], camera: str) -> Pasted:
    try:
        endpoint, values = current_app.url_map.bind("localhost").match(path, method="GET")
    except HTTPException:
        endpoint, values = "", {}
    if endpoint == "profiles.country":
        asked = [("country", str(values["code"]))]
    elif endpoint == "profiles.theme":
        asked = [("theme", str(values["id"]))]
    elif endpoint in {"pages.index", "profiles.table", "embed.embed"}:
        asked = given
    else:
        raise NotFound("this is not the address of a view of this map")
    dataset = service().store.dataset
    query = parse_map_query(asked, dataset.network, dataset.countries.index, strict=False)
    options = parse_options(given) if endpoint == "embed.embed" else EmbedOptions()
    wanted = {value.lower() for name, value in given if name == PARAMETER}
    spoken = next((tag for tag in offered_tags() if tag.lower() in wanted), "")
    return Pasted(query, options, camera, spoken)


def describe(pasted: Pasted, max_width: int | None, max_height: int | None) -> dict[str, str | int]:
    """Return the answer for a view: a frame no larger than allowed, and its picture."""
    dataset = service().store.dataset
    language = i18n.language(pasted.language or dataset.network.default_language)
    network = dataset.network.in_language(language.tag)
    chips = chips_of(pasted.query, value_titles(dataset, language), language)
    title = " · ".join([*(chip.label for chip in chips), network.title])
    width, height = min(USUAL_WIDTH, max_width or USUAL_WIDTH), min(USUAL_HEIGHT, max_height or USUAL_HEIGHT)
    src = _address("embed.embed", pasted, pasted.query.canonical(), pasted.options.canonical())
    if pasted.camera:
        src += f"#{pasted.camera}"
    page = _address("pages.index", pasted, pasted.query.canonical())
    return {
        "version": "1.0",
        "type": "rich",
        "title": title,
        "html": frame_html(FrameCode(title, src, page, height, width)),
        "width": width,
        "height": height,
        "provider_name": network.short_name,
        "provider_url": absolute(url_for("pages.index", lang=None)),
        "cache_age": CACHE_AGE,
        **_thumbnail(pasted, max_width, max_height),
    }


def _thumbnail(pasted: Pasted, max_width: int | None, max_height: int | None) -> dict[str, str | int]:
    """Return the picture of the view within the maximum; nothing where that is too small for one."""
    whole = PRESETS["og"]
    share = min(1, (max_width or whole.width) / whole.width, (max_height or whole.height) / whole.height)
    width, height = int(whole.width * share), int(whole.height * share)
    if min(width, height) < MIN_SIDE:
        return {}
    size = "size=og" if share == 1 else f"width={width}&height={height}"
    return {
        "thumbnail_url": _address("pictures.png", pasted, pasted.query.canonical(), size),
        "thumbnail_width": width,
        "thumbnail_height": height,
    }


def _address(endpoint: str, pasted: Pasted, *parts: str) -> str:
    """Return a public address of ours in the language that was pasted, whatever the one who asks speaks."""
    return absolute(with_query(url_for(endpoint, lang=pasted.language or None), *parts))


def _as_xml(said: dict[str, str | int]) -> bytes:
    root = ET.Element("oembed")
    for name, value in said.items():
        ET.SubElement(root, name).text = str(value)
    text = ET.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="utf-8" standalone="yes"?>\n{text}'.encode()
