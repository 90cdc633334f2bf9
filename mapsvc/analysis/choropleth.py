"""Values to classes: the bins of a filled map, their labels, and which bin a value falls in.

Colours belong to the style sheet and the pictures; here a class is a number from 0 (palest). Each measure has
its own kind of classes: counts grow (1, 2, 5, 10 …), rates too but from below one, shares are always the same
(so that two views can be compared), and years run from dark (early) to pale.
"""

import math
from bisect import bisect_right
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import count as integers

MAX_CLASSES = 6
# Round steps that people read at a glance, from fine to coarse.
_STEPS = ((1, 2, 5), (1, 3), (1,))


_SHARES = (0.0, 1.0, 5.0, 10.0, 25.0, 50.0)
_YEAR_STEPS = (1, 2, 5, 10, 20, 50, 100)


@dataclass(frozen=True)
class Classes:
    """The bins of a filled map; a country without members is never among them, it has a look of its own.

    Attributes
    ----------
    lows : tuple of float
        The smallest value of each bin, ascending; whole numbers for counts and years.
    top : float
        The largest value there is; infinite where the classes are always the same.
    whole : bool
        Whether values are whole numbers, so that a bin ends one below the next.
    darkest_first : bool
        Whether the smallest values are the darkest.
    """

    lows: tuple[float, ...]
    top: float
    whole: bool = True
    darkest_first: bool = False

    def class_of(self, value: float) -> int | None:
        """Return the class that `value` falls in, 0 the palest; None where it is below all, or no number."""
        if not self.lows or math.isnan(value) or value < self.lows[0]:
            return None
        place = bisect_right(self.lows, value) - 1
        return len(self.lows) - 1 - place if self.darkest_first else place

    def labels(self, text: Callable[[float], str] = "{:g}".format) -> tuple[str, ...]:
        """Return a label for each class from the first, such as ``2–4``; `text` writes one number."""
        highs = [low - 1 if self.whole else low for low in self.lows[1:]]
        highs = [*highs, self.top][: len(self.lows)]
        labels = [
            text(low) if low >= high else f"{text(low)}–{text(high)}"
            for low, high in zip(self.lows, highs, strict=True)
        ]
        if not self.whole and labels and self.lows[0] <= 0 < len(self.lows) - 1:
            labels[0] = f"< {text(self.lows[1])}"
        return tuple(reversed(labels)) if self.darkest_first else tuple(labels)


def classify(measure: str, values: Iterable[float]) -> Classes:
    """Return the classes of a measure for the values that there are, of countries with members.

    Examples
    --------
    >>> classify("share", [0.0, 3.0, 80.0]).labels()
    ('< 1', '1–5', '5–10', '10–25', '25–50', '50–100')
    >>> classify("per-million", [0.02, 0.3, 7.0]).labels()
    ('< 0.03', '0.03–0.1', '0.1–0.3', '0.3–1', '1–3', '3–7')
    >>> classify("first-year", [1991, 2003, 2025]).labels()
    ('2020–2025', '2010–2019', '2000–2009', '1990–1999')
    """
    known = [value for value in values if not math.isnan(value)]
    if measure == "share":
        return Classes(_SHARES, 100.0, whole=False)
    if measure == "per-million":
        return _classify_rates(known)
    if measure == "first-year":
        return _classify_years([int(value) for value in known])
    return classify_counts(int(value) for value in known)


def _classify_rates(values: list[float]) -> Classes:
    """Return classes that begin with everything small and end with the largest, in steps that grow."""
    top = max(values, default=0.0)
    if top <= 0:
        return Classes((0.0,) if values else (), top, whole=False)
    least = min(value for value in values if value > 0)
    for steps in _STEPS:
        lows = [
            step * 10.0**power
            for power in range(math.floor(math.log10(least)), math.ceil(math.log10(top)) + 1)
            for step in steps
        ]
        lows = [low for low in lows if least < low < top]
        if len(lows) < MAX_CLASSES:
            break
    return Classes((0.0, *lows[-(MAX_CLASSES - 1) :]), _rounded_up(top), whole=False)


def _rounded_up(value: float) -> float:
    """Return `value` with two digits, not less than it: the end of the last class."""
    unit = 10.0 ** (math.floor(math.log10(value)) - 1)
    return float(f"{math.ceil(round(value / unit, 9)) * unit:.6g}")


def _classify_years(values: list[int]) -> Classes:
    if not values:
        return Classes((), 0, darkest_first=True)
    first, last = min(values), max(values)
    step = next((one for one in _YEAR_STEPS if last // one - first // one < MAX_CLASSES), _YEAR_STEPS[-1])
    lows = range(first // step * step, last + 1, step)
    return Classes(tuple(map(float, lows)), last, darkest_first=True)


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
        return Classes(tuple(map(float, range(1, top + 1))), top)
    candidates = [tuple(_round_numbers(steps, top)) for steps in _STEPS]
    lows = next((lows for lows in candidates if len(lows) <= MAX_CLASSES), candidates[-1])
    return Classes(tuple(map(float, lows)), top)


def _round_numbers(steps: tuple[int, ...], top: int) -> Iterable[int]:
    for power in integers():
        for step in steps:
            low = step * 10**power
            if low >= top:  # a last class of one value alone says less than the one before it, widened
                return
            yield low
