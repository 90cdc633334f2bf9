"""Coverage as files: every row of the grid as CSV and JSON, and what the numbers rest on in each of them."""

import csv
import io
import json
import math
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import pandas as pd

from mapsvc.analysis.cells import disarm
from mapsvc.analysis.coverage import METHOD_VERSION, Coverage
from mapsvc.analysis.coverage_measures import COVERAGE, WORLD
from mapsvc.analysis.distances import WITHIN_KM, people_within_by_theme
from mapsvc.model import Dataset

# How many people are near a member, beside the measures of the grid.
ACCESS = tuple(f"people_within_{km}_km" for km in WITHIN_KM)
# Rows of the CSV that are no area: the other figures of the page, each with its name and its value.
FIGURE, FIGURES = "figure", ("figure", "value")
GRID_COLUMNS = ("level", "area", "name", "theme", *(one.name for one in COVERAGE.columns), *ACCESS, *FIGURES)
CSV_TYPE = "text/csv"
Row = dict[str, object]
# What a row of the CSV says of itself, so that it can be cut out and still be understood.
SAID = (
    "asof", "method", "threshold", "denominator", "denominatorRule", "boundaries", "compiled", "completeness", "licence",
    "numberOfMembers", "membersUnmatched", "membersWithoutDate",
)  # fmt: skip


def about(dataset: Dataset, coverage: Coverage) -> Row:
    """Return what the numbers rest on: denominator, threshold, date, method, who is matched, and how whole the data is."""
    network, urban = dataset.network, coverage.urban
    n_members, n_unmatched = len(coverage.members), len(coverage.reach.unmatched)
    return {
        "name": network.name,
        "asof": coverage.asof or network.compiled,
        "method": METHOD_VERSION,
        "threshold": urban.threshold,
        "denominator": ", ".join(part for part in (urban.source, urban.date) if part),
        "denominatorRule": urban.rule,
        "boundaries": "the network's own" if dataset.own_boundaries else "Natural Earth",
        "boundaryDisclaimer": network.boundary_disclaimer,
        "compiled": network.compiled,
        "completeness": network.completeness,
        "completenessNote": network.completeness_note,
        "licence": network.licence_url or network.licence,
        "source": network.source_note,
        "numberOfMembers": n_members,
        "membersMatchedToCentres": n_members - n_unmatched,
        "membersUnmatched": n_unmatched,
        "membersWithoutDate": coverage.n_undated,
        "membersWithThemes": int(coverage.members["themes"].notna().sum()),
    }


def rows_of(areas: pd.DataFrame, names: Mapping[tuple[str, str], str]) -> list[Row]:
    """Return rows of the grid as records; what has no number is None.

    Parameters
    ----------
    areas : DataFrame
        `COVERAGE`, index (``level``, ``area``, ``theme``).
    names : mapping of (level, area) to str
        What each area is called.
    """
    columns = [one.name for one in COVERAGE.columns]
    records = zip(*(areas[name].tolist() for name in columns), strict=True)
    return [
        {"level": level, "area": area, "name": names.get((level, area), area), "theme": theme}
        | {name: _plain(value) for name, value in zip(columns, record, strict=True)}
        for (level, area, theme), record in zip(areas.index, records, strict=True)
    ]


def with_access(rows: Sequence[Row], people: Mapping[tuple[object, object], Sequence[int]]) -> list[Row]:
    """Return rows of the grid with `ACCESS`: the urban people that live within some distances of a member.

    Parameters
    ----------
    people : mapping of (theme, area) to int
        As `access_of` gives them; an area that is not there has nobody.
    """
    nobody = (0,) * len(ACCESS)
    return [
        row | dict(zip(ACCESS, people.get((row["theme"], row["area"]), nobody), strict=True)) for row in rows
    ]


def access_of(
    coverage: Coverage, regions: Mapping[str, str], themes: Sequence[str]
) -> dict[tuple[object, object], Sequence[int]]:
    """Return, for each theme and area, how many urban people live within each of `WITHIN_KM` of a member.

    Parameters
    ----------
    regions : mapping of str to str
        The region of each country.
    """
    columns = [coverage.themes.index(theme) for theme in themes]
    codes, people = people_within_by_theme(
        coverage.members, coverage.theme_table[:, columns], coverage.urban.centres
    )
    region, regions_found = pd.factorize(
        np.array([regions.get(str(code), "") for code in codes], dtype=object)
    )
    inside = np.eye(len(regions_found), dtype="int64")[region]
    both = np.concatenate(
        [people, np.einsum("tcd,cr->trd", people, inside), people.sum(axis=1, keepdims=True)], axis=1
    )
    areas = [*map(str, codes), *regions_found, WORLD]
    return {
        (theme, area): numbers
        for theme, of_theme in zip(themes, both.tolist(), strict=True)
        for area, numbers in zip(areas, of_theme, strict=True)
    }


def _plain(value: object) -> object:
    """Return a value as files have it: twelve digits say all that is known, and what is no number is nothing."""
    if not isinstance(value, float):
        return value
    return float(f"{value:.12g}") if math.isfinite(value) else None


def coverage_csv(dates: Iterable[tuple[Sequence[Row], Row]]) -> bytes:
    """Return rows of the grid, of one date or several, and figures as CSV; each row says what it rests on, its date among it."""
    return _csv(GRID_COLUMNS, dates)


def table_csv(columns: Sequence[str], rows: Sequence[Row], said: Row) -> bytes:
    """Return rows as CSV; each says what it rests on."""
    return _csv(columns, [(rows, said)])


def _csv(columns: Sequence[str], parts: Iterable[tuple[Sequence[Row], Row]]) -> bytes:
    """Return rows as CSV with a byte order mark, so that spreadsheets read names right."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([*columns, *SAID])
    for rows, said in parts:
        tail = [_cell(said[name]) for name in SAID]
        writer.writerows([*(_cell(row.get(name)) for name in columns), *tail] for row in rows)
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def _cell(value: object) -> object:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    return disarm(value) if isinstance(value, str) else value


def place_rows(frame: pd.DataFrame) -> list[Row]:
    """Return the rows of a frame as records with its index first; what is missing is None."""
    columns = [str(name) for name in frame.columns]
    return [
        {str(frame.index.name): int(id_)}
        | {
            name: None if pd.isna(value) else _plain(value)
            for name, value in zip(columns, values, strict=True)
        }
        for id_, *values in frame.astype("object").itertuples(name=None)
    ]


def document(parts: Mapping[str, object]) -> bytes:
    """Return the parts of an answer as JSON without NaN."""
    return json.dumps(parts, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()
