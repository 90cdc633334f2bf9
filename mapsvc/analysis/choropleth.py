"""Values to classes: the bins of a filled map, their labels, and which bin a value falls in.

Colours belong to the style sheet and the pictures; here a class is a number from 0 (palest).
"""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import count as integers

MAX_CLASSES = 6
# Round steps that people read at a glance, from fine to coarse.
_STEPS = ((1, 2, 5), (1, 3), (1,))


@dataclass(frozen=True)
class Classes:
    """The bins of a filled map of counts; zero is never among them, it has a look of its own.

    Attributes
    ----------
    lows : tuple of int
        The smallest value of each class, ascending, from 1.
    top : int
        The largest value there is.
    """

    lows: tuple[int, ...]
    top: int

    def class_of(self, value: int) -> int | None:
        """Return the index of the class that `value` falls in; None for zero."""
        return bisect_right(self.lows, value) - 1 if value >= 1 else None

    def labels(self) -> tuple[str, ...]:
        """Return a label for each class, such as ``2–4``."""
        highs = (*(low - 1 for low in self.lows[1:]), self.top)[: len(self.lows)]
        return tuple(
            str(low) if low == high else f"{low}–{high}" for low, high in zip(self.lows, highs, strict=True)
        )


def classify_counts(values: Iterable[int]) -> Classes:
    """Return classes for counts, in round steps, at most `MAX_CLASSES`.

    Counts of members are skewed: a few countries have many. Steps that grow (1, 2, 5, 10, …) keep the small
    ones apart. Where no value is above `MAX_CLASSES`, each value is its own class.

    Examples
    --------
    >>> classify_counts([0, 1, 3, 61]).labels()
    ('1', '2–4', '5–9', '10–19', '20–49', '50–61')
    >>> classify_counts([0, 0, 2]).labels()
    ('1', '2')
    >>> classify_counts([]).labels()
    ()
    """
    top = max(values, default=0)
    if top <= MAX_CLASSES:
        return Classes(tuple(range(1, top + 1)), top)
    candidates = [tuple(_round_numbers(steps, top)) for steps in _STEPS]
    return Classes(next((lows for lows in candidates if len(lows) <= MAX_CLASSES), candidates[-1]), top)


def _round_numbers(steps: tuple[int, ...], top: int) -> Iterable[int]:
    for power in integers():
        for step in steps:
            low = step * 10**power
            if low >= top:  # a last class of one value alone says less than the one before it, widened
                return
            yield low
