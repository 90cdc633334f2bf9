"""A file becomes a table of text: every row kept or listed, nothing guessed.

The network's own tables are CSV and are read here and now. What comes from outside is parsed in a child process, by
`sandbox.read_untrusted`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import pandas as pd

from mapsvc.analysis.rows import condensed
from mapsvc.errors import BadData
from mapsvc.model import Issue, Severity, ValidationReport
from mapsvc.sources.delimited import read_delimited
from mapsvc.sources.files import CSV, printable, read_bytes, recognise
from mapsvc.sources.points import point_array, with_points
from mapsvc.sources.tabular import MAX_ROWS, Finding, Point, Stream

_HEAD = 64 * 1024


@dataclass(frozen=True)
class RawTable:
    """A table as it stood in a file, all text, with what was found while reading it.

    Attributes
    ----------
    frame : DataFrame
        Text cells (object dtype, never null); columns as the header spells them, stripped; the index is the
        number of the line (or row) at which each record begins, 1 being the first of the file.
    file : str
        Name of the file, without its folder.
    dialect : str
        How it was read, such as ``UTF-8, comma``.
    report : ValidationReport
        The rows that are not in `frame`, each an error with its number, and remarks on the file.
    """

    frame: pd.DataFrame
    file: str
    dialect: str
    report: ValidationReport


def read_table(path: Path) -> RawTable:
    """Read a table of the network's own folder, which is CSV.

    Raises
    ------
    NoInput
        Where there is no such file, or it is a folder, a device, an address.
    BadData
        Where the content is not a table that can be read, naming what was found and where.
    """
    content = read_bytes(path)
    kind = recognise(content[:_HEAD])
    if kind != CSV:
        raise BadData(f"this is {kind}", file=printable(path), hint="save it as CSV")
    return read_csv(content, path)


def read_csv(content: bytes, path: Path) -> RawTable:
    """Read delimited text in whatever encoding and with whatever delimiter, and say which.

    Raises
    ------
    BadData
        Empty file; text that is no text; blank or repeated column names; an unclosed quotation mark; a cell,
        a row or a table beyond all measure.
    """
    shown = printable(path)
    return raw_table(read_delimited(content, shown), shown, path.name)


def raw_table(stream: Stream, shown: str, file: str) -> RawTable:
    """Read all of a stream.

    Raises
    ------
    BadData
        Where a row turns out to be one that cannot be read.
    """
    columns: list[list[str]] = [[] for _ in stream.header]
    numbers: list[int] = []
    points: list[Point | None] = []
    for batch in stream.batches(shown, MAX_ROWS):
        numbers += batch.numbers
        points += batch.points
        for column, more in zip(columns, batch.columns, strict=True):
            column.extend(more)
    index = pd.Index(numbers, dtype="int64")
    frame = pd.DataFrame(
        {
            name: pd.Series(column, index, dtype=object)
            for name, column in zip(stream.header, columns, strict=True)
        }
    )
    if stream.crs:
        frame, more_findings = with_points(frame, point_array(points), stream.crs, shown)
        stream.findings += more_findings
    issues = issues_of(stream.findings, stream.more, file)
    report = ValidationReport(stream.n_left_out, 0, stream.n_left_out, issues)
    return RawTable(frame, file, stream.dialect, report)


def issues_of(findings: Iterable[Finding], more: Mapping[str, Iterable[int]], file: str) -> tuple[Issue, ...]:
    """Return findings as issues of a file, in the order of its rows."""
    told = [
        Issue(cast("Severity", one.severity), one.code, one.message, file, one.row, one.column, one.value, one.suggestion)
        for one in findings
    ]  # fmt: skip
    rest = [Issue("error", code, "", file, row) for code, rows in more.items() for row in rows]
    return condensed((*told, *rest))
