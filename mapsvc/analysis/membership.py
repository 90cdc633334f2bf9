"""Membership by country and theme: where a point lies, how many members there are, and what a country's state is."""

from collections import Counter
from collections.abc import Collection, Sequence

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import Geod
from shapely import STRtree

from mapsvc.analysis.queries import MapQuery
from mapsvc.analysis.selection import select_members, theme_set
from mapsvc.model import ALL_THEMES, COUNTED_STATUS, Issue, Network

# A harbour or an island town may lie just off a coastline drawn at 1 : 10 million, and a town on a border just
# across it: of the gazetteer's 34,006 larger places, 72 do, nearly all of them by less than 4 km.
MAX_OFFSHORE_KM = 15.0
MAX_ACROSS_BORDER_KM = 5.0
_GEOD = Geod(ellps="WGS84")
# Corners of a piece of a border.
_STEPS = 64


def assign_country(members: gpd.GeoDataFrame, boundaries: gpd.GeoDataFrame) -> pd.DataFrame:
    """Find the country that each member's point lies in, or the nearest one within a few kilometres.

    A point at sea belongs to the nearest country within `MAX_OFFSHORE_KM`. A point in another country than its
    row names, but within `MAX_ACROSS_BORDER_KM` of that one, belongs to the one that is named: borders drawn at
    1 : 10 million are not that sharp.

    Parameters
    ----------
    members : GeoDataFrame
        ``country`` (may be missing), and points or null, EPSG:4326.
    boundaries : GeoDataFrame
        Column ``country``, polygons, EPSG:4326, cut at 180°; a country may have several rows.

    Returns
    -------
    DataFrame
        Index of `members`; ``found_country`` (str; empty where there is no point, or no land near it) and
        ``offshore_km`` (float64; geodesic distance to that country, 0 inside it, NaN where there is none).

    Examples
    --------
    >>> from shapely import Point, box
    >>> towns = gpd.GeoDataFrame(geometry=[Point(0.5, 0.5), Point(1.01, 0.5)], index=["a", "b"], crs=4326)
    >>> land = gpd.GeoDataFrame({"country": ["AA"]}, geometry=[box(0, 0, 1, 1)], crs=4326)
    >>> assign_country(towns, land).round(1)
      found_country  offshore_km
    a            AA          0.0
    b            AA          1.1
    """
    codes, land = boundaries["country"].to_numpy(), boundaries.geometry.to_numpy()
    points = members.geometry.to_numpy()
    rows = np.flatnonzero(~(shapely.is_missing(points) | shapely.is_empty(points)))
    country = np.full(len(points), "", dtype=object)
    distance = np.full(len(points), np.nan)
    # A tree of the points: so it is the polygons that are prepared, once each.
    polygon, hit = STRtree(points[rows]).query(land, predicate="intersects")
    # Reversed, so that the first polygon wins where two touch at the point.
    country[rows[hit[::-1]]] = codes[polygon[::-1]]
    distance[rows[hit]] = 0.0
    named = members["country"].to_numpy() if "country" in members.columns else country
    doubtful = rows[np.isnan(distance[rows]) | (named[rows] != country[rows])]
    if len(doubtful):
        inside = set(zip(rows[hit].tolist(), codes[polygon].tolist(), strict=True))
        for row, away in zip(doubtful, _distances_km(points[doubtful], codes, land), strict=True):
            nearest = 0.0 if (int(row), named[row]) in inside else away.get(named[row], np.inf)
            if country[row] and nearest <= MAX_ACROSS_BORDER_KM:
                country[row], distance[row] = named[row], nearest
            elif not country[row] and away and min(away.values()) <= MAX_OFFSHORE_KM:
                country[row] = min(away, key=lambda code: away[code])
                distance[row] = away[country[row]]
    return pd.DataFrame(
        {"found_country": pd.Series(country, index=members.index, dtype="str"), "offshore_km": distance},
        index=members.index,
    )


def _distances_km(points: np.ndarray, codes: np.ndarray, land: np.ndarray) -> list[dict[str, float]]:
    """Return the geodesic distance in km to the border of each country that is somewhere near, for each point."""
    found: list[dict[str, float]] = [{} for _ in points]
    x, y = shapely.get_x(points), shapely.get_y(points)
    # A degree of longitude shrinks with the cosine of the latitude; at a pole every longitude is near.
    reach = np.minimum(MAX_OFFSHORE_KM / 111.0 / np.maximum(0.01, np.cos(np.radians(y))), 180.0)
    for shift in (0.0, 360.0, -360.0):
        there = np.flatnonzero(np.abs(x + shift) - reach <= 180.0)
        shifted = np.asarray(shapely.points(x[there] + shift, y[there]))
        near = np.unique(STRtree(land).query(shifted, predicate="dwithin", distance=reach[there])[1])
        if not len(near):
            continue
        owner, pieces = _borders(land[near])
        at, piece = STRtree(pieces).query(shifted, predicate="dwithin", distance=reach[there])
        lines = shapely.get_coordinates(shapely.shortest_line(pieces[piece], shifted[at])).reshape(-1, 4)
        km = _GEOD.inv(*lines.T)[2] / 1000.0
        whose = codes[near[owner[piece]]]
        for place, code, one in zip(there[at].tolist(), whose.tolist(), km.tolist(), strict=True):
            found[place][code] = min(one, found[place].get(code, np.inf))
    return found


