"""A layer as a package: the data with what it says of itself, for people (README) and for programs (metadata.json)."""

import io
import json
import zipfile
from collections.abc import Mapping

from mapsvc.formats.layers import Layer

# The earliest that the format can say.
EARLIEST_YEAR = 1980


def readme(layer: Layer, names: tuple[str, ...]) -> str:
    """Return the README of a package: what is in it, where it comes from, and how to name it."""
    about = layer.description
    facts = [
        ("Publisher", " ".join(part for part in (about.publisher, about.homepage) if part)),
        ("Licence", " ".join(part for part in (about.licence, about.licence_url) if part)),
        ("Source", about.source),
        ("Cite as", about.citation),
        ("Date of the data", about.compiled),
        ("Snapshot", about.snapshot),
        ("Query", about.query or "everything"),
        ("Address", about.address),
        ("Features", str(about.number_of_features)),
        ("Completeness", about.completeness),
    ]
    lines = [about.title, "=" * len(about.title), ""]
    lines += [f"{name}: {text}" for name, text in facts if text]
    lines += ["", *(f"* {note}" for note in about.notes), "", "Files:"]
    lines += [f"  {name}" for name in names]
    lines += [
        "",
        "Coordinates are longitude and latitude in degrees (WGS 84). An empty cell is not known; a list in a cell is parted",
        "by semicolons, and a semicolon alone is an empty list. In tables, text that a spreadsheet would run as a formula",
        "begins with an apostrophe that does not belong to it.",
        "",
    ]
    return "\n".join(lines)


def as_zip(layer: Layer, data: Mapping[str, bytes], metadata: Mapping[str, object]) -> bytes:
    """Return a package of files with their ``metadata.json`` and ``README.txt``; equal data gives equal bytes."""
    files = {
        "README.txt": readme(layer, (*data, "metadata.json")).encode(),
        "metadata.json": (
            json.dumps(metadata, ensure_ascii=False, indent=2, allow_nan=False) + "\n"
        ).encode(),
        **data,
    }
    stream = io.BytesIO()
    made = layer.made
    when = (made.year, made.month, made.day, 0, 0, 0)
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as package:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, when)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            package.writestr(entry, content)
    return stream.getvalue()
