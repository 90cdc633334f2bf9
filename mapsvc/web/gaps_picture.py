"""The map of a measure of coverage as a picture: drawn by the same hand as the map of the members."""

import numpy as np

from mapsvc.analysis.coverage import METHOD_VERSION, Coverage
from mapsvc.analysis.coverage_measures import WORLD
from mapsvc.analysis.gaps_query import GapsQuery
from mapsvc.maps.projection import WORLD as WHOLE
from mapsvc.maps.projection import aim_at
from mapsvc.maps.view import LegendRow, View, Words
from mapsvc.web.gaps_glance import reached
from mapsvc.web.gaps_map import legend_for, looks_of, scale_of
from mapsvc.web.gaps_table import countries_asked, said_of
from mapsvc.web.measuring import coverage_of
from mapsvc.web.outputs import notes_of
from mapsvc.web.snapshot import Snapshot

# The pictures have four looks besides the classes.
_KEYS = {"no-gap": "none", "not-clear": "none", "more": "not-in-theme", "no-centre": "not-in-theme"}


def gaps_view(here: Snapshot, query: GapsQuery) -> View:
    """Return what a picture of a question shows."""
    dataset, say = here.dataset, here.language.gettext
    coverage = coverage_of(dataset, query.asof, query.threshold)
    codes = countries_asked(here, query)
    tables = {theme: coverage.of("country", theme).loc[list(codes)] for theme in coverage.themes}
    table = tables[query.theme_or_all]
    classes = scale_of(query, tables)
    looks = looks_of(query.measure, table, classes)
    members = coverage.members[coverage.members["country"].isin(codes)].geometry.dropna()
    points = np.column_stack([members.x, members.y])
    legend = legend_for(here, query.measure, classes, looks)
    level, area = ("region", query.region) if query.region else ("world", WORLD)
    named = [here.titles["theme"].get(query.theme, ""), here.titles["region"].get(query.region, "")]
    words = Words(
        language=here.language.tag,
        heading=" · ".join([say("Coverage gaps"), *filter(None, named)]),
        above=dataset.network.title,
        numbers=reached(here, coverage.area(level, area, query.theme_or_all), query),
        legend_title=legend.title,
        legend=tuple(LegendRow(_key(one.look), one.label) for one in (*legend.classes, *legend.others)),
        member="",  # there are no dots
        notes=_notes(here, coverage),
        country_labels=tuple(said_of(here, table).items()),
    )
    return View(
        dataset.countries,
        dataset.fingerprint,
        {str(code): _key(look) for code, look in looks.items()},
        np.empty((0, 2)),
        aim_at(dataset.countries, list(codes), points, whole=False) if query.region else WHOLE,
        dataset.network.accent,
        words,
    )


def _key(look: str) -> str:
    """Return a look as the pictures call it."""
    return _KEYS.get(look, look.removeprefix("class-"))


def _notes(here: Snapshot, coverage: Coverage) -> tuple[str, ...]:
    """Return what the numbers rest on, and what is printed below every map that leaves the site."""
    say, urban = here.language.gettext, coverage.urban
    said = [part for part in (urban.source, here.language.date(urban.date)) if part]
    said.append(say("from %(n)s inhabitants") % {"n": here.language.number(urban.threshold)})
    notes = [
        f"{say('Denominator')}: {', '.join(said)}",
        f"{say('Method')}: {say('version %(version)s') % {'version': METHOD_VERSION}}",
    ]
    n, n_unmatched = len(coverage.members), len(coverage.reach.unmatched)
    counts = {"n": n, "matched": n - n_unmatched, "unmatched": n_unmatched}
    matched = say("%(n)s counted; %(matched)s cover an urban centre, %(unmatched)s cover none.")
    notes.append(
        f"{say('Members')}: {matched % {name: here.language.number(one) for name, one in counts.items()}}"
    )
    if coverage.asof:
        notes.insert(0, say("As of %(date)s") % {"date": here.language.date(coverage.asof)})
    usual = notes_of(here.dataset, here.language)
    return (*notes, *(usual[1:] if coverage.asof and here.dataset.network.compiled else usual))
