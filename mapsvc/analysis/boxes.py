"""Boxes: parsed at the edge, and which shapes they meet, over the antimeridian and at the poles."""

import math
import re
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from mapsvc.analysis.reference_systems import CRS84, ReferenceSystem
from mapsvc.errors import BadQuery

Mask = NDArray[np.bool_]
_NUMBER = re.compile(r"[+-]?(?:[0-9]{1,20}(?:\.[0-9]{0,20})?|\.[0-9]{1,20})(?:[eE][+-]?[0-9]{1,3})?")
_ALLOWED = ("west,south,east,north",)


@dataclass(frozen=True)
class Box:
    """A box in a reference system, x before y whatever the order of its axes; `west` > `east` crosses the antimeridian."""

    west: float
    south: float
    east: float
    north: float
    system: ReferenceSystem = CRS84

    @property
    def parts(self) -> tuple[tuple[float, float, float, float], ...]:
        """The box as one box that crosses nothing, or as two."""
        if self.west <= self.east:
            return ((self.west, self.south, self.east, self.north),)
        return (
            (self.west, self.south, 180.0, self.north),
            (-180.0, self.south, self.east, self.north),
        )


def parse_box(text: str, system: ReferenceSystem = CRS84) -> Box:
    """Return the box that ``bbox`` asks for; of six numbers, the heights mean nothing here.

    Raises
    ------
    BadQuery
        Where it is not four or six numbers, or one is out of range.

    Examples
    --------
    >>> parse_box("170,-20,-170,-10").parts
    ((170.0, -20.0, 180.0, -10.0), (-180.0, -20.0, -170.0, -10.0))
    """
    parts = text.split(",")
    if len(parts) not in {4, 6} or not all(_NUMBER.fullmatch(part) for part in parts):
        raise BadQuery("'bbox' must be four or six numbers", parameter="bbox", allowed=_ALLOWED)
    numbers = [float(part) for part in parts]
    if not all(math.isfinite(one) for one in numbers):
        raise BadQuery("'bbox' must be finite numbers", parameter="bbox", allowed=_ALLOWED)
    half = len(numbers) // 2
    if half == 3 and numbers[2] > numbers[5]:
        raise BadQuery("'bbox' ends below where it begins", parameter="bbox")
    first, second = numbers[:2], numbers[half : half + 2]
    if system.is_lat_first:
        first, second = first[::-1], second[::-1]
    box = Box(first[0], first[1], second[0], second[1], system)
    _check(box)
    return box


def _check(box: Box) -> None:
    if box.south > box.north:
        raise BadQuery("'bbox' has its south north of its north", parameter="bbox", allowed=_ALLOWED)
    if not box.system.is_geographic:
        if box.west > box.east:
            raise BadQuery("'bbox' has its west east of its east", parameter="bbox")
        return
    if max(abs(box.west), abs(box.east)) > 180 or max(abs(box.south), abs(box.north)) > 90:
        raise BadQuery(
            "'bbox' is out of range", parameter="bbox", allowed=("longitude -180–180", "latitude -90–90")
        )


class Shapes:
    """Shapes of one system that many boxes are laid on; whatever has no shape meets every box.

    Parameters
    ----------
    shapes : array of shapely geometries or None
        In x, y of the system of the boxes.
    """

    def __init__(self, shapes: NDArray[np.object_]) -> None:
        self._nowhere: Mask = shapely.is_missing(shapes) | shapely.is_empty(shapes)
        kinds = shapely.get_type_id(shapes[~self._nowhere])
        self._are_points = bool((kinds == shapely.GeometryType.POINT).all())
        self._xy = np.full((len(shapes), 2), np.nan)
        self._tree: shapely.STRtree | None = None
        if self._are_points:
            self._xy[~self._nowhere] = shapely.get_coordinates(shapes[~self._nowhere])
        else:
            self._tree = shapely.STRtree(shapes)

    def meeting(self, box: Box) -> Mask:
        """Say of each shape whether it meets a box, its edge included."""
        found = self._nowhere.copy()
        for west, south, east, north in box.parts:
            if self._tree is None:
                x, y = self._xy[:, 0], self._xy[:, 1]
                found |= (x >= west) & (x <= east) & (y >= south) & (y <= north)
            else:
                found[self._tree.query(_area(west, south, east, north), predicate="intersects")] = True
        return found


def _area(west: float, south: float, east: float, north: float) -> shapely.Geometry:
    """Return a box as a geometry that is valid, also where it has no area."""
    if west == east and south == north:
        return shapely.Point(west, south)
    if west == east or south == north:
        return shapely.LineString([(west, south), (east, north)])
    return shapely.box(west, south, east, north)
