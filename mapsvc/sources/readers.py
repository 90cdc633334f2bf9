"""An untrusted file becomes a table of text: recognised by its content, every row kept or listed, nothing guessed.

A new format is a new row of `READERS`.
"""

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from types import MappingProxyType

import pandas as pd

from mapsvc.analysis.cells import rearm
from mapsvc.analysis.fields import UNPRINTABLE
from mapsvc.analysis.rows import condensed
from mapsvc.errors import BadData
from mapsvc.model import Issue, ValidationReport
from mapsvc.sources.files import printable, read_bytes, recognise

MAX_ROWS = 1_000_000
MAX_COLUMNS = 1_000
# The csv module's own limit, which holds for the whole process and is therefore left alone.
MAX_CELL = 131_072
_DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
_HEAD = 64 * 1024
_BATCH = 10_000


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
    """Read a table from a file.

    Raises
    ------
    NoInput
        Where there is no such file, or it is a folder, a device, an address.
    BadData
        Where the content is not a table that can be read, naming what was found and where.
    """
    content = read_bytes(path)
    kind = recognise(content[:_HEAD])
    reader = READERS.get(kind)
    if reader is None:
        known = ", ".join(sorted(READERS))
        raise BadData(f"this is {kind}", file=printable(path), hint=f"save it as one of: {known}")
    return reader(content, path)


def read_csv(content: bytes, path: Path) -> RawTable:
    """Read delimited text in whatever encoding and with whatever delimiter, and say which.

    Raises
    ------
    BadData
        Empty file; text that is no text; blank or repeated column names; an unclosed quotation mark; a cell,
        a row or a table beyond all measure.
    """
    shown = printable(path)
    text, encoding, remarks = _decoded(content, shown)
    start, delimiter = _delimiter(text, shown)
    records = _records(text, start, delimiter, shown)
    header_line, names = next(records, (1, []))
    header = _header(names, header_line, shown)
    cells, lines, ragged = _columns(records, len(header), path.name, shown)
    if "'" in text:
        cells = [[rearm(cell) if cell[:1] == "'" else cell for cell in column] for column in cells]
    index = pd.Index(lines, dtype="int64")
    columns = {
        name: pd.Series(column, index, dtype=object) for name, column in zip(header, cells, strict=True)
    }
    report = ValidationReport(len(ragged), 0, len(ragged), (*_named(remarks, path.name), *condensed(ragged)))
    return RawTable(pd.DataFrame(columns), path.name, f"{encoding}, {_DELIMITERS[delimiter]}", report)


def _columns(
    records: Iterator[tuple[int, list[str]]], n_columns: int, file: str, shown: str
) -> tuple[list[list[str]], list[int], list[Issue]]:
    """Return the cells by column, the line of each row, and a finding for each row that does not fit.

    Rows are turned into columns a batch at a time: a million row lists would be a million objects for the
    garbage collector to walk through, again and again.
    """
    columns: list[list[str]] = [[] for _ in range(n_columns)]
    lines: list[int] = []
    ragged: list[Issue] = []
    while batch := list(islice(records, _BATCH)):
        if len(lines) + len(ragged) + len(batch) > MAX_ROWS:
            raise BadData(f"more than {MAX_ROWS:,} rows", file=shown, hint="split the file")
        rows = []
        for line, row in batch:
            if not any(row):
                continue
            # Cells to the right of the last name are no loss if they are empty.
            fitted = row if len(row) <= n_columns or any(row[n_columns:]) else row[:n_columns]
            if len(fitted) == n_columns:
                rows.append(fitted)
                lines.append(line)
            else:
                ragged.append(_ragged(file, line, row, n_columns))
        for column, more in zip(columns, zip(*rows, strict=True), strict=False):
            column.extend(more)
    return columns, lines, ragged


def _named(remarks: Iterable[tuple[str, str]], file: str) -> Iterator[Issue]:
    for code, message in remarks:
        yield Issue("info", code, message, file=file)


def _ragged(file: str, line: int, row: Sequence[str], n_columns: int) -> Issue:
    return Issue(
        "error", "ragged-row", f"{len(row)} cells under {n_columns} column names", file=file, row=line,
        value=row[0][:80], suggestion="put quotation marks around cells that hold the delimiter",
    )  # fmt: skip


_BOMS = (
    (b"\xff\xfe\0\0", "utf-32", "UTF-32"),
    (b"\0\0\xfe\xff", "utf-32", "UTF-32"),
    (b"\xff\xfe", "utf-16", "UTF-16"),
    (b"\xfe\xff", "utf-16", "UTF-16"),
    (b"\xef\xbb\xbf", "utf-8-sig", "UTF-8"),
)


