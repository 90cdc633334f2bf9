"""Coverage for the terminal: the same numbers as the page and the files, as a table of text or as JSON."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from mapsvc.analysis.coverage import Coverage, measure_coverage
from mapsvc.analysis.coverage_measures import WORLD
from mapsvc.analysis.gaps_query import GapsQuery, parse_gaps_query
from mapsvc.analysis.ranking import ranked
from mapsvc.errors import BadData
from mapsvc.formats import coverage as formats
from mapsvc.formats.coverage_figures import figures_of
from mapsvc.model import Dataset
from mapsvc.sources.store import load_dataset

_CHANCE = "{:.3f}"
# Title, column, and how it is written.
_COLUMNS = (
    ("members", "n_members", "{:.0f}"),
    ("expected", "expected", "{:.1f}"),
    ("O/E", "ratio", "{:.2f}"),
    ("missing", "missing_members", "{:.1f}"),
    ("p", "chance", _CHANCE),
    ("raw", "rate", "{:.4g}"),
    ("smoothed", "smoothed_rate", "{:.4g}"),
    ("centres %", "centre_share", "{:.2%}"),
    ("from", "centre_share_low", "{:.2%}"),
    ("to", "centre_share_high", "{:.2%}"),
    ("people %", "people_share", "{:.1%}"),
)


@dataclass(frozen=True)
class Answer:
    """What is printed, and the share of the urban people of the area that is asked for; None where there is none."""

    text: str
    json: str
    people_share: float | None


def coverage_answer(folder: Path, asked: Mapping[str, str], n_rows: int) -> Answer:
    """Measure the coverage of a network's folder.

    Parameters
    ----------
    asked : mapping of str to str
        Parameters as the page has them; empty ones are not asked for.
    n_rows : int
        So many countries stand in the table; the JSON has all.

    Raises
    ------
    MapsvcError
        Where the folder cannot be read, or a parameter is not understood.
    """
    dataset = load_dataset(folder)
    query = parse_gaps_query(asked.items(), dataset.network, dataset.countries.index, strict=True)
    if dataset.urban is None:
        raise BadData("this network has no urban centres to measure coverage by", file="urban_centres.csv")
    urban = dataset.urban.at_least(query.threshold)
    coverage = measure_coverage(dataset, urban, asof=query.asof)
    names = _names(dataset)
    home = dataset.network.region_of_country
    table = coverage.of("country", query.theme_or_all)
    if query.region:
        table = table[[home.get(str(code)) == query.region for code in table.index]]
    in_order = ranked(table, query.sort, lambda code: names["country", code].casefold())
    level, area = ("region", query.region) if query.region else ("world", WORLD)
    whole = coverage.area(level, area, query.theme_or_all)
    share = float(whole["people_share"])
    said = formats.about(dataset, coverage)
    places = [*(("country", str(code)) for code in in_order.index), (level, area)]
    parts: dict[str, object] = {"about": said, "areas": _areas(coverage, dataset, query, places)}
    parts |= figures_of(dataset, coverage, query)
    compared = ""
    if query.versus:
        then = measure_coverage(dataset, urban, asof=query.versus)
        parts["versus"] = {"asof": query.versus, "areas": _areas(then, dataset, query, places)}
        before = then.area(level, area, query.theme_or_all)
        compared = (
            f"{query.versus}: {before['n_members']} members, {_cell(before['people_share'], '{:.1%}')} of the people; "
            f"{said['asof']}: {whole['n_members']} members, {_cell(share, '{:.1%}')}. Those without a date are in both."
        )
    text = "\n".join(filter(None, [_text(in_order.head(n_rows), whole, names, said, query), compared]))
    return Answer(text, formats.document(parts).decode(), None if math.isnan(share) else share)


def _areas(
    coverage: Coverage, dataset: Dataset, query: GapsQuery, places: Sequence[tuple[str, str]]
) -> list[formats.Row]:
    """Return the measures of some areas, levels and ids, in the theme that is asked for."""
    theme = query.theme_or_all
    rows = formats.rows_of(coverage.areas.loc[[(*place, theme) for place in places]], _names(dataset))
    return formats.with_access(rows, formats.access_of(coverage, dataset.network.region_of_country, (theme,)))


def _names(dataset: Dataset) -> dict[tuple[str, str], str]:
    countries = {("country", str(code)): str(name) for code, name in dataset.countries["name"].items()}
    return (
        countries
        | {("region", one.id): one.title for one in dataset.network.regions}
        | {("world", WORLD): "World"}
    )


def _text(
    table: pd.DataFrame,
    whole: Mapping[str, object],
    names: Mapping[tuple[str, str], str],
    said: Mapping[str, object],
    query: GapsQuery,
) -> str:
    level, area = ("region", query.region) if query.region else ("world", WORLD)
    lines = [[names[level, area], *(_cell(whole[column], pattern) for _, column, pattern in _COLUMNS)]]
    for code, *values in table[[column for _, column, _ in _COLUMNS]].itertuples(name=None):
        patterns = (pattern for _, _, pattern in _COLUMNS)
        lines.append([names["country", str(code)], *map(_cell, values, patterns)])
    head = ["", *(title for title, _, _ in _COLUMNS)]
    widths = [max(len(line[place]) for line in (head, *lines)) for place in range(len(head))]
    written = [
        "  ".join(cell.ljust(width) if not place else cell.rjust(width) for place, (cell, width) in enumerate(zip(line, widths, strict=True))).rstrip()
        for line in (head, *lines)
    ]  # fmt: skip
    theme = f", theme {query.theme}" if query.theme else ""
    note = (
        f"As of {said['asof']}{theme}; {said['numberOfMembers']} members, {said['membersUnmatched']} in no urban centre, "
        f"{said['membersWithoutDate']} without a date. Rates per million urban inhabitants. "
        f"Denominator: {said['denominator']}, from {said['threshold']} inhabitants; method {said['method']}."
    )
    partial = (
        [f"This list is partial: {said['completenessNote']}"] if said["completeness"] == "partial" else []
    )
    return "\n".join([*written, "", note, *partial])


def _cell(value: object, pattern: str) -> str:
    number = float(str(value))
    if math.isnan(number):
        return "–"
    # No probability is zero.
    return "<0.001" if pattern == _CHANCE and number < 0.001 else pattern.format(number)
