"""The countries as small SVG paths in an equal-area projection, for maps the size of a stamp.

The projection is Equal Earth (Šavrič, Patterson and Jenny 2018), in which a country is as large as it is. Antarctica
is left out: nobody governs a town there, and it would take a fifth of each stamp.
"""

import math
from collections.abc import Mapping
from functools import partial

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from mapsvc.maps.projection import EQUAL_EARTH, WORLD, points_in

WIDTH = 360  # units across the world
# Half the width of the projected world, in metres.
_HALF = 17_243_959.06
_TOP, _BOTTOM = 83.7, -56.0
_TOLERANCE = 1.1  # units
_LEAST = 2.4  # units: a country smaller than this is a dot of that size
_LEFT_OUT = frozenset({"AQ"})


def miniature_paths(countries: gpd.GeoDataFrame, width: int = WIDTH) -> Mapping[str, str]:
    """Return a path for each country.

    Parameters
    ----------
    countries : GeoDataFrame
        Index ``country``, polygons, EPSG:4326, cut at 180°.
    width : int
        Units across the world: the more, the finer.

    Returns
    -------
    mapping of str to str
        ISO code to path data in whole units, x from the left, y down from the top of `height()`.

    Examples
    --------
    >>> square = gpd.GeoDataFrame(geometry=[shapely.box(0, 0, 30, 30)], index=["AA"], crs=4326)
    >>> miniature_paths(square)
    {'AA': 'M210 87v-14l-1-13-1-12h-28v39z'}
    """
    kept = countries[~countries.index.isin(_LEFT_OUT)].geometry
    plane = kept.segmentize(5.0).to_crs(EQUAL_EARTH)
    units = shapely.transform(plane.to_numpy(), partial(_to_units, scale=_scale(width)))
    drawn = shapely.coverage_simplify(units, _TOLERANCE)
    dot = _LEAST * math.sqrt(width / WIDTH)
    return {str(code): _path(shape, dot) for code, shape in zip(kept.index, drawn, strict=True)}


def height(width: int = WIDTH) -> int:
    """Return the height of the world in units."""
    return round((_northing(_TOP) - _northing(_BOTTOM)) * _scale(width))


def in_units(lonlat: NDArray[np.float64], width: int) -> NDArray[np.float64]:
    """Return longitudes and latitudes as x and y of a map of a width."""
    return _to_units(points_in(WORLD, lonlat), _scale(width))


def _scale(width: int) -> float:
    return width / (2 * _HALF)


def _northing(latitude: float) -> float:
    return float(points_in(WORLD, np.array([[0.0, latitude]]))[0, 1])


def _to_units(xy: NDArray[np.float64], scale: float) -> NDArray[np.float64]:
    top = _northing(_TOP)
    return np.column_stack([(xy[:, 0] + _HALF) * scale, (top - xy[:, 1]) * scale])


def _path(shape: shapely.Geometry, dot: float) -> str:
    parts = shapely.get_parts(shape)
    areas = shapely.area(parts)
    # Small islands of a large country are not seen at this size; a small country is.
    rings = [part.exterior for part, area in zip(parts, areas, strict=True) if area >= _LEAST]
    path = "".join(_ring(shapely.get_coordinates(ring)) for ring in rings)
    return path or _dot(parts[int(np.argmax(areas))], dot)


def _ring(xy: NDArray[np.float64]) -> str:
    whole = np.rint(xy).astype(np.int64)
    moved = whole[np.insert((np.diff(whole, axis=0) != 0).any(axis=1), 0, values=True)]
    if len(moved) < 4:
        return ""
    text = f"M{moved[0, 0]} {moved[0, 1]}"
    last = ""
    for x, y in np.diff(moved[:-1], axis=0).tolist():
        letter = "h" if y == 0 else "v" if x == 0 else "l"
        pair = str(x or y) if 0 in {x, y} else f"{x} {y}".replace(" -", "-")
        joint = "" if pair.startswith("-") else " "
        text += joint + pair if letter == last else letter + pair
        last = letter
    return text + "z"


def _dot(shape: shapely.Geometry, width: float) -> str:
    x, y = (round(value, 1) for value in shapely.get_coordinates(shapely.point_on_surface(shape))[0])
    half, whole = round(width / 2, 1), round(width, 1)
    return f"M{x - half:g} {y:g}a{half:g} {half:g} 0 1 0 {whole:g} 0a{half:g} {half:g} 0 1 0-{whole:g} 0z"
