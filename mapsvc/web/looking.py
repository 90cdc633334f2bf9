"""Ways to look at the members of a view: the tabs, the measure of the countries, its legend and its ranking."""

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import pandas as pd

from mapsvc.analysis.filling import Filling
from mapsvc.analysis.measures import LACKS
from mapsvc.analysis.queries import VIEWS, MapQuery
from mapsvc.i18n import Language
from mapsvc.web.texts import (
    LOOK_TITLES,
    MEASURE_NOTES,
    MEASURE_TITLES,
    MEASURE_VALUES,
    VIEW_TITLES,
    translated,
)
from mapsvc.web.views import Choice, Legend, LegendClass, Look, Ranked, Ranking

MAX_NAMES = 30


@dataclass(frozen=True)
class Words:
    """What things are called and how numbers are written, in the visitor's language; and where a view is."""

    names: Mapping[str, str]
    language: Language
    address: Callable[[MapQuery], str]


def looks(query: MapQuery, words: Words) -> tuple[Look, ...]:
    """Return the views as links; the measure stays while the countries are looked at."""
    titles = translated(VIEW_TITLES, words.language)
    measure = {"countries": query.measure}
    return tuple(
        Look(titles[one], words.address(query.seen_as(one, measure.get(one, "members"))), one == query.view)
        for one in VIEWS
    )


def measures(query: MapQuery, offered: Iterable[str], words: Words) -> tuple[Choice, ...]:
    """Return the measures to choose from; none where the view is not of countries."""
    titles = translated(MEASURE_TITLES, words.language)
    if query.view != "countries":
        return ()
    return tuple(Choice(one, titles[one], 0, one == query.measure) for one in offered)


def legend(filling: Filling, words: Words) -> Legend:
    """Return the classes of a filled map with their countries."""
    labels = filling.classes.labels(lambda value: _written(filling.measure, value, words))
    title = translated(MEASURE_TITLES, words.language)[filling.measure]
    return legend_of(
        title,
        labels,
        translated(LOOK_TITLES, words.language),
        filling.countries["look"],
        words,
        always="none",
    )


def legend_of(
    title: str,
    labels: Iterable[str],
    others: Mapping[str, str],
    looks_: pd.Series,
    words: Words,
    *,
    always: str = "",
    note: str = "",
) -> Legend:
    """Return a legend with its countries: a label for each class, and the other looks that there are.

    Parameters
    ----------
    others : mapping of str to str
        What the looks without a class are called, in the order to show; `always` is shown without countries, too.
    looks_ : Series
        The look of each country.
    """
    inside = _inside(looks_, words.names, words.language.order)
    classes = tuple(_row(f"class-{place}", label, inside) for place, label in enumerate(labels))
    rest = tuple(
        _row(look, label, inside) for look, label in others.items() if look in inside or look == always
    )
    return Legend(title, classes, rest, note)


def _inside(
    looks_: pd.Series, names: Mapping[str, str], order: Callable[[str], bytes]
) -> dict[str, list[str]]:
    inside: dict[str, list[str]] = {}
    for code, look in looks_.items():
        inside.setdefault(look, []).append(names[str(code)])
    return {look: sorted(found, key=order) for look, found in inside.items()}


def _row(look: str, label: str, inside: Mapping[str, list[str]]) -> LegendClass:
    found = inside.get(look, [])
    shown = tuple(found if len(found) <= MAX_NAMES else found[: MAX_NAMES - 5])
    return LegendClass(look, label, len(found), shown, len(found) - len(shown))


def ranking(filling: Filling, query: MapQuery, words: Words) -> Ranking:
    """Return the countries in the order of the measure: most first, or earliest first."""
    names = words.names
    known = filling.countries[filling.countries["value"].notna()]
    is_year = filling.measure == "first-year"
    places = known["value"].rank(method="min", ascending=is_year).astype("int64").tolist()
    values: list[float] = known["value"].tolist()
    top = max(values, default=0.0) if not is_year else 0.0
    rows = [
        Ranked(
            place,
            code,
            names[code],
            _written(filling.measure, value, words),
            said(filling.measure, look, value, words),
            n,
            round(100 * value / top, 1) if top else 0.0,
            words.address(query.only("country", code).seen_as("members")),
        )
        for place, code, value, look, n in zip(
            places, map(str, known.index), values, known["look"], known["n_members"].tolist(), strict=True
        )
    ]
    rows.sort(key=lambda row: (row.rank, words.language.order(row.name)))
    lacking = tuple(one for one in legend(filling, words).others if one.look != "none")
    note = translated(MEASURE_NOTES, words.language).get(filling.measure, "")
    return Ranking(translated(MEASURE_TITLES, words.language)[filling.measure], note, tuple(rows), lacking)


def said(measure: str, look: str, value: float, words: Words) -> str:
    """Return the value of a country as a sentence; empty for counts, which the map says itself."""
    if look in LACKS.values():
        return translated(LOOK_TITLES, words.language)[look]
    if measure == "members" or math.isnan(value):
        return ""
    return translated(MEASURE_VALUES, words.language)[measure].replace("%n", _written(measure, value, words))


def _written(measure: str, value: float, words: Words) -> str:
    return str(int(value)) if measure == "first-year" else words.language.rounded(value)
