"""Column names as people write them, under the names that we have for them."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path

import pandas as pd

from mapsvc.analysis.fields import nearest
from mapsvc.analysis.names import fold
from mapsvc.errors import BadConfiguration, BadData
from mapsvc.i18n import language, translated_languages
from mapsvc.model import Issue
from mapsvc.sources.files import is_there
from mapsvc.sources.readers import RawTable
from mapsvc.sources.spellings import COUNTRY_CODES, COUNTRY_NAMES, SYNONYMS, WEAK
from mapsvc.sources.toml import read_toml, text

NETWORK = "network.toml"


def read_mapping(folder: Path) -> dict[str, str]:
    """Return what ``[columns]`` of ``network.toml`` says: our name for a column, and the network's.

    Raises
    ------
    BadConfiguration
        Where there is no column of that name for us, or theirs is no text.
    """
    path = folder / NETWORK
    stated = read_toml(path, NETWORK).get("columns", {}) if is_there(path) else {}
    if not isinstance(stated, dict):
        raise BadConfiguration(
            "'columns' must be a table",
            file=NETWORK,
            column="columns",
            hint='write [columns] and name = "Gemeinde"',
        )
    for name in stated:
        if name not in SYNONYMS:
            raise BadConfiguration(
                f"there is no column {name[:40]!r}",
                file=NETWORK,
                column="columns",
                hint=f"use {', '.join(SYNONYMS)}",
            )
    return {name: text(value, name, NETWORK) for name, value in stated.items()}


def must_be_there(table: RawTable, chosen: Mapping[str, str]) -> None:
    """Refuse a column that somebody has named just now, and that is not there or means nothing.

    Raises
    ------
    BadConfiguration, BadData
        Naming it, and those that there are.
    """
    there = {fold(str(header)) for header in table.frame.columns}
    for name, header in chosen.items():
        if name not in SYNONYMS:
            raise BadConfiguration(
                f"there is no column {name[:40]!r}", column="--map", hint=f"use {', '.join(SYNONYMS)}"
            )
        if fold(header) not in there:
            listed = ", ".join(str(one)[:40] for one in table.frame.columns[:40])
            raise BadData(
                f"there is no column {header[:60]!r}",
                file=table.file,
                row=1,
                hint=f"the columns are {listed}",
            )


def named_columns(
    table: RawTable,
    synonyms: Mapping[str, tuple[str, ...]],
    countries: Mapping[str, str],
    chosen: Mapping[str, str] | None = None,
) -> tuple[pd.DataFrame, list[Issue]]:
    """Return the table under our names for its columns; those we have no use for are left out, and listed.

    Parameters
    ----------
    chosen : mapping of str to str, optional
        Our name for a column to its own, where somebody has said so; the usual spellings do not count for it then.

    Raises
    ------
    BadData
        Where two columns mean the same.
    """
    headers = list(map(str, table.frame.columns))
    ours, spoken = _meanings(table, headers, synonyms, chosen or {})
    frame = pd.DataFrame(
        {name: table.frame[header] for name, header in ours.items()}, index=table.frame.index
    )
    issues = [*_remarks(table, headers, ours, spoken, synonyms)]
    if "country" in frame:
        frame["country"], disputes = _coded(
            frame["country"], table.frame[spoken] if spoken else None, countries, table.file
        )
        issues += disputes
    return frame, issues


def _meanings(
    table: RawTable,
    headers: Sequence[str],
    synonyms: Mapping[str, tuple[str, ...]],
    chosen: Mapping[str, str],
) -> tuple[dict[str, str], str]:
    """Return the column for each of our names, and the one with names of countries where another has their codes."""
    meaning = {word: name for name, words in synonyms.items() for word in words}
    theirs = {fold(header): header for header in headers}
    ours = {name: theirs[fold(header)] for name, header in chosen.items() if fold(header) in theirs}
    means = {header: meaning.get(fold(header), "") for header in headers}
    spoken = ""
    if "country" not in ours:
        alike = [header for header in headers if means[header] == "country"]
        # A table with a code and a name for the country: which is which is told by what they are called.
        named = [header for header in alike if fold(header) in COUNTRY_NAMES]
        coded = [header for header in alike if fold(header) in COUNTRY_CODES]
        names = named or [header for header in alike if header not in coded]
        spoken = names[0] if len(alike) == 2 and len(names) == 1 else ""
    for header in sorted(headers, key=lambda header: fold(header) in WEAK):
        name = means[header]
        if not name or header == spoken or header in ours.values():
            continue
        if name in ours:
            if name in chosen or fold(header) in WEAK:
                continue
            raise BadData(f"the columns {ours[name]!r} and {header!r} both mean {name}", file=table.file, row=1,
                          column=header[:80], hint=f"rename or remove one, or say which: --map {name}=…")  # fmt: skip
        ours[name] = header
    return ours, spoken


def _remarks(
    table: RawTable, headers: Sequence[str], ours: Mapping[str, str], spoken: str,
    synonyms: Mapping[str, tuple[str, ...]],
) -> Iterator[Issue]:  # fmt: skip
    """Say how the file was read, what its columns are taken for, and which are not used."""
    renamed = ", ".join(f"{header[:40]} is {name}" for name, header in ours.items() if header != name)
    as_they_are = ", ".join(name for name, header in ours.items() if header == name)
    taken = "; ".join(filter(None, (as_they_are, renamed)))
    yield Issue(
        "info", "read-as", f"read as {table.dialect}; columns: {taken[:1500] or 'none'}", table.file, 1
    )
    meaning = {word: name for name, words in synonyms.items() for word in words}
    for header in headers:
        if header not in ours.values() and header != spoken:
            yield Issue("info", "unused-column", f"the column {header[:80]!r} is not used", table.file, 1,
                        header[:80], suggestion=nearest(fold(header), meaning))  # fmt: skip


def _coded(
    column: pd.Series, spoken: pd.Series | None, countries: Mapping[str, str], file: str
) -> tuple[pd.Series, list[Issue]]:
    """Return the countries as codes. A name that is exactly one country's counts; two that disagree do not."""
    plain = {fold(name): code for code, name in countries.items()}
    known: dict[str, str] = {}

    def code_of(name: str) -> str:
        if name not in known:
            folded = fold(name)
            found = plain.get(folded) or (_named_in_any_language(folded) if len(folded) > 1 else "")
            known[name] = found if found in countries else ""
        return known[name]

    names = spoken.tolist() if spoken is not None else [""] * len(column)
    values, issues = [], []
    for row, code, name in zip(column.index, column.tolist(), names, strict=True):
        stated = code.strip()
        value = stated if stated in countries or not stated else code_of(stated) or stated
        named = code_of(name) if name else ""
        if value and named and value != named and value in countries:
            issues.append(Issue("error", "countries-disagree", f"the code {value} and the name {name.strip()!r} are two "
                                "countries", file, int(row), "country", value, f"{value} or {named}"))  # fmt: skip
            value = f"{value}?"
        values.append(value or named)
    return pd.Series(values, index=column.index, dtype=object), issues


def _named_in_any_language(folded: str) -> str:
    found = _names_in_all_languages().get(folded, frozenset())
    return next(iter(found)) if len(found) == 1 else ""


@cache
def _names_in_all_languages() -> Mapping[str, frozenset[str]]:
    """Return folded name to the codes of the countries that have it in one of our languages, or in German."""
    found: dict[str, set[str]] = {}
    for tag in dict.fromkeys((*translated_languages(), "de")):
        for code, name in language(tag).locale.territories.items():
            if len(code) == 2 and code.isalpha():
                found.setdefault(fold(name), set()).add(code)
    return {name: frozenset(codes) for name, codes in found.items()}
