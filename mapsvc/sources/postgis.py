"""A table or a query of a PostgreSQL database, with or without PostGIS, in a session that can only read.

The driver is psycopg 3 (LGPL), which only an import from a database loads.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Any
from urllib.parse import urlsplit

from mapsvc.errors import BadConfiguration, BadData, NoInput, Unavailable
from mapsvc.sources.tabular import Row, Stream, as_text, checked_header, chunked
from mapsvc.sources.wkb import NotAPoint, point_of

CONNECT_S, STATEMENT_S = 10, 120
_ADDRESS = re.compile(r"postgres(?:ql)?://", re.IGNORECASE)
_NOWHERE = (float("nan"), float("nan"))


def is_database(source: str) -> bool:
    """Say whether a source is an address of a database.

    Examples
    --------
    >>> is_database("postgresql://localhost/members"), is_database("members.csv")
    (True, False)
    """
    return bool(_ADDRESS.match(source))


def shown_address(address: str) -> str:
    """Return the address as it may be shown: without user and password.

    Examples
    --------
    >>> shown_address("postgresql://me:secret@db.example.org:5432/members?password=too")
    'postgresql://db.example.org:5432/members'
    """
    try:
        parts = urlsplit(address)
    except ValueError:
        return "postgresql://…"
    host = parts.netloc.rpartition("@")[2]
    return "".join(filter(str.isprintable, f"postgresql://{host}{parts.path}"))


def read_database(address: str, layer: str = "", query: str = "") -> Stream:
    """Begin to read a table, or what a query gives; row by row, so that no table is too large for memory.

    Parameters
    ----------
    address : str
        ``postgresql://user@host/database``; a password is better left to ``PGPASSFILE``.
    layer : str
        A table or a view, with or without its schema.
    query : str
        One statement instead.

    Raises
    ------
    Unavailable
        Where the database cannot be reached, or does not answer in time.
    NoInput
        Where neither or both are given, or there is no such table.
    BadData
        Where the query cannot be run in a session that only reads.
    BadConfiguration
        Where the driver is not installed.
    """
    shown = shown_address(address)
    try:
        import psycopg  # noqa: PLC0415
        from psycopg import sql  # noqa: PLC0415
    except ImportError as error:
        raise BadConfiguration(
            "a database needs the package 'psycopg'", hint="pip install 'mapsvc[import]'"
        ) from error
    if bool(layer) == bool(query):
        raise NoInput(
            "a database holds many tables", file=shown, hint="name one by --layer, or give a --query"
        )
    try:
        base = psycopg.connect(
            address, connect_timeout=CONNECT_S, application_name="mapsvc",
            options=f"-c default_transaction_read_only=on -c statement_timeout={STATEMENT_S}s -c lock_timeout={CONNECT_S}s",
        )  # fmt: skip
    except psycopg.ProgrammingError as error:
        raise NoInput(
            "this is not the address of a database", file=shown, hint="postgresql://user@host/name"
        ) from error
    except psycopg.OperationalError as error:
        raise Unavailable("the database cannot be reached", file=shown, hint=_one_line(error)) from error
    base.read_only = True
    statement = (
        sql.SQL(query) if query else sql.SQL("SELECT * FROM {}").format(sql.Identifier(*layer.split(".", 1)))
    )
    try:
        return _stream(base, statement, layer, shown)
    except psycopg.Error as error:
        base.close()
        raise _refusal(error, shown) from error


def _stream(base: Any, statement: Any, layer: str, shown: str) -> Stream:  # noqa: ANN401 – its types load the driver
    from psycopg.types.string import TextLoader  # noqa: PLC0415

    found = base.execute("SELECT oid FROM pg_type WHERE typname IN ('geometry', 'geography')").fetchall()
    shapes = {int(row[0]) for row in found}
    # Dates before our era and after the year 9999 are dates to PostgreSQL; the text is checked later anyway.
    for kind in ("date", "timestamp", "timestamptz", "interval", "json", "jsonb"):
        base.adapters.register_loader(kind, TextLoader)
    cursor = base.cursor()
    # One statement only: the protocol of a stream takes no second one behind a semicolon.
    records = cursor.stream(statement)
    first = next(records, None)
    columns = [(one.name, one.type_code) for one in cursor.description or ()]
    geometry = [place for place, (_, kind) in enumerate(columns) if kind in shapes]
    if len(geometry) > 1:
        named = ", ".join(columns[place][0][:40] for place in geometry)
        records.close()
        base.close()
        raise BadData(
            f"there are {len(geometry)} geometries", file=shown, hint=f"choose one by --query: {named}"
        )
    place = geometry[0] if geometry else -1
    names = [name for n, (name, _) in enumerate(columns) if n != place]
    header = checked_header(names, 1, shown)
    stream = Stream(header, iter(()), f"PostgreSQL, {f'table {layer}' if layer else 'query'}")
    srid = (_srid(first[place]) if first and geometry else 0) or 4326
    if geometry:
        stream.crs = f"EPSG:{srid}"
    stream.chunks = chunked(
        _rows(base, chain([first] if first else [], records), place, srid, stream=stream, shown=shown), shown
    )
    return stream


def _rows(
    base: Any, records: Iterator[Sequence[Any]], place: int, srid: int, *, stream: Stream, shown: str,  # noqa: ANN401
) -> Iterator[Row]:  # fmt: skip
    import psycopg  # noqa: PLC0415

    try:
        for number, record in enumerate(records, start=1):
            cells = [as_text(value) for n, value in enumerate(record) if n != place]
            yield Row(number, cells, _point(record[place], srid, number, stream) if place >= 0 else None)
    except psycopg.Error as error:
        raise _refusal(error, shown) from error
    finally:
        base.close()


def _point(value: object, srid: int, number: int, stream: Stream) -> tuple[float, float]:
    if isinstance(value, str):
        try:
            point, own = point_of(bytes.fromhex(value))
        except NotAPoint as error:
            stream.no_point(number, str(error))
        except ValueError:
            stream.no_point(number, "the geometry is broken")
        else:
            if own == srid:
                return point or _NOWHERE
            stream.no_point(
                number,
                f"the geometry is in EPSG:{own}, others in EPSG:{srid}"
                if own
                else "the geometry has no SRID",
            )
    return _NOWHERE


def _srid(value: object) -> int:
    try:
        return point_of(bytes.fromhex(str(value)))[1]
    except ValueError:
        return 0


def _refusal(error: Exception, shown: str) -> BadData | NoInput | Unavailable:
    import psycopg  # noqa: PLC0415
    from psycopg import errors  # noqa: PLC0415

    if isinstance(error, errors.UndefinedTable | errors.InvalidSchemaName):
        return NoInput(_one_line(error), file=shown, hint="name a table that is there")
    if isinstance(error, errors.QueryCanceled):
        return Unavailable(f"no answer within {STATEMENT_S} s", file=shown, hint="try a smaller query")
    if isinstance(error, psycopg.OperationalError):
        return Unavailable("the database broke off", file=shown, hint=_one_line(error))
    return BadData(
        f"the database refuses: {_one_line(error)}", file=shown, hint="mend the query; it may only read"
    )


def _one_line(error: Exception) -> str:
    first = str(error).strip().partition("\n")[0]
    return "".join(filter(str.isprintable, first))[:200]
