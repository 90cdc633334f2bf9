"""Distances on the Earth: many places are compared by the straight line through it, and measured along the ellipsoid.

The straight line needs no case for 180° or the poles, and a search tree can order it. Between places on the ellipsoid it
falls short of the way along the surface by a factor that depends on hardly anything but the distance: what is nearest by
one is nearest by the other, but for places that are equally far within `ALIKE`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pyproj import Geod

GEOD = Geod(ellps="WGS84")
# Two equal straight lines differ by less than this along the surface, up to a quarter of the Earth's girth: by less
# than 0.1 % up to 7,000 km, by 0.28 % at 10,000 km (radii of curvature from 6,335 to 6,400 km, put into 2 R asin(l / 2 R)).
ALIKE = 1.003
_SURE_KM = 9_000.0  # of straight line: a quarter of the girth
# A straight line, and the one that `straight_km` finds for the way along the surface, differ by less than this up to 7,000 km.
_CLEAR = 1.001
_CANDIDATES = 8
_MEAN_RADIUS_KM = 6_371.0088
_FLOAT_KM = 1e-7  # what rounding does to places that coincide

Whole = NDArray[np.intp]
Real = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Places:
    """Places on the Earth, in an order.

    Attributes
    ----------
    longitude, latitude : array of float64
        Degrees, WGS 84, one of each for each place.
    """

    longitude: Real
    latitude: Real

    def __len__(self) -> int:
        return len(self.longitude)

    def take(self, rows: NDArray[np.integer] | NDArray[np.bool_]) -> "Places":
        """Return some of the places, in that order."""
        return Places(self.longitude[rows], self.latitude[rows])

    @cached_property
    def in_space(self) -> Real:
        """Their Cartesian coordinates, km: n × 3 float64, EPSG:4978 on the ellipsoid.

        x = N cos φ cos λ, y = N cos φ sin λ, z = N (1 − e²) sin φ, with N = a / √(1 − e² sin² φ).
        """
        east, north = np.radians(self.longitude), np.radians(self.latitude)
        normal = GEOD.a / 1000.0 / np.sqrt(1.0 - GEOD.es * np.sin(north) ** 2)
        flat = normal * np.cos(north)
        return np.column_stack(
            [flat * np.cos(east), flat * np.sin(east), normal * (1.0 - GEOD.es) * np.sin(north)]
        )


def places_of(frame: gpd.GeoDataFrame | pd.DataFrame) -> Places:
    """Return the places of a frame: its points (all there), or its columns ``longitude`` and ``latitude``."""
    if isinstance(frame, gpd.GeoDataFrame):
        return Places(frame.geometry.x.to_numpy(dtype="float64"), frame.geometry.y.to_numpy(dtype="float64"))
    return Places(frame["longitude"].to_numpy(dtype="float64"), frame["latitude"].to_numpy(dtype="float64"))


def geodesic_km(here: Places, there: Places) -> Real:
    """Return the distance in km along the ellipsoid (WGS 84), from each place to the one in the same row.

    Examples
    --------
    >>> west, east = Places(np.array([179.5]), np.array([0.0])), Places(np.array([-179.5]), np.array([0.0]))
    >>> geodesic_km(west, east).round(3).tolist()
    [111.319]
    """
    metres = GEOD.inv(here.longitude, here.latitude, there.longitude, there.latitude)[2]
    return np.asarray(metres, dtype="float64") / 1000.0


def straight_km(surface_km: float) -> float:
    """Return the straight line that belongs to a distance along the surface, both in km: 2 R sin(s / 2 R).

    With the mean radius. What it decides about 500 km is right to 3 m, about 100 km to a few centimetres.

    Examples
    --------
    >>> round(straight_km(500.0), 2)
    499.87
    """
    half = min(surface_km / (2.0 * _MEAN_RADIUS_KM), np.pi / 2.0)
    return float(2.0 * _MEAN_RADIUS_KM * np.sin(half))


def nearest(here: Places, there: Places) -> tuple[Whole, Real]:
    """Find, for every place here, the nearest one there.

    Parameters
    ----------
    here, there : Places
        n and m places; of those there that are equally near, the first is found.

    Returns
    -------
    array of intp, array of float64
        n rows of `there`, and the n distances in km along the ellipsoid. Without any place there, -1 and NaN.

    Examples
    --------
    >>> towns, ports = Places(np.array([0.0, 9.0]), np.zeros(2)), Places(np.array([1.0, 8.0]), np.zeros(2))
    >>> rows, km = nearest(towns, ports)
    >>> rows.tolist(), km.round(1).tolist()
    ([0, 1], [111.3, 111.3])
    """
    if not len(there) or not len(here):
        return np.full(len(here), -1, dtype=np.intp), np.full(len(here), np.nan)
    # One of those that stand in the same place will do: a hundred would hide all others from the search.
    distinct = np.sort(
        np.unique(np.column_stack([there.longitude, there.latitude]), axis=0, return_index=True)[1]
    )
    line, found = _search(here, there.take(distinct), _CANDIDATES)
    row, column = np.nonzero(line <= line[:, :1] * ALIKE + _FLOAT_KM)
    rows = distinct[found[row, column]]
    km = geodesic_km(here.take(row), there.take(rows))
    order = np.lexsort((rows, km, row))
    first = order[np.searchsorted(row, np.arange(len(here)))]
    return rows[first], km[first]


def limits_passed(here: Places, there: Places, limits_km: Sequence[float]) -> Whole:
    """Say, for every place here, how many of some limits the way to the nearest place there is longer than.

    The straight line decides but for those so near to a limit that it could be wrong, which are measured: a fraction of
    the time that `nearest` takes, and the same answer.

    Parameters
    ----------
    here, there : Places
        n and m places.
    limits_km : sequence of float
        Ascending, km along the ellipsoid, up to 7,000; a place that is exactly so far has not passed it.

    Returns
    -------
    array of intp
        0 to the number of limits; that number without any place there.

    Examples
    --------
    >>> towns, port = Places(np.array([0.0, 2.0, 9.0]), np.zeros(3)), Places(np.array([1.5]), np.zeros(1))
    >>> limits_passed(towns, port, (100, 250)).tolist()
    [1, 0, 2]
    """
    limits = np.array([straight_km(one) for one in limits_km])
    if not len(there) or not len(here) or not len(limits):
        return np.full(len(here), len(limits), dtype=np.intp)
    line = _search(here, there, 1, limits[-1] * _CLEAR + _FLOAT_KM)[0][:, 0]
    passed = np.searchsorted(limits, line)
    low, high = (
        np.searchsorted(limits, ends) for ends in (line / _CLEAR - _FLOAT_KM, line * _CLEAR + _FLOAT_KM)
    )
    unclear = np.flatnonzero(low != high)
    passed[unclear] = np.searchsorted(np.asarray(limits_km), nearest(here.take(unclear), there)[1])
    return passed.astype(np.intp)


def nearest_few(here: Places, there: Places, n: int) -> tuple[Whole, Real]:
    """Find the `n` places there that are nearest to one place.

    Parameters
    ----------
    here : Places
        One place.
    n : int
        At most so many are found; of those that are equally near, the first.

    Returns
    -------
    array of intp, array of float64
        Rows of `there`, nearest first, and how far each is, in km along the ellipsoid.

    Examples
    --------
    >>> rows, km = nearest_few(Places(np.zeros(1), np.zeros(1)), Places(np.array([9.0, -1.0, 4.0]), np.zeros(3)), 2)
    >>> rows.tolist(), km.round(1).tolist()
    ([1, 2], [111.3, 445.3])
    """
    if not len(there) or n < 1:
        return np.empty(0, dtype=np.intp), np.empty(0)
    line = np.linalg.norm(there.in_space - here.in_space, axis=1)
    last = np.partition(line, min(n, len(line)) - 1)[min(n, len(line)) - 1]
    # All that may be as near as the last of them: between places half the globe apart lines say less, and all are measured.
    reach = last * ALIKE + _FLOAT_KM if last < _SURE_KM else np.inf
    rows = np.flatnonzero(line <= reach)
    km = geodesic_km(here.take(np.zeros(len(rows), dtype=np.intp)), there.take(rows))
    order = np.lexsort((rows, km))[:n]
    return rows[order], km[order]


def _search(here: Places, there: Places, n: int, most_km: float = np.inf) -> tuple[Real, Whole]:
    """Return the straight lines to the `n` nearest places there, nearest first, and which these are.

    Beyond the most that is looked for, a line is infinite.
    """
    from scipy.spatial import KDTree  # type: ignore[import-untyped]  # noqa: PLC0415 – loads when it is first needed

    tree, some = KDTree(there.in_space), range(1, min(n, len(there)) + 1)
    line, found = tree.query(here.in_space, k=some, distance_upper_bound=most_km)
    return line, found.astype(np.intp)
