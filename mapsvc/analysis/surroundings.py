"""What lies around a member or a country: the nearest members, shared borders, and the part of the world to show.

Everything is computed once per snapshot, when it is first asked for.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from functools import cached_property
from typing import Any, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from mapsvc.analysis.geodesy import Places, geodesic_km, nearest_few
from mapsvc.analysis.names import collation_key
from mapsvc.model import COUNTED_STATUS

# From a border it may be others that are nearest than from the middle: so many more are measured than are asked for.
_MORE = 12
# What lies farther from the largest part of a country than this is not what people call its map.
_OVERSEAS_DEGREES = 12.0


class Near(NamedTuple):
    """A member near another place."""

    id: str
    km: float


class Surroundings:
    """The neighbourhood of every member and country of one snapshot.

    Parameters
    ----------
    members : GeoDataFrame
        `MEMBERS`, EPSG:4326. Only those with status ``member`` and a point are anybody's neighbours.
    countries : GeoDataFrame
        `COUNTRIES`, EPSG:4326, cut at 180°.
    themes : sequence of str
        The ids of all themes.
    """

    def __init__(self, members: gpd.GeoDataFrame, countries: gpd.GeoDataFrame, themes: Sequence[str]) -> None:
        self._members = members
        self._countries = countries
        self._themes = {theme: place for place, theme in enumerate(themes)}

    def nearest(self, id_: str, n: int, *, themes: Collection[str] = ()) -> tuple[Near, ...]:
        """Return the `n` members nearest to one, nearest first; none where it has no point.

        Parameters
        ----------
        themes : collection of str
            Where given, only members that are known to work on one of these.
        """
        here = self._members.geometry[id_]
        if here is None or here.is_empty:
            return ()
        wanted = self._counted & (self._members.index != id_)
        if themes:
            wanted &= self._theme_table[:, [self._themes[theme] for theme in themes]].any(axis=1)
        return self._measured(here, np.flatnonzero(wanted), n)

    def nearest_to_place(
        self, longitude: float, latitude: float, n: int, *, theme: str = ""
    ) -> tuple[Near, ...]:
        """Return the `n` members nearest to a place, nearest first; those known to work on a theme, where one is named."""
        wanted = self._counted & self._theme_table[:, self._themes[theme]] if theme else self._counted
        return self._measured(shapely.Point(longitude, latitude), np.flatnonzero(wanted), n)

    def nearest_in_themes(self, longitude: float, latitude: float, *, but: str = "") -> dict[str, Near]:
        """Return the member nearest to a place of those known to work on each theme; no row where there is none.

        Parameters
        ----------
        but : str
            The id of a member that is not looked at: the one that stands there.
        """
        here, others = shapely.Point(longitude, latitude), self._counted & (self._members.index != but)
        found = {
            theme: self._measured(here, np.flatnonzero(others & self._theme_table[:, column]), 1)
            for theme, column in self._themes.items()
        }
        return {theme: near[0] for theme, near in found.items() if near}

    def nearest_in_themes_to_country(self, code: str) -> dict[str, Near]:
        """Return the member of another country that is nearest to one, of those known to work on each theme.

        Measured as by `nearest_to_country`; no row where there is none.
        """
        abroad = self._counted & (self._members["country"].to_numpy() != code)
        rows = {
            theme: self._near_country(code, np.flatnonzero(abroad & self._theme_table[:, column]), 1)
            for theme, column in self._themes.items()
        }
        every = np.unique(np.concatenate([np.empty(0, dtype=np.intp), *rows.values()]))
        km = self._from_border(code, every)
        found = {
            theme: self._sorted(some, km[np.searchsorted(every, some)], 1) for theme, some in rows.items()
        }
        return {theme: near[0] for theme, near in found.items() if near}

    def nearest_to_country(self, code: str, n: int) -> tuple[Near, ...]:
        """Return the `n` members of other countries that are nearest to a country, nearest first.

        The distance is the one from its border or coast, as it is drawn. Looked at are the members of countries that
        share the border, and those nearest to a point inside, for islands and for neighbours without members.
        """
        abroad = np.flatnonzero(self._counted & (self._members["country"].to_numpy() != code))
        rows = self._near_country(code, abroad, n)
        return self._sorted(rows, self._from_border(code, rows), n)

    def _near_country(self, code: str, rows: NDArray[np.intp], n: int) -> NDArray[np.intp]:
        """Return those of `rows` among which the `n` nearest to a country are looked for."""
        home = self._members["country"].to_numpy()[rows]
        middle = self._countries.geometry[code].representative_point()
        return np.union1d(rows[np.isin(home, self.borders[code])], self._closest(middle, rows, n + _MORE)[0])

    def _from_border(self, code: str, rows: NDArray[np.intp]) -> NDArray[np.float64]:
        """Return how far members are from the border or coast of a country, km along the ellipsoid."""
        shape = self._countries.geometry[code]
        points = self._members.geometry.to_numpy()[rows]
        km = np.full(len(rows), np.inf)
        for turn in (-360.0, 0.0, 360.0):
            moved = shapely.points(shapely.get_coordinates(points) + np.array([turn, 0.0]))
            ends = shapely.get_coordinates(shapely.shortest_line(shape, moved)).reshape(len(rows), 4)
            km = np.minimum(km, geodesic_km(Places(ends[:, 0], ends[:, 1]), Places(ends[:, 2], ends[:, 3])))
        return km

    @cached_property
    def borders(self) -> Mapping[str, tuple[str, ...]]:
        """The countries that share a border with each country, as the boundaries are drawn."""
        shapes = self._countries.geometry.to_numpy()
        codes = [str(code) for code in self._countries.index]
        found: dict[str, list[str]] = {code: [] for code in codes}
        one, other = shapely.STRtree(shapes).query(shapes, predicate="intersects")
        for left, right in zip(one.tolist(), other.tolist(), strict=True):
            if left != right:
                found[codes[left]].append(codes[right])
        return {code: tuple(sorted(others)) for code, others in found.items()}

    def box(self, code: str) -> tuple[float, float, float, float]:
        """Return west, south, east and north of the main part of a country; east may be beyond 180°."""
        parts = shapely.get_parts(self._countries.geometry[code])
        main = parts[np.argmax(shapely.area(parts))]
        middle = main.centroid.x
        moved = shapely.transform(
            parts,
            lambda xy: np.column_stack([xy[:, 0] + 360 * np.round((middle - xy[:, 0]) / 360), xy[:, 1]]),
        )
        # A part that is cut at 180° may come out torn where some of its corners are moved: then it stays.
        whole = np.where(shapely.area(moved) > 1.5 * shapely.area(parts), parts, moved)
        near = whole[shapely.distance(whole, main) <= _OVERSEAS_DEGREES]
        west, south, east, north = (float(one) for one in shapely.total_bounds(near))
        return west, south, east, north

    @cached_property
    def _counted(self) -> NDArray[np.bool_]:
        geometry = self._members.geometry
        placed = geometry.notna() & ~geometry.is_empty
        return np.asarray(placed & (self._members["status"] == COUNTED_STATUS), dtype=bool)

    @cached_property
    def _places(self) -> Places:
        points = self._members.geometry
        return Places(points.x.to_numpy(dtype=float), points.y.to_numpy(dtype=float))

    @cached_property
    def _theme_table(self) -> NDArray[np.bool_]:
        table = np.zeros((len(self._members), len(self._themes)), dtype=bool)
        for row, themes in enumerate(self._members["themes"]):
            for theme in themes or ():
                table[row, self._themes[theme]] = True
        return table

    def _closest(
        self, here: shapely.Point, rows: NDArray[np.intp], n: int
    ) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
        """Return the `n` of `rows` that are nearest to a place, and how far they are, km."""
        found, km = nearest_few(Places(np.array([here.x]), np.array([here.y])), self._places.take(rows), n)
        return rows[found], km

    def _measured(self, here: shapely.Point, rows: NDArray[np.intp], n: int) -> tuple[Near, ...]:
        return self._sorted(*self._closest(here, rows, n), n)

    def _sorted(self, rows: NDArray[np.intp], km: NDArray[np.float64], n: int) -> tuple[Near, ...]:
        found = [Near(str(self._members.index[row]), float(one)) for row, one in zip(rows, km, strict=True)]
        return tuple(sorted(found, key=lambda near: (near.km, near.id))[:n])


def reading_order(
    members: pd.DataFrame, country_names: Mapping[str, str], order: Callable[[str], Any] = str
) -> tuple[str, ...]:
    """Return the ids of all members as a reader pages through them: by country, then by name, as these are called.

    Parameters
    ----------
    order : callable
        What a language sorts a word by.

    Examples
    --------
    >>> frame = pd.DataFrame({"country": ["KE", "AL", "KE"], "name": ["Kisumu", "Tirana", "Embu"]}, index=list("abc"))
    >>> reading_order(frame, {"KE": "Kenya", "AL": "Albania"})
    ('b', 'c', 'a')
    """
    rows = zip(members.index, members["country"], members["name"], strict=True)
    keys = sorted(
        (collation_key(country_names.get(country, country), order), collation_key(name, order), str(id_))
        for id_, country, name in rows
    )
    return tuple(id_ for _, _, id_ in keys)


def beside(order: Sequence[str], one: str) -> tuple[str | None, str | None]:
    """Return what comes before and after `one`; None at the ends.

    Examples
    --------
    >>> beside(("a", "b", "c"), "b"), beside(("a", "b"), "a")
    (('a', 'c'), (None, 'b'))
    """
    place = order.index(one)
    return order[place - 1] if place else None, order[place + 1] if place + 1 < len(order) else None
