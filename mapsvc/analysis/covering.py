"""What a member covers: the urban people of the centres that are its own, by section 2 of the method of coverage.

This is the first definition of that method: whole centres and parts of them, without polygons.
"""

import re
from collections.abc import Collection

import geopandas as gpd
import numpy as np
import pandas as pd
from shapely import STRtree, box

from mapsvc.analysis.names import fold
from mapsvc.model import Urban

# Inhabitants per km² of the disc that stands for a centre's built-up area, as in the rule of the denominators.
DENSITY = 4_000.0
_KM_PER_DEGREE = 111.195  # of latitude, on the sphere of radius 6,371.0088 km
_GEONAMES = re.compile(r"geonames:([0-9]+)")
_AREA_TYPES = frozenset({"county", "region"})
# They cover nothing by themselves: their members do.
_COVERS_NOTHING = frozenset({"association"})


def urban_people(urban: Urban) -> pd.Series:
    """Return the inhabitants of the urban centres of each country: int64, index ``country``, only where there are any."""
    return urban.centres.groupby("country")["population"].sum().astype("int64").rename("urban_people")


def covered_people(members: gpd.GeoDataFrame, urban: Urban) -> pd.Series:
    """Return how many urban inhabitants of each country live in what the members cover.

    A city, town, district or village covers the centre that it is, or of the centre that it lies in at most as
    many people as it has itself. A county or region covers every centre of the first-order area that it is by
    name, or else the centre of its seat. An association covers nothing. What several members cover of one centre
    is their union, taken as the largest of them: what they share is not known, so it is a lower bound.

    Parameters
    ----------
    members : GeoDataFrame
        `MEMBERS`, those of a view; EPSG:4326.
    urban : Urban
        The centres, and the inhabitants of the places that lie inside of them.

    Returns
    -------
    Series
        int64, named ``covered_people``, index ``country``, only where anybody is covered.
    """
    people: dict[int, int] = {}
    for centre, n in _covered(members, urban):
        people[centre] = max(n, people.get(centre, 0))
    reached = pd.Series(people, dtype="int64", index=None if people else urban.centres.index[:0])
    countries = urban.centres["country"].reindex(reached.index)
    return reached.groupby(countries.to_numpy()).sum().rename("covered_people").rename_axis("country")


def _covered(members: gpd.GeoDataFrame, urban: Urban) -> list[tuple[int, int]]:
    """Return pairs of a centre's id and the people of it that one member covers."""
    pairs: list[tuple[int, int]] = []
    total = dict(zip(urban.centres.index.tolist(), urban.centres["population"].tolist(), strict=True))
    at_point = _centres_at(members, urban)
    columns = ("name", "type", "country", "population", "location_source")
    rows = zip(members.index, *(members[name].to_list() for name in columns), strict=True)
    for id_, name, type_, country, population, source in rows:
        if type_ in _COVERS_NOTHING:
            continue
        is_area = type_ in _AREA_TYPES
        inside = _centres_of_area(country, name, urban) if is_area else ()
        if len(inside):
            pairs.extend((int(one), total[int(one)]) for one in inside)
            continue
        place = _place_id(source)
        itself = place in total and urban.centres.at[place, "country"] == country
        centre = place if itself else at_point.get(id_)
        if centre is None:
            continue
        people = total[centre]
        if not is_area and not itself and fold(urban.centres.at[centre, "name"]) != fold(name):
            own = urban.parts.get(place or 0, 0) if pd.isna(population) else int(population)
            people = min(people, own)
        pairs.append((centre, people))
    return pairs


def _centres_of_area(country: str, name: str, urban: Urban) -> Collection[int]:
    """Return the centres of the first-order area of that name; none where there is no such area."""
    area = urban.areas.get((country, fold(name)))
    if area is None:
        return ()
    centres = urban.centres
    found: Collection[int] = centres.index[centres["country"].eq(country) & centres["admin1"].eq(area)]
    return found


def _place_id(source: object) -> int | None:
    found = _GEONAMES.match(source) if isinstance(source, str) else None
    return int(found[1]) if found else None


def _centres_at(members: gpd.GeoDataFrame, urban: Urban) -> dict[str, int]:
    """Return, by member id, the largest centre of its country whose disc its point lies in."""
    placed = members[members.geometry.notna()]
    centres = urban.centres
    reach_km = np.sqrt(centres["population"].to_numpy(dtype="float64") / (np.pi * DENSITY))
    tree = STRtree(placed.geometry.to_numpy())
    x, y = (centres[name].to_numpy(dtype="float64") for name in ("longitude", "latitude"))
    high = reach_km / _KM_PER_DEGREE
    wide = high / np.maximum(0.01, np.cos(np.radians(y)))
    # A box around each disc first; the largest centre is first in the table, and keeps what it has.
    which, member = tree.query(box(x - wide, y - high, x + wide, y + high))
    found: dict[str, int] = {}
    land, home = centres["country"].to_numpy(), placed["country"].to_numpy()
    points = placed.geometry
    for centre, row in sorted(zip(which.tolist(), member.tolist(), strict=True)):
        point = points.iloc[row]
        east = (point.x - x[centre]) * np.cos(np.radians(y[centre]))
        away_km = float(np.hypot(east, point.y - y[centre])) * _KM_PER_DEGREE
        if away_km <= reach_km[centre] and home[row] == land[centre]:
            found.setdefault(str(placed.index[row]), int(centres.index[centre]))
    return found
