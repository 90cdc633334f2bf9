"""`network.toml` and `themes.csv` as a Network: what a network is called and how it is grouped."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any, cast

from mapsvc.analysis import fields
from mapsvc.errors import BadConfiguration, BadData, NoInput
from mapsvc.i18n import is_language
from mapsvc.model import Network, Region, Theme, ThemeGroup
from mapsvc.sources.files import is_there
from mapsvc.sources.languages import read_languages
from mapsvc.sources.readers import read_table
from mapsvc.sources.snapshots import KEPT
from mapsvc.sources.toml import note, read_toml, refuse_unknown, text

_FILE = "network.toml"
_CODE = re.compile(r"[A-Z]{2}")
_ADDRESS = re.compile(r"https?://[^\s/?#]\S*|mailto:[^\s@]+@\S+", re.IGNORECASE)
_NOTES = ("tagline", "completeness_note", "source_note", "boundary_disclaimer")
_REGION_KEYS = ("id", "title", "countries")
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
_REQUIRED = ("id", "name", "title", "licence", "contact", "completeness", "compiled")
_OPTIONAL = {
    "short_name": "",
    "tagline": "",
    "licence_url": "",
    "homepage": "",
    "accent": "#0b7a75",
    "completeness_note": "",
    "source_note": "",
    "boundary_disclaimer": "",
    "default_language": "en",
}
# What the columns of its tables are called is for the importer, see columns.py.
_TABLES = ("columns", "country_names", "regions")
_KEPT = "snapshots_kept"
_THEME_COLUMNS = ("group", "group_title", "id", "title")


def read_network(folder: Path, m49: Mapping[str, tuple[str, str]]) -> Network:
    """Read the network's own description.

    Parameters
    ----------
    folder : Path
        With ``network.toml`` and ``themes.csv``.
    m49 : mapping of str to (str, str)
        Country to (id, title) of its UN M49 sub-region, used where the network states no regions.

    Raises
    ------
    NoInput
        Where a file is missing.
    BadConfiguration, BadData
        Naming the file and the key or row.
    """
    path = folder / _FILE
    if not is_there(path):
        raise NoInput("there is no network.toml", file=str(folder), hint="name the folder of a network")
    table = read_toml(path, _FILE)
    refuse_unknown(table, (*_REQUIRED, *_OPTIONAL, *_TABLES, _KEPT), _FILE)
    _kept(table)
    values = {key: _value(table, key) for key in (*_REQUIRED, *_OPTIONAL)}
    values["short_name"] = values["short_name"] or values["name"]
    _check(values)
    network = Network(
        **cast("dict[str, Any]", values),
        groups=read_themes(folder / "themes.csv"),
        regions=_regions(table, m49),
        country_names=_country_names(table, m49),
    )
    return replace(network, languages=read_languages(folder, network))


def read_kept(folder: Path) -> int:
    """Return of how many snapshots the network wants to keep the files.

    Raises
    ------
    BadConfiguration
        Where it says so in a way that cannot be used.
    """
    path = folder / _FILE
    return _kept(read_toml(path, _FILE)) if is_there(path) else KEPT


def _kept(table: Mapping[str, Any]) -> int:
    value = table.get(_KEPT, KEPT)
    # Three, so that there is always one to fall back on; see `store.load_current`.
    if not isinstance(value, int) or isinstance(value, bool) or not 3 <= value <= 10_000:
        raise _refusal(f"{_KEPT!r} must be a whole number from 3 to 10000", _KEPT)
    return value


def _refusal(message: str, key: str, hint: str = "") -> BadConfiguration:
    return BadConfiguration(message, file=_FILE, column=key, hint=hint)


def _value(table: Mapping[str, Any], key: str) -> str:
    if key not in table:
        if key in _REQUIRED:
            raise _refusal(f"{key!r} is missing", key)
        return _OPTIONAL[key]
    value = table[key]
    if key == "compiled":
        return _day(value)
    return note(value, key, _FILE) if key in _NOTES else _text(value, key, needed=key in _REQUIRED)


def _text(value: object, key: str, *, needed: bool = True) -> str:
    return text(value, key, _FILE, needed=needed)


def _day(value: object) -> str:
    # TOML knows whole dates without quotes, and a year is a number to it.
    plain = isinstance(value, str | int | date) and not isinstance(value, bool | datetime)
    found = fields.day(str(value).strip()) if plain else fields.Fault("", "it is not a date")
    if isinstance(found, fields.Fault):
        raise _refusal(found.message, "compiled", found.suggestion or "write YYYY, YYYY-MM or YYYY-MM-DD")
    return found


def _check(values: Mapping[str, str]) -> None:
    def refuse(key: str, hint: str) -> BadConfiguration:
        return _refusal(f"{values[key]!r} cannot be used", key, hint)

    if not _ID.fullmatch(values["id"]):
        raise refuse("id", "use lower-case letters, digits and hyphens")
    if values["completeness"] not in {"complete", "partial"}:
        raise refuse("completeness", "use complete or partial")
    if not _COLOUR.fullmatch(values["accent"]):
        raise refuse("accent", "write #rrggbb")
    if not is_language(values["default_language"]):
        raise refuse("default_language", "write the tag of a language, as en or pt-BR")
    for key in ("licence_url", "homepage", "contact"):
        if values[key] and not _ADDRESS.fullmatch(values[key]):
            raise refuse(key, "write an address that begins with https:// or mailto:")


def _country(code: object, key: str, m49: Mapping[str, tuple[str, str]]) -> str:
    """Return a code that may be a country's; which ones there are depends on the boundaries."""
    if not isinstance(code, str):
        raise _refusal("a country must be a text of two capital letters", key)
    if not _CODE.fullmatch(code):
        near = code.upper() if _CODE.fullmatch(code.upper()) else fields.nearest(code, m49)
        hint = "use two capital letters as in ISO 3166-1" + (f", perhaps {near}" if near else "")
        raise _refusal(f"{code[:40]!r} is not a country code", key, hint)
    return code


