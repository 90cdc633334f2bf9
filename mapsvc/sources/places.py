"""`places.csv`: what a network's operator knows about places that the gazetteer cannot know."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from mapsvc.analysis.names import fold
from mapsvc.errors import BadData
from mapsvc.sources.readers import read_table

COLUMNS = ("name", "country", "admin1", "geonameid", "kind", "reason")
KINDS = ("place", "seat", "area")


@dataclass(frozen=True)
class KnownPlace:
    """Where one member lies: a place of the gazetteer, as itself or as its seat, and why."""

    geonameid: int
    is_seat: bool
    reason: str


@dataclass(frozen=True)
class KnownPlaces:
    """The rows of `places.csv`: members by country, name and admin1; other names of first-order areas."""

    members: Mapping[tuple[str, str, str], KnownPlace] = field(default_factory=dict)
    areas: Mapping[tuple[str, str], int] = field(default_factory=dict)

    def of(self, country: str, name: str, admin1: str) -> KnownPlace | None:
        """Return what is known about the place of a member."""
        return self.members.get((country, fold(name), fold(admin1)))

    def area(self, country: str, name: str) -> int | None:
        """Return the geonameid of the area that is also called `name`."""
        return self.areas.get((country, fold(name)))


def read_places(path: Path) -> KnownPlaces:
    """Read `places.csv`: ``name,country,admin1,geonameid,kind,reason``.

    ``kind`` is *place* (it is that place under another name), *seat* (it is an area and has its seat there) or
    *area* (another name of a first-order area, as `admin1` columns may write it).

    Raises
    ------
    NoInput, BadData
        Naming the row and the column.
    """
    table = read_table(path).frame
    lacking = [name for name in COLUMNS if name not in table.columns]
    if lacking:
        raise BadData(f"the column {lacking[0]!r} is missing", file=path.name, row=1)
    members: dict[tuple[str, str, str], KnownPlace] = {}
    areas: dict[tuple[str, str], int] = {}
    for number, (name, country, admin1, geonameid, kind, reason) in zip(
        table.index, table[list(COLUMNS)].itertuples(index=False, name=None), strict=True
    ):
        row = int(number)
        if not re.fullmatch(r"[0-9]{1,10}", geonameid):
            raise BadData(f"{geonameid[:40]!r} is no geonameid", file=path.name, row=row, column="geonameid")
        if kind not in KINDS:
            raise BadData(
                f"{kind[:40]!r} is not known",
                file=path.name,
                row=row,
                column="kind",
                hint=f"use {', '.join(KINDS)}",
            )
        key = (country, fold(name), fold(admin1))
        if key in members or (kind == "area" and key[:2] in areas):
            raise BadData("this stands twice", file=path.name, row=row, column="name")
        if kind == "area":
            areas[key[:2]] = int(geonameid)
        else:
            members[key] = KnownPlace(int(geonameid), kind == "seat", reason)
    return KnownPlaces(members, areas)
