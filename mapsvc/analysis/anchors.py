"""Where on a map the name of a country has most room: inside of its largest part, for letters that run from west to east."""

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from shapely import Polygon
from shapely.ops import nearest_points

# A name is so many times as wide as it is high: room is measured by an ellipse of that form.
WIDE = 3.0
# So much of the most room is enough for a name that stands nearer to the middle of its country.
_ENOUGH = 0.85
# Where the square world of Web Mercator (EPSG:3857) ends.
_TOP_LATITUDE = 85.0511


def anchors(countries: gpd.GeoDataFrame) -> pd.DataFrame:
    """Return where to write the name of each country, and how much room there is.

    Parameters
    ----------
    countries : GeoDataFrame
        Index ``country``, polygons, EPSG:4326, cut at 180°.

    Returns
    -------
    DataFrame
        Index of `countries`; float64. ``longitude`` and ``latitude`` of the middle of an ellipse, `WIDE` times as wide as
        high, inside the largest part in Web Mercator: a far-away part does not move the name out to sea. Of all that are
        nearly as large as the largest, it is the one nearest to the centroid. ``room``, half the height of it, and
        ``side``, that of a square as large as the part, in degrees of longitude.

    Examples
    --------
    >>> field = gpd.GeoDataFrame(geometry=[shapely.box(0, -2, 30, 2).union(shapely.box(50, 0, 51, 1))], index=["AA"])
    >>> anchors(field).round(1).abs().to_dict("records")
    [{'longitude': 15.0, 'latitude': 0.0, 'room': 2.0, 'side': 11.0}]
    """
    rows = [_anchor(_largest(shape)) for shape in countries.geometry]
    return pd.DataFrame(rows, columns=["longitude", "latitude", "room", "side"], index=countries.index)


def _largest(shape: shapely.Geometry) -> Polygon:
    """Return the largest part on the ground: Mercator would choose the one nearest to a pole."""
    parts = shapely.get_parts(shape)
    level = shapely.transform(parts, lambda xy: np.column_stack([xy[:, 0], np.sin(np.radians(xy[:, 1]))]))
    largest: Polygon = parts[int(np.argmax(shapely.area(level)))]
    return largest


def _anchor(part: Polygon) -> tuple[float, float, float, float]:
    drawn = shapely.transform(part, _mercator)
    narrow = shapely.transform(drawn, lambda xy: xy / [WIDE, 1.0])
    # From the middle of the largest circle to a point of its rim.
    radius = shapely.maximum_inscribed_circle(narrow, tolerance=float(np.sqrt(narrow.area)) / 100)
    roomy = narrow.buffer(-_ENOUGH * radius.length)
    middle = shapely.get_point(radius, 0) if roomy.is_empty else nearest_points(roomy, narrow.centroid)[0]
    latitude = np.degrees(np.arctan(np.sinh(np.radians(middle.y))))
    return middle.x * WIDE, float(latitude), narrow.boundary.distance(middle), float(np.sqrt(drawn.area))


def _mercator(lonlat: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return x and y, both in degrees of longitude."""
    latitude = np.radians(np.clip(lonlat[:, 1], -_TOP_LATITUDE, _TOP_LATITUDE))
    return np.column_stack([lonlat[:, 0], np.degrees(np.arcsinh(np.tan(latitude)))])
