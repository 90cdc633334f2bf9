"""Small multiples: one small world per theme on one scale, drawn by the server, each a way to that theme's map."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

import pandas as pd

from mapsvc.analysis.choropleth import Classes, classify
from mapsvc.analysis.filling import Filling
from mapsvc.analysis.queries import MapQuery
from mapsvc.analysis.theme_grid import theme_states
from mapsvc.maps.miniatures import WIDTH, height, miniature_paths
from mapsvc.model import Dataset
from mapsvc.web import looking
from mapsvc.web.views import Legend, Multiples, Stamp

_PATHS: dict[str, Mapping[str, str]] = {}


def compose_multiples(dataset: Dataset, query: MapQuery, words: looking.Words) -> Multiples:
    """Return a small world for each theme of the view; the darkest colour is the same number in all of them."""
    grid = theme_states(dataset, query)
    classes = classify("members", (n for states in grid.values() for n in states["n_members"] if n))
    titles = {one.id: one.title for one in dataset.network.themes}
    paths = _paths(dataset)
    inside = {str(code) for states in grid.values() for code in states.index}
    stamps = tuple(
        Stamp(
            title=titles[theme],
            href=words.address(query.only("theme", theme).seen_as("members")),
            n_members=int(states["n_members"].sum()),
            n_countries=int((states["state"] == "active").sum()),
            looks=_looks(states, classes, paths),
        )
        for theme, states in grid.items()
    )
    return Multiples(
        width=WIDTH,
        height=height(),
        paths=tuple(paths.items()),
        inside=tuple(code for code in paths if code in inside),
        stamps=stamps,
        legend=_legend(grid.values(), classes, words),
    )


def _look(n: int, state: str, classes: Classes) -> str:
    place = classes.class_of(n)
    return state if place is None else f"class-{place}"


def _looks(
    states: pd.DataFrame, classes: Classes, paths: Mapping[str, str]
) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return the countries of each look but the one of nobody, which lies under all of them."""
    found: dict[str, list[str]] = defaultdict(list)
    for code, n, state in states[["n_members", "state"]].itertuples(name=None):
        if state != "none" and code in paths:
            found[_look(n, state, classes)].append(code)
    return tuple((look, tuple(codes)) for look, codes in sorted(found.items()))


def _legend(grid: Iterable[pd.DataFrame], classes: Classes, words: looking.Words) -> Legend:
    """Return one legend for all: a class has the countries that are in it in some theme."""
    pairs = {
        (code, _look(n, state, classes))
        for states in grid
        for code, n, state in states[["n_members", "state"]].itertuples(name=None)
    }
    codes, looks = zip(*sorted(pairs), strict=True) if pairs else ((), ())
    frame = pd.DataFrame({"look": pd.Series(looks, index=pd.Index(codes, name="country"), dtype="str")})
    return looking.legend(Filling("members", classes, frame), words)


def _paths(dataset: Dataset) -> Mapping[str, str]:
    # They take most of a second to make, and are the same for every view of a snapshot.
    kept = _PATHS.get(dataset.fingerprint)
    if kept is None:
        kept = miniature_paths(dataset.countries)
        _PATHS.clear()
        _PATHS[dataset.fingerprint] = kept
    return kept
