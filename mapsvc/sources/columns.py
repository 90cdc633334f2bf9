"""Column names as people write them, under the names that we have for them."""

from collections.abc import Mapping
from types import MappingProxyType

import pandas as pd

from mapsvc.analysis.fields import nearest
from mapsvc.analysis.names import fold
from mapsvc.errors import BadData
from mapsvc.model import Issue
from mapsvc.sources.readers import RawTable

# Folded; the first of each is what we write. A new spelling is a new word here.
SYNONYMS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "id": ("id", "member id"),
        "name": ("name", "member", "member name", "local government", "city", "municipality"),
        "type": ("type", "entity type", "member type", "kind"),
        "country": ("country", "iso2", "iso a2", "iso", "country code", "iso 3166 1 alpha 2"),
        "admin1": ("admin1", "state", "province", "state province", "region"),
        "population": ("population", "inhabitants", "pop"),
        "since": ("since", "member since", "joined", "date joined"),
        "until": ("until", "member until", "left", "date left"),
        "status": ("status", "member status", "membership status"),
        "themes": ("themes", "theme"),
        "url": ("url", "website", "web site", "web", "homepage"),
        "longitude": ("longitude", "lon", "lng", "long", "x"),
        "latitude": ("latitude", "lat", "y"),
        "location_source": ("location source",),
        "source_url": ("source url", "source"),
        "confidence": ("confidence",),
    }
)
PARTICIPATION_SYNONYMS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "member": ("member", "member id"),
        "member_name": ("member name", "name"),
        "country": SYNONYMS["country"],
        "programme": ("programme", "program", "project", "campaign", "initiative"),
        "themes": SYNONYMS["themes"],
        "source_url": SYNONYMS["source_url"],
    }
)


def named_columns(
    table: RawTable, synonyms: Mapping[str, tuple[str, ...]], countries: Mapping[str, str]
) -> tuple[pd.DataFrame, list[Issue]]:
    """Return the table under our names for its columns; those we have no use for are left out, and listed.

    Raises
    ------
    BadData
        Where two columns mean the same.
    """
    meaning = {word: name for name, words in synonyms.items() for word in words}
    ours: dict[str, str] = {}
    unused: list[str] = []
    headers = list(map(str, table.frame.columns))
    # A table with a code and a name for the country: the column called "country" holds the name then.
    codes = [
        header for header in headers if meaning.get(fold(header)) == "country" and fold(header) != "country"
    ]
    spoken = next((header for header in headers if fold(header) == "country"), "") if codes else ""
    for header in headers:
        name = meaning.get(fold(header), "")
        if header == spoken:
            continue
        if not name:
            unused.append(header)
        elif name in ours:
            raise BadData(f"the columns {ours[name]!r} and {header!r} both mean {name}", file=table.file, row=1,
                          column=header[:80], hint="rename or remove one")  # fmt: skip
        else:
            ours[name] = header
    frame = pd.DataFrame(
        {name: table.frame[header] for name, header in ours.items()}, index=table.frame.index
    )
    issues = [
        Issue("info", "unused-column", f"the column {header[:80]!r} is not used", table.file, 1, header[:80],
              suggestion=nearest(fold(header), meaning)) for header in unused
    ]  # fmt: skip
    if "country" in frame:
        frame["country"], disputes = _coded(
            frame["country"], table.frame[spoken] if spoken else None, countries, table.file
        )
        issues += disputes
    return frame, issues


def _coded(
    column: pd.Series, spoken: pd.Series | None, countries: Mapping[str, str], file: str
) -> tuple[pd.Series, list[Issue]]:
    """Return the countries as codes. A name that is exactly one country's counts; two that disagree do not."""
    codes = {fold(name): code for code, name in countries.items()}
    names = spoken if spoken is not None else pd.Series("", index=column.index, dtype=object)
    values, issues = [], []
    for row, code, name in zip(column.index, column, names, strict=True):
        stated, named = code.strip(), codes.get(fold(name), "")
        value = stated if stated in countries or not stated else codes.get(fold(stated), stated)
        if value and named and value != named and value in countries:
            issues.append(Issue("error", "countries-disagree", f"the code {value} and the name {name.strip()!r} are two "
                                "countries", file, int(row), "country", value, f"{value} or {named}"))  # fmt: skip
            value = f"{value}?"
        values.append(value or named)
    return pd.Series(values, index=column.index, dtype=object), issues
