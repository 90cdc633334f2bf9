"""Where a picture looks, and the world as it is seen from there: equal-area, and never torn where it is looked at.

The whole world is drawn in Equal Earth (EPSG:8857). A part of it is drawn in a Lambert azimuthal equal-area projection
around its middle, so that it does not matter where 180° runs: the Pacific and Russia stay whole.
"""

import math
from collections import OrderedDict
from collections.abc import Collection
from dataclasses import dataclass
from threading import Lock

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Transformer

Coordinates = NDArray[np.float64]

EQUAL_EARTH = "EPSG:8857"
# Edges are given points this close, in degrees, so that straight ones become the curves that they are.
STEP = 1.0
# What lies farther from the middle than this is not drawn: beyond it shapes turn inside out.
HORIZON = 100.0
# A view that reaches farther from its middle than this is shown as the whole world.
WIDEST = 80.0
# A country larger than this fills a region's picture only as far as members live in it: Siberia is not what Europe is about.
LARGE_KM2 = 2_000_000.0
# A country that reaches farther than this from the middle of its region would make all others small; members are seen anyway.
REMOTE = 55.0
# Of a country's parts, those of at least this share of the largest are what one thinks of first; islands far away are not.
MAIN_PART = 0.2


@dataclass(frozen=True)
class Aim:
    """What a picture shows: a projection as pyproj reads it, and the longitudes and latitudes that must be in it."""

    projection: str
    middle: tuple[float, float]
    focus: tuple[tuple[float, float], ...] = ()

    @property
    def is_world(self) -> bool:
        """Whether it is the whole world."""
        return self.projection == EQUAL_EARTH


WORLD = Aim(EQUAL_EARTH, (0.0, 0.0))


@dataclass(frozen=True)
class Projected:
    """The world in metres of one projection.

    Attributes
    ----------
    shapes : dict of str to geometry
        Each country that can be seen, by ISO alpha-2 code.
    areas_m2 : dict of str to float
        True to the globe, because the projection is.
    anchors : dict of str to (float, float)
        A point of the largest part, to mark a country that is too small to be seen.
    outline : geometry
        The edge of the world; empty where it is out of sight.
    graticule : tuple of arrays (n, 2)
        Meridians and parallels.
    """

    shapes: dict[str, shapely.Geometry]
    areas_m2: dict[str, float]
    anchors: dict[str, tuple[float, float]]
    outline: shapely.Geometry
    graticule: tuple[Coordinates, ...]


def aim_at(countries: gpd.GeoDataFrame, codes: Collection[str], points: Coordinates, *, whole: bool) -> Aim:
    """Choose where to look so that some countries and some points are seen.

    Parameters
    ----------
    countries : GeoDataFrame
        Index ``country``, polygons, EPSG:4326, cut at 180°.
    codes : collection of str
        The countries that matter.
    points : array (n, 2)
        Longitudes and latitudes of the members that must be in sight.
    whole : bool
        Whether large countries are shown whole, and not only where members are.

    Returns
    -------
    Aim
        `WORLD` where there is nothing to look at, or too much.
    """
    lonlat = np.concatenate([points, *_main_lands(countries[countries.index.isin(list(codes))], whole=whole)])
    if not len(lonlat):
        return WORLD
    middle = _middle(lonlat)
    if _distance(lonlat, middle).max() > WIDEST:
        return WORLD
    edge = shapely.get_coordinates(shapely.convex_hull(shapely.multipoints(_to(_laea(middle), lonlat))))
    kept = _to(_laea(middle), edge, back=True)
    return Aim(_laea(middle), middle, tuple((round(x, 2), round(y, 2)) for x, y in kept.tolist()))


def _main_lands(countries: gpd.GeoDataFrame, *, whole: bool) -> list[Coordinates]:
    """Return the corners of what one thinks of first in each country."""
    found = []
    for shape in countries.geometry:
        parts = shapely.get_parts(shape)
        sizes = np.array([_area_km2(part) for part in parts])
        if whole or sizes.sum() <= LARGE_KM2:
            found.append(shapely.get_coordinates(parts[sizes >= MAIN_PART * sizes.max()]))
    if whole or not found:
        return found
    homes = np.array([_mean_direction(corners) for corners in found])
    middle = _mean_direction(homes)
    return [corners for corners in found if _distance(corners, middle).max() <= REMOTE]


