"""The filled map of a measure of coverage, drawn by the server; and the same, small, once for each theme on one scale."""

import math
from collections import defaultdict
from collections.abc import Mapping

import numpy as np
import pandas as pd
from flask import url_for
from numpy.typing import NDArray

from mapsvc.analysis.choropleth import Classes, classify
from mapsvc.analysis.coverage import Coverage
from mapsvc.analysis.gaps_query import GapsQuery
from mapsvc.maps.miniatures import height, in_units, miniature_paths
from mapsvc.model import Dataset
from mapsvc.web import looking
from mapsvc.web.gaps_texts import LOOKS, MAP_NOTES, MAP_TITLES
from mapsvc.web.gaps_views import CoverageMap, Shape
from mapsvc.web.language import with_query
from mapsvc.web.measuring import theme_name
from mapsvc.web.snapshot import Snapshot
from mapsvc.web.texts import translated
from mapsvc.web.titles import words_of
from mapsvc.web.views import Legend, Stamp

WIDTH = 960
# The column of each measure, and what it is multiplied by to be read.
COLUMNS = {
    "people-share": ("people_share", 100.0),
    "centre-share": ("centre_share", 100.0),
    "ratio": ("ratio", 1.0),
    "missing": ("missing_members", 1.0),
    "people-short": ("people_short", 1e-6),
    "smoothed-rate": ("smoothed_rate", 1.0),
    "rate": ("rate", 1.0),
    "chance": ("chance", 1.0),
}
# Of these, a country without a member is said to have none; of the others, it has a number, which is its gap.
_OF_MEMBERS = ("people-share", "centre-share", "ratio", "rate")
_STEPS = {
    "ratio": (0.0, 0.25, 0.5, 1.0, 2.0, 4.0),
    "missing": (0.0, 0.3, 1.0, 3.0, 10.0, 30.0),
    "people-short": (0.0, 0.3, 1.0, 3.0, 10.0, 30.0),
}
# From pale to dark: p < 0.05, 0.01, 0.001.
_CHANCES = (0.05, 0.01, 0.001)
# Of a region: this part of its people may lie outside of the view at each side; margin; units; width to height.
_FEW, _MARGIN, _LEAST_VIEW, _ASPECT = 0.015, 1.25, 60.0, 1.8
_PATHS: dict[str, Mapping[str, str]] = {}


def compose_map(here: Snapshot, coverage: Coverage, query: GapsQuery, said: Mapping[str, str]) -> CoverageMap:
    """Return the map of the measure that is asked for.

    Parameters
    ----------
    said : mapping of str to str
        What is said of each country in the view.
    """
    paths = drawn_paths(here.dataset)
    tables = {theme: coverage.of("country", theme).loc[list(said)] for theme in coverage.themes}
    shown = tables[query.theme_or_all]
    classes = scale_of(query, tables)
    looks = looks_of(query.measure, shown, classes)
    return CoverageMap(
        view_box=_view_box(coverage.urban.centres, tuple(said)) if query.region else f"0 0 {WIDTH} {drawn_height()}",
        paths=tuple(paths.items()),
        shapes=tuple(
            Shape(code, looks[code], url_for("profiles.country", code=code), said[code]) for code in said if code in paths
        ),
        outside=tuple(code for code in paths if code not in said),
        legend=legend_for(here, query.measure, classes, looks),
        stamps=() if query.theme else tuple(
            _stamp(here, query, theme, tables[theme], classes) for theme in coverage.themes[1:]
        ),
        inside=tuple(code for code in said if code in paths),
    )  # fmt: skip


def scale_of(query: GapsQuery, tables: Mapping[str, pd.DataFrame]) -> Classes:
    """Return the classes of the map and of the small ones: the same colour is the same number in all of them.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The countries of each theme.
    """
    shown = (tables[query.theme],) if query.theme else tuple(tables.values())
    return classes_of(query.measure, shown)


def legend_for(here: Snapshot, measure: str, classes: Classes, looks: pd.Series) -> Legend:
    """Return the legend of a measure with its countries."""
    say = here.language.gettext
    return looking.legend_of(
        say(MAP_TITLES[measure]),
        _labels(measure, classes, here),
        translated(LOOKS, here.language),
        looks,
        words_of(here.titles, here.language),
        note=say(MAP_NOTES[measure]),
    )


def _view_box(centres: pd.DataFrame, codes: tuple[str, ...]) -> str:
    """Return the part of the map where the urban people of some countries live."""
    inside = centres[centres["country"].isin(codes) & (centres["population"] > 0)]
    people = inside["population"].to_numpy(dtype="float64")
    return box_around(inside[["longitude", "latitude"]].to_numpy(), people, _LEAST_VIEW)


