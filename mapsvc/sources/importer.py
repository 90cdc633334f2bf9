"""From a file of members, as people keep it, to `members.csv`: read, name the columns, find the places, check."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import geopandas as gpd
import pandas as pd
import shapely

from mapsvc.analysis.fields import MAX_TEXT, UNPRINTABLE
from mapsvc.analysis.membership import assign_country, country_findings
from mapsvc.analysis.names import fold
from mapsvc.analysis.participations import join_members
from mapsvc.analysis.rows import condensed
from mapsvc.analysis.validation import (
    MEMBER_COLUMNS,
    numbered_members,
    validate_participation,
)
from mapsvc.errors import BadData, NoInput
from mapsvc.model import Issue, ValidationReport
from mapsvc.sources.boundaries import PARTS, TABLE, home_of, read_detailed
from mapsvc.sources.columns import must_be_there, named_columns, read_mapping
from mapsvc.sources.files import is_there
from mapsvc.sources.gazetteer import Gazetteer
from mapsvc.sources.geocoding import Located, Wanted, locate
from mapsvc.sources.incoming import read_incoming
from mapsvc.sources.network import read_themes
from mapsvc.sources.online import OnlineGeocoder
from mapsvc.sources.places import KnownPlaces, read_places
from mapsvc.sources.readers import RawTable, read_table
from mapsvc.sources.spellings import PARTICIPATION_SYNONYMS, SYNONYMS
from mapsvc.sources.writers import as_table, degrees, participation_table


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
    raw : DataFrame
        The file as it was read: text cells, the number of each row in the index.
    """

    table: pd.DataFrame
    report: ValidationReport
    members: gpd.GeoDataFrame
    raw: pd.DataFrame


def import_members(
    file: Path | str,
    data: Path,
    *,
    layer: str = "",
    query: str = "",
    columns: Mapping[str, str] | None = None,
    atlas: Path | None = None,
    gazetteer: Gazetteer | None = None,
    places: KnownPlaces | None = None,
    online: OnlineGeocoder | None = None,
) -> ImportResult:
    """Read members from `file` for the network in `data`; nothing is written.

    Parameters
    ----------
    file : Path or str
        A file in one of the formats of `child.READERS`, or the address of a database, with a row for each member.
    layer, query : str
        Which part of it, as `incoming.read_incoming`.
    columns : mapping of str to str, optional
        Our name for a column to its name in `file`, before those that ``network.toml`` maps in ``[columns]``.
    data : Path
        Folder of the network: its ``themes.csv`` and its countries say what is valid, ``sources/places.csv``
        where places lie that the gazetteer cannot know.
    atlas : Path, optional
        The folder whose countries and boundaries count if `data` has no ``countries.geojson``. Without it
        `data` must have them.
    gazetteer : Gazetteer, optional
        Where names are looked up. Without it GeoNames is loaded, if a member has no coordinates.
    places : KnownPlaces, optional
        Instead of ``sources/places.csv``.
    online : OnlineGeocoder, optional
        Who is asked for a place that is not found offline; without it nobody is.

    Raises
    ------
    NoInput, BadData
        Where the file cannot be read, a column is missing, or no member is accepted.
    BadConfiguration
        Where the gazetteer is needed and not installed.
    Unavailable
        Where `online` does not answer.
    """
    _must_be_network(data)
    table = read_incoming(file, layer, query)
    return import_table(
        table, data, columns=columns, atlas=atlas, gazetteer=gazetteer, places=places, online=online
    )


def import_table(
    table: RawTable,
    data: Path,
    *,
    columns: Mapping[str, str] | None = None,
    atlas: Path | None = None,
    gazetteer: Gazetteer | None = None,
    places: KnownPlaces | None = None,
    online: OnlineGeocoder | None = None,
) -> ImportResult:
    """Make members of a table that has been read; everything else is as `import_members` says."""
    must_be_there(table, columns or {})
    themes = _must_be_network(data)
    countries, part_of = read_codes(data, atlas)
    raw, issues = named_columns(table, SYNONYMS, countries, {**read_mapping(data), **(columns or {})})
    if places is None:
        path = data / "sources" / "places.csv"
        places = read_places(path) if is_there(path) else KnownPlaces()
    raw, found = _placed(raw, table.file, countries, gazetteer, places, online=online)
    issues += found + _second_hand(raw, table.file)
    members, rows, report = numbered_members(
        raw, countries=countries, part_of=part_of, themes=themes, file=table.file
    )
    del raw
    if members.empty:
        reason = next(iter((*table.report.errors, *report.errors)), "is it the right file?")
        raise BadData("no member was accepted", file=table.file, hint=str(reason))
    issues += _misplaced(members, rows, read_detailed(home_of(data, atlas)), table.file)
    return ImportResult(
        as_table(members), _ordered(table.report.merged(report), issues), members, table.frame
    )


def _must_be_network(data: Path) -> list[str]:
    """Return the ids of the themes of the network in `data`; refuse a folder that is none before anything is read."""
    if not data.is_dir():
        raise NoInput("there is no such folder", file=str(data), hint="name the folder of a network")
    return [theme.id for group in read_themes(data / "themes.csv") for theme in group.themes]


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
    home = home_of(data, atlas)
    known = read_table(home / TABLE).frame
    path = home / PARTS
    parts = read_table(path).frame if is_there(path) else pd.DataFrame({"country": [], "part_of": []})
    return (
        dict(zip(known["country"], known["name"], strict=True)),
        dict(zip(parts["country"], parts["part_of"], strict=True)),
    )


def _placed(
    raw: pd.DataFrame,
    file: str,
    countries: Collection[str],
    gazetteer: Gazetteer | None,
    known: KnownPlaces,
    *,
    online: OnlineGeocoder | None = None,
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
        wanted = _wanted(cells, place)
        found = locate(wanted, gazetteer, known)
        if found.place is None and online is not None:
            found = online.locate(wanted, found)
        issues += [
            Issue(
                remark.severity, remark.code, remark.message, file, row, "name", name[:80], remark.suggestion
            )
            for remark in found.remarks
        ]
        _set_place(cells, place, found)
    # A column that is not there is said once, not for each row.
    filled = {name: column for name, column in cells.items() if name in raw or any(column)}
    return pd.DataFrame(filled | extra, index=raw.index, dtype=object), issues


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
    return replace(report, issues=condensed((*report.issues, *issues)))


def _misplaced(
    members: gpd.GeoDataFrame, rows: pd.Series, boundaries: gpd.GeoDataFrame, file: str
) -> list[Issue]:
    """Return a finding for each point outside its country, and say where longitude and latitude look swapped."""
    findings = country_findings(members, assign_country(members, boundaries), file)
    if not findings:
        return []
    outside = members.loc[[issue.value for issue in findings], ["country", "geometry"]]
    swapped = outside.set_geometry(
        [shapely.Point(point.y, point.x) if abs(point.x) <= 90 else None for point in outside.geometry],
        crs=4326,
    )
    inside = assign_country(swapped, boundaries)["found_country"] == outside["country"]
    return [
        replace(
            issue,
            row=int(rows[issue.value]),
            suggestion=_exchanged(outside.geometry[issue.value]) if inside[issue.value] else issue.suggestion,
        )
        for issue in findings
    ]


def _exchanged(point: shapely.Point) -> str:
    return f"swapped? longitude {degrees(point.y)}, latitude {degrees(point.x)} lies in it"
