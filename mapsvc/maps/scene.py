"""What is drawn, in pixels from the top left corner, whatever draws it: PNG and SVG are made from the same scene."""

from dataclasses import dataclass, field

import numpy as np
import shapely
from numpy.typing import NDArray

Coordinates = NDArray[np.float64]
Codes = NDArray[np.uint8]

# What a vertex is, as matplotlib numbers it: curves have their control points before their end.
MOVE, LINE, QUADRATIC, CUBIC, CLOSE = 1, 2, 3, 4, 79
HATCH = "hatch"


@dataclass(frozen=True, eq=False)
class Shape:
    """Lines or areas in one look; `title` says what it is, where that helps."""

    vertices: Coordinates
    codes: Codes
    fill: str = ""  # a colour, `HATCH`, or empty for none
    stroke: str = ""
    width: float = 0.0
    opacity: float = 1.0  # of the stroke
    title: str = ""


@dataclass(frozen=True, eq=False)
class Dots:
    """Circles of one size and look."""

    centres: Coordinates
    radius: float
    fill: str
    stroke: str
    width: float


Mark = Shape | Dots


@dataclass(frozen=True, eq=False)
class Scene:
    """A picture: what lies in the frame of the map and is cut off at its edge, and what lies over all."""

    width: int
    height: int
    background: str
    frame: tuple[float, float, float, float]  # left, top, right, bottom
    inside: tuple[Mark, ...]
    over: tuple[Mark, ...]
    hatch: tuple[str, str]  # ground and line
    title: str
    description: str
    language: str = field(default="en")


def rectangle(left: float, top: float, right: float, bottom: float) -> tuple[Coordinates, Codes]:
    """Return the outline of a rectangle."""
    corners = [(left, top), (right, top), (right, bottom), (left, bottom), (left, top)]
    return np.array(corners, dtype=float), np.array([MOVE, LINE, LINE, LINE, CLOSE], dtype=np.uint8)


def polygons(shape: shapely.Geometry, scale: float, left: float, top: float) -> tuple[Coordinates, Codes]:
    """Return polygons as an outline, metres to pixels and north up, without what a tenth of a pixel cannot show.

    Examples
    --------
    >>> vertices, codes = polygons(shapely.box(0, 0, 2, 1), 10, 5, 20)
    >>> vertices.tolist(), codes.tolist()
    ([[25.0, 20.0], [25.0, 10.0], [5.0, 10.0], [5.0, 20.0], [25.0, 20.0]], [1, 2, 2, 2, 79])
    """
    rings = shapely.get_rings(shapely.get_parts(shape))
    if not len(rings):
        return np.empty((0, 2)), np.empty(0, dtype=np.uint8)
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    xy = np.rint((xy * [scale, -scale] + [left, top]) * 10) / 10
    begins = _begins(ring)
    moved = np.ones(len(xy), dtype=bool)
    moved[1:] = (xy[1:] != xy[:-1]).any(axis=1)
    xy, ring = xy[begins | moved], ring[begins | moved]
    # A ring that became less than a triangle is nothing that can be seen.
    large = np.bincount(ring)[ring] >= 4
    xy, ring = xy[large], ring[large]
    begins = _begins(ring)
    codes = np.full(len(xy), LINE, dtype=np.uint8)
    codes[begins] = MOVE
    codes[np.roll(begins, -1)] = CLOSE
    return xy, codes


def _begins(ring: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Return where another ring begins."""
    begins = np.ones(len(ring), dtype=bool)
    begins[1:] = ring[1:] != ring[:-1]
    return begins


def lines(many: tuple[Coordinates, ...], scale: float, left: float, top: float) -> tuple[Coordinates, Codes]:
    """Return lines as one outline, metres to pixels and north up."""
    pieces = [np.rint((one * [scale, -scale] + [left, top]) * 10) / 10 for one in many]
    codes = [np.array([MOVE] + [LINE] * (len(one) - 1), dtype=np.uint8) for one in pieces]
    if not pieces:
        return np.empty((0, 2)), np.empty(0, dtype=np.uint8)
    return np.concatenate(pieces), np.concatenate(codes)
