"""An untrusted file is copied to a private place, and parsed in a process that can do nothing else.

A parser that a file can break is broken there. What comes back is Arrow, checked again; what becomes of the child is
told in one sentence.
"""

import contextlib
import json
import logging
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pandas as pd

from mapsvc import errors
from mapsvc.errors import BadConfiguration, BadData, MapsvcError
from mapsvc.model import ValidationReport
from mapsvc.sources.confinement import MAX_CPU_S, MAX_OUTPUT
from mapsvc.sources.files import open_plain, printable
from mapsvc.sources.points import with_points
from mapsvc.sources.readers import RawTable, issues_of
from mapsvc.sources.tabular import Finding

MAX_WALL_S = 120
_MAX_ANSWER = 64 * 1024 * 1024
_ROOT = str(Path(__file__).resolve().parent.parent.parent)
_START = f"import sys; sys.path.append({_ROOT!r}); from mapsvc.sources.child import main; main()"
# Nothing of ours reaches the child but this: one thread, and memory that is asked for when it is used.
_ENVIRONMENT = {
    "ARROW_DEFAULT_MEMORY_POOL": "system",
    "MALLOC_ARENA_MAX": "1",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "PYTHONUTF8": "1",
}
_LOG = logging.getLogger(__name__)


def read_untrusted(path: Path, layer: str = "") -> RawTable:
    """Read a table from a file that anybody may have sent.

    Parameters
    ----------
    path : Path
        CSV, XLSX, GeoJSON, GeoPackage or GeoParquet, known by its content.
    layer : str
        The sheet of a workbook or the table of a GeoPackage; otherwise the first.

    Raises
    ------
    NoInput
        Where there is no such file, or it is a folder, a device, an address.
    BadData
        Where the content is not a table that can be read, naming what was found and where.
    BadConfiguration
        Where the packages that importing needs are not installed.
    """
    if find_spec("pyarrow") is None:
        raise BadConfiguration("importing needs the package 'pyarrow'", hint="pip install 'mapsvc[import]'")
    from mapsvc.sources.handover import read_arrow  # noqa: PLC0415 – only what is imported needs Arrow

    shown = printable(path)
    with _private_copy(path) as copy:
        table = copy.with_name("table")
        answer = _parsed(copy, table, shown, layer)
        frame, points = read_arrow(str(table), shown)
    findings = [Finding(*one) for one in answer["findings"]]
    if answer["crs"]:
        frame, more = with_points(frame, points, answer["crs"], shown)
        findings += more
    issues = issues_of(findings, answer["more"], path.name)
    report = ValidationReport(answer["left_out"], 0, answer["left_out"], issues)
    return RawTable(frame, path.name, answer["dialect"], report)


@contextlib.contextmanager
def _private_copy(path: Path) -> Iterator[Path]:
    """Copy a plain file to a folder of our own, so that nobody changes it while it is read."""
    with open_plain(path) as source, tempfile.TemporaryDirectory(prefix="mapsvc-") as folder:
        copy = Path(folder, "copy")
        with copy.open("wb") as target:
            shutil.copyfileobj(source, target)
        yield copy


def _parsed(copy: Path, table: Path, shown: str, layer: str) -> dict[str, Any]:
    """Let a child parse the copy into `table`, and return what it says about that.

    Raises
    ------
    MapsvcError
        As the child raised it, or for what became of the child.
    """
    answer = copy.with_name("answer")
    with table.open("xb") as one, answer.open("xb") as other:
        outputs = (one.fileno(), other.fileno())
        arguments = (str(copy), shown, layer, *map(str, outputs))
        try:
            ended = subprocess.run(
                [sys.executable, "-I", "-c", _START, *arguments],
                env=_ENVIRONMENT, cwd=copy.parent, pass_fds=outputs, timeout=MAX_WALL_S, check=False,
                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
            )  # fmt: skip
        except subprocess.TimeoutExpired as error:
            raise BadData(f"it takes more than {MAX_WALL_S} s", file=shown, hint="split the file") from error
    if ended.returncode:
        raise BadData(_fate(ended.returncode, ended.stderr), file=shown, hint="save it anew, or as CSV")
    found = _answer(answer, shown)
    if "refused" in found:
        raise _refusal(found["refused"], shown)
    _say_once(tuple(found["kept"]))
    return found


def _answer(path: Path, shown: str) -> dict[str, Any]:
    try:
        with path.open("rb") as stream:
            found = json.loads(stream.read(_MAX_ANSWER))
    except (ValueError, RecursionError) as error:
        raise BadData("what was parsed is not a table", file=shown) from error
    if not isinstance(found, dict):
        raise BadData("what was parsed is not a table", file=shown)
    return found


def _refusal(parts: list[Any], shown: str) -> MapsvcError:
    name, message, row, column, hint = parts
    kind = {"BadConfiguration": errors.BadConfiguration}.get(name, BadData)
    return kind(message, file=shown, row=row, column=column, hint=hint)


def _fate(code: int, said: bytes) -> str:
    """Say in words how a child ended that did not say so itself."""
    if code == -signal.SIGXCPU:
        return f"it takes more than {MAX_CPU_S} s to parse"
    if b"MemoryError" in said or b"memory allocation" in said or b"bad_alloc" in said:
        return "it needs more than 1 GiB of memory"
    if b"File too large" in said or code == -getattr(signal, "SIGXFSZ", 0):
        return f"it holds more than {MAX_OUTPUT // 1024 // 1024} MiB of text"
    last = said.decode("utf-8", "replace").strip().rpartition("\n")[2]
    return f"the parser broke on it ({''.join(filter(str.isprintable, last))[:200] or code})"


@lru_cache
def _say_once(kept: tuple[str, ...]) -> None:
    if kept:
        _LOG.warning("This system lets whatever parses an untrusted file %s.", ", ".join(kept))
