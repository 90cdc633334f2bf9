"""Delimited text in whatever encoding and with whatever delimiter, said, and never taken for more than it is."""

import codecs
import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, chain, islice
from typing import Protocol

from mapsvc.analysis.cells import rearm
from mapsvc.errors import BadData
from mapsvc.sources.tabular import BATCH, MAX_CELL, Chunk, Finding, Stream, checked_header

_DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
_HEAD = 64 * 1024
_PIECE = 1024 * 1024
_BOMS = (
    (b"\xff\xfe\0\0", "utf-32", "UTF-32"),
    (b"\0\0\xfe\xff", "utf-32", "UTF-32"),
    (b"\xff\xfe", "utf-16", "UTF-16"),
    (b"\xfe\xff", "utf-16", "UTF-16"),
    (b"\xef\xbb\xbf", "utf-8-sig", "UTF-8"),
)
_BREAK = re.compile(r"\r\n|\r|\n")


class _Records(Protocol):
    """What the csv module gives."""

    line_num: int

    def __iter__(self) -> Iterator[list[str]]: ...
    def __next__(self) -> list[str]: ...


def read_delimited(content: bytes, shown: str) -> Stream:
    """Begin to read delimited text.

    Parameters
    ----------
    content : bytes
        The whole file.
    shown : str
        What the file is called in refusals.

    Raises
    ------
    BadData
        Empty file; text that is no text; blank or repeated column names; later, while rows are read, an
        unclosed quotation mark or a cell beyond all measure.
    """
    codec, encoding, remarks = _encoding(content, shown)
    delimiter, skipped = _delimiter(content, codec, shown)
    reader, line = _reader(content, codec, delimiter, skipped, shown)
    chunks = _chunks(reader, line, b"'" in content, shown)
    first = next(chunks, Chunk((1,), ((),)))
    header = checked_header(first.rows[0], first.numbers[0], shown)
    rest = Chunk(first.numbers[1:], first.rows[1:])
    return Stream(header, chain((rest,), chunks), f"{encoding}, {_DELIMITERS[delimiter]}", findings=remarks)


def _encoding(content: bytes, shown: str) -> tuple[str, str, list[Finding]]:
    """Return the codec, the name of the encoding, and what is to be said about that."""
    if not content.strip():
        raise BadData("the file is empty", file=shown)
    for mark, codec, name in _BOMS:
        if content.startswith(mark):
            if _fault(content, codec) is not None:
                raise BadData(f"this is not the {name} that its first bytes say", file=shown)
            return codec, name, []
    if b"\0" in content:
        codec = _wide(content[:_HEAD])
        if not codec:
            line = content.count(b"\n", 0, content.index(b"\0")) + 1
            raise BadData("a NUL byte: this is no text", file=shown, row=line)
        if _fault(content, codec) is not None:
            raise BadData("half of this is UTF-16", file=shown, hint="save it as UTF-8")
        return codec, "UTF-16", [Finding("info", "encoding", "read as UTF-16: it does not say so itself")]
    start = _fault(content, "utf-8")
    return ("utf-8", "UTF-8", []) if start is None else _legacy(content, start, shown)


def _fault(content: bytes, codec: str) -> int | None:
    """Return where `content` is not in `codec` (to a byte in UTF-8); None where all of it is. A piece at a time."""
    decoder = codecs.getincrementaldecoder(codec)()
    pending = 0
    for start in range(0, len(content), _PIECE):
        try:
            decoder.decode(content[start : start + _PIECE], start + _PIECE >= len(content))
        except UnicodeDecodeError as error:
            return start - pending + error.start
        pending = len(decoder.getstate()[0])
    return None


def _wide(head: bytes) -> str:
    """Tell UTF-16 without a mark by the NULs of its ASCII letters, all of them on one side."""
    low, high = head[0::2].count(0), head[1::2].count(0)
    if high > len(head) / 5 and not low:
        return "utf-16-le"
    return "utf-16-be" if low > len(head) / 5 and not high else ""


