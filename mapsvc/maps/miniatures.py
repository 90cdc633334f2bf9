"""The countries as small SVG paths in an equal-area projection, for maps the size of a stamp.

The projection is Equal Earth (Šavrič, Patterson and Jenny 2018), in which a country is as large as it is. Antarctica
is left out: nobody governs a town there, and it would take a fifth of each stamp.
"""

from collections.abc import Mapping

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


def miniature_paths(countries: gpd.GeoDataFrame) -> Mapping[str, str]:
    """Return a path for each country.

    Parameters
    ----------
    countries : GeoDataFrame
        Index ``country``, polygons, EPSG:4326, cut at 180°.

    Returns
    -------
    mapping of str to str
        ISO code to path data in whole units of `WIDTH`, x from the left, y down from the top of `height()`.

    Examples
    --------
    >>> square = gpd.GeoDataFrame(geometry=[shapely.box(0, 0, 30, 30)], index=["AA"], crs=4326)
    >>> miniature_paths(square)
    {'AA': 'M210 87v-14l-1-13-1-12h-28v39z'}
    """
    kept = countries[~countries.index.isin(_LEFT_OUT)].geometry
    plane = kept.segmentize(5.0).to_crs(EQUAL_EARTH)
    units = shapely.transform(plane.to_numpy(), _to_units)
    drawn = shapely.coverage_simplify(units, _TOLERANCE)
    return {str(code): _path(shape) for code, shape in zip(kept.index, drawn, strict=True)}


def height() -> int:
    """Return the height of the world in units."""
    return round((_northing(_TOP) - _northing(_BOTTOM)) * _scale())


def _scale() -> float:
    return WIDTH / (2 * _HALF)


def _northing(latitude: float) -> float:
    return float(points_in(WORLD, np.array([[0.0, latitude]]))[0, 1])


def _to_units(xy: NDArray[np.float64]) -> NDArray[np.float64]:
    top = _northing(_TOP)
    return np.column_stack([(xy[:, 0] + _HALF) * _scale(), (top - xy[:, 1]) * _scale()])


def _path(shape: shapely.Geometry) -> str:
    parts = shapely.get_parts(shape)
    areas = shapely.area(parts)
    # Small islands of a large country are not seen at this size; a small country is.
    rings = [part.exterior for part, area in zip(parts, areas, strict=True) if area >= _LEAST]
    path = "".join(_ring(shapely.get_coordinates(ring)) for ring in rings)
    return path or _dot(parts[int(np.argmax(areas))])


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


def _dot(shape: shapely.Geometry) -> str:
    x, y = (round(value, 1) for value in shapely.get_coordinates(shapely.point_on_surface(shape))[0])
    half = _LEAST / 2
    return f"M{x - half:g} {y:g}a{half:g} {half:g} 0 1 0 {_LEAST:g} 0a{half:g} {half:g} 0 1 0-{_LEAST:g} 0z"
