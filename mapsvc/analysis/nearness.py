"""Which members are nearest to a place, on the sphere."""

import geopandas as gpd
import numpy as np

EARTH_KM = 6371.0088  # mean radius


def nearest_member(members: gpd.GeoDataFrame, longitude: float, latitude: float) -> tuple[str, float] | None:
    """Return the id of the member nearest to a point, and how many km away it is; None where none has a place.

    Distances are great circles on the sphere (haversine), within 0.6 % of those on the ellipsoid.

    Examples
    --------
    >>> towns = gpd.GeoDataFrame(geometry=gpd.points_from_xy([0, 179], [0, 0]), index=["a", "b"], crs=4326)
    >>> nearest_member(towns, -179.0, 0.0)
    ('b', 222.4)
    """
    placed = members[members.geometry.notna()]
    if placed.empty:
        return None
    x, y = np.radians(placed.geometry.x.to_numpy()), np.radians(placed.geometry.y.to_numpy())
    east, north = np.radians(longitude), np.radians(latitude)
    half = np.sin((y - north) / 2) ** 2 + np.cos(y) * np.cos(north) * np.sin((x - east) / 2) ** 2
    km = 2 * EARTH_KM * np.arcsin(np.sqrt(half))
    first = int(np.argmin(km))
    return str(placed.index[first]), round(float(km[first]), 1)
