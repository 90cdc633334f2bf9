"""A filter in CQL2: parsed, bounded and checked against the columns before any row is looked at."""

import json
import math
from collections.abc import Callable
from dataclasses import dataclass

from mapsvc.analysis.boxes import Box, parse_box
from mapsvc.analysis.intervals import parse_interval
from mapsvc.analysis.items import Items
from mapsvc.analysis.reference_systems import ReferenceSystem
from mapsvc.errors import BadQuery

MAX_BYTES, MAX_DEPTH, MAX_NODES = 2_000, 20, 50
COMPARISONS = ("=", "<>", "<", "<=", ">", ">=")
LANGUAGES = ("cql2-text", "cql2-json")
GEOMETRY = "geometry"
_KINDS = {"str": "text", "Int64": "number", "int64": "number", "float64": "number", "bool": "truth"}


@dataclass(frozen=True)
class Property:
    """A column."""

    name: str


@dataclass(frozen=True)
class Literal:
    """A text, a number or a truth value."""

    value: str | float | bool


@dataclass(frozen=True)
class Comparison:
    """Two scalars of one kind, compared."""

    op: str
    left: Property | Literal
    right: Property | Literal


@dataclass(frozen=True)
class Like:
    """A text against one with ``%`` for anything and ``_`` for one character."""

    left: Property | Literal
    pattern: str


@dataclass(frozen=True)
class IsNull:
    """Whether a column has no value."""

    name: str


@dataclass(frozen=True)
class Meets:
    """Whether the shape of a feature meets a box."""

    box: Box


@dataclass(frozen=True)
class Constant:
    """True or false of everything."""

    value: bool


@dataclass(frozen=True)
class Junction:
    """``and``, ``or`` or ``not`` of others."""

    op: str
    args: tuple["Predicate", ...]


Predicate = Comparison | Like | IsNull | Meets | Constant | Junction


def parse_filter(text: str, language: str, items: Items, system: ReferenceSystem) -> Predicate:
    """Return the predicate that ``filter`` asks for.

    Parameters
    ----------
    language : str
        One of `LANGUAGES`.
    system : ReferenceSystem
        Of the coordinates in it (``filter-crs``).

    Raises
    ------
    BadQuery
        Where it is too long, too deep, cannot be understood, or does not fit the columns.
    """
    if len(text.encode(errors="replace")) > MAX_BYTES:
        raise _bad(f"the filter is longer than {MAX_BYTES} bytes")
    return _Reader(items, system).predicate(_read(text, language), 1)


def _bad(message: str, *allowed: str) -> BadQuery:
    return BadQuery(message, parameter="filter", allowed=allowed)


