"""The coordinate reference systems that are offered: a fixed list, so that nothing a client names is ever looked up."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Transformer

from mapsvc.errors import BadQuery

_ROOT = "http://www.opengis.net/def/crs/"


@dataclass(frozen=True)
class ReferenceSystem:
    """One of the systems.

    Attributes
    ----------
    uri : str
        What a client names it by.
    code : str
        What pyproj knows it by.
    is_geographic : bool
        Whether its coordinates are degrees; a box may then cross the antimeridian.
    is_lat_first : bool
        Whether its first axis is the latitude.
    max_latitude : float
        What lies nearer to a pole is drawn at this latitude: a projection may have no end there.
    decimals : int
        How many are written: a centimetre, or what the degrees of the data have.
    """

    uri: str
    code: str
    title: str
    is_geographic: bool
    is_lat_first: bool = False
    max_latitude: float = 90.0
    decimals: int = 7


CRS84 = ReferenceSystem(
    f"{_ROOT}OGC/1.3/CRS84", "OGC:CRS84", "WGS 84, longitude and latitude", is_geographic=True
)
SYSTEMS = (
    CRS84,
    ReferenceSystem(
        f"{_ROOT}EPSG/0/4326",
        "EPSG:4326",
        "WGS 84, latitude and longitude",
        is_geographic=True,
        is_lat_first=True,
    ),
    ReferenceSystem(
        f"{_ROOT}EPSG/0/3857",
        "EPSG:3857",
        "Web Mercator",
        is_geographic=False,
        max_latitude=85.06,
        decimals=2,
    ),
    ReferenceSystem(f"{_ROOT}EPSG/0/8857", "EPSG:8857", "Equal Earth", is_geographic=False, decimals=2),
)
URIS = tuple(one.uri for one in SYSTEMS)


def system_of(uri: str, parameter: str) -> ReferenceSystem:
    """Return the system that a parameter names; CRS84 where it is empty.

    Raises
    ------
    BadQuery
        With the list of those that there are.

    Examples
    --------
    >>> system_of("http://www.opengis.net/def/crs/EPSG/0/4326", "crs").is_lat_first
    True
    """
    if not uri:
        return CRS84
    found = next((one for one in SYSTEMS if one.uri == uri), None)
    if found is None:
        raise BadQuery(f"there is no reference system {uri[:60]!r}", parameter=parameter, allowed=URIS)
    return found


def projected(shapes: NDArray[np.object_], system: ReferenceSystem) -> NDArray[np.object_]:
    """Return shapes in a system with x before y, whatever the order of its axes; None stays None.

    Parameters
    ----------
    shapes : array of shapely geometries or None
        Longitude and latitude, WGS 84.
    """
    if system.is_geographic:
        return shapes
    moved: NDArray[np.object_] = shapely.transform(shapes, lambda lonlat: _project(lonlat, system))
    return moved


def in_axis_order(shapes: NDArray[np.object_], system: ReferenceSystem) -> NDArray[np.object_]:
    """Return shapes in a system as it writes them: in the order of its axes, rounded."""
    plane = projected(shapes, system)

    def write(xy: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.round(xy[:, ::-1] if system.is_lat_first else xy, system.decimals)

    written: NDArray[np.object_] = shapely.transform(plane, write)
    return written


def _project(lonlat: NDArray[np.float64], system: ReferenceSystem) -> NDArray[np.float64]:
    limit = system.max_latitude
    return np.column_stack(_to(system.code).transform(lonlat[:, 0], np.clip(lonlat[:, 1], -limit, limit)))


@lru_cache(maxsize=len(SYSTEMS))
def _to(code: str) -> Transformer:
    return Transformer.from_crs(CRS84.code, code, always_xy=True)
