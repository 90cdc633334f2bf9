"""What the items of a collection are asked for, checked once at the edge."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TypeVar
from urllib.parse import quote

from mapsvc.analysis.boxes import Box, parse_box
from mapsvc.analysis.cql2 import LANGUAGES, Predicate, parse_filter
from mapsvc.analysis.intervals import Interval, parse_interval
from mapsvc.analysis.items import Items
from mapsvc.analysis.reference_systems import CRS84, ReferenceSystem, system_of
from mapsvc.errors import BadQuery
from mapsvc.model import Column

DEFAULT_LIMIT, MAX_LIMIT = 10, 10_000
MAX_SEARCH, MAX_SORTS = 100, 10
_MANY = 10**9
# In the order of the canonical form; a property has its own name.
WHERE = ("bbox", "bbox-crs", "datetime", "filter", "filter-lang", "filter-crs", "q", "sortby")
WHAT = ("properties", "crs")
PAGE = ("limit", "offset", "snapshot")
PARAMETERS = (*WHERE, *WHAT, *PAGE)

Value = str | int | float | bool
_T = TypeVar("_T")


@dataclass(frozen=True)
class ItemsQuery:
    """A checked question, and the cache key of its answer.

    Attributes
    ----------
    pairs : tuple of (name, value)
        What was given of `WHERE`, `WHAT` and the properties, as it was given, in one order: for links.
    where : tuple of (column, value)
        Columns that must have a value; of a column of lists, hold it.
    sortby : tuple of (column, bool)
        What to sort by, and whether the largest comes first.
    properties : tuple of str or None
        What is written of each feature; None for everything.
    snapshot : str
        The fingerprint that the page belongs to; empty for the running one.
    """

    pairs: tuple[tuple[str, str], ...] = ()
    box: Box | None = None
    interval: Interval | None = None
    where: tuple[tuple[str, Value], ...] = ()
    filter: Predicate | None = None
    q: str = ""
    sortby: tuple[tuple[str, bool], ...] = ()
    properties: tuple[str, ...] | None = None
    system: ReferenceSystem = CRS84
    limit: int = DEFAULT_LIMIT
    offset: int = 0
    snapshot: str = ""

    def canonical(self, *more: tuple[str, str]) -> str:
        """Return the query string that asks the same, with further pairs, without a question mark."""
        return "&".join(f"{name}={quote(value, safe=',:/-._~')}" for name, value in (*self.pairs, *more))


def parse_items_query(
    arguments: Iterable[tuple[str, str]], items: Items, *, also: Iterable[str] = ()
) -> ItemsQuery:
    """Check the parameters of ``items`` and return the question they ask.

    Parameters
    ----------
    arguments : iterable of (name, value)
        As they came.
    also : iterable of str
        Names that are allowed and mean nothing here (such as ``f``).

    Raises
    ------
    BadQuery
        Naming the parameter, with the nearest valid values.
    """
    columns = {one.name: one for one in items.schema.columns}
    found = once(arguments, (*PARAMETERS, *columns), also)
    box_system = system_of(found.get("bbox-crs", ""), "bbox-crs")
    return ItemsQuery(
        pairs=tuple((name, found[name]) for name in (*columns, *WHERE, *WHAT) if name in found),
        box=_given(found, "bbox", lambda text: parse_box(text, box_system)),
        interval=_given(found, "datetime", parse_interval),
        where=tuple(
            (name, property_value(one, found[name], (*items.choices.get(name, ()), *items.groups)))
            if one.dtype == "object"
            else (name, property_value(one, found[name], items.choices.get(name, ())))
            for name, one in columns.items()
            if name in found
        ),
        filter=_filter(found, items),
        q=_given(found, "q", _search) or "",
        sortby=_given(found, "sortby", lambda text: _sort(text, columns)) or (),
        properties=_given(found, "properties", lambda text: _properties(text, columns)),
        system=system_of(found.get("crs", ""), "crs"),
        limit=min(whole(found.get("limit"), "limit", DEFAULT_LIMIT, 1), MAX_LIMIT),
        offset=min(whole(found.get("offset"), "offset", 0, 0), _MANY),
        snapshot=_given(found, "snapshot", _snapshot) or "",
    )


def once(arguments: Iterable[tuple[str, str]], known: Iterable[str], also: Iterable[str]) -> dict[str, str]:
    """Return parameters by name, each of which may be given once.

    Raises
    ------
    BadQuery
        Where one is unknown or given more than once.
    """
    allowed, ignored = tuple(dict.fromkeys(known)), set(also)
    found: dict[str, str] = {}
    seen = set()
    for name, value in arguments:
        if name not in allowed and name not in ignored:
            near = tuple(get_close_matches(name, (*allowed, *ignored), 3)) or tuple(
                sorted({*allowed, *ignored})
            )
            raise BadQuery(f"there is no parameter {name[:40]!r}", parameter=name[:40], allowed=near)
        if name in seen:
            raise BadQuery(f"{name!r} is given more than once", parameter=name)
        seen.add(name)
        if name in allowed:
            found[name] = value
    return found


def whole(text: str | None, name: str, usual: int, least: int) -> int:
    """Return a whole number of ASCII digits, `usual` where there is no text.

    Raises
    ------
    BadQuery
        Where it is none, or less than `least`.
    """
    if text is None:
        return usual
    if text.isascii() and text.isdigit() and (value := int(text[:4_000])) >= least:
        return value
    raise BadQuery(f"{text[:40]!r} is not a number from {least}", parameter=name, allowed=(f"{least}–…",))


def _given(found: dict[str, str], name: str, parse: Callable[[str], _T]) -> _T | None:
    return parse(found[name]) if name in found else None


def property_value(column: Column, text: str, choices: tuple[str, ...]) -> Value:
    """Return the value that a property is asked for.

    Raises
    ------
    BadQuery
        Where no feature could have it.
    """
    if choices and text not in choices:
        near = get_close_matches(text.lower(), choices, 3, 0.5) or sorted(choices)[:5]
        raise BadQuery(f"there is no {column.name} {text[:40]!r}", parameter=column.name, allowed=tuple(near))
    if column.dtype == "bool":
        if text not in {"true", "false"}:
            raise BadQuery(
                f"{text[:40]!r} is neither true nor false", parameter=column.name, allowed=("true", "false")
            )
        return text == "true"
    if column.dtype in {"Int64", "int64", "float64"}:
        return _number(column, text)
    if not text.isprintable():
        raise BadQuery(f"{column.name!r} has characters that cannot be printed", parameter=column.name)
    return text


def _number(column: Column, text: str) -> int | float:
    sign, digits = (text[:1], text[1:]) if text[:1] in {"-", "+"} else ("", text)
    before, point, after = digits.partition(".")
    fits = all(part.isascii() and part.isdigit() for part in ((before, after) if point else (before,)))
    if not fits or len(text) > 18 or (point and column.dtype != "float64"):
        raise BadQuery(f"{text[:40]!r} is not a number", parameter=column.name)
    return float(sign + digits) if column.dtype == "float64" else int(sign + digits)


def _filter(found: dict[str, str], items: Items) -> Predicate | None:
    language = found.get("filter-lang", LANGUAGES[0])
    if language not in LANGUAGES:
        raise BadQuery(f"there is no language {language[:40]!r}", parameter="filter-lang", allowed=LANGUAGES)
    system = system_of(found.get("filter-crs", ""), "filter-crs")
    return parse_filter(found["filter"], language, items, system) if "filter" in found else None


def _search(text: str) -> str:
    if len(text) > MAX_SEARCH or not text.isprintable():
        raise BadQuery(f"'q' is at most {MAX_SEARCH} characters that can be printed", parameter="q")
    return text


def _snapshot(text: str) -> str:
    if not (text.isascii() and text.isalnum() and len(text) <= 64):
        raise BadQuery(f"{text[:40]!r} is not a snapshot", parameter="snapshot")
    return text


def _sort(text: str, columns: dict[str, Column]) -> tuple[tuple[str, bool], ...]:
    # A plus sign is a space by the time it comes here.
    parts = [part.strip() for part in text.split(",")]
    if len(parts) > MAX_SORTS:
        raise BadQuery(f"'sortby' has more than {MAX_SORTS} columns", parameter="sortby")
    names = [(part.removeprefix("-").removeprefix("+"), part.startswith("-")) for part in parts]
    sortable = tuple(name for name, one in columns.items() if one.dtype != "object")
    for name, _ in names:
        if name not in sortable:
            raise BadQuery(f"cannot sort by {name[:40]!r}", parameter="sortby", allowed=sortable)
    return tuple(names)


def _properties(text: str, columns: dict[str, Column]) -> tuple[str, ...]:
    wanted = [part for part in text.split(",") if part]
    unknown = next((name for name in wanted if name not in columns), None)
    if unknown is not None:
        raise BadQuery(
            f"there is no property {unknown[:40]!r}", parameter="properties", allowed=tuple(columns)
        )
    return tuple(name for name in columns if name in wanted)
