"""A table of a GeoPackage, through SQLite itself and not GDAL: an authoriser allows to read plain tables, and no more.

A GeoPackage is a database, and a database can hold programs: views, triggers, virtual tables, expressions. None of them
is run; the file is opened as one that never changes, so that nothing is locked, written or opened beside it.
"""

import re
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

from mapsvc.errors import BadData
from mapsvc.sources.tabular import MAX_CELL, Row, Stream, as_text, checked_header, chunked
from mapsvc.sources.wkb import NotAPoint, geopackage_point

DEADLINE_S = 50.0
_STEPS = 10_000
_MAX_LENGTH = 4 * 1024 * 1024
_READS = {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ}


def read_geopackage(path: Path, shown: str, layer: str = "") -> Stream:
    """Begin to read a table of features or attributes.

    Parameters
    ----------
    path : Path
        The private copy.
    shown : str
        What the file is called in refusals.
    layer : str
        The table's name; otherwise the first that ``gpkg_contents`` lists.

    Raises
    ------
    BadData
        Where the database is damaged, the table is a view or virtual, or its reference system has no EPSG code.
    """
    base = _opened(path)
    try:
        table, kind = _chosen(base, layer, shown)
        _must_be_plain(base, table, shown)
        columns = [
            (str(row[1]), bool(row[5])) for row in base.execute(f"PRAGMA table_info({_quoted(table)})")
        ]
        geometry, crs = _geometry(base, table, shown) if kind == "features" else ("", "")
    except (sqlite3.Error, UnicodeDecodeError) as error:
        raise _refusal(error, shown) from error
    # The key is a number that the format asks for, unless it is all there is to call a member by.
    names = [
        name
        for name, is_key in columns
        if name != geometry and not (is_key and name.casefold() in {"fid", "ogc_fid"})
    ]
    header = checked_header(names, 1, shown)
    stream = Stream(header, iter(()), f"GeoPackage, table {table}", crs)
    stream.chunks = chunked(_rows(base, table, names, geometry, stream=stream, shown=shown), shown)
    return stream


def _opened(path: Path) -> sqlite3.Connection:
    base = sqlite3.connect(f"file:{quote(str(path))}?mode=ro&immutable=1", uri=True, isolation_level=None)
    base.text_factory = bytes
    for name, value in (("trusted_schema", 0), ("cell_size_check", 1), ("query_only", 1), ("mmap_size", 0)):
        base.execute(f"PRAGMA {name} = {value}")
    base.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _MAX_LENGTH)
    base.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
    base.setlimit(sqlite3.SQLITE_LIMIT_VDBE_OP, 25_000)
    base.setlimit(sqlite3.SQLITE_LIMIT_EXPR_DEPTH, 20)
    until = time.monotonic() + DEADLINE_S
    base.set_progress_handler(lambda: time.monotonic() > until, _STEPS)
    base.set_authorizer(_allowed)
    base.text_factory = _text
    return base


def _allowed(action: int, one: str | None, other: str | None, _base: str | None, through: str | None) -> int:
    """Allow to read tables, asked for by ourselves and not through a view or a trigger, and to ask for their columns."""
    plain = through is None and action in _READS
    asks = action == sqlite3.SQLITE_PRAGMA and one == "table_info" and other is not None
    return sqlite3.SQLITE_OK if plain or asks else sqlite3.SQLITE_DENY


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "replace") if len(raw) <= 4 * MAX_CELL else "x" * (MAX_CELL + 1)


def _chosen(base: sqlite3.Connection, layer: str, shown: str) -> tuple[str, str]:
    known = "SELECT table_name, data_type FROM gpkg_contents"
    tables = [(str(name), str(kind)) for name, kind in base.execute(known).fetchmany(1_000)]
    tables = [(name, kind) for name, kind in tables if kind in {"features", "attributes"}]
    if not tables:
        raise BadData("a GeoPackage without a table of features", file=shown)
    found = [one for one in tables if not layer or one[0] == layer]
    if not found:
        listed = ", ".join(name[:40] for name, _ in tables[:20])
        raise BadData(f"there is no table {layer[:60]!r}", file=shown, hint=f"there are: {listed}")
    return found[0]


