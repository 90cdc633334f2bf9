"""Who to ask next: the urban centres that, as members, would bring the most people within reach of a member.

Section 4 of the method of coverage.
"""

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches

import geopandas as gpd
import numpy as np
import pandas as pd

from mapsvc.analysis.cover_bound import QUICK, lagrangian_bound
from mapsvc.analysis.distances import nearest_members
from mapsvc.analysis.exact_cover import exact
from mapsvc.analysis.geodesy import Places, places_of, straight_km
from mapsvc.analysis.maximal_cover import Choice, Cover, Real, Whole, greedy
from mapsvc.errors import BadQuery
from mapsvc.model import ALL_THEMES, Network

MAX_P = 1_000
MAX_REACH_KM = 500.0
MAX_EQUITY = 100.0
MAX_SECONDS = 600.0
# The least and the most of each number of a question.
RANGES = {
    "p": (1.0, float(MAX_P)),
    "reach_km": (0.0, MAX_REACH_KM),
    "equity": (0.0, MAX_EQUITY),
    "min_people": (0.0, math.inf),
    "seconds": (1.0, MAX_SECONDS),
}
# Larger problems than this keep the bound that the greedy answer brings: a better one would take longer than a page may.
_MOST_PAIRS = 3_000_000
# A tenth of a millimetre, which is what rounding does to two places that are one.
_SAME_KM = 1e-7


@dataclass(frozen=True)
class Question:
    """What is asked for.

    Attributes
    ----------
    p : int
        How many centres, 1 to `MAX_P`; fewer are found where there are not so many that add anybody.
    reach_km : float
        How far a member reaches, 0 to `MAX_REACH_KM` km along the ellipsoid; 0 means its own centre alone.
    theme : str
        ``all``, or a theme: then it is the members known to work on it that reach, and others may be asked too.
    equity : float
        λ, 0 to `MAX_EQUITY`: a person counts 1 + λ · max(0, C̄ − C), with the share of people covered in the
        world, C̄, and in that person's country, C.
    min_people : int
        Inhabitants from which on a centre is a candidate. People count in centres of every size.
    leave_out : frozenset of str
        Countries (ISO codes) and regions (ids) whose centres are not asked; their people count all the same.
    is_exact : bool
        Whether to search for the optimum, for at most `seconds`.

    Raises
    ------
    BadQuery
        Where a number is out of range, naming the attribute.
    """

    p: int = 10
    reach_km: float = 100.0
    theme: str = ALL_THEMES
    equity: float = 0.0
    min_people: int = 50_000
    leave_out: frozenset[str] = frozenset()
    is_exact: bool = False
    seconds: float = 60.0

    def __post_init__(self) -> None:
        for name, (least, most) in RANGES.items():
            value = getattr(self, name)
            if not least <= value <= most or math.isinf(value):
                raise BadQuery(
                    f"{name} is {value:g}, which is out of range", parameter=name, allowed=(ends_of(name),)
                )


def ends_of(name: str) -> str:
    """Return in what range a number of a question lies, to be read.

    Examples
    --------
    >>> ends_of("p"), ends_of("min_people")
    ('1–1,000', '0 or more')
    """
    least, most = RANGES[name]
    return f"{least:g} or more" if math.isinf(most) else f"{least:g}–{most:,.0f}"


