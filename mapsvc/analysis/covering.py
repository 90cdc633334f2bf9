"""What a member covers: the urban people of the centres that are its own, by section 2 of the method of coverage.

What several members cover of one centre is their union, taken as the largest of them: what they share is not known, so it is a lower bound.
"""

import re
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from shapely import STRtree

from mapsvc.analysis.names import fold
from mapsvc.model import Urban

# Inhabitants per km² of the disc that stands for a centre's built-up area, as in the rule of the denominators.
DENSITY = 4_000.0
_EARTH_KM = 6_371.0088  # mean radius
_KM_PER_DEGREE = 111.195  # of latitude, on that sphere
_GEONAMES = re.compile(r"geonames:([0-9]+)")
# They cover all centres inside of their area.
AREA_TYPES = ("county", "region")
# They cover nothing by themselves: their members do.
_COVERS_NOTHING = ("association",)
# Why a member covers no centre.
UNMATCHED = ("association", "no-place", "no-centre")

Whole = NDArray[np.int64]
Mask = NDArray[np.bool_]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Reach:
    """Which member covers how much of which centre, one row per pair, and who covers none.

    Attributes
    ----------
    members, centres : array of int64
        Positions in the frames that it was made from.
    people : array of int64
        Inhabitants of the centre that the member covers, at most all of it.
    by_area : array of bool
        Whether the member is a county or a region, and not a local government of one place.
    clipped : array of bool
        Whether the member states more inhabitants than the centre that it is a part of has.
    unmatched : Series
        Member id to why it covers no centre, one of `UNMATCHED`.
    n_centres : int
        How many centres there are, covered or not.
    """

    members: Whole
    centres: Whole
    people: Whole
    by_area: Mask
    clipped: Mask
    unmatched: pd.Series
    n_centres: int

    def union(self, pairs: Mask) -> Whole:
        """Return the inhabitants covered of every centre by some of the pairs: the largest, never the sum."""
        covered = np.zeros(self.n_centres, dtype="int64")
        np.maximum.at(covered, self.centres[pairs], self.people[pairs])
        return covered


def urban_people(urban: Urban) -> pd.Series:
    """Return the inhabitants of the urban centres of each country: int64, index ``country``, only where there are any."""
    return urban.centres.groupby("country")["population"].sum().astype("int64").rename("urban_people")


def covered_people(members: gpd.GeoDataFrame, urban: Urban) -> pd.Series:
    """Return how many urban inhabitants of each country live in what the members cover, as `reach_of` has it.

    Returns
    -------
    Series
        int64, named ``covered_people``, index ``country``, only where a member covers a centre.
    """
    reach = reach_of(members, urban)
    touched = np.unique(reach.centres)
    people = pd.Series(reach.union(np.ones(len(reach.members), dtype=bool))[touched], dtype="int64")
    countries = urban.centres["country"].to_numpy()[touched]
    return people.groupby(countries).sum().rename("covered_people").rename_axis("country")


def reach_of(members: gpd.GeoDataFrame, urban: Urban) -> Reach:
    """Find the centres that each member covers.

    A city, town, district or village covers the centre that it is, or of the centre that it lies in at most as
    many people as it has itself. A county or region covers every centre of its country inside of its boundary, where
    the network gives one; else every centre of the first-order area that it is by name; else the centre of its seat.
    An association covers nothing.

    Parameters
    ----------
    members : GeoDataFrame
        `MEMBERS`, those that count; EPSG:4326.
    urban : Urban
        The centres, largest first, and the inhabitants of the places that lie inside of them.
    """
    types = members["type"].to_numpy()
    is_area, silent = np.isin(types, AREA_TYPES), np.isin(types, _COVERS_NOTHING)
    drawn = is_area & np.isin(members.index.to_numpy(dtype="object"), list(urban.member_areas))
    inside = _centres_inside(members, np.flatnonzero(drawn), urban)
    named = _centres_of_areas(members, np.flatnonzero(is_area & ~drawn), urban)
    owner, area_centres = (np.concatenate(both) for both in zip(inside, named, strict=True))
    whole = urban.centres["population"].to_numpy(dtype="int64")
    left = ~silent & ~drawn & ~np.isin(np.arange(len(members)), owner)
    one, centre, people, clipped = _centres_of_places(members, np.flatnonzero(left), is_area, urban)
    pairs = np.concatenate([owner, one]).astype("int64")
    return Reach(
        pairs,
        np.concatenate([area_centres, centre]).astype("int64"),
        np.concatenate([whole[area_centres], people]).astype("int64"),
        is_area[pairs],
        np.concatenate([np.zeros(len(owner), dtype=bool), clipped]),
        _unmatched(members, pairs, silent),
        len(urban.centres),
    )


def _unmatched(members: gpd.GeoDataFrame, matched: Whole, silent: Mask) -> pd.Series:
    """Return why each of the others covers no centre."""
    placeless = (members.geometry.isna() | members.geometry.is_empty).to_numpy()
    reasons = np.where(silent, UNMATCHED[0], np.where(placeless, UNMATCHED[1], UNMATCHED[2]))
    others = np.ones(len(members), dtype=bool)
    others[matched] = False
    return pd.Series(reasons[others], index=members.index[others], name="reason", dtype="str")