def _must_be_plain(base: sqlite3.Connection, table: str, shown: str) -> None:
    found = base.execute(
        "SELECT type, sql FROM sqlite_master WHERE name = ? COLLATE NOCASE", (table,)
    ).fetchall()
    kinds = {str(kind) for kind, _ in found} - {"index"}
    if kinds != {"table"}:
        what = "is a view" if "view" in kinds else "is not there"
        raise BadData(f"the table {table[:60]!r} {what}", file=shown, hint="save it as a plain table")
    sql = next(str(sql) for kind, sql in found if kind == "table")
    if re.match(r"\s*CREATE\s+VIRTUAL", sql, re.IGNORECASE) or re.search(
        r"\bGENERATED\b|\bAS\s*\(", sql, re.IGNORECASE
    ):
        raise BadData(f"the table {table[:60]!r} is computed", file=shown, hint="save it as a plain table")


def _geometry(base: sqlite3.Connection, table: str, shown: str) -> tuple[str, str]:
    """Return the name of the geometry column, and what it is in."""
    stated = base.execute(
        "SELECT column_name, srs_id FROM gpkg_geometry_columns WHERE table_name = ?", (table,)
    ).fetchone()
    if stated is None:
        raise BadData(f"the geometry of {table[:60]!r} is not described", file=shown, hint="save it anew")
    column, srs = stated
    code = base.execute(
        "SELECT organization, organization_coordsys_id FROM gpkg_spatial_ref_sys WHERE srs_id = ?", (srs,)
    ).fetchone()
    if code is None or str(code[0]).upper() not in {"EPSG", "OGC"} or not isinstance(code[1], int):
        raise BadData(
            "the reference system is not stated by its EPSG code", file=shown, hint="save it in EPSG:4326"
        )
    return str(column), f"EPSG:{code[1]}"


def _rows(
    base: sqlite3.Connection, table: str, names: list[str], geometry: str, *, stream: Stream, shown: str
) -> Iterator[Row]:
    chosen = [*names, *([geometry] if geometry else [])]
    # No order is asked for: sorting could take all memory, and a table without one is read in that of its key.
    query = f"SELECT {', '.join(map(_quoted, chosen))} FROM {_quoted(table)}"  # noqa: S608 – quoted, see below
    try:
        for number, values in enumerate(base.execute(query), start=1):
            cells = [as_text(value) for value in values[: len(names)]]
            yield Row(number, cells, _point(values[-1], number, stream) if geometry else None)
    except (sqlite3.Error, UnicodeDecodeError) as error:
        raise _refusal(error, shown) from error
    finally:
        base.close()


def _point(value: object, number: int, stream: Stream) -> tuple[float, float]:
    nowhere = (float("nan"), float("nan"))
    if value is None:
        return nowhere
    try:
        return geopackage_point(value if isinstance(value, bytes) else b"") or nowhere
    except NotAPoint as error:
        stream.no_point(number, str(error))
        return nowhere


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _refusal(error: sqlite3.Error | UnicodeDecodeError, shown: str) -> BadData:
    # What SQLite says may repeat bytes of the file, and some that are no text.
    damaged = isinstance(error, UnicodeDecodeError)
    said = "damaged" if damaged else "".join(filter(str.isprintable, str(error)))[:200]
    if "not authorized" in said or "prohibited" in said:
        return BadData(
            "the database would run something of its own", file=shown, hint="save it as a plain table"
        )
    if "interrupted" in said:
        return BadData(f"the database takes more than {DEADLINE_S:g} s", file=shown, hint="save it anew")
    return BadData(f"the database cannot be read: {said}", file=shown, hint="save it anew")
