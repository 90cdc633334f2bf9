"""What runs in the child process: it gives up what it does not need, parses one file, and writes Arrow.

The parent is `sandbox`. Everything is imported late: a file that is refused should not wait for what it never needs.
"""

import gc
import json
import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from mapsvc.errors import BadData, MapsvcError
from mapsvc.sources import files
from mapsvc.sources.confinement import confine
from mapsvc.sources.tabular import Stream


def main() -> None:
    """Parse the file that the arguments name: its private copy, what it is called, the part of it that is wanted."""
    copy, shown, layer = sys.argv[1:4]
    table, answer = (int(number) for number in sys.argv[4:6])
    kept = confine(_readable(copy))
    # A table is made of lists of texts: there are no circles in it to look for.
    gc.disable()
    try:
        found = _parse(Path(copy), shown, layer, table) | {"kept": kept}
    except MapsvcError as error:
        found = {
            "refused": [
                type(error).__name__,
                error.message[:500],
                error.row,
                error.column[:200],
                error.hint[:500],
            ]
        }
    except RecursionError:
        found = {"refused": ["BadData", "it is nested too deeply", None, "", "save it anew"]}
    except MemoryError:
        found = {"refused": ["BadData", "it needs more than 1 GiB of memory", None, "", "split the file"]}
    with open(answer, "w", encoding="utf-8") as stream:  # noqa: PTH123
        json.dump(found, stream)
    # Nothing is left to be done, and to take everything down again costs as long as to load it.
    os._exit(0)


def _readable(copy: str) -> set[str]:
    here = str(Path(__file__).resolve().parent.parent)
    return {
        copy,
        here,
        sys.prefix,
        sys.base_prefix,
        "/usr/lib",
        "/lib",
        "/lib64",
        "/etc/ld.so.cache",
        "/dev/urandom",
    }


def _parse(copy: Path, shown: str, layer: str, table: int) -> dict[str, Any]:
    with copy.open("rb") as stream:
        kind = files.must_be_readable(stream.read(files.HEAD), shown)
    found = READERS[kind](copy, shown, layer)
    from mapsvc.sources.arrow import write_arrow  # noqa: PLC0415

    write_arrow(found, table, shown)
    return {
        "dialect": found.dialect,
        "crs": found.crs,
        "findings": found.findings,
        "more": found.more,
        "left_out": found.n_left_out,
    }


def _delimited(copy: Path, shown: str, layer: str) -> Stream:
    from mapsvc.sources.delimited import read_delimited  # noqa: PLC0415

    _no_layers(layer, shown)
    return read_delimited(copy.read_bytes(), shown)


def _workbook(copy: Path, shown: str, layer: str) -> Stream:
    from mapsvc.sources.workbook import read_workbook  # noqa: PLC0415

    return read_workbook(copy, shown, layer)


def _geojson(copy: Path, shown: str, layer: str) -> Stream:
    from mapsvc.sources.features import read_features  # noqa: PLC0415

    _no_layers(layer, shown)
    return read_features(copy.read_bytes(), shown)


def _geopackage(copy: Path, shown: str, layer: str) -> Stream:
    from mapsvc.sources.geopackage import read_geopackage  # noqa: PLC0415

    return read_geopackage(copy, shown, layer)


def _parquet(copy: Path, shown: str, layer: str) -> Stream:
    from mapsvc.sources.geoparquet import read_geoparquet  # noqa: PLC0415

    _no_layers(layer, shown)
    return read_geoparquet(copy, shown)


def _no_layers(layer: str, shown: str) -> None:
    if layer:
        raise BadData("a file of this kind holds one table", file=shown, hint="leave --layer out")


Reader = Callable[[Path, str, str], Stream]
READERS: Mapping[str, Reader] = MappingProxyType(
    {
        files.CSV: _delimited,
        files.XLSX: _workbook,
        files.GEOJSON: _geojson,
        files.GEOPACKAGE: _geopackage,
        files.PARQUET: _parquet,
    }
)