def box_around(lonlat: NDArray[np.float64], weights: NDArray[np.float64], least: float) -> str:
    """Return the part of the map where places are, but for a few far away, as a view box; all of it where there are none.

    Parameters
    ----------
    lonlat : array (n, 2)
    weights : array (n,)
        How much each counts, above 0.
    least : float
        The least width and height, in units.
    """
    if not len(lonlat):
        return f"0 0 {WIDTH} {drawn_height()}"
    ends = np.array([_ends(axis, weights) for axis in in_units(lonlat, WIDTH).T])
    middle, size = ends.mean(axis=1), np.maximum(np.ptp(ends, axis=1) * _MARGIN, least)
    # As wide as the page, and never taller than it is wide; where it would be the world, the world.
    width = max(size[0], size[1] * _ASPECT)
    if width >= WIDTH:
        return f"0 0 {WIDTH} {drawn_height()}"
    box = np.array([middle[0] - width / 2, middle[1] - width / _ASPECT / 2, width, width / _ASPECT])
    return " ".join(f"{one:g}" for one in box.round(1))


def _ends(axis: NDArray[np.float64], people: NDArray[np.float64]) -> tuple[float, float]:
    """Return between which values all but a few of the people are."""
    order = np.argsort(axis)
    before = np.cumsum(people[order]) / people.sum()
    low, high = np.searchsorted(before, [_FEW, 1 - _FEW])
    return float(axis[order][low]), float(axis[order][min(high, len(axis) - 1)])


def classes_of(measure: str, tables: tuple[pd.DataFrame, ...]) -> Classes:
    """Return the classes of a measure over some tables, so that they share a scale."""
    if measure == "chance":
        return Classes(tuple(float(place) for place in range(len(_CHANCES))), len(_CHANCES), whole=False)
    found = np.concatenate([_values(measure, table).to_numpy() for table in tables])
    if measure in _STEPS:
        # Always the same, so that two views can be compared.
        return Classes(_STEPS[measure], math.inf, whole=False)
    kind = "share" if measure.endswith("-share") else "per-million"
    return classify(kind, found[found > 0] if kind == "per-million" else found)


def looks_of(measure: str, table: pd.DataFrame, classes: Classes) -> pd.Series:
    """Return the look of each country: a class, or why it has none.

    Parameters
    ----------
    table : DataFrame
        Countries of one theme, as `Coverage.of` gives them.
    """
    values = _values(measure, table)
    looks = pd.Series("no-centre", index=table.index, dtype="str")
    known = values.notna()
    if measure == "chance":
        looks[known] = "not-clear"
        looks[known & (values < _CHANCES[0]) & (table["ratio"] > 1)] = "more"
        fewer = known & (table["ratio"] < 1)
        for place, limit in enumerate(_CHANCES):
            looks[fewer & (values < limit)] = f"class-{place}"
    else:
        places = values.map(classes.class_of)
        for place in places.dropna().unique():
            looks[places == place] = f"class-{int(place)}"
    if measure in _OF_MEMBERS:
        looks[table["state"] != "active"] = table["state"]
    elif measure != "chance":
        looks[known & (values == 0)] = "no-gap"
    looks[table["state"] == "unknown"] = "unknown"
    return looks.rename("look")


def _values(measure: str, table: pd.DataFrame) -> pd.Series:
    column, factor = COLUMNS[measure]
    values: pd.Series = table[column] * factor
    return values


def _labels(measure: str, classes: Classes, here: Snapshot) -> tuple[str, ...]:
    if measure == "chance":
        return tuple(f"p < {here.language.number(limit)}" for limit in _CHANCES)
    labels = classes.labels(here.language.rounded)
    # Whatever the largest is, the last class of fixed steps says where it begins.
    return (*labels[:-1], f"≥ {here.language.rounded(classes.lows[-1])}") if measure in _STEPS else labels


def _stamp(here: Snapshot, query: GapsQuery, theme: str, table: pd.DataFrame, classes: Classes) -> Stamp:
    looks: dict[str, list[str]] = defaultdict(list)
    drawn = drawn_paths(here.dataset)
    for code, look in looks_of(query.measure, table, classes).items():
        if look != "none" and code in drawn:
            looks[look].append(str(code))
    href = with_query(url_for("gaps.page"), query.changed(theme=theme).canonical())
    return Stamp(
        theme_name(here, theme),
        href,
        int(table["n_members"].sum()),
        int((table["n_members"] > 0).sum()),
        tuple((look, tuple(codes)) for look, codes in sorted(looks.items())),
    )


def drawn_height() -> int:
    """Return the height of the map, of which `WIDTH` is the width."""
    return height(WIDTH)


def drawn_paths(dataset: Dataset) -> Mapping[str, str]:
    """Return the outline of each country."""
    # They take most of a second to make, and are the same for every view of a snapshot.
    kept = _PATHS.get(dataset.fingerprint)
    if kept is None:
        kept = miniature_paths(dataset.countries, WIDTH)
        _PATHS.clear()
        _PATHS[dataset.fingerprint] = kept
    return kept
