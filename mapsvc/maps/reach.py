"""Places and the land within a distance of them, in the units of the small maps: what a member would reach."""

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Geod

from mapsvc.maps.miniatures import in_units

_GEOD = Geod(ellps="WGS84")
# Corners of the circle around a place.
_CORNERS = 48
_LEAST = 1.5  # units: a circle smaller than this is not seen


def spots(lonlat: NDArray[np.float64], width: int) -> list[tuple[float, float]]:
    """Return places, longitude and latitude, as x and y of a map of a width."""
    return [(float(x), float(y)) for x, y in in_units(lonlat, width).round(1)] if len(lonlat) else []


def reach_path(lonlat: NDArray[np.float64], km: float, width: int) -> str:
    """Return one path for all that lies within a distance of some places; what they share is drawn once.

    A circle that crosses 180° ends there: it is drawn on the side of its middle.

    Examples
    --------
    >>> reach_path(np.array([[0.0, 0.0]]), 500.0, 360)[:13]
    'M180 80.8L180'
    >>> reach_path(np.empty((0, 2)), 500.0, 360)
    ''
    """
    if not len(lonlat) or km <= 0:
        return ""
    turns = np.linspace(0, 360, _CORNERS, endpoint=False)
    circles = []
    for x, y in lonlat.tolist():
        east, north, _ = _GEOD.fwd(
            np.full(_CORNERS, x), np.full(_CORNERS, y), turns, np.full(_CORNERS, km * 1000.0)
        )
        unrolled = np.clip(x + (np.asarray(east) - x + 180) % 360 - 180, -180, 180)
        circles.append(shapely.Polygon(in_units(np.column_stack([unrolled, north]), width)))
    land = shapely.union_all([one for one in shapely.make_valid(circles) if one.area > _LEAST])
    return "".join(
        "M" + "L".join(f"{x:g} {y:g}" for x, y in shapely.get_coordinates(part.exterior).round(1)[:-1]) + "z"
        for part in shapely.get_parts(land)
        if isinstance(part, shapely.Polygon)
    )
