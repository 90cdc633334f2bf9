"""Membership by country and theme: where a point lies, how many members there are, and what a country's state is."""

from collections import Counter
from collections.abc import Collection, Sequence

import geopandas as gpd
import numpy as np
import pandas as pd
from pyproj import Geod
from shapely import Point, STRtree
from shapely.ops import nearest_points

from mapsvc.analysis.queries import MapQuery
from mapsvc.analysis.selection import select_members, theme_set
from mapsvc.model import ALL_THEMES, COUNTED_STATUS, Issue, Network

# A harbour or an island town may lie just off a coastline drawn at 1 : 10 million, and a town on a border just
# across it: of the gazetteer's 34,006 larger places, 72 do, nearly all of them by less than 4 km.
MAX_OFFSHORE_KM = 15.0
MAX_ACROSS_BORDER_KM = 5.0
_GEOD = Geod(ellps="WGS84")


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
    codes = boundaries["country"].to_numpy()
    tree = STRtree(boundaries.geometry.to_numpy())
    points = members.geometry.to_numpy()
    here = np.array([point is not None and not point.is_empty for point in points], dtype=bool)
    country = np.full(len(points), "", dtype=object)
    distance = np.full(len(points), np.nan)
    rows = np.flatnonzero(here)
    hit, polygon = tree.query(points[rows], predicate="intersects")
    # Reversed, so that the first polygon wins where two touch at the point.
    country[rows[hit[::-1]]] = codes[polygon[::-1]]
    distance[rows[hit]] = 0.0
    named = members["country"].to_numpy() if "country" in members.columns else country
    for row in rows[np.isnan(distance[rows]) | (named[rows] != country[rows])]:
        away = _distances_km(points[row], boundaries, tree)
        if country[row] and away.get(named[row], np.inf) <= MAX_ACROSS_BORDER_KM:
            country[row], distance[row] = named[row], away[named[row]]
        elif not country[row] and away and min(away.values()) <= MAX_OFFSHORE_KM:
            country[row] = min(away, key=lambda code: away[code])
            distance[row] = away[country[row]]
    return pd.DataFrame(
        {"found_country": pd.Series(country, index=members.index, dtype="str"), "offshore_km": distance},
        index=members.index,
    )


def _distances_km(point: Point, boundaries: gpd.GeoDataFrame, tree: STRtree) -> dict[str, float]:
    """Return the geodesic distance in km to each country that is somewhere near."""
    # A degree of longitude shrinks with the cosine of the latitude; at a pole every longitude is near.
    reach = MAX_OFFSHORE_KM / 111.0 / max(0.01, np.cos(np.radians(point.y)))
    found: dict[str, float] = {}
    for shifted in (point, Point(point.x + 360, point.y), Point(point.x - 360, point.y)):
        for row in tree.query(shifted.buffer(min(reach, 180.0))):
            land, _ = nearest_points(boundaries.geometry.iloc[row], shifted)
            km = _GEOD.inv(shifted.x, shifted.y, land.x, land.y)[2] / 1000.0
            code = str(boundaries["country"].iloc[row])
            found[code] = min(km, found.get(code, np.inf))
    return found


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
