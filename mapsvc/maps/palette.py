"""The colours of the pictures: those of the page in its light theme, computed from the network's accent as CSS does.

The style sheets cannot be asked by a picture, so what they say stands here again; `tests/test_palette.py` compares.
"""

import math
from dataclasses import dataclass

PAPER, PAPER_RAISED = "#fbf8f1", "#fffdf8"
INK, INK_SOFT = "#17212b", "#52606b"
SEA, SEA_LINE = "#d9e1e6", "#c9d3d9"
LAND, LAND_ZERO, LAND_OTHER = "#ebe6da", "#fbf8f1", "#dcd8d0"
HATCH = "#ada596"
# rgb(23 33 43 / 34%)
BORDER, BORDER_OPACITY = "#17212b", 0.34
PIN, PIN_INK = "#17212b", "#fffdf8"

# Lightness and the most chroma of each class in OKLCH; the hue is the accent's.
RAMP = ((0.885, 0.045), (0.795, 0.07), (0.695, 0.085), (0.58, 0.1), (0.47, 0.085), (0.36, 0.07))
ACCENT_INK_LIGHTNESS = 0.5
# For 1 to 6 classes: the colours of the ramp that they take.
SPREAD = ((), (3,), (1, 4), (0, 2, 4), (0, 2, 3, 4), (0, 1, 2, 3, 4), (0, 1, 2, 3, 4, 5))


@dataclass(frozen=True)
class Palette:
    """What depends on the network's accent: `ramp`, palest first, and the ink of headings."""

    ramp: tuple[str, ...]
    accent_ink: str

    def classes(self, n_classes: int) -> tuple[str, ...]:
        """Return the colours of `n_classes` classes, palest first."""
        return tuple(self.ramp[place] for place in SPREAD[n_classes])


def palette(accent: str) -> Palette:
    """Return the colours for an accent such as ``#0b7a75``.

    Examples
    --------
    >>> palette("#0b7a75").classes(2)
    ('#86cbc6', '#006a65')
    """
    lightness, chroma, hue = _to_oklch(accent)
    ramp = tuple(_from_oklch(level, min(chroma, most), hue) for level, most in RAMP)
    return Palette(ramp, _from_oklch(min(lightness, ACCENT_INK_LIGHTNESS), chroma, hue))


# OKLab after Björn Ottosson, "A perceptual color space for image processing" (2020), as CSS Color 4 takes it.
def _to_oklch(colour: str) -> tuple[float, float, float]:
    red, green, blue = (_linear(int(colour[start : start + 2], 16) / 255) for start in (1, 3, 5))
    long = (0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue) ** (1 / 3)
    medium = (0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue) ** (1 / 3)
    short = (0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue) ** (1 / 3)
    lightness = 0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short
    a = 1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short
    b = 0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short
    return lightness, math.hypot(a, b), math.atan2(b, a)


def _from_oklch(lightness: float, chroma: float, hue: float) -> str:
    a, b = chroma * math.cos(hue), chroma * math.sin(hue)
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    red = 4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short
    green = -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short
    blue = -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short
    return "#" + "".join(f"{round(255 * _gamma(one)):02x}" for one in (red, green, blue))


def _linear(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else float(((value + 0.055) / 1.055) ** 2.4)


def _gamma(value: float) -> float:
    inside = min(1.0, max(0.0, value))
    return inside * 12.92 if inside <= 0.0031308 else float(1.055 * inside ** (1 / 2.4) - 0.055)