@dataclass(frozen=True, eq=False)
class Siting:
    """Who to ask next, and how good that answer is.

    Attributes
    ----------
    question : Question
        What was asked.
    rows : DataFrame
        Index ``geonameid``, best first: ``rank`` int64 from 1; ``name``, ``country``, ``longitude``, ``latitude``
        (degrees, WGS 84), ``population`` as in `URBAN_CENTRES`; ``people_added`` int64, who comes within reach
        by this one that those before it do not reach; ``reached_people`` int64 and ``reached_share`` Float64
        (0 to 1, of all urban people), after it; ``nearest_member`` string and ``nearest_km`` Float64, of today's
        members, NA where there is none; ``country_share`` and ``country_share_after`` Float64, the share of its
        country's people that is covered, before it and with it, if those ranked before it have joined.
    n_candidates : int
        How many centres could have been chosen.
    urban_people, reached_people : int
        All, and those within reach today.
    value, bound : float
        The weight of the people added, in people (with equity, weighted), and what no answer can exceed.
    """

    question: Question
    rows: pd.DataFrame
    n_candidates: int
    urban_people: int
    reached_people: int
    value: float
    bound: float

    @property
    def gap(self) -> float:
        """How far the answer may be from the optimum at most, as a share of the bound: 0 is proven optimal."""
        return Choice((), self.value, self.bound).gap


def who_next(
    question: Question,
    network: Network,
    countries: Collection[str],
    *,
    members: gpd.GeoDataFrame,
    centres: pd.DataFrame,
    covered: Whole,
) -> Siting:
    """Choose the non-member centres that bring the most people, who are not reached yet, within reach of a member.

    Reached today is who lives in a centre within `reach_km` of a member, or is covered by a member.

    Parameters
    ----------
    network, countries
        The themes, regions and country codes that may be named.
    members : GeoDataFrame
        `MEMBERS`, those that count, of all themes; EPSG:4326.
    centres : DataFrame
        `URBAN_CENTRES`.
    covered : array of int64
        How many inhabitants of each centre members of the theme cover. One that is covered whole is no candidate.

    Raises
    ------
    BadQuery
        For a theme, country or region that there is not, with those that may have been meant.

    Notes
    -----
    Of candidates that add the same the one with more inhabitants comes first, then the smaller geonameid; the order
    of the rows given does not matter.
    """
    left_out = _left_out(question, network, countries)
    # The order that decides between equals.
    order = np.lexsort((centres.index.to_numpy(), -centres["population"].to_numpy(dtype="int64")))
    centres, covered = centres.iloc[order], np.asarray(covered, dtype="int64")[order]
    people = centres["population"].to_numpy(dtype="int64")
    nearest = nearest_members(members, centres, question.theme)
    far = nearest["km"].to_numpy(dtype="float64", na_value=np.inf) > question.reach_km
    demand = np.where(far, people - np.minimum(covered, people), 0)
    may = (people >= question.min_people) & (covered < people) & ~centres["country"].isin(left_out).to_numpy()
    candidates = np.flatnonzero(may)
    weights = demand * _equity(question.equity, centres["country"], people, covered)
    places = places_of(centres)
    cover = reach_within(places.take(candidates), places, question.reach_km, weights)
    choice = (
        exact(cover, question.p, seconds=question.seconds) if question.is_exact else _quick(cover, question.p)
    )
    chosen = cover.only(choice.sites)
    reached = int((people - demand).sum())
    found = candidates[list(choice.sites)]
    rows = _rows(centres.iloc[found], nearest.iloc[found], _added(chosen, demand), reached, int(people.sum()))
    shares = _country_shares(centres["country"].to_numpy(), people, covered, found)
    return Siting(
        question,
        rows.assign(**shares),
        len(candidates),
        int(people.sum()),
        reached,
        choice.value,
        choice.bound,
    )


def _quick(cover: Cover, p: int) -> Choice:
    """Return the greedy answer with a bound that is worth saying; its own counts twice who several candidates reach."""
    choice = greedy(cover, p)
    if choice.gap == 0.0 or len(cover.reached) > _MOST_PAIRS:
        return choice
    bound = lagrangian_bound(cover, p, choice.value, QUICK).value
    return replace(choice, bound=max(choice.value, min(choice.bound, bound)))