def _legacy(content: bytes, start: int, shown: str) -> tuple[str, str, list[Finding]]:
    """Read text in a one-byte encoding; but UTF-8 that is damaged in places is refused, not made gibberish."""
    line = content.count(b"\n", 0, start) + 1
    tolerant = content.decode("utf-8", "surrogateescape")
    broken = len(re.findall("[\udc80-\udcff]", tolerant))
    whole = len(re.findall("[^\0-\x7f\udc80-\udcff]", tolerant))
    if whole >= broken or re.match(rb"\xed[\xa0-\xbf][\x80-\xbf]", content[start : start + 3]):
        raise BadData("a byte that is no UTF-8", file=shown, row=line, hint="save the file as UTF-8")
    known = _fault(content, "cp1252") is None
    codec, name = ("cp1252", "Windows-1252") if known else ("latin-1", "Latin-1")
    message = f"read as {name}: line {line} is no UTF-8; look at the accents"
    return codec, name, [Finding("info", "encoding", message)]


def _delimiter(content: bytes, codec: str, shown: str) -> tuple[str, int]:
    """Return the delimiter that parts the first record into most cells, and how many lines come before that."""
    sample = codecs.getincrementaldecoder(codec)().decode(content[: 4 * MAX_CELL])[:MAX_CELL]
    stated = re.match(r"sep=([,;\t|])\r?\n", sample)
    if stated:
        return stated[1], 1

    def n_cells(delimiter: str) -> int:
        try:
            return len(next(csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter), []))
        except csv.Error as error:
            raise BadData(str(error), file=shown, row=1) from error

    return max(_DELIMITERS, key=n_cells), 0


def _reader(content: bytes, codec: str, delimiter: str, skipped: int, shown: str) -> tuple["_Records", int]:
    """Return a reader of the records, and the line that it begins at."""
    # The bytes are not copied, and never are all of them text at once.
    stream = io.TextIOWrapper(io.BytesIO(content), codec, newline="")
    for _ in range(skipped):
        stream.readline()
    lines: Iterable[str] = stream if b"\0" not in content else _clean(stream, skipped, shown)
    return csv.reader(lines, delimiter=delimiter, strict=True), skipped + 1


def _chunks(reader: "_Records", first: int, marked: bool, shown: str) -> Iterator[Chunk]:
    """Yield the records that are not blank, with the lines they begin at."""
    line = first
    while True:
        start = reader.line_num
        rows: list[list[str]] = []
        try:
            # One by one, to know what was read before one that cannot be; the loop is the interpreter's own.
            rows.extend(islice(reader, BATCH))
        except csv.Error as error:
            # What came before it in this chunk is lost to us, but not how many lines it had.
            raise _unreadable(error, line + _n_lines(rows), shown) from error
        if not rows:
            return
        numbers: Sequence[int] = range(line, line + len(rows))
        if reader.line_num - start != len(rows):
            numbers = list(accumulate(map(_lines_of, rows[:-1]), initial=line))
        line += reader.line_num - start
        if not all(rows):
            numbers = [number for number, row in zip(numbers, rows, strict=True) if row]
            rows = [row for row in rows if row]
        if marked:
            rows = [[rearm(cell) if cell[:1] == "'" else cell for cell in row] for row in rows]
        if rows:
            yield Chunk(numbers, rows)


def _n_lines(rows: Iterable[list[str]]) -> int:
    return sum(map(_lines_of, rows))


def _lines_of(row: list[str]) -> int:
    return 1 + sum(len(_BREAK.findall(cell)) for cell in row if "\n" in cell or "\r" in cell)


def _unreadable(error: csv.Error, line: int, shown: str) -> BadData:
    reason, hint = str(error), ""
    if "unexpected end" in reason or "expected after" in reason:
        reason, hint = "a quotation mark that is not closed", 'write " inside a quoted cell as ""'
    elif "field limit" in reason or "field larger" in reason:
        reason = f"a cell of more than {MAX_CELL:,} characters; perhaps a quotation mark is not closed"
    return BadData(reason, file=shown, row=line, hint=hint)


def _clean(stream: Iterable[str], skipped: int, shown: str) -> Iterator[str]:
    for number, line in enumerate(stream, start=skipped + 1):
        if "\0" in line:
            raise BadData("a NUL character: this is no text", file=shown, row=number)
        yield line
