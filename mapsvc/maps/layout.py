"""Where everything stands on a picture of any size: the words above and below, the map and the legend between them."""

from dataclasses import dataclass

import numpy as np

from mapsvc.maps import palette as colours
from mapsvc.maps.lettering import Lettering, fitted, printable
from mapsvc.maps.palette import Palette
from mapsvc.maps.scene import HATCH, Dots, Mark, Shape, rectangle
from mapsvc.maps.view import Size, Words

Box = tuple[float, float, float, float]

# Sizes of letters on a picture of 1200 × 630, in pixels; on a small one the small print stays readable.
_HEADING, _ABOVE, _NUMBERS, _LEGEND, _NOTES = 38.0, 19.0, 21.0, 15.0, 13.0
_SMALLEST = 9.0
_MARGIN, _GAP = 32.0, 18.0
_SWATCH, _SWATCH_GAP = 24.0, 9.0
_LABEL_WIDTH = 190.0
_LEADING = 1.3
_DOT = 3.2
# The word for a member's dot, among the keys of the legend.
_MEMBER = "member"


@dataclass(frozen=True)
class Layout:
    """What was laid out: `frame` for the map, `marks` with all the words and the legend.

    Attributes
    ----------
    unit : float
        1 on a picture of 1200 × 630, less on smaller ones.
    dot : float
        The radius of a member.
    """

    unit: float
    frame: Box
    dot: float
    marks: tuple[Mark, ...]


def lay_out(words: Words, size: Size, shades: Palette, aspect: float, *, is_world: bool) -> Layout:
    """Place everything that a picture says, and leave the rest to the map.

    Parameters
    ----------
    aspect : float
        Width by height of what the map must show; it decides whether the legend stands beside the map or below it.
    """
    unit = min(
        2.4, max(0.5, min((size.width * size.height / 756_000) ** 0.5, size.width / 560, size.height / 440))
    )
    pen = _Pen(words.language, unit)
    margin = _MARGIN * unit
    left, right = margin, size.width - margin
    top = pen.head(words, shades, left, right, margin * 0.85) + _GAP * unit
    bottom = pen.notes(words, left, right, size.height - margin * 0.8) - _GAP * unit
    rows = [(row.key, printable(row.label, words.language)) for row in words.legend]
    if words.member:
        rows.append((_MEMBER, printable(words.member, words.language)))
    legend = _Legend(printable(words.legend_title, words.language), rows, shades, pen)
    beside = (left + legend.width + _GAP * unit * 1.4, top, right, bottom)
    below = (left, top, right, bottom - legend.flow(left, right, 0, draw=False) - _GAP * unit)
    if _seen(beside, aspect, is_world) >= _seen(below, aspect, is_world) and legend.height <= bottom - top:
        frame = beside
        legend.stand(left, bottom - legend.height)
    else:
        frame = below
        legend.flow(left, right, frame[3] + _GAP * unit, draw=True)
    dot = _DOT * min(unit, max(0.6, (frame[2] - frame[0]) / 1000))
    return Layout(unit, frame, dot, tuple(pen.marks))


def _seen(frame: Box, aspect: float, is_world: bool) -> float:
    """Return how large the map is in a frame: a world has a shape, a part of it fills what there is."""
    wide, high = frame[2] - frame[0], frame[3] - frame[1]
    if wide <= 0 or high <= 0:
        return -1.0
    least = min(wide, high * aspect)
    return least**2 / aspect if is_world else wide * high * min(1.0, 2 * min(wide / high, high / wide))


class _Pen:
    """Collects what is written and drawn."""

    def __init__(self, language: str, unit: float) -> None:
        self.marks: list[Mark] = []
        self.language = language
        self.unit = unit

    def size(self, size: float) -> float:
        """Return a size of letters on this picture."""
        return max(_SMALLEST, size * self.unit)

    def write(self, letters: Lettering, text: str, left: float, baseline: float, ink: str) -> None:
        """Write one line."""
        self.marks.append(Shape(*letters.outline(text, left, baseline), fill=ink))

    def head(self, words: Words, shades: Palette, left: float, right: float, top: float) -> float:
        """Write title and numbers below `top`; return where they end."""
        y = top
        lines = (
            (words.above, _ABOVE, shades.accent_ink, True, 1),
            (words.heading, _HEADING, colours.INK, True, 2),
            (words.numbers, _NUMBERS, colours.INK_SOFT, False, 2),
        )
        for text, size, ink, bold, most in lines:
            if not text:
                continue
            y = self._block(printable(text, self.language), size, (left, y, right), ink, bold=bold, most=most)
        return y

    def _block(
        self, text: str, size: float, box: tuple[float, float, float], ink: str, *, bold: bool, most: int
    ) -> float:
        left, y, right = box
        full = self.size(size)
        letters, broken = fitted(
            text, right - left, most, full, max(_SMALLEST, full * 0.6), language=self.language, bold=bold
        )
        for line in broken:
            y += letters.size * 1.18
            self.write(letters, line, left, y, ink)
        return y + letters.size * 0.22

    def notes(self, words: Words, left: float, right: float, bottom: float) -> float:
        """Write date, disclaimer and sources above `bottom`; return where they begin."""
        text = printable("  ·  ".join(words.notes), self.language)
        full = self.size(_NOTES)
        letters, broken = fitted(
            text, right - left, 3, full, max(_SMALLEST, full * 0.75), language=self.language
        )
        if broken[-1].endswith("…"):
            # A narrow picture gives them more lines: a disclaimer is not to be cut.
            broken = letters.lines(text, right - left, 9)
        leading = letters.size * 1.35
        first = bottom - leading * (len(broken) - 1)
        for place, line in enumerate(broken):
            self.write(letters, line, left, first + place * leading, colours.INK_SOFT)
        return first - letters.size


