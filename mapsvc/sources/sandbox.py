"""An untrusted file is copied to a private place, and parsed in a process that can do nothing else.

A parser that a file can break is broken there. What comes back is Arrow, checked again; what becomes of the child is
told in one sentence.
"""

import contextlib
import json
import logging
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from mapsvc.errors import BadConfiguration, BadData, NoInput
from mapsvc.model import ValidationReport
from mapsvc.sources.confinement import MAX_CPU_S, MAX_OUTPUT
from mapsvc.sources.files import HEAD, must_be_readable, open_plain, printable
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
    findings = list(answer.findings)
    if answer.crs:
        frame, more = with_points(frame, points, answer.crs, shown)
        findings += more
    issues = issues_of(findings, answer.more, path.name)
    report = ValidationReport(answer.n_left_out, 0, answer.n_left_out, issues)
    return RawTable(frame, path.name, answer.dialect, report)


@dataclass(frozen=True)
class _Answer:
    """What a child says of a file beside its table; see `Stream`. `kept` is what the system could not forbid it."""

    dialect: str
    crs: str
    findings: tuple[Finding, ...]
    more: dict[str, list[int]]
    n_left_out: int
    kept: tuple[str, ...]


@contextlib.contextmanager
def _private_copy(path: Path) -> Iterator[Path]:
    """Copy a plain file to a folder of our own, so that nobody changes it while it is read.

    What it is at first sight to be of another kind is not copied, and costs no process.
    """
    shown = printable(path)
    with open_plain(path) as source, tempfile.TemporaryDirectory(prefix="mapsvc-") as folder:
        copy = Path(folder, "copy")
        try:
            head = source.read(HEAD)
            must_be_readable(head, shown)
            with copy.open("wb") as target:
                target.write(head)
                shutil.copyfileobj(source, target, 1024 * 1024)
        except OSError as error:
            raise NoInput(f"it cannot be read: {error.strerror}", file=shown) from error
        yield copy


def _parsed(copy: Path, table: Path, shown: str, layer: str) -> _Answer:
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
    _say_once(found.kept)
    return found


def _answer(path: Path, shown: str) -> _Answer:
    """Return what the child says, or raise what it raised."""
    try:
        with path.open("rb") as stream:
            found = json.loads(stream.read(_MAX_ANSWER))
        if "refused" in found:
            name, message, row, column, hint = found["refused"]
            kind = BadConfiguration if name == BadConfiguration.__name__ else BadData
            raise kind(
                _plain(message), file=shown, row=row and int(row), column=_plain(column), hint=_plain(hint)
            )
        return _Answer(
            _plain(found["dialect"]),
            _plain(found["crs"]),
            tuple(map(_finding, found["findings"])),
            {_plain(code): [int(row) for row in rows] for code, rows in found["more"].items()},
            int(found["left_out"]),
            tuple(map(_plain, found["kept"])),
        )
    except (ValueError, TypeError, KeyError, AttributeError, IndexError, RecursionError) as error:
        raise BadData("what was parsed is not a table", file=shown) from error


def _finding(parts: list[Any]) -> Finding:
    severity, code, message, row, column, value, suggestion = parts
    texts = map(_plain, (column, value, suggestion))
    return Finding(_plain(severity), _plain(code), _plain(message), row and int(row), *texts)


def _plain(text: str) -> str:
    """Return a text that was to be one as one that can be printed."""
    return "".join(letter if letter.isprintable() else " " for letter in text)


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