def _decoded(content: bytes, shown: str) -> tuple[str, str, list[tuple[str, str]]]:
    """Return the text, the name of its encoding, and what is to be said about that."""
    if not content.strip():
        raise BadData("the file is empty", file=shown)
    for mark, codec, name in _BOMS:
        if content.startswith(mark):
            try:
                return content.decode(codec), name, []
            except UnicodeDecodeError as error:
                raise BadData(f"this is not the {name} that its first bytes say", file=shown) from error
    if b"\0" in content:
        codec = _wide(content[:_HEAD])
        if not codec:
            line = content.count(b"\n", 0, content.index(b"\0")) + 1
            raise BadData("a NUL byte: this is no text", file=shown, row=line)
        try:
            return (
                content.decode(codec),
                "UTF-16",
                [("encoding", "read as UTF-16: it does not say so itself")],
            )
        except UnicodeDecodeError as error:
            raise BadData("half of this is UTF-16", file=shown, hint="save it as UTF-8") from error
    try:
        return content.decode("utf-8"), "UTF-8", []
    except UnicodeDecodeError as error:
        return _legacy(content, error.start, shown)


def _wide(head: bytes) -> str:
    """Tell UTF-16 without a mark by the NULs of its ASCII letters, all of them on one side."""
    low, high = head[0::2].count(0), head[1::2].count(0)
    if high > len(head) / 5 and not low:
        return "utf-16-le"
    return "utf-16-be" if low > len(head) / 5 and not high else ""


def _legacy(content: bytes, start: int, shown: str) -> tuple[str, str, list[tuple[str, str]]]:
    """Read text in a one-byte encoding; but UTF-8 that is damaged in places is refused, not made gibberish."""
    line = content.count(b"\n", 0, start) + 1
    tolerant = content.decode("utf-8", "surrogateescape")
    broken = len(re.findall("[\udc80-\udcff]", tolerant))
    whole = len(re.findall("[^\0-\x7f\udc80-\udcff]", tolerant))
    if whole >= broken or re.match(rb"\xed[\xa0-\xbf][\x80-\xbf]", content[start : start + 3]):
        raise BadData("a byte that is no UTF-8", file=shown, row=line, hint="save the file as UTF-8")
    message = f"read as {{}}: line {line} is no UTF-8; look at the accents"
    try:
        return content.decode("cp1252"), "Windows-1252", [("encoding", message.format("Windows-1252"))]
    except UnicodeDecodeError:
        return content.decode("latin-1"), "Latin-1", [("encoding", message.format("Latin-1"))]


def _delimiter(text: str, shown: str) -> tuple[int, str]:
    """Return where the table starts and the delimiter that parts its first record into most cells."""
    stated = re.match(r"sep=([,;\t|])\r?\n", text)
    if stated:
        return stated.end(), stated[1]
    sample = text[:MAX_CELL]

    def n_cells(delimiter: str) -> int:
        try:
            return len(next(csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter), []))
        except csv.Error as error:
            raise BadData(str(error), file=shown, row=1) from error

    return 0, max(_DELIMITERS, key=n_cells)


def _records(text: str, start: int, delimiter: str, shown: str) -> Iterator[tuple[int, list[str]]]:
    """Yield each record that is not blank, with the line it begins at."""
    skipped = text.count("\n", 0, start)
    stream = io.StringIO(text, newline="")
    stream.seek(start)
    reader = csv.reader(_clean(stream, skipped, shown), delimiter=delimiter, strict=True)
    line = skipped + 1
    try:
        for row in reader:
            if row:
                yield line, row
            line = skipped + reader.line_num + 1
    except csv.Error as error:
        reason, hint = str(error), ""
        if "unexpected end" in reason or "expected after" in reason:
            reason, hint = "a quotation mark that is not closed", 'write " inside a quoted cell as ""'
        elif "field limit" in reason:
            reason = f"a cell of more than {MAX_CELL:,} characters; perhaps a quotation mark is not closed"
        raise BadData(reason, file=shown, row=line, hint=hint) from error


def _clean(stream: Iterable[str], skipped: int, shown: str) -> Iterator[str]:
    for number, line in enumerate(stream, start=skipped + 1):
        if "\0" in line:
            raise BadData("a NUL character: this is no text", file=shown, row=number)
        yield line


def _header(cells: Sequence[str], line: int, shown: str) -> list[str]:
    names = [" ".join(cell.split()) for cell in cells]
    if len(names) > MAX_COLUMNS:
        raise BadData(f"{len(names):,} columns", file=shown, row=line)
    for number, name in enumerate(names, start=1):
        if not name:
            raise BadData(
                f"column {number} has no name", file=shown, row=line, hint="name it, or take it out"
            )
    for number, name in enumerate(names, start=1):
        if UNPRINTABLE.search(name):
            raise BadData(
                f"the name of column {number} cannot be shown", file=shown, row=line, hint="rename it"
            )
    seen: dict[str, str] = {}
    for name in names:
        if name.casefold() in seen:
            raise BadData(
                "two columns have this name", file=shown, row=line, column=name[:80], hint="rename one"
            )
        seen[name.casefold()] = name
    return names


Reader = Callable[[bytes, Path], RawTable]
READERS: Mapping[str, Reader] = MappingProxyType({"CSV": read_csv})