class _Legend:
    """The classes, the states and the dot of a member, as a column or as lines."""

    def __init__(self, title: str, rows: list[tuple[str, str]], shades: Palette, pen: _Pen) -> None:
        self._pen = pen
        self._unit = pen.unit
        size = pen.size(_LEGEND)
        self._letters = Lettering(size, language=pen.language)
        self._bold = Lettering(size, language=pen.language, bold=True)
        self._title = self._bold.lines(title, _LABEL_WIDTH * 1.2 * self._unit, 2)
        self._rows = [(key, self._letters.lines(label, _LABEL_WIDTH * self._unit, 3)) for key, label in rows]
        self._fills = self._looks(shades, sum(key.isdecimal() for key, _ in rows))
        self._leading = size * _LEADING
        self._step = max(self._leading, _SWATCH * 0.62 * self._unit) + size * 0.28

    def _looks(self, shades: Palette, n_classes: int) -> dict[str, str]:
        fills = {str(place): colour for place, colour in enumerate(shades.classes(n_classes))}
        return fills | {"none": colours.LAND_ZERO, "not-in-theme": colours.LAND_OTHER, "unknown": HATCH}

    @property
    def width(self) -> float:
        """How wide it is as a column."""
        labels = max(self._letters.width(line) for _, lines in self._rows for line in lines)
        title = max(self._bold.width(line) for line in self._title)
        return max(title, labels + (_SWATCH + _SWATCH_GAP) * self._unit)

    @property
    def height(self) -> float:
        """How high it is as a column."""
        rows = sum(self._step + (len(lines) - 1) * self._leading for _, lines in self._rows)
        return len(self._title) * self._leading + self._letters.size * 0.5 + rows

    def stand(self, left: float, top: float) -> None:
        """Draw it as a column."""
        y = top
        for line in self._title:
            self._pen.write(self._bold, line, left, y + self._letters.size, colours.INK)
            y += self._leading
        y += self._letters.size * 0.5
        for key, lines in self._rows:
            y = self._row(key, lines, left, y)

    def _row(self, key: str, lines: list[str], left: float, top: float) -> float:
        self._swatch(key, left, top)
        text = left + (_SWATCH + _SWATCH_GAP) * self._unit
        for place, line in enumerate(lines):
            baseline = top + self._letters.size + place * self._leading
            self._pen.write(self._letters, line, text, baseline, colours.INK)
        return top + self._step + (len(lines) - 1) * self._leading

    def flow(self, left: float, right: float, top: float, *, draw: bool) -> float:
        """Draw it as lines, or only say how high they are."""
        y = top
        for line in self._title:
            if draw:
                self._pen.write(self._bold, line, left, y + self._letters.size, colours.INK)
            y += self._leading
        y += self._letters.size * 0.35
        x, deepest = left, 0.0
        for key, lines in self._rows:
            wide = (_SWATCH + _SWATCH_GAP) * self._unit + max(map(self._letters.width, lines))
            if x > left and x + wide > right:
                x, y, deepest = left, y + deepest, 0.0
            if draw:
                self._row(key, lines, x, y)
            x += wide + _GAP * 1.2 * self._unit
            deepest = max(deepest, self._step + (len(lines) - 1) * self._leading)
        return y + deepest - top

    def _swatch(self, key: str, left: float, top: float) -> None:
        wide, high = _SWATCH * self._unit, _SWATCH * 0.62 * self._unit
        middle = top + self._letters.size * 0.64
        if key == _MEMBER:
            centre = np.array([(left + wide / 2, middle)])
            self._pen.marks.append(
                Dots(centre, _DOT * 1.2 * self._unit, colours.PIN, colours.PIN_INK, 0.8 * self._unit)
            )
            return
        box = rectangle(left, middle - high / 2, left + wide, middle + high / 2)
        self._pen.marks.append(
            Shape(*box, fill=self._fills[key], stroke=colours.BORDER, width=self._unit,
                  opacity=colours.BORDER_OPACITY)
        )  # fmt: skip