def _read(text: str, language: str) -> object:
    if language == "cql2-text":
        from mapsvc.analysis.cql2_text import read_text  # noqa: PLC0415 – a grammar is built for whoever writes one

        return read_text(text)
    try:
        return json.loads(text, parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise _bad("the filter is not JSON") from None


def _no_number(name: str) -> object:
    raise ValueError(name)


class _Reader:
    """Reads CQL2 JSON for one collection, and counts what it reads."""

    def __init__(self, items: Items, system: ReferenceSystem) -> None:
        self._items = items
        self._system = system
        self._n_nodes = 0
        self._readers: dict[str, Callable[[list[object], int], Predicate]] = {
            "and": lambda args, depth: self._junction("and", args, depth),
            "or": lambda args, depth: self._junction("or", args, depth),
            "not": lambda args, depth: self._junction("not", args, depth),
            "isNull": self._is_null,
            "like": self._like,
            "between": self._between,
            "in": self._in,
            "s_intersects": self._meets,
        }

    def _count(self, depth: int) -> None:
        self._n_nodes += 1
        if depth > MAX_DEPTH:
            raise _bad(f"the filter is deeper than {MAX_DEPTH} levels")
        if self._n_nodes > MAX_NODES:
            raise _bad(f"the filter has more than {MAX_NODES} parts")

    def predicate(self, node: object, depth: int) -> Predicate:
        """Return a node as a predicate."""
        self._count(depth)
        if isinstance(node, bool):
            return Constant(node)
        if not isinstance(node, dict) or not isinstance(node.get("args"), list):
            raise _bad("the filter has a part that is true or false of nothing")
        op, args = node.get("op"), list(node["args"])
        if op in COMPARISONS:
            return self._comparison(str(op), args, depth)
        reader = self._readers.get(op) if isinstance(op, str) else None
        if reader is None:
            raise _bad(f"there is no operator {str(op)[:40]!r}", *COMPARISONS, *self._readers)
        return reader(args, depth)

    def _junction(self, op: str, args: list[object], depth: int) -> Predicate:
        if len(args) != 1 if op == "not" else len(args) < 2:
            raise _bad(f"{op!r} has the wrong number of parts")
        return Junction(op, tuple(self.predicate(one, depth + 1) for one in args))

    def _comparison(self, op: str, args: list[object], depth: int) -> Comparison:
        if len(args) != 2:
            raise _bad(f"{op!r} compares two values")
        left, right = (self._scalar(one, depth + 1) for one in args)
        kinds = {self._kind(left), self._kind(right)}
        # A day in a filter is a text as the columns of dates have it.
        if len(kinds) > 1:
            raise _bad(f"{op!r} compares values of two kinds: {' and '.join(sorted(kinds))}")
        return Comparison(op, left, right)

    def _is_null(self, args: list[object], depth: int) -> IsNull:
        self._count(depth + 1)
        name = self._named(args[0]) if len(args) == 1 else None
        if name is None:
            raise _bad("'isNull' asks for one property")
        if name != GEOMETRY:
            self._known(name)
        return IsNull(name)

    def _like(self, args: list[object], depth: int) -> Like:
        if len(args) != 2 or not isinstance(args[1], str):
            raise _bad("'like' compares with a text")
        self._count(depth + 1)
        left = self._scalar(args[0], depth + 1)
        if self._kind(left) != "text":
            raise _bad("'like' compares texts")
        return Like(left, args[1])

    def _between(self, args: list[object], depth: int) -> Predicate:
        if len(args) != 3:
            raise _bad("'between' has a value and two ends")
        ends = self._comparison(">=", args[:2], depth), self._comparison("<=", [args[0], args[2]], depth)
        return Junction("and", ends)

    def _in(self, args: list[object], depth: int) -> Predicate:
        if len(args) != 2 or not isinstance(args[1], list) or not args[1]:
            raise _bad("'in' has a value and a list")
        return Junction("or", tuple(self._comparison("=", [args[0], one], depth) for one in args[1]))

    def _meets(self, args: list[object], depth: int) -> Meets:
        self._count(depth + 1)
        if len(args) != 2 or self._named(args[0]) != GEOMETRY or not isinstance(args[1], dict):
            raise _bad(f"'s_intersects' compares {GEOMETRY!r} with a point or a box")
        shape = args[1]
        numbers = shape.get("bbox", shape.get("coordinates") if shape.get("type") == "Point" else None)
        if not isinstance(numbers, list) or not all(_is_number(one) for one in numbers):
            raise _bad("'s_intersects' takes a point or a box")
        if "bbox" not in shape:
            numbers = [*numbers[:2], *numbers[:2]]
        try:
            return Meets(parse_box(",".join(f"{float(one):.15g}" for one in numbers), self._system))
        except (BadQuery, OverflowError) as error:
            raise _bad(f"the box of the filter cannot be understood: {error}") from None

    def _scalar(self, node: object, depth: int) -> Property | Literal:
        self._count(depth)
        if isinstance(node, bool | str):
            return Literal(node)
        if _is_number(node):
            return Literal(_finite(node))
        name = self._named(node)
        if name is not None:
            self._known(name)
            return Property(name)
        if isinstance(node, dict) and len(node) == 1:
            (kind, text), *_ = node.items()
            if kind in {"date", "timestamp"} and isinstance(text, str):
                return Literal(_moment(text))
        raise _bad(
            "the filter compares with something that is no property, text, number, date or truth value"
        )

    @staticmethod
    def _named(node: object) -> str | None:
        if isinstance(node, dict) and set(node) == {"property"} and isinstance(node["property"], str):
            return node["property"]
        return None

    def _known(self, name: str) -> str:
        column = self._items.column(name)
        if column is None:
            names = tuple(one.name for one in self._items.schema.columns)
            raise _bad(f"there is no property {name[:40]!r}", *names)
        return _KINDS.get(column.dtype, "list")

    def _kind(self, scalar: Property | Literal) -> str:
        if isinstance(scalar, Property):
            return self._known(scalar.name)
        if isinstance(scalar.value, bool):
            return "truth"
        return "text" if isinstance(scalar.value, str) else "number"


def _is_number(node: object) -> bool:
    return isinstance(node, int | float) and not isinstance(node, bool)


def _finite(node: object) -> float:
    try:
        value = float(str(node))
    except (OverflowError, ValueError):
        raise _bad("the filter has a number that is too large") from None
    if not math.isfinite(value):
        raise _bad("the filter has a number that is too large")
    return value


def _moment(text: str) -> str:
    """Return a day or a moment as the columns of dates are compared with it."""
    if "/" in text:
        raise _bad(f"{text[:40]!r} is not a moment")
    try:
        parse_interval(text)
    except BadQuery as error:
        raise _bad(str(error)) from None
    return text
