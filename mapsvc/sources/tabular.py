"""What every reader gives: a stream of text rows under checked column names, and findings beside it.

Nothing here loads a data frame: it runs in the child process in which an untrusted file is parsed, which must
start quickly.
"""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import NamedTuple

from mapsvc.analysis.fields import UNPRINTABLE
from mapsvc.errors import BadData

MAX_ROWS = 1_000_000
MAX_COLUMNS = 1_000
# The csv module's own limit, which holds for the whole process and is therefore left alone.
MAX_CELL = 131_072
# Of one kind of finding so many are told in full; of the rest the rows are.
MAX_TOLD = 1_000
BATCH = 10_000

Point = tuple[float, float]


class Finding(NamedTuple):
    """What was found while reading, as plain as it has to be to pass from one process to another."""

    severity: str
    code: str
    message: str
    row: int | None = None
    column: str = ""
    value: str = ""
    suggestion: str = ""


class Row(NamedTuple):
    """One record: the number of the line or row at which it begins, its cells, and its point if it has one."""

    number: int
    cells: Sequence[str]
    point: Point | None = None


class Chunk(NamedTuple):
    """Some records as they were read: their numbers, their cells, and their points where the format knows any."""

    numbers: Sequence[int]
    rows: Sequence[Sequence[str]]
    points: Sequence[Point | None] = ()


class Batch(NamedTuple):
    """Some records that fit under the header, by column."""

    numbers: Sequence[int]
    columns: Sequence[Sequence[str]]
    points: Sequence[Point | None]


@dataclass
class Stream:
    """A table while it is read.

    Attributes
    ----------
    header : list of str
        Column names, checked by `checked_header`.
    chunks : iterator of Chunk
    dialect : str
        How it is read, such as ``UTF-8, comma``.
    crs : str
        What the points are in, such as ``EPSG:4326``; empty where the format knows no points.
    findings : list of Finding
        Remarks on the file, and an error for each row that is left out; grows while `chunks` is read.
    n_left_out : int
        The number of those rows.
    more : dict
        The numbers of the rows of which no more is told, by code of the error.
    n_told : dict
        How many errors there were, by code.
    """

    header: list[str]
    chunks: Iterator[Chunk]
    dialect: str
    crs: str = ""
    findings: list[Finding] = field(default_factory=list)
    n_left_out: int = 0
    more: dict[str, list[int]] = field(default_factory=dict)
    n_told: dict[str, int] = field(default_factory=dict)

    def batches(self, shown: str, max_rows: int = MAX_ROWS) -> Iterator[Batch]:
        """Yield the rows by column, a batch at a time: a million row lists would be a million objects to collect.

        Blank rows are skipped, rows that do not fit are left out.

        Raises
        ------
        BadData
            Beyond `max_rows` rows.
        """
        n, width = 0, len(self.header)
        for chunk in self.chunks:
            n += len(chunk.rows)
            if n > max_rows:
                raise BadData(f"more than {max_rows:,} rows", file=shown, hint="split the file")
            numbers, rows, points = chunk
            if not all(len(row) == width and any(row) for row in rows):
                kept = [place for place in range(len(rows)) if self._fits(chunk, place, width)]
                numbers = [numbers[place] for place in kept]
                rows = [rows[place][:width] for place in kept]
                points = [points[place] for place in kept] if points else ()
            columns = list(zip(*rows, strict=True)) if rows else [()] * width
            yield Batch(numbers, columns, points or [None] * len(rows))

    def _fits(self, chunk: Chunk, place: int, width: int) -> bool:
        row = chunk.rows[place]
        if not any(row) and not (chunk.points and chunk.points[place] is not None):
            return False
        # Cells to the right of the last name are no loss if they are empty.
        if len(row) == width or (len(row) > width and not any(row[width:])):
            return True
        self._leave_out(
            Finding("error", "ragged-row", f"{len(row)} cells under {width} column names", chunk.numbers[place], "",
                    row[0][:80], "put quotation marks around cells that hold the delimiter")
        )  # fmt: skip
        return False

    def no_point(self, row: int, reason: str) -> None:
        """Say that the geometry of a row is no point."""
        self._tell(Finding("error", "not-a-point", reason, row, "geometry"))

    def _leave_out(self, finding: Finding) -> None:
        self.n_left_out += 1
        self._tell(finding)

    def _tell(self, finding: Finding) -> None:
        self.n_told[finding.code] = self.n_told.get(finding.code, 0) + 1
        if self.n_told[finding.code] <= MAX_TOLD:
            self.findings.append(finding)
        else:
            self.more.setdefault(finding.code, []).append(finding.row or 0)


def chunked(rows: Iterable[Row], shown: str) -> Iterator[Chunk]:
    """Yield rows that come one by one in chunks.

    Raises
    ------
    BadData
        Where a cell has more than `MAX_CELL` characters.
    """
    rows = iter(rows)
    while some := list(islice(rows, BATCH)):
        for row in some:
            if row.cells and max(map(len, row.cells)) > MAX_CELL:
                raise BadData(f"a cell of more than {MAX_CELL:,} characters", file=shown, row=row.number)
        yield Chunk([row.number for row in some], [row.cells for row in some], [row.point for row in some])


def checked_header(cells: Iterable[str], row: int, shown: str) -> list[str]:
    """Return column names with single spaces.

    Raises
    ------
    BadData
        Where there are too many, or one is blank, cannot be shown, or stands twice.
    """
    names = [" ".join(cell.split()) for cell in cells]
    if len(names) > MAX_COLUMNS:
        raise BadData(f"{len(names):,} columns", file=shown, row=row, hint=f"use at most {MAX_COLUMNS:,}")
    for number, name in enumerate(names, start=1):
        if not name:
            raise BadData(f"column {number} has no name", file=shown, row=row, hint="name it, or take it out")
    for number, name in enumerate(names, start=1):
        if UNPRINTABLE.search(name):
            raise BadData(
                f"the name of column {number} cannot be shown", file=shown, row=row, hint="rename it"
            )
    seen: set[str] = set()
    for name in names:
        if name.casefold() in seen:
            raise BadData(
                "two columns have this name", file=shown, row=row, column=name[:80], hint="rename one"
            )
        seen.add(name.casefold())
    return names


def as_text(value: object) -> str:  # noqa: PLR0911 – a line for each type
    """Return a typed value as the text that a person would have written into a CSV.

    Examples
    --------
    >>> as_text(76000.0), as_text(-0.5), as_text(None), as_text(["food", "water"]), as_text(float("nan"))
    ('76000', '-0.5', '', 'food;water', '')
    """
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return number_text(value)
    if isinstance(value, list | tuple):
        return ";".join(map(as_text, value)) or ";"
    if isinstance(value, Mapping):
        return ";".join(f"{key}={as_text(one)}" for key, one in value.items())
    isoformat = getattr(value, "isoformat", None)
    if isoformat is not None:
        return str(isoformat()).removesuffix("T00:00:00")
    if isinstance(value, bytes):
        return "(binary)"
    return str(value)


def number_text(value: float) -> str:
    """Return a number in plain decimals, nothing for NaN.

    Examples
    --------
    >>> number_text(1e-7), number_text(2007.0), number_text(float("inf"))
    ('0.0000001', '2007', 'inf')
    """
    if math.isnan(value):
        return ""
    if math.isinf(value):
        return str(value)
    if value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    text = repr(value)
    return text if "e" not in text else f"{value:.15f}".rstrip("0").rstrip(".")