def window(aim: Aim, projected: Projected) -> tuple[float, float, float, float]:
    """Return the least that the picture must show, as x and y from and to in metres."""
    if aim.is_world:
        west, south, east, north = shapely.bounds(projected.outline).tolist()
        return west, south, east, north
    xy = _to(aim.projection, np.array(aim.focus))
    (west, south), (east, north) = xy.min(axis=0), xy.max(axis=0)
    # A single town is shown with some land around it.
    room = 0.06 * max(east - west, north - south)
    wide, high = (max(0.0, 400_000.0 - side / 2) for side in (east - west, north - south))
    return (
        float(west - max(room, wide)),
        float(south - max(room, high)),
        float(east + max(room, wide)),
        float(north + max(room, high)),
    )


def project(countries: gpd.GeoDataFrame, aim: Aim) -> Projected:
    """Project all countries that can be seen, with edges that curve."""
    shapes: dict[str, shapely.Geometry] = {}
    areas: dict[str, float] = {}
    anchors: dict[str, tuple[float, float]] = {}
    for code, shape in zip(countries.index, countries.geometry, strict=True):
        seen = shape if aim.is_world else _in_sight(shape, aim.middle)
        if shapely.is_empty(seen):
            continue
        west, _, east, _ = shapely.bounds(seen)
        there = shapely.transform(shapely.segmentize(seen, STEP), lambda xy: _to(aim.projection, xy))
        if not aim.is_world and (west <= -179.999 or east >= 179.999):
            there = _mended(there)
        parts = shapely.get_parts(there)
        sizes = shapely.area(parts)
        anchor = parts[int(sizes.argmax())].centroid
        shapes[str(code)], areas[str(code)] = there, float(sizes.sum())
        anchors[str(code)] = (anchor.x, anchor.y)
    return Projected(shapes, areas, anchors, _outline(aim), _graticule(aim))


class Projections:
    """Remembers the projected world of the running snapshot; the oldest of more than `kept` goes."""

    def __init__(self, kept: int = 12) -> None:
        self._kept = kept
        self._known: OrderedDict[tuple[str, str], Projected] = OrderedDict()
        self._lock = Lock()

    def of(self, fingerprint: str, countries: gpd.GeoDataFrame, aim: Aim) -> Projected:
        """Return the world as `aim` sees it, projected once for each snapshot."""
        key = (fingerprint, aim.projection)
        with self._lock:
            if key not in self._known:
                stale = [one for one in self._known if one[0] != fingerprint]
                for one in stale:
                    del self._known[one]
                self._known[key] = project(countries, aim)
                while len(self._known) > self._kept:
                    self._known.popitem(last=False)
            self._known.move_to_end(key)
            return self._known[key]


def points_in(aim: Aim, lonlat: Coordinates) -> Coordinates:
    """Return longitudes and latitudes as metres of the projection."""
    return _to(aim.projection, lonlat)


_TRANSFORMERS: dict[tuple[str, bool], Transformer] = {}


def _to(projection: str, lonlat: Coordinates, *, back: bool = False) -> Coordinates:
    if not len(lonlat):
        return np.empty((0, 2))
    if len(_TRANSFORMERS) > 100:
        _TRANSFORMERS.clear()
    key = (projection, back)
    if key not in _TRANSFORMERS:
        here, there = ("EPSG:4326", projection)[:: -1 if back else 1]
        _TRANSFORMERS[key] = Transformer.from_crs(here, there, always_xy=True)
    return np.column_stack(_TRANSFORMERS[key].transform(lonlat[:, 0], lonlat[:, 1]))


def _laea(middle: tuple[float, float]) -> str:
    return f"+proj=laea +lat_0={middle[1]:g} +lon_0={middle[0]:g} +ellps=WGS84 +units=m"