def reach_within(sites: Places, demand: Places, reach_km: float, weights: Real) -> Cover:
    """Return which of the demands with any weight lie within a distance of each site, as a problem to solve."""
    from scipy.spatial import KDTree  # type: ignore[import-untyped]  # noqa: PLC0415 – loads when it is first needed

    counts = np.flatnonzero(weights > 0)
    if not len(sites) or not len(counts):
        return Cover(weights, np.empty(0, dtype="int64"), np.zeros(len(sites) + 1, dtype="int64"))
    pairs = KDTree(sites.in_space).sparse_distance_matrix(
        KDTree(demand.take(counts).in_space), straight_km(reach_km) + _SAME_KM, output_type="ndarray"
    )
    site, reached = np.divmod(np.sort(pairs["i"].astype("int64") * len(counts) + pairs["j"]), len(counts))
    starts = np.searchsorted(site, np.arange(len(sites) + 1)).astype("int64")
    return Cover(weights, counts[reached], starts)


def _left_out(question: Question, network: Network, countries: Collection[str]) -> frozenset[str]:
    """Return the countries that are left out, regions resolved; check the names on the way."""
    if question.theme != ALL_THEMES and question.theme not in network.theme_ids:
        raise _unknown("theme", question.theme, network.theme_ids)
    regions = {region.id: region.countries for region in network.regions}
    known = frozenset(countries)
    codes: set[str] = set()
    for one in sorted(question.leave_out):
        if one not in known and one not in regions:
            raise _unknown("leave_out", one, [*regions, *sorted(known)])
        codes.update(regions.get(one, (one,)))
    return frozenset(codes)


def _unknown(parameter: str, value: str, allowed: Collection[str]) -> BadQuery:
    near = get_close_matches(value, allowed, 3, 0.5) or sorted(allowed)[:5]
    return BadQuery(f"there is no {value[:40]!r}", parameter=parameter, allowed=tuple(near))


def _equity(strength: float, country: pd.Series, people: Whole, covered: Whole) -> Real:
    """Return what a person of each centre counts: 1 + λ · max(0, C̄ − C) of the country."""
    everybody = people.sum()
    if not strength or not everybody:
        return np.ones(len(people))
    own = pd.Series(people).groupby(country.to_numpy()).transform("sum").to_numpy()
    reached = pd.Series(covered).groupby(country.to_numpy()).transform("sum").to_numpy()
    short: Real = np.maximum(0.0, covered.sum() / everybody - reached / np.maximum(own, 1))
    return 1.0 + strength * short


def _added(chosen: Cover, demand: Whole) -> Whole:
    """Return how many people each site adds to those before it."""
    is_open = np.ones(len(demand), dtype=bool)
    added = np.zeros(chosen.n_sites, dtype="int64")
    for site in range(chosen.n_sites):
        those = chosen.of(site)
        added[site] = demand[those[is_open[those]]].sum()
        is_open[those] = False
    return added


def _rows(
    found: pd.DataFrame, nearest: pd.DataFrame, added: Whole, reached: int, everybody: int
) -> pd.DataFrame:
    """Return the chosen centres with what each adds; `everybody` is not zero where any is chosen."""
    after = reached + np.cumsum(added)
    facts = found[["name", "country", "longitude", "latitude", "population"]].assign(
        people_added=added,
        reached_people=after,
        reached_share=pd.array(after / max(everybody, 1), dtype="Float64"),
        nearest_member=nearest["member"],
        nearest_km=nearest["km"],
    )
    facts.insert(0, "rank", np.arange(1, len(found) + 1))
    return facts


def _country_shares(
    country: np.ndarray, people: Whole, covered: Whole, found: Whole
) -> Mapping[str, pd.api.extensions.ExtensionArray]:
    """Return the share of its country that is covered, before and with each of the chosen, in their order."""
    own = pd.Series(people).groupby(country).sum()
    now = pd.Series(np.minimum(covered, people)).groupby(country).sum()
    before, after = [], []
    for row in found.tolist():
        code = country[row]
        before.append(now[code] / own[code])
        now[code] += people[row] - covered[row]
        after.append(now[code] / own[code])
    return {
        "country_share": pd.array(before, dtype="Float64"),
        "country_share_after": pd.array(after, dtype="Float64"),
    }
