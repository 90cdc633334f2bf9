"""Which file was meant, and what it is by its content: before anything is parsed, and whatever it is called."""

import os
import re
import stat
from pathlib import Path

from mapsvc.errors import BadData, NoInput

MAX_BYTES = 512 * 1024 * 1024


def read_bytes(path: Path) -> bytes:
    """Return the bytes of a plain file of bounded size; nothing else is opened."""
    text = printable(path)
    # pathlib folds the slashes of an address: http://host becomes http:/host.
    if re.match(r"[A-Za-z][A-Za-z0-9+.-]+:|/vsi", str(path)):
        raise NoInput(
            "this is an address or a connection, not a file", file=text, hint="give the path of a file"
        )
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise NoInput(f"this is {_kind_of(path.stat().st_mode)}, not a file", file=text)
        # Not to hang, should it have become a pipe since.
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        with open(descriptor, "rb") as stream:  # noqa: PTH123
            status = os.fstat(descriptor)
            if not stat.S_ISREG(status.st_mode):
                raise NoInput(f"this is {_kind_of(status.st_mode)}, not a file", file=text)
            if status.st_size > MAX_BYTES:
                raise BadData(
                    f"{status.st_size // 1024 // 1024} MiB is more than the {MAX_BYTES // 1024 // 1024} MiB that "
                    "are read", file=text, hint="split the file",
                )  # fmt: skip
            return stream.read(MAX_BYTES)
    except FileNotFoundError as error:
        raise NoInput("there is no such file", file=text) from error
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise NoInput(f"it cannot be read: {reason}", file=text) from error


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
    (b"PAR1", "a Parquet file"),
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
    if head.startswith(b"SQLite format 3\0") and head[68:72] == b"GPKG":
        return "a GeoPackage"
    if head.startswith(b"PK\x03\x04") and b"xl/" in head:
        return "an Excel workbook (XLSX)"
    found = next((name for magic, name in _MAGIC if head.startswith(magic)), "")
    if found:
        return found
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if text.startswith(b"<"):
        return next((name for mark, name in _MARKUP if mark in text), "an XML or HTML file")
    if text.startswith((b"{", b"[")):
        return "a GeoJSON file" if b'"featurecollection"' in text or b'"feature"' in text else "a JSON file"
    return "CSV"