def _middle(lonlat: Coordinates) -> tuple[float, float]:
    """Return a middle in whole degrees: of the box around all, as it is seen from their mean direction."""
    middle = _mean_direction(lonlat)
    if _distance(lonlat, middle).max() < HORIZON:
        xy = _to(_laea(middle), lonlat)
        box = (xy.min(axis=0) + xy.max(axis=0))[None, :] / 2
        lon, lat = _to(_laea(middle), box, back=True)[0]
        middle = (float(lon), float(lat))
    # Whole degrees, so that views of one region share what was projected.
    return float(round(middle[0])), float(round(middle[1]))


def _mean_direction(lonlat: Coordinates) -> tuple[float, float]:
    x, y, z = _directions(lonlat).mean(axis=0)
    return math.degrees(math.atan2(y, x)), math.degrees(math.atan2(z, math.hypot(x, y)))


def _directions(lonlat: Coordinates) -> Coordinates:
    lon, lat = np.radians(lonlat[:, 0]), np.radians(lonlat[:, 1])
    return np.column_stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])


def _distance(lonlat: Coordinates, middle: tuple[float, float]) -> Coordinates:
    """Return how far each point is from the middle, in degrees of a sphere."""
    cosine = _directions(lonlat) @ _directions(np.array([middle]))[0]
    distance: Coordinates = np.degrees(np.arccos(np.clip(cosine, -1, 1)))
    return distance


def _area_km2(part: shapely.Geometry) -> float:
    # Good enough to compare parts: degrees, shrunk with the latitude.
    _, south, _, north = shapely.bounds(part)
    return float(shapely.area(part)) * 111.3**2 * math.cos(math.radians((south + north) / 2))


def _in_sight(shape: shapely.Geometry, middle: tuple[float, float]) -> shapely.Geometry:
    """Return the parts of which something is this side of the horizon.

    None of the others may stay: one around the point opposite to the middle would be turned inside out and fill the picture.
    """
    parts = shapely.get_parts(shape)
    near = [_distance(shapely.get_coordinates(part), middle).min() < HORIZON for part in parts]
    return shapely.MultiPolygon(parts[np.array(near, dtype=bool)].tolist())


def _mended(shape: shapely.Geometry) -> shapely.Geometry:
    """Join the parts of a country that was cut at 180°."""
    valid = shapely.make_valid(shapely.set_precision(shape, 1.0, mode="pointwise"))
    joined = shapely.buffer(shapely.buffer(valid, 500.0, join_style="mitre"), -500.0, join_style="mitre")
    return shapely.MultiPolygon(
        [part for part in shapely.get_parts(joined) if isinstance(part, shapely.Polygon)]
    )


def _outline(aim: Aim) -> shapely.Geometry:
    if not aim.is_world:
        return shapely.Polygon()
    lat = np.linspace(-90, 90, 181)
    lon = np.linspace(-180, 180, 361)
    edge = [
        np.column_stack([np.full_like(lat, 180), lat]),
        np.column_stack([lon[::-1], np.full_like(lon, 90)]),
        np.column_stack([np.full_like(lat, -180), lat[::-1]]),
        np.column_stack([lon, np.full_like(lon, -90)]),
    ]
    return shapely.Polygon(_to(aim.projection, np.concatenate(edge)))


def _graticule(aim: Aim) -> tuple[Coordinates, ...]:
    """Return meridians every 30° and parallels every 30°; every 10° where a part of the world is shown."""
    step = 30 if aim.is_world else 10
    reach = 90 if aim.is_world else 80
    lat, lon = np.linspace(-reach, reach, 2 * reach + 1), np.linspace(-180, 180, 361)
    inner = range(-180 + step, 180, step) if aim.is_world else range(-180, 180, step)
    lines = [np.column_stack([np.full_like(lat, one), lat]) for one in inner]
    lines += [np.column_stack([lon, np.full_like(lon, one)]) for one in range(step - 90, 90, step)]
    if aim.is_world:
        return tuple(_to(aim.projection, line) for line in lines)
    seen = []
    for line in lines:
        far = np.flatnonzero(_distance(line, aim.middle) > HORIZON)
        pieces = [piece[1:] if place else piece for place, piece in enumerate(np.split(line, far))]
        seen += [_to(aim.projection, piece) for piece in pieces if len(piece) > 1]
    return tuple(seen)
