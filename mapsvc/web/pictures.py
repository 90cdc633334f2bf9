"""The pictures: exactly the view of an address as PNG and SVG, to be shown by anyone and printed."""

import re
from collections.abc import Callable, Hashable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from threading import BoundedSemaphore
from typing import NamedTuple, cast

import numpy as np
import pandas as pd
from flask import Blueprint, Response, current_app, request
from flask.blueprints import BlueprintSetupState

from mapsvc.analysis.filling import fill_countries
from mapsvc.analysis.gaps_query import parse_gaps_query
from mapsvc.analysis.measures import LACKS
from mapsvc.analysis.queries import MapQuery, parse_map_query
from mapsvc.analysis.selection import select_members
from mapsvc.errors import BadQuery, Overloaded
from mapsvc.i18n import Language
from mapsvc.maps.projection import WORLD, Projections, aim_at
from mapsvc.maps.view import (
    MAX_HEIGHT,
    MAX_PIXELS,
    MAX_SCALE,
    MAX_WIDTH,
    MIN_SIDE,
    PRESETS,
    LegendRow,
    Size,
    View,
    Words,
)
from mapsvc.model import Dataset
from mapsvc.web import looking
from mapsvc.web.asking import file_name, file_name_of, is_download, single_value
from mapsvc.web.filtering import chips_of
from mapsvc.web.http import respond, service
from mapsvc.web.language import PARAMETER, check_language, current_language
from mapsvc.web.outputs import notes_of, numbers_text
from mapsvc.web.snapshot import snapshot
from mapsvc.web.titles import value_titles, words_of

blueprint = Blueprint("pictures", __name__)

# What can be said about a picture besides the view; PNG alone has pixels.
SIZE_PARAMETERS = ("size", "width", "height", "scale")
_MEDIA_TYPES = {"png": "image/png", "svg": "image/svg+xml"}
_EXTENSION = "mapsvc.pictures"
# Drawing keeps one core busy: more at once would make all of them late, and more waiting would keep others out.
_DRAWING, _WAITING = 1, 7
# A picture needs neither script nor style nor anything else, wherever it is opened.
_POLICY = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox"


