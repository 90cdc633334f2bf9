"""Who is in a view: each filter as a mask over the members, and how many each choice would show."""

from collections import Counter, deque
from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd

from mapsvc.analysis import dates
from mapsvc.analysis.dates import Mask
from mapsvc.analysis.names import fold, other_name_fits
from mapsvc.analysis.queries import TIME, MapQuery
from mapsvc.model import COUNTED_STATUS, STATUSES, Network


def theme_set(query: MapQuery, network: Network) -> frozenset[str]:
    """Return the themes that the view asks for, groups resolved; empty where it asks for none."""
    groups = _group_themes(network)
    return frozenset(theme for value in query.theme for theme in groups.get(value, (value,)))


def select_members(
    members: pd.DataFrame, query: MapQuery, network: Network, *, themes: bool = True
) -> pd.Series:
    """Say of each member whether it is in the view.

    Parameters
    ----------
    members : DataFrame
        `MEMBERS`, index ``id``.
    themes : bool
        Whether the theme filter is applied; without it the answer is "would be here in some theme".

    Returns
    -------
    Series
        bool, named ``selected``, with the index of `members`.
    """
    passed = _passed(members, query, network)
    left_out = () if themes else ("theme",)
    return pd.Series(_all_but(passed, *left_out), index=members.index, name="selected")


def facet_counts(members: pd.DataFrame, query: MapQuery, network: Network) -> dict[str, dict[str, int]]:
    """Count, for every choice of every filter, the members that it would show.

    Each filter's choices are counted under all *other* filters of the view, as one alternative alone. A choice
    without members is there with zero.

    Returns
    -------
    dict of str to dict of str to int
        Parameter name to value to number; ``theme`` holds groups too.
    """
    passed = _passed(members, query, network)
    counts = {
        name: Counter(members[name].to_numpy()[_all_but(passed, name)])
        for name in ("country", "type", "status")
    }
    themes = [frozenset(value) for value in members["themes"].to_numpy()[_all_but(passed, "theme")] if value]
    alternatives = {id_: frozenset([id_]) for id_ in network.theme_ids} | _group_themes(network)
    by_country = Counter(members["country"].to_numpy()[_all_but(passed, "region")])
    return {
        "theme": {id_: sum(not ids.isdisjoint(one) for one in themes) for id_, ids in alternatives.items()},
        "region": {
            region.id: sum(by_country[code] for code in region.countries) for region in network.regions
        },
        "country": {str(value): n for value, n in counts["country"].items()},
        "type": {str(value): n for value, n in counts["type"].items()},
        "status": {value: counts["status"][value] for value in STATUSES},
    }


def without_date(members: pd.DataFrame, query: MapQuery, network: Network) -> int:
    """Return how many members would be in the view, if it were known when they joined."""
    passed = _passed(members, query, network)
    return int((_all_but(passed, *TIME) & ~dates.has_date(members)).sum())


def at_any_time(members: pd.DataFrame, query: MapQuery, network: Network) -> pd.Series:
    """Say of each member whether it is in the view but for the years that it asks for: bool, as `select_members`."""
    mask = _all_but(_passed(members, query, network), *TIME)
    return pd.Series(mask, index=members.index, name="selected")


def _group_themes(network: Network) -> dict[str, frozenset[str]]:
    return {group.id: frozenset(theme.id for theme in group.themes) for group in network.groups}


class _Passed(NamedTuple):
    """Which members of a frame pass the filters of a view, with all that the answer depends on."""

    members: pd.DataFrame
    query: MapQuery
    themes: frozenset[str]
    countries: frozenset[str]
    masks: dict[str, Mask]


# A page asks the same for its list, its countries, its filters and its years.
_RECENT: deque[_Passed] = deque(maxlen=8)


def _passed(members: pd.DataFrame, query: MapQuery, network: Network) -> dict[str, Mask]:
    """Return, for each filter that is on, which members pass it. A status is always asked for."""
    themes = theme_set(query, network)
    countries = frozenset(
        code for region in network.regions if region.id in query.region for code in region.countries
    )
    for one in list(_RECENT):
        if one.members is members and (one.query, one.themes, one.countries) == (query, themes, countries):
            return one.masks
    masks = _masks(members, query, themes, countries)
    _RECENT.append(_Passed(members, query, themes, countries, masks))
    return masks


def _masks(
    members: pd.DataFrame, query: MapQuery, themes: frozenset[str], countries: frozenset[str]
) -> dict[str, Mask]:
    passed = {"status": _of_status(members, query)}
    if query.joined_from or query.joined_to:
        passed["joined"] = dates.joined_between(members, query.joined_from, query.joined_to)
    if query.asof:
        passed["asof"] = dates.there_at(members, query.asof)
    if query.region:
        passed["region"] = members["country"].isin(countries).to_numpy()
    if query.country:
        passed["country"] = members["country"].isin(query.country).to_numpy()
    if query.type:
        passed["type"] = members["type"].isin(query.type).to_numpy()
    if query.q:
        passed["q"] = _matching(members, query.q)
    if themes:
        known = [value is not None and not themes.isdisjoint(value) for value in members["themes"]]
        passed["theme"] = np.array(known, dtype=bool)
    return passed


def _of_status(members: pd.DataFrame, query: MapQuery) -> Mask:
    """Return who has a status that is asked for; by default who is a member, or was one at the date asked for."""
    chosen = members["status"].isin(query.status or (COUNTED_STATUS,)).to_numpy(dtype=bool)
    if query.asof and not query.status:
        was_one = members["status"].eq("former").to_numpy(dtype=bool)
        return chosen | (was_one & dates.left_later(members, query.asof))
    return chosen


def _all_but(passed: Mapping[str, Mask], *left_out: str) -> Mask:
    masks = [mask for name, mask in passed.items() if name not in left_out]
    return np.logical_and.reduce(masks) if masks else np.ones(len(passed["status"]), dtype=bool)


def _matching(members: pd.DataFrame, text: str) -> Mask:
    words = fold(text).split()
    places = zip(members["name"].to_list(), members["admin1"].fillna("").to_list(), strict=True)
    folded = (f"{fold(name)} {fold(admin1)}" for name, admin1 in places)
    own = np.array([bool(words) and all(word in one for word in words) for one in folded], dtype=bool)
    if "other_names" not in members.columns:
        return own
    typed = " ".join(words)
    # Of dozens of names in one text, hardly any begins so: only then it is taken apart.
    also = [
        isinstance(names, str)
        and f";{typed}" in f";{names}"
        and any(other_name_fits(one, typed) for one in names.split(";"))
        for names in members["other_names"].to_list()
    ]
    found: Mask = own | (np.array(also, dtype=bool) & bool(typed))
    return found
