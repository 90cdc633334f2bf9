"""The rows of one raw table while they are checked: their cells, what was found, and which of them are out."""

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar, cast

import pandas as pd

from mapsvc.analysis import fields
from mapsvc.analysis.fields import Fault
from mapsvc.errors import BadData
from mapsvc.model import Issue, Severity, ValidationReport

_LONG = {"url": fields.MAX_URL + 1, "source_url": fields.MAX_URL + 1, "themes": 10_000}

MAX_ISSUES = 1_000
_MORE = "more-"

# Of so many different cells of a column it is remembered what they are: countries repeat, names do not.
_MAX_KNOWN = 10_000

T = TypeVar("T")
V = TypeVar("V")


def condensed(issues: Iterable[Issue]) -> tuple[Issue, ...]:
    """Return findings in the order of the rows, at most `MAX_ISSUES` of a kind.

    What is beyond is one more finding, ``more-CODE``, which gives the numbers of the rows.

    Examples
    --------
    >>> found = condensed(Issue("error", "missing", "no name", "m.csv", row) for row in range(2, 1005))
    >>> len(found), str(found[-1])
    (1001, 'm.csv:1002: error: 3 more of this kind (missing), in rows 1002-1004')
    """
    kept: list[Issue] = []
    beyond: dict[tuple[str, ...], list[Issue]] = {}
    seen: dict[tuple[str, ...], int] = {}
    for issue in sorted(issues, key=lambda issue: issue.row or 0):
        kind = (issue.severity, issue.code, issue.file)
        seen[kind] = seen.get(kind, 0) + 1
        if seen[kind] <= MAX_ISSUES or issue.code.startswith(_MORE):
            kept.append(issue)
        else:
            beyond.setdefault(kind, []).append(issue)
    for rest in beyond.values():
        first = rest[0]
        where = ranges(issue.row for issue in rest if issue.row)
        message = f"{len(rest):,} more of this kind ({first.code})" + (f", in rows {where}" if where else "")
        kept.append(Issue(first.severity, _MORE + first.code, message, first.file, first.row, first.column))
    return tuple(sorted(kept, key=lambda issue: issue.row or 0))


def ranges(numbers: Iterable[int]) -> str:
    """Return ascending numbers as few words.

    Examples
    --------
    >>> ranges([2, 3, 3, 4, 7, 9, 10])
    '2-4, 7, 9-10'
    """
    spans: list[list[int]] = []
    for number in numbers:
        if spans and number <= spans[-1][1] + 1:
            spans[-1][1] = number
        else:
            spans.append([number, number])
    return ", ".join(str(first) if first == last else f"{first}-{last}" for first, last in spans)


