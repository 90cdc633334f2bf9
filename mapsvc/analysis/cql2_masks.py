"""Which features a filter is true of, all at once. What is not known is neither true nor false, and is not shown."""

import operator
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mapsvc.analysis.boxes import Mask
from mapsvc.analysis.cql2 import (
    GEOMETRY,
    Comparison,
    Constant,
    IsNull,
    Junction,
    Like,
    Literal,
    Meets,
    Predicate,
    Property,
)
from mapsvc.analysis.items import Items

_OPERATORS: dict[str, Callable[[Any, Any], Any]] = {
    "=": operator.eq,
    "<>": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


class _Found(NamedTuple):
    """Of which features something is true, and of which false; of the others it is not known."""

    true: Mask
    false: Mask


def filter_mask(predicate: Predicate, items: Items) -> Mask:
    """Say of each feature whether a predicate is true of it."""
    return _found(predicate, items).true


def _found(predicate: Predicate, items: Items) -> _Found:
    if isinstance(predicate, Junction):
        return _junction(predicate.op, [_found(one, items) for one in predicate.args])
    if isinstance(predicate, Comparison):
        return _comparison(predicate, items)
    if isinstance(predicate, Like):
        return _like(predicate, items)
    if isinstance(predicate, Constant):
        return _known(np.full(len(items.frame), predicate.value))
    if isinstance(predicate, IsNull):
        return _known(_missing(predicate.name, items))
    return _meeting(predicate, items)


def _known(mask: Mask) -> _Found:
    return _Found(mask, ~mask)


def _missing(name: str, items: Items) -> Mask:
    if name == GEOMETRY:
        return np.array([shape is None or shape.is_empty for shape in items.shapes], dtype=bool)
    return items.frame[name].isna().to_numpy(dtype=bool)


def _meeting(predicate: Meets, items: Items) -> _Found:
    # A place that is not known lies nowhere that could be said; ``bbox`` is the one that shows it all the same.
    nowhere = _missing(GEOMETRY, items)
    meeting = items.shapes_in(predicate.box.system).meeting(predicate.box)
    return _Found(meeting & ~nowhere, ~meeting & ~nowhere)


def _junction(op: str, parts: list[_Found]) -> _Found:
    if op == "not":
        return _Found(parts[0].false, parts[0].true)
    true, false = [one.true for one in parts], [one.false for one in parts]
    if op == "and":
        return _Found(np.logical_and.reduce(true), np.logical_or.reduce(false))
    return _Found(np.logical_or.reduce(true), np.logical_and.reduce(false))


def _values(scalar: Property | Literal, items: Items) -> tuple[NDArray[np.object_], Mask]:
    """Return the value of each feature, and where there is one."""
    n = len(items.frame)
    if isinstance(scalar, Literal):
        values = np.empty(n, dtype=object)
        values[:] = scalar.value
        return values, np.ones(n, dtype=bool)
    column = items.frame[scalar.name]
    return column.to_numpy(dtype=object), column.notna().to_numpy(dtype=bool)


def _comparison(predicate: Comparison, items: Items) -> _Found:
    left, has_left = _values(predicate.left, items)
    right, has_right = _values(predicate.right, items)
    both = has_left & has_right
    true = np.zeros(len(both), dtype=bool)
    true[both] = _OPERATORS[predicate.op](left[both], right[both]).astype(bool)
    return _Found(true, both & ~true)


def _like(predicate: Like, items: Items) -> _Found:
    values, has_value = _values(predicate.left, items)
    codes, texts = pd.factorize(values[has_value])
    fitting = np.array([is_like(str(text), predicate.pattern) for text in texts], dtype=bool)
    true = np.zeros(len(values), dtype=bool)
    true[has_value] = fitting[codes] if len(texts) else False
    return _Found(true, has_value & ~true)


def is_like(text: str, pattern: str) -> bool:
    r"""Say whether a text fits a pattern in which ``%`` is anything, ``_`` one character, and ``\`` takes that away.

    No regular expression: the work is at most the length of one times that of the other.

    Examples
    --------
    >>> is_like("Nairobi", "N%b_"), is_like("Nairobi", "%bo%"), is_like("100%", r"100\%")
    (True, False, True)
    """
    parts = _parts(pattern)
    place = at = 0
    star, kept = -1, 0
    while place < len(text):
        part = parts[at] if at < len(parts) else ""
        if part == "%":
            star, kept = at, place
            at += 1
        elif part and part in {"_", "=" + text[place]}:
            place, at = place + 1, at + 1
        elif star >= 0:
            kept += 1
            place, at = kept, star + 1
        else:
            return False
    return all(part == "%" for part in parts[at:])


def _parts(pattern: str) -> list[str]:
    """Return what a pattern is made of: ``%``, ``_``, and letters with an equals sign before them."""
    parts, letters = [], iter(pattern)
    for letter in letters:
        if letter == "\\":
            parts.append("=" + next(letters, "\\"))
        else:
            parts.append(letter if letter in {"%", "_"} else f"={letter}")
    return parts
