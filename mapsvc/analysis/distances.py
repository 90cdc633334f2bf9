"""How far every urban centre is from the nearest member, overall and per theme, and how many people are how near.

Section 3.6 of the method of coverage. Distances are kilometres along the ellipsoid. Where nobody is a member there is no
distance: it is missing, neither infinite nor zero.
"""

from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mapsvc.analysis.geodesy import limits_passed, nearest, places_of
from mapsvc.model import ALL_THEMES

# The access curve is read at these distances.
WITHIN_KM = (50, 100, 250, 500)


def placed_members(members: gpd.GeoDataFrame, theme: str = ALL_THEMES) -> gpd.GeoDataFrame:
    """Return the members with a point, in the order of their ids; those known to work on a theme, where one is named."""
    placed = members.geometry.notna() & ~members.geometry.is_empty
    if theme != ALL_THEMES:
        placed &= np.array([theme in (known or ()) for known in members["themes"]], dtype=bool)
    return members[placed].sort_index()


def nearest_members(
    members: gpd.GeoDataFrame, centres: pd.DataFrame, theme: str = ALL_THEMES
) -> pd.DataFrame:
    """Return the nearest member to every urban centre, and how far it is.

    Parameters
    ----------
    members : GeoDataFrame
        `MEMBERS`, those that count; EPSG:4326. One without a point is near nobody.
    centres : DataFrame
        `URBAN_CENTRES`.
    theme : str
        ``all``, or the theme that the member must be known to work on.

    Returns
    -------
    DataFrame
        The index of `centres`; ``member`` (string; of several that are equally near, the first id) and ``km``
        (Float64, along the ellipsoid WGS 84), both NA where there is no such member.

    Examples
    --------
    >>> from shapely import Point
    >>> members = gpd.GeoDataFrame({"themes": [None]}, geometry=[Point(0, 0)], index=["port"], crs=4326)
    >>> centres = pd.DataFrame({"longitude": [1.0], "latitude": [0.0]}, index=[7])
    >>> nearest_members(members, centres).round(1)
      member     km
    7   port  111.3
    >>> nearest_members(members, centres, "water").isna().all().to_dict()
    {'member': True, 'km': True}
    """
    there = placed_members(members, theme)
    rows, km = nearest(places_of(centres), places_of(there))
    ids = there.index.to_numpy()[rows] if len(there) else np.full(len(rows), None)
    return pd.DataFrame({
        "member": pd.Series(ids, index=centres.index, dtype="string"),
        "km": _known(km, centres.index),
    })  # fmt: skip


def people_within_by_theme(
    members: gpd.GeoDataFrame,
    working: NDArray[np.bool_],
    centres: pd.DataFrame,
    within_km: Sequence[float] = WITHIN_KM,
) -> tuple[pd.Index, NDArray[np.int64]]:
    """Return how many urban people of each country live within some distances of a member of each theme.

    Parameters
    ----------
    members : GeoDataFrame
        `MEMBERS`, those that count; EPSG:4326.
    working : array of bool
        Members × themes: who is known to work on what.
    centres : DataFrame
        `URBAN_CENTRES`.
    within_km : sequence of float
        The distances, ascending, km; a centre that is exactly so far counts.

    Returns
    -------
    Index, array of int64
        The countries with urban centres, in order; and themes × countries × distances, each what `people_within` gives
        for the ``km`` of `nearest_members`.

    Examples
    --------
    >>> from shapely import Point
    >>> members = gpd.GeoDataFrame(geometry=[Point(0, 0), Point(1, 0)], crs=4326)
    >>> centres = pd.DataFrame(
    ...     {"country": ["AA", "AA", "BB"], "population": [5, 7, 9], "longitude": [0.0, 1.0, 9.0], "latitude": [0.0] * 3}
    ... )
    >>> people_within_by_theme(members, np.array([[True], [False]]), centres, (50, 200))[1].tolist()
    [[[5, 12], [0, 0]]]
    """
    placed = (members.geometry.notna() & ~members.geometry.is_empty).to_numpy(dtype=bool)
    here, there = places_of(centres), places_of(members[placed])
    country, codes = pd.factorize(centres["country"], sort=True)
    people, n = centres["population"].to_numpy(dtype="float64"), len(within_km) + 1
    found = [
        np.bincount(
            country * n + limits_passed(here, there.take(theme), within_km),
            weights=people,
            minlength=len(codes) * n,
        )
        for theme in working[placed].T
    ]
    # Whoever lives within a distance lives within the longer ones; a double counts people exactly.
    rings = np.array(found).reshape(working.shape[1], len(codes), n)
    return pd.Index(codes, name="country"), rings.cumsum(axis=2)[..., :-1].astype("int64")


def people_within(
    km: pd.Series, centres: pd.DataFrame, within_km: Sequence[float] = WITHIN_KM
) -> pd.DataFrame:
    """Return how many urban people of each country live within some distances of a member.

    Parameters
    ----------
    km : Series
        Float64, the index of `centres`: how far each is.
    centres : DataFrame
        `URBAN_CENTRES`.
    within_km : sequence of float
        The distances, km; a centre that is exactly so far counts.

    Returns
    -------
    DataFrame
        int64, index ``country`` (those with urban centres, in order), one column for each distance. Sums over
        countries are those of a region or the world.
    """
    people = centres["population"].to_numpy(dtype="int64")
    far = km.to_numpy(dtype="float64", na_value=np.inf)
    reached = pd.DataFrame(
        {one: people * (far <= one) for one in within_km}, index=centres.index, dtype="int64"
    )
    return reached.groupby(centres["country"]).sum()


def access_curve(
    km: pd.Series, centres: pd.DataFrame, within_km: Sequence[float] = WITHIN_KM
) -> pd.DataFrame:
    """Return what share of the urban people lives within some distances of a member.

    Parameters
    ----------
    km, centres, within_km
        As for `people_within`; for the curve of a country or region, its rows of both.

    Returns
    -------
    DataFrame
        Index ``within_km``; ``people`` int64 and ``share`` (Float64, 0 to 1; NA where there are no urban people).

    Examples
    --------
    >>> centres = pd.DataFrame({"country": ["AA", "AA"], "population": [300, 100]})
    >>> access_curve(pd.Series([20.0, 80.0], dtype="Float64"), centres, (50, 100)).to_dict("list")
    {'people': [300, 400], 'share': [0.75, 1.0]}
    """
    people = people_within(km, centres, within_km).sum().rename_axis("within_km").astype("int64")
    everybody = int(centres["population"].sum())
    share = people / everybody if everybody else pd.Series(pd.NA, index=people.index)
    return pd.DataFrame({"people": people, "share": share.astype("Float64")})


def largest_beyond(km: pd.Series, centres: pd.DataFrame, beyond_km: float, n: int) -> pd.DataFrame:
    """Return the `n` largest urban centres that are farther than a distance from every member.

    Returns
    -------
    DataFrame
        Rows of `centres`, largest first and then by id, with ``km`` (Float64). Without any member every centre is
        beyond, and ``km`` is NA.
    """
    far = km.to_numpy(dtype="float64", na_value=np.inf) > beyond_km
    beyond = centres.assign(km=km)[far]
    return beyond.sort_index().sort_values("population", ascending=False, kind="stable").head(n)


def _known(km: np.ndarray, index: pd.Index) -> pd.Series:
    """Return distances with NA for those that there are not."""
    return pd.Series(pd.arrays.FloatingArray(np.nan_to_num(km), np.isnan(km)), index=index)
