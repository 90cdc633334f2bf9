"""Countries as SVG paths in Web Mercator, ready to be put on the map: what the browser would make of the GeoJSON itself.

Parsing 19,000 pairs of numbers and projecting them took the browser longer than everything else about the countries;
as text of whole numbers they are also a third smaller. The same polygons for anyone else are `/countries.geojson`.
"""

import json
from collections.abc import Mapping

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

# Units across the world, as the map module has them. The level to draw has two decimals, 0.01° or 1.8 of these.
WORLD = 2**16
# Where the square world of Web Mercator (EPSG:3857) ends.
TOP_LATITUDE = 85.0511


def outlines(countries: gpd.GeoDataFrame, names: Mapping[str, str]) -> bytes:
    """Return JSON: for each country its name, the side of a square of its size, and its path.

    Parameters
    ----------
    countries : GeoDataFrame
        Index ``country``, polygons, EPSG:4326, cut at 180°.
    names : mapping of str to str
        What each country is called.

    Returns
    -------
    bytes
        ``{code: [name, size, path]}``, lengths in units of `WORLD`; y runs down.

    Examples
    --------
    >>> square = gpd.GeoDataFrame(geometry=[shapely.box(0, 0, 90, 45)], index=["AA"], crs=4326)
    >>> outlines(square, {"AA": "Land"})
    b'{"AA":["Land",12273,"M49152 32768l0-9193-16384 0 0 9193z"]}'
    """
    rows = {
        str(code): [names.get(str(code), str(code)), *_outline(shape)]
        for code, shape in zip(countries.index, countries.geometry, strict=True)
    }
    return json.dumps(rows, ensure_ascii=False, separators=(",", ":")).encode()


def _outline(shape: shapely.Geometry) -> tuple[int, str]:
    """Return the side of a square of the same area, and the path."""
    area = 0.0
    paths = []
    for part in shapely.get_parts(shape):
        for ring in (part.exterior, *part.interiors):
            xy = _projected(shapely.get_coordinates(ring))
            moved = xy[np.insert((np.diff(xy, axis=0) != 0).any(axis=1), 0, values=True)]
            if len(moved) < 3:  # smaller than a unit: a dot, so that it can still be seen
                moved = xy[:1] + np.array([[0, 0], [1, 0], [0, 1]])
            east, south = moved[:, 0].astype(float), moved[:, 1].astype(float)
            area += float(np.sum(east[:-1] * south[1:] - east[1:] * south[:-1])) / 2
            paths.append(_path(moved))
    return round(abs(area) ** 0.5), "".join(paths)


def _projected(lonlat: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return longitudes and latitudes as whole units, x to the east and y to the south."""
    latitude = np.radians(np.clip(lonlat[:, 1], -TOP_LATITUDE, TOP_LATITUDE))
    east = (lonlat[:, 0] + 180.0) / 360.0
    south = 0.5 - np.arcsinh(np.tan(latitude)) / (2 * np.pi)
    return np.rint(np.column_stack([east, south]) * WORLD).astype(np.int64)


def _path(xy: NDArray[np.int64]) -> str:
    closed = len(xy) > 1 and (xy[0] == xy[-1]).all()
    steps = np.diff(xy[:-1] if closed else xy, axis=0)
    # A minus parts two numbers by itself.
    relative = " ".join(f"{x} {y}" for x, y in steps.tolist()).replace(" -", "-")
    return f"M{xy[0, 0]} {xy[0, 1]}l{relative}z"