class Turns:
    """Lets a few work at once and some more wait, and sends the others away."""

    def __init__(self, working: int, waiting: int) -> None:
        self._places = BoundedSemaphore(working + waiting)
        self._working = BoundedSemaphore(working)

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for a turn.

        Raises
        ------
        Overloaded
            Where too many wait already.
        """
        if not self._places.acquire(blocking=False):
            raise Overloaded("too many pictures are being drawn")
        try:
            with self._working:
                yield
        finally:
            self._places.release()


class _Studio(NamedTuple):
    projections: Projections
    turns: Turns


@blueprint.record_once
def _open_studio(state: BlueprintSetupState) -> None:
    state.app.extensions[_EXTENSION] = _Studio(Projections(), Turns(_DRAWING, _WAITING))


@blueprint.get("/map.png")
def png() -> Response:
    """Serve a view as PNG."""
    return _picture("png", SIZE_PARAMETERS)


@blueprint.get("/map.svg")
def svg() -> Response:
    """Serve a view as SVG."""
    response = _picture("svg", SIZE_PARAMETERS[:-1])
    response.headers["Content-Security-Policy"] = _POLICY
    return response


@blueprint.get("/gaps.png")
def gaps_png() -> Response:
    """Serve the map of a measure of coverage as PNG."""
    return _gaps_picture("png", SIZE_PARAMETERS)


@blueprint.get("/gaps.svg")
def gaps_svg() -> Response:
    """Serve the map of a measure of coverage as SVG."""
    response = _gaps_picture("svg", SIZE_PARAMETERS[:-1])
    response.headers["Content-Security-Policy"] = _POLICY
    return response


def _gaps_picture(kind: str, sizes: tuple[str, ...]) -> Response:
    check_language()
    here, arguments = snapshot(), list(request.args.items(multi=True))
    query = parse_gaps_query(
        arguments,
        here.dataset.network,
        here.dataset.countries.index,
        also=(PARAMETER, "dl", *sizes),
        strict=True,
    )
    parts = [f"{name}-{value}" for name in ("measure", "theme", "region") if (value := getattr(query, name))]
    filename = file_name_of(here.dataset, "gaps", parts, kind) if is_download(arguments) else ""

    def view() -> View:
        from mapsvc.web.gaps_picture import gaps_view  # noqa: PLC0415 – as in `gaps`: not at every start

        return gaps_view(here, query)

    return _drawn(("gaps-picture", query), kind, _size_for(kind, arguments), view, filename)


def _picture(kind: str, sizes: tuple[str, ...]) -> Response:
    check_language()
    language = current_language()
    dataset = service().store.dataset.in_language(language.tag)
    arguments = list(request.args.items(multi=True))
    query = parse_map_query(
        arguments, dataset.network, dataset.countries.index, also=(PARAMETER, "dl", *sizes), strict=True
    )
    filename = file_name(dataset, "map", query, kind) if is_download(arguments) else ""
    size = _size_for(kind, arguments)
    return _drawn(("picture", query), kind, size, lambda: view_of(dataset, query, language), filename)


def _size_for(kind: str, arguments: list[tuple[str, str]]) -> Size:
    size = size_of(arguments)
    return replace(size, scale=1) if kind == "svg" else size


def _drawn(
    key: tuple[str, Hashable], kind: str, size: Size, view: Callable[[], View], filename: str
) -> Response:
    """Answer with a picture, drawn once for its key, kind and size, when it is its turn."""
    studio = cast("_Studio", current_app.extensions[_EXTENSION])

    def make() -> bytes:
        # Matplotlib takes as long to import as all the rest together: only who asks for a picture waits for it.
        from mapsvc.maps import picture  # noqa: PLC0415

        draw = picture.draw_png if kind == "png" else picture.draw_svg
        with studio.turns.turn():
            return draw(view(), size, studio.projections)

    return respond(
        (*key, kind, size),
        make,
        _MEDIA_TYPES[kind],
        public=True,
        filename=filename,
        language=current_language().tag,
    )


def size_of(arguments: list[tuple[str, str]]) -> Size:
    """Return the size that a request asks for: a preset, of which width, height and scale may be replaced.

    Raises
    ------
    BadQuery
        Naming the parameter and its limits.
    """
    name = single_value(arguments, "size") or "og"
    if name not in PRESETS:
        raise BadQuery(f"there is no size {name[:40]!r}", parameter="size", allowed=tuple(PRESETS))
    preset = PRESETS[name]
    width = _whole(arguments, "width", preset.width, MIN_SIDE, MAX_WIDTH)
    height = _whole(arguments, "height", preset.height, MIN_SIDE, MAX_HEIGHT)
    size = Size(width, height, _whole(arguments, "scale", preset.scale, 1, MAX_SCALE))
    if size.n_pixels > MAX_PIXELS:
        raise BadQuery(f"a picture has at most {MAX_PIXELS} pixels", parameter="scale", allowed=("1",))
    return size


def _whole(arguments: list[tuple[str, str]], name: str, default: int, least: int, most: int) -> int:
    text = single_value(arguments, name)
    if not text:
        return default
    if not re.fullmatch(r"[0-9]{1,5}", text) or not least <= int(text) <= most:
        raise BadQuery(
            f"{name!r} is a whole number from {least} to {most}",
            parameter=name,
            allowed=(str(least), str(most)),
        )
    return int(text)


def view_of(dataset: Dataset, query: MapQuery, language: Language) -> View:
    """Return what a picture of a view shows."""
    network = dataset.network
    shown = dataset.members[select_members(dataset.members, query, network)]
    titles = value_titles(dataset, language)
    filling = fill_countries(dataset, query)
    looks = {str(code): _key(look) for code, look in filling.countries["look"].items()}
    placed = shown.geometry[shown.geometry.notna()]
    points = np.column_stack([placed.x, placed.y])
    aim = WORLD
    if query.region or query.country:
        aim = aim_at(dataset.countries, looks.keys(), points, whole=bool(query.country))
    elif query.q:
        aim = aim_at(dataset.countries, shown["country"].unique(), points, whole=False)
    rows = looking.legend(filling, words_of(titles, language))
    legend = tuple(LegendRow(_key(one.look), one.label) for one in (*rows.classes, *rows.others))
    heading = " · ".join(chip.label for chip in chips_of(query, titles, language))
    words = Words(
        language=language.tag,
        heading=heading or network.title,
        above=network.title if heading else "",
        numbers=numbers_text(len(shown), int(shown["country"].nunique()), language),
        legend_title=rows.title,
        legend=legend,
        member=language.gettext("Member"),
        notes=notes_of(dataset, language),
        country_labels=_country_labels(filling.countries["n_members"], titles["country"], language),
    )
    return View(dataset.countries, dataset.fingerprint, looks, points, aim, network.accent, words)


def _key(look: str) -> str:
    """Return a look as the pictures call it: a class by its number, a country that has no value as one that is not known."""
    if look in LACKS.values():
        return "unknown"
    return look.removeprefix("class-")


def _country_labels(
    counts: pd.Series, names: Mapping[str, str], language: Language
) -> tuple[tuple[str, str], ...]:
    ngettext = language.texts.ngettext
    return tuple(
        (
            code,
            f"{names[code]}: {ngettext('%(num)s member', '%(num)s members', n) % {'num': language.number(n)}}",
        )
        for code, n in zip(map(str, counts.index), counts.to_list(), strict=True)
        if n
    )