def _borders(land: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return all borders in short pieces, and the number of the polygon that each belongs to.

    The distance to a long coast is a walk along all of it; to a piece of it that is near, a few steps.
    """
    rings, polygon = shapely.get_parts(shapely.boundary(land), return_index=True)
    corners, ring = shapely.get_coordinates(rings, return_index=True)
    start = np.flatnonzero(ring[:-1] == ring[1:])
    step = (start - np.searchsorted(ring, ring[start])) // _STEPS
    is_first = np.r_[True, (ring[start[1:]] != ring[start[:-1]]) | (step[1:] != step[:-1])]
    piece = np.cumsum(is_first) - 1
    # Each piece ends where the next begins, so that no step between two corners is lost.
    last = np.r_[np.flatnonzero(is_first[1:]), len(start) - 1]
    corner, of = np.r_[start, start[last] + 1], np.r_[piece, piece[last]]
    order = np.argsort(of, kind="stable")
    return polygon[ring[start[is_first]]], shapely.linestrings(corners[corner[order]], indices=of[order])


def country_findings(members: gpd.GeoDataFrame, located: pd.DataFrame, file: str) -> tuple[Issue, ...]:
    """Return a finding for each member whose point lies outside the country that its row names."""
    outside = members.geometry.notna() & (located["found_country"] != members["country"])
    findings = []
    for id_, claimed in members.loc[outside, "country"].items():
        found = str(located.at[id_, "found_country"])
        where = f"in {found}" if found else f"farther than {MAX_OFFSHORE_KM:g} km from any land"
        findings.append(
            Issue("error", "outside-country", f"the point of {id_} lies {where}, not in {claimed}", file=file,
                  column="longitude", value=str(id_), suggestion="check the country, or the coordinates")
        )  # fmt: skip
    return tuple(findings)


def count_members(members: pd.DataFrame, countries: Sequence[str], themes: Sequence[str]) -> pd.Series:
    """Count members by country and theme, over the full grid: a gap is a row with zero.

    Parameters
    ----------
    members : DataFrame
        `MEMBERS`. Only rows with status ``member`` count.
    countries, themes : sequence of str
        The two sides of the grid; ``all`` is put before the themes.

    Returns
    -------
    Series
        int64, named ``n_members``, MultiIndex (``country``, ``theme``) of ``len(countries) * (len(themes) + 1)``
        rows. Under ``all`` each member counts once, whatever its themes.

    Examples
    --------
    >>> frame = pd.DataFrame({"status": ["member", "former"], "country": ["KE", "KE"], "themes": [("water",), None]})
    >>> count_members(frame, ["KE", "UG"], ["water"]).to_dict()
    {('KE', 'all'): 1, ('KE', 'water'): 1, ('UG', 'all'): 0, ('UG', 'water'): 0}
    """
    grid = pd.MultiIndex.from_product([list(countries), [ALL_THEMES, *themes]], names=["country", "theme"])
    counted = members.loc[members["status"] == COUNTED_STATUS, ["country", "themes"]]
    pairs = [
        (country, theme)
        for country, themes in zip(counted["country"], counted["themes"], strict=True)
        for theme in (ALL_THEMES, *(themes or ()))
    ]
    counts = pd.Series(Counter(pairs), dtype="int64", index=None if pairs else grid[:0])
    return counts.reindex(grid, fill_value=0).rename("n_members")


def country_states(
    members: pd.DataFrame, query: MapQuery, network: Network, countries: Collection[str]
) -> pd.DataFrame:
    """Say of each country in the view how many members it shows, and which of the four states it is in.

    A country is *active* with a member in the view. Otherwise, where the view asks for themes: *unknown* when
    some member there has no theme recorded (it may be active), *not-in-theme* when all are recorded and none
    is in it; else *none*.

    Returns
    -------
    DataFrame
        Index ``country`` (those that region and country filters leave, in the order given); ``n_members``
        int64, ``state`` one of `STATES`.
    """
    index = pd.Index(
        [code for code in countries if _in_view(code, query, network)], name="country", dtype="str"
    )
    home = members["country"].to_numpy()
    shown = Counter(home[select_members(members, query, network)])
    state: dict[str, str] = {}
    if theme_set(query, network):
        others = select_members(members, query, network, themes=False).to_numpy()
        state |= dict.fromkeys(home[others], "not-in-theme")
        state |= dict.fromkeys(home[others & members["themes"].isna().to_numpy()], "unknown")
    state |= dict.fromkeys(shown, "active")
    return pd.DataFrame(
        {
            "n_members": pd.Series([shown[code] for code in index], index=index, dtype="int64"),
            "state": pd.Series([state.get(code, "none") for code in index], index=index, dtype="str"),
        }
    )


def _in_view(country: str, query: MapQuery, network: Network) -> bool:
    if query.country and country not in query.country:
        return False
    if not query.region:
        return True
    return any(country in region.countries for region in network.regions if region.id in query.region)
