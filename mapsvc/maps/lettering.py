"""Letters as outlines: a typeface for each script, text that fits its box, and nothing drawn as an empty box.

Latin is set in the page's own typeface, Chinese, Japanese and Korean in Noto Sans, the rest (Greek, Cyrillic, Arabic,
Hebrew) in DejaVu Sans, which comes with matplotlib. The fonts are files of ours: what the machine has is not looked at.
"""

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import matplotlib as mpl
import numpy as np
from matplotlib.font_manager import get_font
from matplotlib.ft2font import FT2Font, LoadFlags
from matplotlib.textpath import TextToPath

from mapsvc.maps.scene import Codes, Coordinates

_VENDOR = Path(__file__).resolve().parent.parent / "static/vendor/@expo-google-fonts"
_LATIN = {
    False: _VENDOR / "funnel-sans/400Regular/FunnelSans_400Regular.ttf",
    True: _VENDOR / "funnel-sans/600SemiBold/FunnelSans_600SemiBold.ttf",
}
_EAST_ASIAN = {
    "ko": _VENDOR / "noto-sans-kr/400Regular/NotoSansKR_400Regular.ttf",
    "ja": _VENDOR / "noto-sans-jp/400Regular/NotoSansJP_400Regular.ttf",
    "zh": _VENDOR / "noto-sans-sc/400Regular/NotoSansSC_400Regular.ttf",
}
_OTHERS = {False: "DejaVuSans.ttf", True: "DejaVuSans-Bold.ttf"}
# Said where no font has the character: something stands here that cannot be shown.
REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
ELLIPSIS = "…"

_TO_PATH = TextToPath()
_MISSING_MARKS = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


@lru_cache(maxsize=64)
def typefaces(language: str, *, bold: bool) -> tuple[str, ...]:
    """Return the fonts for a text, the first that has a character draws it; one's own script comes first."""
    own = language.split("-", maxsplit=1)[0]
    east_asian = sorted(_EAST_ASIAN, key=lambda one: one != own)
    others = Path(mpl.get_data_path(), "fonts/ttf", _OTHERS[bold])
    return tuple(str(path) for path in (_LATIN[bold], *(_EAST_ASIAN[one] for one in east_asian), others))


def has_glyph(paths: tuple[str, ...], character: str) -> bool:
    """Tell whether one of the fonts can draw a character."""
    return bool(_first_with(paths, character))


@lru_cache(maxsize=8192)
def _first_with(paths: tuple[str, ...], character: str) -> str:
    code = ord(character)
    return next((path for path in paths if get_font([path]).get_char_index(code)), "")


@lru_cache(maxsize=8192)
def _advance(paths: tuple[str, ...], character: str) -> float:
    """Return how far a character moves the pen, in sizes of the letters."""
    font = _font((_first_with(paths, character) or paths[-1],))
    glyph = font.load_char(ord(character), LoadFlags.NO_HINTING)
    # A fraction in 16.16 at the size that was set.
    return float(glyph.linearHoriAdvance) / 65536 / _TO_PATH.FONT_SCALE


def _font(paths: tuple[str, ...]) -> FT2Font:
    # Matplotlib keeps one of each per thread.
    font = get_font(list(paths))
    font.set_size(_TO_PATH.FONT_SCALE, _TO_PATH.DPI)
    return font


def printable(text: str, language: str = "en") -> str:
    r"""Return `text` with what no font can draw replaced, each run by one mark that says so.

    Examples
    --------
    >>> printable("Wrocław 서울 東京 上海 $x$"), printable("हिन्दी ok"), printable("a\u202eb")
    ('Wrocław 서울 東京 上海 $x$', '� ok', 'ab')
    """
    paths = typefaces(language, bold=False)
    kept: list[str] = []
    for one in " ".join(text.split()):
        if one in _MISSING_MARKS:
            continue
        if one.isprintable() and has_glyph(paths, one):
            kept.append(one)
        elif not (kept and kept[-1] == REPLACEMENT):
            kept.append(REPLACEMENT)
    return "".join(kept)


class Lettering:
    """Text of one size and weight, in one language."""

    def __init__(self, size: float, *, language: str = "en", bold: bool = False) -> None:
        self.size = size
        self._language = language
        self._paths = typefaces(language, bold=bold)

    def width(self, text: str) -> float:
        """Return how wide a line is, in pixels: a little more where letters are moved or joined to each other.

        Shaping the text would be exact, and takes a millisecond for each word of each line that is tried.
        """
        return sum(_advance(self._paths, one) for one in text) * self.size

    def outline(self, text: str, left: float, baseline: float) -> tuple[Coordinates, Codes]:
        """Return the letters of a line that begins at `left`."""
        glyphs, shapes, _ = _TO_PATH.get_glyphs_with_font(_font(self._paths), text, language=self._language)
        vertices: list[Coordinates] = []
        codes: list[Codes] = []
        for name, x, y, scale in glyphs:
            shape, kinds = shapes[name]
            if len(shape):
                vertices.append(np.asarray(shape) * scale + [x, y])
                codes.append(np.asarray(kinds, dtype=np.uint8))
        if not vertices:
            return np.empty((0, 2)), np.empty(0, dtype=np.uint8)
        unit = self.size / _TO_PATH.FONT_SCALE
        return np.concatenate(vertices) * [unit, -unit] + [left, baseline], np.concatenate(codes)

    def lines(self, text: str, width: float, most: int) -> list[str]:
        """Break a text into lines that fit; what does not fit into `most` of them ends with an ellipsis."""
        broken = list(self._broken(text, width))
        if len(broken) <= most:
            return broken
        last = broken[most - 1]
        while last and self.width(last + ELLIPSIS) > width:
            last = last[:-1]
        return [*broken[: most - 1], last.rstrip() + ELLIPSIS]

    def _broken(self, text: str, width: float) -> Iterator[str]:
        line = ""
        for piece in _pieces(text):
            if self.width((line + piece).rstrip()) <= width:
                line += piece
                continue
            if line.strip():
                yield line.strip()
            line = piece
            while self.width(line.rstrip()) > width:
                # A word longer than a line: as much of it as fits.
                fits = next((n for n in range(len(line) - 1, 1, -1) if self.width(line[:n]) <= width), 1)
                yield line[:fits]
                line = line[fits:]
        if line.strip():
            yield line.strip()


def _pieces(text: str) -> Iterator[str]:
    """Split a text where a line may be broken: after spaces, and between the characters of East Asia."""
    piece = ""
    for one in text:
        wide = _is_east_asian(one)
        if wide and piece and one not in "、。，・）」』】〉》：；！？":
            yield piece
            piece = ""
        piece += one
        if one == " ":
            yield piece
            piece = ""
    if piece:
        yield piece


def _is_east_asian(one: str) -> bool:
    # Korean breaks at spaces.
    return "\u3000" <= one <= "\u9fff" or "\uff00" <= one <= "\uffef"


def fitted(
    text: str, width: float, most: int, size: float, smallest: float, *, language: str, bold: bool = False
) -> tuple[Lettering, list[str]]:
    """Return the largest lettering in which a text fits, and its lines; cut at the smallest if need be."""
    shrunk = size
    while True:
        letters = Lettering(shrunk, language=language, bold=bold)
        if shrunk <= smallest or len(list(letters.lines(text, width, most + 1))) <= most:
            return letters, letters.lines(text, width, most)
        shrunk = max(smallest, shrunk * 0.92)