def _country_names(table: Mapping[str, Any], m49: Mapping[str, tuple[str, str]]) -> dict[str, str]:
    stated = table.get("country_names", {})
    if not isinstance(stated, dict):
        raise _refusal(
            "'country_names' must be a table", "country_names", 'write [country_names] and TR = "Türkiye"'
        )
    return {
        _country(code, "country_names", m49): _text(name, "country_names") for code, name in stated.items()
    }


def _regions(table: Mapping[str, Any], m49: Mapping[str, tuple[str, str]]) -> tuple[Region, ...]:
    stated = table.get("regions", [])
    if not isinstance(stated, list) or not all(isinstance(row, dict) for row in stated):
        raise _refusal("'regions' must be a list of tables", "regions", "begin each with [[regions]]")
    if not stated:
        titles = sorted(set(m49.values()), key=lambda pair: pair[1])
        return tuple(
            Region(id_, title, tuple(sorted(code for code, pair in m49.items() if pair[0] == id_)))
            for id_, title in titles
        )
    seen: dict[str, str] = {}
    regions: dict[str, Region] = {}
    for row in stated:
        region = _region(row, m49)
        if region.id in regions:
            raise _refusal(f"the region {region.id!r} stands twice", "regions")
        for code in region.countries:
            if code in seen:
                raise _refusal(f"{code} is in {seen[code]} and in {region.id}", "regions")
            seen[code] = region.id
        regions[region.id] = region
    return tuple(regions.values())


def _region(row: Mapping[str, Any], m49: Mapping[str, tuple[str, str]]) -> Region:
    if not set(_REGION_KEYS) <= set(row):
        raise _refusal("a region needs id, title and countries", "regions")
    refuse_unknown(row, _REGION_KEYS, _FILE, "regions")
    id_ = _text(row["id"], "regions")
    if not _ID.fullmatch(id_):
        raise _refusal(
            f"region id {id_!r} cannot be used", "regions", "use lower-case letters, digits and hyphens"
        )
    if not isinstance(row["countries"], list):
        raise _refusal(
            f"the countries of {id_!r} must be a list", "regions", 'write countries = ["KE", "UG"]'
        )
    return Region(
        id_,
        _text(row["title"], "regions"),
        tuple(_country(code, "regions", m49) for code in row["countries"]),
    )


def read_themes(path: Path) -> tuple[ThemeGroup, ...]:
    """Read themes and their groups, in the order of the file.

    Raises
    ------
    NoInput, BadData
        Where the file is missing; it is no table; a column is missing; an id is malformed or stands twice.
    """
    table = read_table(path)
    if table.report.errors:
        first = table.report.errors[0]
        raise BadData(first.message, file=path.name, row=first.row, hint=first.suggestion)
    lacking = [name for name in _THEME_COLUMNS if name not in table.frame]
    if lacking:
        raise BadData(f"the column {lacking[0]!r} is missing", file=path.name, row=1)
    titles: dict[str, str] = {}
    themes: dict[str, list[Theme]] = {}
    seen: set[str] = {"all"}
    rows = table.frame[list(_THEME_COLUMNS)].itertuples(index=False, name=None)
    for number, cells in zip(map(int, table.frame.index), rows, strict=True):
        group, group_title, id_, title = (cell.strip() for cell in cells)
        fresh = {id_} | ({group} if group not in titles else set())
        if not all(map(_ID.fullmatch, (group, id_))) or isinstance(fields.name(title), fields.Fault):
            raise BadData(
                "group, id and title are needed", file=path.name, row=number, hint="ids are a-z, 0-9, hyphen"
            )
        for column, cell in zip(_THEME_COLUMNS, (group, group_title, id_, title), strict=True):
            if len(cell) > fields.MAX_TEXT or fields.UNPRINTABLE.search(cell):
                raise BadData(
                    f"a text that cannot be shown, or of more than {fields.MAX_TEXT} characters",
                    file=path.name, row=number, column=column,
                )  # fmt: skip
        if fresh & seen or group == id_:
            raise BadData(
                f"the id {id_!r} or {group!r} stands twice", file=path.name, row=number, column="id"
            )
        seen |= fresh
        titles.setdefault(group, group_title or group)
        themes.setdefault(group, []).append(Theme(id_, title, group))
    return tuple(ThemeGroup(group, titles[group], tuple(found)) for group, found in themes.items())