class Rows:
    """A raw table under check.

    Parameters
    ----------
    raw : DataFrame
        Text cells; the index holds the numbers of the rows.
    columns, required : sequence of str
        The columns to look at, and those without which the table is refused.
    file : str
        Name of the file, for the findings.
    """

    def __init__(self, raw: pd.DataFrame, columns: Sequence[str], required: Sequence[str], file: str) -> None:
        lacking = [name for name in required if name not in raw.columns]
        if lacking and len(raw.columns):
            known = ", ".join(map(str, raw.columns))
            raise BadData(
                f"there is no column {lacking[0]!r}", file=file, hint=f"the columns are {known[:300]}"
            )
        self.file = file
        self.numbers = [int(number) for number in raw.index]
        blank = [""] * len(raw)
        self.cells: dict[str, list[str]] = {
            name: list(map(str.strip, raw[name].tolist())) if name in raw.columns else blank
            for name in columns
        }
        self.absent = frozenset(columns).difference(map(str, raw.columns))
        self.out: set[int] = set()
        self.issues: list[Issue] = []
        for name, cells in self.cells.items():
            if name not in self.absent and not _can_all_be_shown(cells, _LONG.get(name, fields.MAX_TEXT)):
                self._refuse_unprintable(name, cells)

    def _refuse_unprintable(self, name: str, cells: Sequence[str]) -> None:
        limit = _LONG.get(name, fields.MAX_TEXT)
        for place, cell in enumerate(cells):
            if cell and not cell.isprintable() and (found := fields.UNPRINTABLE.search(cell)):
                code = f"U+{ord(found[0]):04X}"
                self.reject(place, name, Fault("unprintable", f"holds the character {code}", "take it out"))
            elif len(cell) > limit:
                self.reject(
                    place, name, Fault("too-long", f"{len(cell):,} characters", f"use at most {limit}")
                )

    def note(self, severity: Severity, place: int, column: str, fault: Fault) -> None:
        """Add a finding about one cell."""
        value = self.cells[column][place] if column in self.cells else ""
        shown = value if value.isprintable() else fields.UNPRINTABLE.sub("\N{REPLACEMENT CHARACTER}", value)
        self.issues.append(
            Issue(
                severity,
                fault.code,
                fault.message,
                self.file,
                self.numbers[place],
                column,
                shown[:80],
                fault.suggestion,
            )
        )

    def reject(self, place: int, column: str, fault: Fault) -> None:
        """Take a row out, and say why."""
        self.out.add(place)
        self.note("error", place, column, fault)

    def must(self, column: str, check: Callable[[str], str | Fault], default: str = "") -> list[str]:
        """Return a column in which a fault costs the row. An empty cell is `default`, or a fault if there is none."""
        values = []
        if default and column in self.absent and self.numbers:
            message = f"there is no column {column!r}: every row is taken for {default!r}"
            self.issues.append(
                Issue("info", "assumed", message, self.file, 1, column, suggestion="add the column")
            )
        if default and column in self.absent:
            return [default] * len(self.numbers)
        known: dict[str, str | Fault] = {"": default or Fault("missing", f"no {column}")}
        well = _all_well(self.cells[column], check)
        if well is not None:
            return well
        for place, cell in enumerate(self.cells[column]):
            value = _once(cell, check, known)
            if default and not cell and column not in self.absent:
                self.note("info", place, column, Fault("assumed", f"no {column}: taken for {default!r}"))
            if isinstance(value, Fault):
                self.reject(place, column, value)
                value = ""
            values.append(value)
        return values

    def may(self, column: str, check: Callable[[str], T | Fault]) -> list[T | None]:
        """Return a column in which a fault costs the cell. An empty cell is None."""
        if column in self.absent:
            return [None] * len(self.numbers)
        well = _all_well(self.cells[column], check)
        if well is not None:
            return [*well]
        values: list[T | None] = []
        known: dict[str, T | Fault | None] = {"": None}
        for place, cell in enumerate(self.cells[column]):
            value = _once(cell, check, known)
            if isinstance(value, Fault):
                self.note("error", place, column, value)
                value = None
            values.append(value)
        return values

    def kept(self) -> list[int]:
        """Return the places of the rows that are accepted."""
        return [place for place in range(len(self.numbers)) if place not in self.out]

    def report(self) -> ValidationReport:
        """Return what became of the rows, findings in the order of the file."""
        n_read, n_out = len(self.numbers), len(self.out)
        return ValidationReport(n_read, n_read - n_out, n_out, condensed(self.issues))


def _can_all_be_shown(cells: Sequence[str], limit: int) -> bool:
    """Say at once what is true of nearly every column: there is nothing to refuse in it."""
    return "".join(cells).isprintable() and max(map(len, cells), default=0) <= limit


def _all_well(cells: Sequence[str], check: Callable[[str], V | Fault]) -> list[V] | None:
    """Return a column as values where every cell is filled and well, as in most columns of most tables; else None."""
    different = set(cells)
    if "" in different:
        return None
    if 2 * len(different) > len(cells):
        del different
        values = list(map(check, cells))
    else:
        known = {cell: check(cell) for cell in different}
        values = [known[cell] for cell in cells]
    return None if Fault in set(map(type, values)) else cast("list[V]", values)


def _once(cell: str, check: Callable[[str], V], known: dict[str, V]) -> V:
    """Return what `check` says of a cell; of one that has been seen, what it said then."""
    try:
        return known[cell]
    except KeyError:
        value = check(cell)
        if len(known) < _MAX_KNOWN:
            known[cell] = value
        return value
