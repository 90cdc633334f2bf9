"""Which file was meant, and what it is by its content: before anything is parsed, and whatever it is called."""

import os
import re
import stat
from pathlib import Path
from typing import BinaryIO

from mapsvc.errors import BadData, MapsvcError, NoInput

MAX_BYTES = 512 * 1024 * 1024
# By so much of its beginning a file is recognised.
HEAD = 64 * 1024

CSV = "CSV"
XLSX = "an Excel workbook (XLSX)"
GEOJSON = "a GeoJSON file"
GEOPACKAGE = "a GeoPackage"
PARQUET = "a Parquet file"
# What can be read, and what to call it in a list.
KINDS = {CSV: "CSV", XLSX: "XLSX", GEOJSON: "GeoJSON", GEOPACKAGE: "GeoPackage", PARQUET: "GeoParquet"}


def must_be_readable(head: bytes, shown: str) -> str:
    """Return what kind of file begins so; refuse one that is none of `KINDS`.

    Raises
    ------
    BadData
        Naming what it is instead.
    """
    kind = recognise(head)
    if kind not in KINDS:
        raise BadData(f"this is {kind}", file=shown, hint=f"save it as one of: {', '.join(KINDS.values())}")
    return kind


def read_bytes(path: Path) -> bytes:
    """Return the bytes of a plain file of bounded size; nothing else is opened."""
    with open_plain(path) as stream:
        try:
            return stream.read(MAX_BYTES)
        except OSError as error:
            raise _unreadable(error, printable(path)) from error


def open_plain(path: Path) -> BinaryIO:
    """Open a plain file of bounded size; anything else is named and not touched.

    Raises
    ------
    NoInput
        Where there is none, or it is something else.
    BadData
        Where it is larger than `MAX_BYTES`.
    """
    text = printable(path)
    # pathlib folds the slashes of an address: http://host becomes http:/host.
    if re.match(r"[A-Za-z][A-Za-z0-9+.-]+:|/vsi", str(path)):
        raise NoInput(
            "this is an address or a connection, not a file", file=text, hint="give the path of a file"
        )
    try:
        _must_be_plain(path.stat().st_mode, text)
        # Not to hang, should it have become a pipe since.
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except (OSError, ValueError) as error:
        raise _unreadable(error, text) from error
    stream = open(descriptor, "rb")  # noqa: PTH123, SIM115
    try:
        status = os.fstat(descriptor)
        _must_be_plain(status.st_mode, text)
        if status.st_size > MAX_BYTES:
            raise BadData(
                f"{status.st_size // 1024 // 1024} MiB is more than the {MAX_BYTES // 1024 // 1024} MiB that "
                "are read", file=text, hint="split the file",
            )  # fmt: skip
    except MapsvcError:
        stream.close()
        raise
    return stream


def _must_be_plain(mode: int, text: str) -> None:
    if not stat.S_ISREG(mode):
        raise NoInput(f"this is {_kind_of(mode)}, not a file", file=text)


def _unreadable(error: OSError | ValueError, text: str) -> NoInput:
    if isinstance(error, FileNotFoundError):
        return NoInput("there is no such file", file=text)
    reason = error.strerror if isinstance(error, OSError) else str(error)
    return NoInput(f"it cannot be read: {reason}", file=text)


def is_there(path: Path) -> bool:
    """Say whether there is a file that may be left out.

    Raises
    ------
    NoInput
        Where something else has its name, or it cannot be looked at: to go on without it would hide that.
    """
    try:
        mode = path.stat().st_mode
    except OSError as error:
        if isinstance(error, FileNotFoundError) and not path.is_symlink():
            return False
        raise NoInput(f"it cannot be read: {error.strerror}", file=printable(path)) from error
    if not stat.S_ISREG(mode):
        raise NoInput(f"this is {_kind_of(mode)}, not a file", file=printable(path))
    return True


def _kind_of(mode: int) -> str:
    kinds = ((stat.S_ISDIR, "a folder"), (stat.S_ISFIFO, "a pipe"), (stat.S_ISSOCK, "a socket"))
    return next((name for is_kind, name in kinds if is_kind(mode)), "a device")


def printable(path: Path) -> str:
    """Return the path as one printable line."""
    return "".join(letter if letter.isprintable() else ascii(letter)[1:-1] for letter in str(path))


_MAGIC = (
    (b"SQLite format 3\0", "an SQLite database"),
    (b"PK\x03\x04", "a ZIP archive"),
    (b"PK\x05\x06", "a ZIP archive"),
    (b"%PDF", "a PDF document"),
    (b"PAR1", PARQUET),
    (b"fgb\x03", "a FlatGeobuf file"),
    (b"ARROW1", "an Arrow file"),
    (b"PGDMP", "a PostgreSQL dump"),
    (b"-- PostgreSQL database dump", "a PostgreSQL dump"),
    (b"\xd0\xcf\x11\xe0", "an old Excel or Word file"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"7z\xbc\xaf", "a 7-Zip archive"),
    (b"\xfd7zXZ", "an xz archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\x28\xb5\x2f\xfd", "a Zstandard archive"),
    (b"Rar!", "a RAR archive"),
    (b"\x7fELF", "a program"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
)
_MARKUP = (
    (b"<ogrvrtdatasource", "an OGR VRT, which only points to other data"),
    (b"<gdal_wms", "a GDAL WMS description, which only points to other data"),
    (b"<!doctype html", "an HTML page"),
    (b"<html", "an HTML page"),
    (b"<kml", "a KML file"),
    (b"<gpx", "a GPX file"),
    (b"<svg", "an SVG picture"),
)


def recognise(head: bytes) -> str:
    r"""Say what a file is by its first bytes: a key of `READERS`, or words for what it is instead.

    Examples
    --------
    >>> recognise(b"name,country"), recognise(b"PK\x03\x04..."), recognise(b'{"type": "FeatureCollection"}')
    ('CSV', 'a ZIP archive', 'a GeoJSON file')
    """
    if head.startswith(b"SQLite format 3\0") and head[68:72] in {b"GPKG", b"GP10", b"GP11"}:
        return GEOPACKAGE
    if head.startswith(b"PK\x03\x04") and b"xl/" in head:
        return XLSX
    found = next((name for magic, name in _MAGIC if head.startswith(magic)), "")
    if found:
        return found
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if text.startswith(b"<"):
        return next((name for mark, name in _MARKUP if mark in text), "an XML or HTML file")
    if text.startswith((b"{", b"[")):
        return GEOJSON if b'"featurecollection"' in text or b'"feature"' in text else "a JSON file"
    return CSV if head.strip(b"\0") or not head else "nothing but zeros"
