"""Parquet, and GeoParquet, which says in its metadata where the geometry is and what it is in."""

import json
import math
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from mapsvc.errors import BadData
from mapsvc.sources.tabular import (
    MAX_COLUMNS,
    MAX_ROWS,
    Point,
    Row,
    Stream,
    as_text,
    checked_header,
    chunked,
)
from mapsvc.sources.wkb import NotAPoint, point_of

MAX_UNPACKED = 512 * 1024 * 1024
_BATCH = 2_000
_FOOTER = 16 * 1024 * 1024
_NOWHERE = (math.nan, math.nan)


def read_geoparquet(path: Path, shown: str) -> Stream:
    """Begin to read a Parquet file, with the points of its primary geometry column where there is one.

    Raises
    ------
    BadData
        Where it is damaged, too large, or in a reference system that is not stated by its EPSG code.
    """
    try:
        file = pq.ParquetFile(
            path, thrift_string_size_limit=_FOOTER, thrift_container_size_limit=1_000_000, pre_buffer=False
        )
    except (pa.ArrowException, OSError, ValueError) as error:
        raise _refusal(error, shown) from error
    about = file.metadata
    if about.num_rows > MAX_ROWS:
        raise BadData(f"more than {MAX_ROWS:,} rows", file=shown, hint="split the file")
    if len(file.schema_arrow) > MAX_COLUMNS or about.num_columns > 4 * MAX_COLUMNS:
        raise BadData(f"{about.num_columns:,} columns", file=shown, hint=f"use at most {MAX_COLUMNS:,}")
    size = sum(max(about.row_group(n).total_byte_size, 0) for n in range(about.num_row_groups))
    if size > MAX_UNPACKED:
        raise BadData(f"it unpacks to {size // 1024 // 1024:,} MiB", file=shown, hint="split the file")
    geometry, encoding, crs = _geometry(about.metadata or {}, shown)
    known = file.schema_arrow.names
    if geometry and geometry not in known:
        raise BadData(f"there is no column {geometry[:60]!r}", file=shown, hint="save it anew")
    # pandas writes its numbers of rows under such a name.
    names = [name for name in known if name != geometry and not name.startswith("__index_level_")]
    header = checked_header(names, 1, shown)
    stream = Stream(header, iter(()), "GeoParquet" if geometry else "Parquet", crs)
    stream.chunks = chunked(_rows(file, names, (geometry, encoding), stream, shown), shown)
    return stream


def _geometry(metadata: dict[bytes, bytes], shown: str) -> tuple[str, str, str]:
    """Return the name and the encoding of the geometry column, and what it is in; empty where there is none."""
    if b"geo" not in metadata:
        return "", "", ""
    try:
        geo = json.loads(metadata[b"geo"])
        name = geo["primary_column"]
        column = geo["columns"][name]
        encoding, crs = str(column["encoding"]), column.get("crs", "OGC:CRS84")
    except (ValueError, KeyError, TypeError, RecursionError, AttributeError) as error:
        raise BadData("its geo metadata cannot be understood", file=shown, hint="save it anew") from error
    if encoding not in {"WKB", "point"} or not isinstance(name, str):
        raise BadData(
            f"its geometries are encoded as {encoding[:40]!r}", file=shown, hint="save them as points, in WKB"
        )
    return name, encoding, crs if crs == "OGC:CRS84" else _code(crs, shown)


def _code(crs: object, shown: str) -> str:
    id_ = crs.get("id") if isinstance(crs, dict) else None
    authority = str(id_.get("authority", "")).upper() if isinstance(id_, dict) else ""
    code = str(id_.get("code", "")) if isinstance(id_, dict) else ""
    if (authority == "EPSG" and code.isascii() and code.isdigit()) or (authority, code) == ("OGC", "CRS84"):
        return f"{authority}:{code}"
    raise BadData(
        "the reference system is not stated by its EPSG code", file=shown, hint="save it in EPSG:4326"
    )


def _rows(
    file: pq.ParquetFile, names: list[str], geometry: tuple[str, str], stream: Stream, shown: str
) -> Iterator[Row]:
    column, encoding = geometry
    number = 0
    try:
        for batch in file.iter_batches(_BATCH, use_threads=False):
            cells = [batch.column(name).to_pylist() for name in names]
            shapes = batch.column(column).to_pylist() if column else [None] * batch.num_rows
            for place, shape in enumerate(shapes):
                number += 1
                point = _point(shape, encoding, number, stream) if column else None
                yield Row(number, [as_text(values[place]) for values in cells], point)
    except (pa.ArrowException, OSError, ValueError, OverflowError) as error:
        raise _refusal(error, shown) from error


def _point(shape: object, encoding: str, number: int, stream: Stream) -> Point:
    if shape is None:
        return _NOWHERE
    try:
        if encoding == "WKB" and isinstance(shape, bytes):
            return point_of(shape)[0] or _NOWHERE
        if encoding == "point" and isinstance(shape, dict):
            x, y = float(shape["x"]), float(shape["y"])
            return x, y
    except NotAPoint as error:
        stream.no_point(number, str(error))
    except (KeyError, TypeError):
        stream.no_point(number, "the geometry is broken")
    else:
        stream.no_point(number, "the geometry is broken")
    return _NOWHERE


def _refusal(error: Exception, shown: str) -> BadData:
    said = "".join(filter(str.isprintable, str(error)))[:200]
    return BadData(f"this Parquet file cannot be read: {said}", file=shown, hint="save it anew")