def _centres_inside(members: gpd.GeoDataFrame, rows: Whole, urban: Urban) -> tuple[Whole, Whole]:
    """Return pairs of a member and a centre, for those whose boundary the network gives."""
    if not len(rows):
        return np.empty(0, dtype="int64"), np.empty(0, dtype="int64")
    centres: Any = urban.centres
    points = shapely.points(centres["longitude"].to_numpy(), centres["latitude"].to_numpy())
    shapes = [urban.member_areas[str(id_)] for id_ in members.index[rows]]
    place, centre = STRtree(points).query(np.array(shapes, dtype="object"), predicate="intersects")
    home = members["country"].to_numpy()[rows[place]] == centres["country"].to_numpy()[centre]
    order = np.lexsort((centre[home], place[home]))
    return rows[place[home][order]], centre[home][order]


def _centres_of_areas(members: gpd.GeoDataFrame, rows: Whole, urban: Urban) -> tuple[Whole, Whole]:
    """Return pairs of a member and a centre, for those that are a first-order area by their name."""
    names, countries = members["name"].to_numpy(), members["country"].to_numpy()
    keys = ((row, (str(countries[row]), fold(str(names[row])))) for row in rows.tolist())
    areas = [(row, (key[0], urban.areas[key])) for row, key in keys if key in urban.areas]
    if not areas:
        return np.empty(0, dtype="int64"), np.empty(0, dtype="int64")
    inside = urban.centres.groupby(["country", "admin1"]).indices
    nothing = np.empty(0, dtype="int64")
    found = [inside.get(area, nothing) for _, area in areas]
    return np.repeat([row for row, _ in areas], [len(one) for one in found]), np.concatenate(found)


def _centres_of_places(
    members: gpd.GeoDataFrame, rows: Whole, is_area: Mask, urban: Urban
) -> tuple[Whole, Whole, Whole, Mask]:
    """Return members that are or lie in one centre, that centre, the people that they cover, and who was clipped."""
    if not len(urban.centres):
        nothing = np.empty(0, dtype="int64")
        return nothing, nothing, nothing, np.empty(0, dtype=bool)
    ids = np.array(
        [_place_id(source) for source in members["location_source"].to_numpy()[rows]], dtype="int64"
    )
    homes, lands = members["country"].to_numpy()[rows], urban.centres["country"].to_numpy()
    centre = urban.centres.index.get_indexer(pd.Index(ids))
    itself = (centre >= 0) & (lands[centre] == homes)
    centre = np.where(itself, centre, _centres_at(members, rows, urban))
    matched = np.flatnonzero(centre >= 0)
    centre, whole = centre[matched], urban.centres["population"].to_numpy(dtype="int64")[centre[matched]]
    names = zip(
        members["name"].to_numpy()[rows[matched]], urban.centres["name"].to_numpy()[centre], strict=True
    )
    alike = np.array([one == other or fold(str(one)) == fold(str(other)) for one, other in names], dtype=bool)
    stated = members["population"].to_numpy(dtype="float64", na_value=np.nan)[rows[matched]]
    listed = np.array([urban.parts.get(int(one), 0) for one in ids[matched]], dtype="float64")
    own = np.where(np.isnan(stated), listed, stated)
    part = ~(is_area[rows[matched]] | itself[matched] | alike)
    people = np.where(part, np.minimum(own, whole), whole).astype("int64")
    return rows[matched], centre, people, part & (own > whole)


def _place_id(source: object) -> int:
    """Return the GeoNames id that a location comes from; -1 where it comes from elsewhere."""
    found = _GEONAMES.match(source) if isinstance(source, str) else None
    return int(found[1]) if found else -1


def _centres_at(members: gpd.GeoDataFrame, rows: Whole, urban: Urban) -> Whole:
    """Return the position of the largest centre of its country whose disc each member's point lies in; -1 for none."""
    points = members.geometry.to_numpy()[rows]
    centres: Any = urban.centres
    reach_km = np.sqrt(centres["population"].to_numpy(dtype="float64") / (np.pi * DENSITY))
    x, y = (centres[name].to_numpy(dtype="float64") for name in ("longitude", "latitude"))
    high = reach_km / _KM_PER_DEGREE
    wide = np.minimum(high / np.maximum(0.01, np.cos(np.radians(y))), 180.0)
    # A box around each disc first, and again on the other side where it crosses 180°.
    tree = STRtree(points)
    hits = []
    for turn, turned in ((0, np.ones(len(x), dtype=bool)), (-360, x + wide > 180), (360, x - wide < -180)):
        some = np.flatnonzero(turned)
        left, right, low, up = (one[some] for one in (x + turn - wide, x + turn + wide, y - high, y + high))
        box, place = tree.query(shapely.box(left, low, right, up))
        hits.append((some[box], place))
    centre, place = np.concatenate(hits, axis=1)
    same = centres["country"].to_numpy()[centre] == members["country"].to_numpy()[rows[place]]
    centre, place = centre[same], place[same]
    near = (
        _km(x[centre], y[centre], shapely.get_x(points[place]), shapely.get_y(points[place]))
        <= reach_km[centre]
    )
    found = np.full(len(rows), len(centres), dtype="int64")
    # The largest centre is first in the table.
    np.minimum.at(found, place[near], centre[near])
    return np.where(found < len(centres), found, -1)


def _km(x: Floats, y: Floats, other_x: Floats, other_y: Floats) -> Floats:
    """Return distances on the sphere."""
    east, north, low, high = (np.radians(one) for one in (x - other_x, y - other_y, y, other_y))
    half = np.sin(north / 2) ** 2 + np.cos(low) * np.cos(high) * np.sin(east / 2) ** 2
    distance: Floats = 2 * _EARTH_KM * np.arcsin(np.sqrt(np.minimum(half, 1.0)))
    return distance
