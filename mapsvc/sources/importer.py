"""From a file of members, as people keep it, to `members.csv`: read, name the columns, find the places, check, write."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import geopandas as gpd
import pandas as pd

from mapsvc.analysis.fields import MAX_TEXT, UNPRINTABLE
from mapsvc.analysis.names import fold
from mapsvc.analysis.participations import join_members
from mapsvc.analysis.validation import MEMBER_COLUMNS, validate_members, validate_participation
from mapsvc.errors import BadData
from mapsvc.model import Issue, ValidationReport
from mapsvc.sources.columns import PARTICIPATION_SYNONYMS, SYNONYMS, named_columns
from mapsvc.sources.gazetteer import Gazetteer
from mapsvc.sources.geocoding import Located, Wanted, locate
from mapsvc.sources.network import read_themes
from mapsvc.sources.places import KnownPlaces, read_places
from mapsvc.sources.readers import read_table
from mapsvc.sources.writers import as_table, degrees, participation_table, write_table


@dataclass(frozen=True)
class ImportResult:
    """What an import would write, and what was found.

    Attributes
    ----------
    table : DataFrame
        Text cells in the columns of `members.csv` (or `participation.csv`), ready to be written.
    report : ValidationReport
        Every row of the file, accepted or listed, and every remark.
    members : GeoDataFrame
        The same members as `model.MEMBERS`.
    """

    table: pd.DataFrame
    report: ValidationReport
    members: gpd.GeoDataFrame


def import_members(
    file: Path,
    data: Path,
    *,
    atlas: Path | None = None,
    gazetteer: Gazetteer | None = None,
    places: KnownPlaces | None = None,
) -> ImportResult:
    """Read members from `file` for the network in `data`; nothing is written.

    Parameters
    ----------
    file : Path
        A table in one of the formats of `readers.READERS`, with a row for each member.
    data : Path
        Folder of the network: ``countries.csv`` and ``themes.csv`` say what is valid, ``sources/places.csv``
        where places lie that the gazetteer cannot know.
    atlas : Path, optional
        The folder whose ``countries.csv`` counts if `data` has none.
    gazetteer : Gazetteer, optional
        Where names are looked up. Without it GeoNames is loaded, if a member has no coordinates.
    places : KnownPlaces, optional
        Instead of ``sources/places.csv``.

    Raises
    ------
    NoInput, BadData
        Where the file cannot be read, a column is missing, or no member is accepted.
    BadConfiguration
        Where the gazetteer is needed and not installed.
    """
    table = read_table(file)
    countries, part_of = read_codes(data, atlas)
    raw, issues = named_columns(table, SYNONYMS, countries)
    if places is None:
        path = data / "sources" / "places.csv"
        places = read_places(path) if path.is_file() else KnownPlaces()
    raw, found = _placed(raw, table.file, countries, gazetteer, places)
    issues += found + _second_hand(raw, table.file)
    themes = [theme.id for group in read_themes(data / "themes.csv") for theme in group.themes]
    members, report = validate_members(
        raw, countries=countries, part_of=part_of, themes=themes, file=table.file
    )
    if members.empty:
        reasons = [str(issue) for issue in (*table.report.errors, *report.errors)]
        hint = reasons[0] if reasons else "is it the right file?"
        raise BadData("no member was accepted", file=str(file), hint=hint)
    return ImportResult(as_table(members), _ordered(table.report.merged(report), issues), members)


def import_participation(
    file: Path, members: gpd.GeoDataFrame, data: Path, *, atlas: Path | None = None
) -> tuple[pd.DataFrame, ValidationReport]:
    """Read participations from `file`, and find the member of each by name and country.

    Returns
    -------
    DataFrame
        Text cells in the columns of `participation.csv`, in the order of the file.
    ValidationReport
    """
    table = read_table(file)
    countries, _ = read_codes(data, atlas)
    raw, issues = named_columns(table, PARTICIPATION_SYNONYMS, countries)
    raw, found = join_members(raw, members, table.file)
    themes = [theme.id for group in read_themes(data / "themes.csv") for theme in group.themes]
    frame, report = validate_participation(
        raw, member_ids=members.index, themes=themes, countries=countries, file=table.file
    )
    return participation_table(frame), _ordered(table.report.merged(report), issues + found)


def read_codes(data: Path, atlas: Path | None = None) -> tuple[dict[str, str], dict[str, str]]:
    """Return the known countries (code to name), and the codes that are counted as parts of them."""
    home = data if atlas is None or (data / "countries.csv").exists() else atlas
    known = read_table(home / "countries.csv").frame
    path = home / "countries_part_of.csv"
    parts = read_table(path).frame if path.is_file() else pd.DataFrame({"country": [], "part_of": []})
    return (
        dict(zip(known["country"], known["name"], strict=True)),
        dict(zip(parts["country"], parts["part_of"], strict=True)),
    )


def _placed(
    raw: pd.DataFrame, file: str, countries: Collection[str], gazetteer: Gazetteer | None, known: KnownPlaces
) -> tuple[pd.DataFrame, list[Issue]]:
    """Return the table with a point for each member that had none and whose place is certain."""
    cells = {name: raw[name].tolist() if name in raw else [""] * len(raw) for name in MEMBER_COLUMNS}
    extra = {name: raw[name].tolist() for name in raw.columns if name not in cells}
    issues: list[Issue] = []
    for place, row in enumerate(map(int, raw.index)):
        given = cells["longitude"][place].strip() or cells["latitude"][place].strip()
        if given:
            cells["location_source"][place] = cells["location_source"][place].strip() or "given"
            continue
        name, country = cells["name"][place].strip(), cells["country"][place].strip()
        if country not in countries or not _can_be_shown(name, cells["admin1"][place]):
            continue  # rejected by the validation, with its reason
        gazetteer = gazetteer or Gazetteer.load()
        found = locate(_wanted(cells, place), gazetteer, known)
        issues += [
            Issue(
                remark.severity, remark.code, remark.message, file, row, "name", name[:80], remark.suggestion
            )
            for remark in found.remarks
        ]
        _set_place(cells, place, found)
    return pd.DataFrame(cells | extra, index=raw.index, dtype=object), issues


def _can_be_shown(name: str, admin1: str) -> bool:
    return bool(name) and max(len(name), len(admin1)) <= MAX_TEXT and not UNPRINTABLE.search(name + admin1)


def _wanted(cells: Mapping[str, list[str]], place: int) -> Wanted:
    population = cells["population"][place].strip()
    return Wanted(
        cells["name"][place].strip(),
        cells["type"][place].strip().lower() or "other",
        cells["country"][place].strip(),
        cells["admin1"][place].strip(),
        int(population) if population.isascii() and population.isdigit() and len(population) < 13 else None,
    )


def _set_place(cells: Mapping[str, list[str]], place: int, found: Located) -> None:
    cells["location_source"][place] = found.source
    if found.place is not None:
        cells["longitude"][place] = degrees(found.place.longitude)
        cells["latitude"][place] = degrees(found.place.latitude)
        cells["country"][place] = found.place.country


def _second_hand(raw: pd.DataFrame, file: str) -> list[Issue]:
    """Turn doubts about a source, which `members.csv` has no column for, into findings."""
    if "confidence" not in raw:
        return []
    return [
        Issue(
            "info",
            "second-hand",
            f"the source is rated {value.strip()[:40]!r}",
            file,
            row,
            "confidence",
            value[:80],
        )
        for row, value in zip(map(int, raw.index), raw["confidence"], strict=True)
        if value.strip() and fold(value) != "high"
    ]


def _ordered(report: ValidationReport, issues: list[Issue]) -> ValidationReport:
    return replace(report, issues=tuple(sorted((*report.issues, *issues), key=lambda issue: issue.row or 0)))


def write_members(result: ImportResult, data: Path) -> None:
    """Replace `members.csv` of the network in `data`: all of it, or not at all.

    Raises
    ------
    CannotCreate
        Where the folder cannot be written to.
    StorageFailure
        Where writing fails half-way; the old file stands as it was.
    """
    write_table(result.table, data / "members.csv")
