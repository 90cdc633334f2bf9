"""Moments and intervals of time as ``datetime`` writes them (RFC 3339), and those of frames with partial dates."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mapsvc.errors import BadQuery

# Seconds since 1970; what is open has no end that matters.
_EVER = 2**62
_DAY = 86_400
_MOMENT = re.compile(
    r"(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})"
    r"(?:[Tt](?P<time>[0-9]{2}:[0-9]{2}:[0-9]{2})(?:\.[0-9]{1,9})?(?P<zone>[Zz]|[+-][0-9]{2}:[0-9]{2}))?"
)
_ALLOWED = ("YYYY-MM-DD", "YYYY-MM-DDThh:mm:ssZ", "from/to", "../to", "from/..")


class Interval(NamedTuple):
    """From the first second to the last, both included, since 1970."""

    first: int
    last: int


def parse_interval(text: str) -> Interval:
    """Return the interval that ``datetime`` asks for; a day is all of it.

    Raises
    ------
    BadQuery
        Where it is neither a moment nor an interval, or ends before it begins.

    Examples
    --------
    >>> parse_interval("1970-01-01"), parse_interval("1970-01-01T00:01:00Z")
    (Interval(first=0, last=86399), Interval(first=60, last=60))
    """
    parts = text.split("/")
    if len(parts) > 2:
        raise BadQuery(
            "'datetime' is neither a moment nor an interval", parameter="datetime", allowed=_ALLOWED
        )
    open_ends = [part in {"", ".."} for part in parts]
    if len(parts) == 1 and open_ends[0]:
        raise BadQuery("'datetime' is empty", parameter="datetime", allowed=_ALLOWED)
    first = -_EVER if open_ends[0] else _moment(parts[0]).first
    last = _EVER if open_ends[-1] else _moment(parts[-1]).last
    if first > last:
        raise BadQuery("'datetime' ends before it begins", parameter="datetime", allowed=_ALLOWED)
    return Interval(first, last)


def _moment(text: str) -> Interval:
    found = _MOMENT.fullmatch(text)
    if found is None:
        raise BadQuery(f"{text[:40]!r} is not a moment", parameter="datetime", allowed=_ALLOWED)
    # A leap second is the last of its minute.
    time = (found["time"] or "00:00:00").replace(":60", ":59")
    zone = (found["zone"] or "Z").upper().replace("Z", "+00:00")
    try:
        moment = datetime.fromisoformat(f"{found['day']}T{time}{zone}")
    except ValueError:
        raise BadQuery(f"{text[:40]!r} is not a moment", parameter="datetime", allowed=_ALLOWED) from None
    first = int((moment - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds())
    return Interval(first, first if found["time"] else first + _DAY - 1)


class Lifetimes:
    """From when to when each row of a frame was there, as far as is known; a row without dates is in every interval."""

    def __init__(self, since: Iterable[object], until: Iterable[object]) -> None:
        self._first = _bounds(since, last=False)
        self._last = _bounds(until, last=True)
        self._undated = (self._first == -_EVER) & (self._last == _EVER)

    def meeting(self, interval: Interval) -> NDArray[np.bool_]:
        """Say of each row whether it was there at some time of the interval."""
        there = (self._first <= interval.last) & (self._last >= interval.first)
        found: NDArray[np.bool_] = there | self._undated
        return found


def _bounds(days: Iterable[object], *, last: bool) -> NDArray[np.int64]:
    """Return the first or the last second of each day, month or year; of what is not known, one that never comes."""
    return np.array([_bound(day, last=last) for day in days], dtype=np.int64)


def _bound(day: object, *, last: bool) -> int:
    if not isinstance(day, str):
        return _EVER if last else -_EVER
    unit = {4: "Y", 7: "M"}.get(len(day), "D")
    period = pd.Period(day, freq=unit)
    return int((period.end_time if last else period.start_time).timestamp())
