"""Dates as they are known, to the year, month or day: who had joined by then, and who joined in which year.

A date that is known less exactly than the one it is compared with is taken at its word: someone who joined in
"2007" is there in "2007-05", and someone who left in "2010" is not there in "2010-05".
"""

from collections import Counter
from collections.abc import Iterable

import numpy as np
import pandas as pd
from numpy.typing import NDArray

FIRST_YEAR, LAST_YEAR = 1900, 2100

Mask = NDArray[np.bool_]


def has_date(members: pd.DataFrame) -> Mask:
    """Say of each member whether it is known when it joined."""
    return members["since"].notna().to_numpy(dtype=bool)


def years(members: pd.DataFrame) -> pd.Series:
    """Return the year in which each member joined: Int64, missing where it is not known."""
    texts = members["since"].str.slice(0, 4)
    return pd.to_numeric(texts).astype("Int64").rename("year")


def joined_between(members: pd.DataFrame, first: int | None, last: int | None) -> Mask:
    """Say of each member whether it joined in these years, both included; without a date it did not."""
    low, high = first or FIRST_YEAR, last or LAST_YEAR
    return years(members).between(low, high).fillna(value=False).to_numpy(dtype=bool)


def there_at(members: pd.DataFrame, day: str, *, undated: bool = False) -> Mask:
    """Say of each member whether it had joined by the end of `day` and not left by then.

    Those without a date are not there: with them, the network of any year would hold everybody of whom nothing
    is known, and would not be seen to grow. Their number is said beside it.

    Parameters
    ----------
    day : str
        ``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD``; a year or month means its end.
    undated : bool
        Whether those without a date count as there, until they are known to have left: for coverage, which asks what
        is surely missing, a member of whom the date is not known is no gap.

    Examples
    --------
    >>> frame = pd.DataFrame({"since": ["1990", "2007-11-27", None], "until": ["2001", None, None]}, dtype="str")
    >>> there_at(frame, "2000").tolist(), there_at(frame, "2007").tolist()
    ([True, False, False], [False, True, False])
    """
    pairs = zip(members["since"].to_list(), members["until"].to_list(), strict=True)
    return np.array(
        [
            (_had_come(since, day) or (undated and not isinstance(since, str))) and not _had_left(until, day)
            for since, until in pairs
        ],
        dtype=bool,
    )


def left_later(members: pd.DataFrame, day: str) -> Mask:
    """Say of each member whether it is known to have left after `day`."""
    return np.array(
        [isinstance(until, str) and not _had_left(until, day) for until in members["until"].to_list()],
        dtype=bool,
    )


def joined_per_year(since: Iterable[object]) -> dict[int, int]:
    """Return how many joined in each year, from the first year to the last, zeros among them.

    Parameters
    ----------
    since : iterable
        Dates as texts; whatever is no text is not known.

    Examples
    --------
    >>> joined_per_year(["1990", "1992-01", "1992", None])
    {1990: 1, 1991: 0, 1992: 2}
    """
    found = Counter(_years_of(since))
    return {year: found[year] for year in range(min(found), max(found) + 1)} if found else {}


def changes_per_year(members: pd.DataFrame) -> pd.DataFrame:
    """Return how many joined and how many left in each year from the first to the last, zeros among them.

    Parameters
    ----------
    members : DataFrame
        `MEMBERS`, those who are or were members. Whoever has no date is in no year.

    Returns
    -------
    DataFrame
        ``joined`` and ``left`` int64, index ``year``.

    Examples
    --------
    >>> frame = pd.DataFrame({"since": ["1990", "1991-05", None], "until": [None, "1992", None]}, dtype="str")
    >>> changes_per_year(frame).T
    year    1990  1991  1992
    joined     1     1     0
    left       0     0     1
    """
    joined, left = (Counter(_years_of(members[name])) for name in ("since", "until"))
    found = [*joined, *left]
    every = pd.RangeIndex(min(found), max(found) + 1, name="year") if found else pd.RangeIndex(0, name="year")
    return pd.DataFrame(
        {"joined": [joined[year] for year in every], "left": [left[year] for year in every]},
        index=every,
        dtype="int64",
    )


def _years_of(days: Iterable[object]) -> list[int]:
    return [int(day[:4]) for day in days if isinstance(day, str)]


def is_before(one: str, other: str) -> bool:
    """Say whether a date is before another one, as far as both say.

    Examples
    --------
    >>> is_before("2007", "2008-01-01"), is_before("2007", "2007-05"), is_before("2007-04", "2007-05")
    (True, False, True)
    """
    n = min(len(one), len(other))
    return one[:n] < other[:n]


def _had_come(since: object, day: str) -> bool:
    return isinstance(since, str) and _ordered(since, day)


def _had_left(until: object, day: str) -> bool:
    return isinstance(until, str) and _ordered(until, day)


def _ordered(one: str, other: str) -> bool:
    """Say whether `one` is not after `other`, as far as both say."""
    n = min(len(one), len(other))
    return one[:n] <= other[:n]
