"""A scene as SVG: whole numbers in tenths of a pixel, no script, no style sheet, letters as outlines.

Letters are outlines so that every machine shows them, whatever fonts it has; what is said stands in `title` and `desc`.
"""

from collections.abc import Iterator
from itertools import pairwise
from xml.sax.saxutils import escape, quoteattr

import numpy as np
from numpy.typing import NDArray

from mapsvc.maps.scene import (
    CLOSE,
    CUBIC,
    HATCH,
    LINE,
    MOVE,
    QUADRATIC,
    Codes,
    Coordinates,
    Dots,
    Mark,
    Scene,
    Shape,
)

MEDIA_TYPE = "image/svg+xml"
TENTHS = 10
_LETTERS = {QUADRATIC: "q", CUBIC: "c"}
_VERTICES = {QUADRATIC: 2, CUBIC: 3}
_HATCH_STEP, _HATCH_WIDTH = 60, 12


def svg(scene: Scene) -> bytes:
    """Return the scene as an SVG document; equal scenes give equal bytes."""
    left, top, right, bottom = (_tenths(one) for one in scene.frame)
    ground, line = scene.hatch
    wide, high = scene.width * TENTHS, scene.height * TENTHS
    parts = [
        f"""<svg xmlns="http://www.w3.org/2000/svg" width="{scene.width}" height="{scene.height}" \
viewBox="0 0 {wide} {high}" role="img" aria-labelledby="title desc" \
xml:lang={quoteattr(scene.language)} stroke-linejoin="round">""",
        f'<title id="title">{_text(scene.title)}</title><desc id="desc">{_text(scene.description)}</desc>',
        f"""<defs><clipPath id="frame"><path d="M{left} {top}H{right}V{bottom}H{left}z"/></clipPath>\
<pattern id="hatch" width="{_HATCH_STEP}" height="{_HATCH_STEP}" patternUnits="userSpaceOnUse" \
patternTransform="rotate(-45)"><path fill="{ground}" d="M0 0H{_HATCH_STEP}V{_HATCH_STEP}H0z"/>\
<path stroke="{line}" stroke-width="{_HATCH_WIDTH}" d="M10 0V{_HATCH_STEP}"/></pattern></defs>""",
        f'<path fill="{scene.background}" d="M0 0H{wide}V{high}H0z"/>',
        '<g clip-path="url(#frame)">',
        *_marks(scene.inside),
        "</g>",
        *_marks(scene.over),
        "</svg>\n",
    ]
    return "\n".join(parts).encode()


def _marks(marks: tuple[Mark, ...]) -> Iterator[str]:
    """Write marks; those of one look that follow each other share it."""
    look = ""
    for mark in marks:
        body = _dots(mark) if isinstance(mark, Dots) else _shape(mark)
        if not body:
            continue
        if _look(mark) != look:
            if look:
                yield "</g>"
            look = _look(mark)
            yield f"<g{look}>"
        yield body
    if look:
        yield "</g>"


def _look(mark: Mark) -> str:
    fill = f"url(#{HATCH})" if mark.fill == HATCH else mark.fill or "none"
    look = f' fill="{fill}"'
    if mark.stroke:
        look += f' stroke="{mark.stroke}" stroke-width="{_tenths(mark.width)}"'
        if isinstance(mark, Shape) and mark.opacity < 1:
            look += f' stroke-opacity="{mark.opacity:g}"'
    return look


def _shape(mark: Shape) -> str:
    path = path_data(mark.vertices, mark.codes)
    if not path:
        return ""
    if mark.title:
        return f'<path d="{path}"><title>{_text(mark.title)}</title></path>'
    return f'<path d="{path}"/>'


def _dots(mark: Dots) -> str:
    centres = _whole(mark.centres).tolist()
    radius = _tenths(mark.radius)
    return "".join(f'<circle cx="{x}" cy="{y}" r="{radius}"/>' for x, y in centres)


def path_data(vertices: Coordinates, codes: Codes) -> str:
    """Return an outline in SVG's words, relative and in tenths.

    Examples
    --------
    >>> path_data(np.array([[1.0, 1.0], [2.0, 1.0], [2.0, 3.5], [1.0, 1.0]]), np.array([1, 2, 2, 79]))
    'M10 10l10 0 0 25z'
    """
    whole = _whole(vertices)
    starts = np.append(np.flatnonzero(codes == MOVE), len(codes))
    return "".join(_subpath(whole[start:end], codes[start:end]) for start, end in pairwise(starts))


def _subpath(whole: NDArray[np.int64], codes: Codes) -> str:
    (x, y), closed = whole[0].tolist(), codes[-1] == CLOSE
    body = codes[1:-1] if closed else codes[1:]
    if (body == LINE).all():
        steps = np.diff(whole[: len(body) + 1], axis=0)
        words = "l" + _numbers(steps)
    else:
        words = _curves(whole[1:], body, (x, y))
    return f"M{x} {y}{words}{'z' if closed else ''}"


def _curves(whole: NDArray[np.int64], codes: Codes, start: tuple[int, int]) -> str:
    words, last, place, at = "", "", 0, np.array(start)
    while place < len(codes):
        kind = int(codes[place])
        letter, length = _LETTERS.get(kind, "l"), _VERTICES.get(kind, 1)
        numbers = _numbers(whole[place : place + length] - at)
        words += letter + numbers if letter != last else ("" if numbers[0] == "-" else " ") + numbers
        at, last, place = whole[place + length - 1], letter, place + length
    return words


def _numbers(pairs: NDArray[np.int64]) -> str:
    # A minus parts two numbers by itself.
    return " ".join(map(str, pairs.ravel().tolist())).replace(" -", "-")


def _whole(xy: Coordinates) -> NDArray[np.int64]:
    return np.rint(np.asarray(xy) * TENTHS).astype(np.int64)


def _tenths(value: float) -> int:
    return round(value * TENTHS)


def _text(text: str) -> str:
    """Return a text for XML, which has no word for control characters."""
    return escape("".join(one if one.isprintable() else "\N{REPLACEMENT CHARACTER}" for one in text))
