"""`network.toml` and `themes.csv` as a Network: what a network is called and how it is grouped."""

import csv
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

from mapsvc.errors import BadConfiguration, BadData, NoInput
from mapsvc.model import Network, Region, Theme, ThemeGroup

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
_TABLES = ("country_names", "regions")
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
    table = _toml(folder / "network.toml")
    unknown = sorted(set(table) - {*_REQUIRED, *_OPTIONAL, *_TABLES})
    if unknown:
        known = ", ".join((*_REQUIRED, *_OPTIONAL, *_TABLES))
        raise BadConfiguration(f"unknown key {unknown[0]!r}", file="network.toml", hint=f"known are {known}")
    values = {key: _text(table, key) for key in (*_REQUIRED, *_OPTIONAL)}
    values["short_name"] = values["short_name"] or values["name"]
    _check(values)
    return Network(
        **cast("dict[str, Any]", values),
        groups=read_themes(folder / "themes.csv"),
        regions=_regions(table, m49),
        country_names={code: str(name) for code, name in table.get("country_names", {}).items()},
    )


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise NoInput(
            "there is no network.toml", file=str(path.parent), hint="name the folder of a network"
        ) from error
    except UnicodeDecodeError as error:
        raise BadConfiguration("is not UTF-8", file=path.name) from error
    except tomllib.TOMLDecodeError as error:
        raise BadConfiguration(f"is not TOML: {error}", file=path.name) from error


def _text(table: Mapping[str, Any], key: str) -> str:
    if key not in table and key in _REQUIRED:
        raise BadConfiguration(f"{key!r} is missing", file="network.toml", column=key)
    value = table.get(key, _OPTIONAL.get(key, ""))
    # A date may stand without quotes, as TOML allows.
    if isinstance(value, str) or key == "compiled":
        return str(value)
    raise BadConfiguration(f"{key!r} must be a text", file="network.toml", column=key)


def _check(values: Mapping[str, str]) -> None:
    def refuse(key: str, hint: str) -> BadConfiguration:
        return BadConfiguration(f"{values[key]!r} cannot be used", file="network.toml", column=key, hint=hint)

    if not _ID.fullmatch(values["id"]):
        raise refuse("id", "use lower-case letters, digits and hyphens")
    if values["completeness"] not in {"complete", "partial"}:
        raise refuse("completeness", "use complete or partial")
    if not _COLOUR.fullmatch(values["accent"]):
        raise refuse("accent", "write #rrggbb")
    for key in ("licence_url", "homepage", "contact"):
        if values[key] and not values[key].startswith(("https://", "http://", "mailto:")):
            raise refuse(key, "write an address that begins with https:// or mailto:")


def _regions(table: Mapping[str, Any], m49: Mapping[str, tuple[str, str]]) -> tuple[Region, ...]:
    stated = table.get("regions", [])
    if not stated:
        titles = sorted(set(m49.values()), key=lambda pair: pair[1])
        return tuple(
            Region(id_, title, tuple(sorted(code for code, pair in m49.items() if pair[0] == id_)))
            for id_, title in titles
        )
    seen: dict[str, str] = {}
    regions = []
    for row in stated:
        if not isinstance(row, dict) or not {"id", "title", "countries"} <= set(row):
            raise BadConfiguration(
                "a region needs id, title and countries", file="network.toml", column="regions"
            )
        if not _ID.fullmatch(str(row["id"])):
            raise BadConfiguration(
                f"region id {row['id']!r} cannot be used", file="network.toml", column="regions"
            )
        for code in row["countries"]:
            if code in seen:
                raise BadConfiguration(
                    f"{code} is in {seen[code]} and in {row['id']}", file="network.toml", column="regions"
                )
            seen[code] = row["id"]
        regions.append(Region(str(row["id"]), str(row["title"]), tuple(row["countries"])))
    return tuple(regions)


def read_themes(path: Path) -> tuple[ThemeGroup, ...]:
    """Read themes and their groups, in the order of the file.

    Raises
    ------
    NoInput, BadData
        Where the file is missing; a column is missing; an id is malformed or stands twice.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            reader = csv.DictReader(stream)
            rows = list(reader)
            columns = reader.fieldnames or ()
    except FileNotFoundError as error:
        raise NoInput(f"there is no {path.name}", file=str(path.parent)) from error
    except UnicodeDecodeError as error:
        raise BadData("is not UTF-8", file=path.name) from error
    lacking = [name for name in _THEME_COLUMNS if name not in columns]
    if lacking:
        raise BadData(f"the column {lacking[0]!r} is missing", file=path.name, row=1)
    titles: dict[str, str] = {}
    themes: dict[str, list[Theme]] = {}
    seen: set[str] = {"all"}
    for number, row in enumerate(rows, start=2):
        group, id_ = row["group"], row["id"]
        fresh = {id_} | ({group} if group not in titles else set())
        if not all(_ID.fullmatch(one or "") for one in (group, id_)) or not row["title"]:
            raise BadData(
                "group, id and title are needed", file=path.name, row=number, hint="ids are a-z, 0-9, hyphen"
            )
        if fresh & seen or group == id_:
            raise BadData(
                f"the id {id_!r} or {group!r} stands twice", file=path.name, row=number, column="id"
            )
        seen |= fresh
        titles.setdefault(group, row["group_title"] or group)
        themes.setdefault(group, []).append(Theme(id_, row["title"], group))
    return tuple(ThemeGroup(group, titles[group], tuple(found)) for group, found in themes.items())
