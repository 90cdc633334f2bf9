"""Statistics for counts that are small: intervals, chances and smoothed rates, so that two members are not taken for a trend.

NumPy alone: the terms of a distribution are summed, which for the counts of a network is quick and exact.
"""

import math
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
# The two-sided 95 % quantile of the normal distribution.
Z95 = 1.959963984540054
# Terms that are equal on paper differ in their last digits.
_TIE = 1 + 1e-7


def wilson(successes: ArrayLike, trials: ArrayLike) -> tuple[Floats, Floats]:
    """Return the ends of the Wilson score interval (Wilson 1927) of 95 % for each share; NaN where nothing was tried.

    Examples
    --------
    >>> low, high = wilson([0, 5], [10, 10])
    >>> low.round(4).tolist(), high.round(4).tolist()
    ([0.0, 0.2366], [0.2775, 0.7634])
    """
    k, n = (np.asarray(one, dtype="float64") for one in (successes, trials))
    n = np.where(n > 0, n, np.nan)
    share, square = k / n, Z95**2
    middle = (share + square / (2 * n)) / (1 + square / n)
    half = Z95 / (1 + square / n) * np.sqrt(share * (1 - share) / n + square / (4 * n**2))
    # None and all of them are ends by themselves, whatever the last digit says.
    low = np.where(k == 0, middle * 0.0, np.maximum(middle - half, 0.0))
    high = np.where(k == n, middle * 0.0 + 1.0, np.minimum(middle + half, 1.0))
    return low, high


def poisson_cdf(counts: ArrayLike, means: ArrayLike) -> Floats:
    """Return the chance of at most so many, where so many are expected: the distribution function of Poisson's law.

    Parameters
    ----------
    counts : array of int
        Below 0 the chance is 0.
    means : array of float
        Not negative.

    Examples
    --------
    >>> poisson_cdf([0, 2, -1], [1.0, 1.0, 1.0]).round(4).tolist()
    [0.3679, 0.9197, 0.0]
    """
    k, mean = np.asarray(counts, dtype="int64"), np.asarray(means, dtype="float64")
    cell, term = _terms(k)
    at = mean[cell]
    with np.errstate(divide="ignore", invalid="ignore"):
        log = term * np.log(at) - at - _log_factorials(int(max(k.max(initial=0), 0)))[term]
    # Where none is expected, none is certain.
    log = np.where(at == 0, np.where(term == 0, 0.0, -np.inf), log)
    sums = np.bincount(cell, weights=np.exp(log), minlength=len(k))
    return np.asarray(np.minimum(sums, 1.0), dtype="float64")


def poisson_limits(means: ArrayLike, chance: float) -> Floats:
    """Return the count below which Poisson's law leaves this chance, interpolated between whole numbers (Spiegelhalter 2005).

    Parameters
    ----------
    means : array of float
        Above 0.

    Examples
    --------
    >>> poisson_limits([10.0], 0.025).round(2).tolist(), poisson_limits([10.0], 0.975).round(2).tolist()
    ([3.78], [16.16])
    """
    mean = np.asarray(means, dtype="float64")
    top = np.ceil(mean + 8 * np.sqrt(mean) + 10).astype("int64")
    cell, term = _terms(top)
    at = mean[cell]
    chances = np.exp(term * np.log(at) - at - _log_factorials(int(top.max(initial=0)))[term])
    limits = np.empty(len(mean))
    for one in range(len(mean)):
        own = chances[cell == one]
        reached = np.cumsum(own)
        count = int(np.searchsorted(reached, chance, side="right"))
        limits[one] = max(0.0, count - (reached[count] - chance) / own[count])
    return limits


def choynowski(observed: ArrayLike, expected: ArrayLike) -> Floats:
    """Return how likely a count at least as far from what is expected is by chance alone, on its side of it.

    The probability map of Choynowski (1959): ``F(O; E)`` where ``O <= E``, else ``1 - F(O - 1; E)``; NaN where nothing
    can be expected.

    Examples
    --------
    >>> choynowski([0, 5], [3.0, 1.0]).round(5).tolist()
    [0.04979, 0.00366]
    """
    o, e = np.asarray(observed, dtype="int64"), np.asarray(expected, dtype="float64")
    few = o <= e
    chance = poisson_cdf(np.where(few, o, o - 1), np.nan_to_num(e))
    return np.where(np.isnan(e), np.nan, np.where(few, chance, 1.0 - chance))


class Smoothed(NamedTuple):
    """Rates drawn towards their mean, the less the more people stand behind them; `weights` is what is left of each."""

    rates: Floats
    weights: Floats
    mean: float


def smooth(counts: ArrayLike, people: ArrayLike) -> Smoothed:
    """Return rates smoothed by the global empirical Bayes estimator of Marshall (1991).

    ``r̄ = ΣO/ΣU``, ``v = max(0, ΣU(r − r̄)²/ΣU − r̄/Ū)``, ``w = v/(v + r̄/U)``, smoothed ``w·r + (1 − w)·r̄``.

    Parameters
    ----------
    counts, people : array
        Both NaN or people 0 where an area is left out: it has no rate then, and no part in the mean.

    Examples
    --------
    One member among 0.35 million does not outrank twelve among 4 million, and none of 15 million is the clearest gap:

    >>> smooth([1, 12, 0, 40], [0.35, 4.0, 15.0, 50.0]).rates.round(3).tolist()
    [1.084, 2.269, 0.088, 0.799]
    """
    o, u = (np.asarray(one, dtype="float64") for one in (counts, people))
    known = (u > 0) & ~np.isnan(o)
    rates, weights = np.full(len(o), np.nan), np.full(len(o), np.nan)
    if not known.any():
        return Smoothed(rates, weights, math.nan)
    o, u = o[known], u[known]
    mean = float(o.sum() / u.sum())
    spread = float((u * (o / u - mean) ** 2).sum() / u.sum()) - mean / float(u.mean())
    variance = max(0.0, spread)
    weight = np.divide(variance, variance + mean / u, out=np.zeros(len(u)), where=variance + mean / u > 0)
    weights[known] = weight
    rates[known] = weight * o / u + (1.0 - weight) * mean
    return Smoothed(rates, weights, mean)


def binomial_two_sided(successes: ArrayLike, trials: ArrayLike, shares: ArrayLike) -> Floats:
    """Return the exact two-sided p of each number of successes, if each trial had this share: all that is no likelier.

    NaN where nothing was tried, or where the share leaves nothing to chance.

    Examples
    --------
    >>> binomial_two_sided([0, 3, 0], [10, 4, 0], [0.5, 0.25, 0.5]).round(4).tolist()
    [0.002, 0.0508, nan]
    """
    k, n = (np.asarray(one, dtype="int64") for one in (successes, trials))
    share = np.asarray(shares, dtype="float64")
    tested = (n > 0) & (share > 0) & (share < 1)
    result = np.full(len(k), np.nan)
    k, n, share = k[tested], n[tested], share[tested]
    cell, term = _terms(n)
    table = _log_factorials(int(n.max(initial=0)))
    whole = table[n][cell]
    log = whole - table[term] - table[n[cell] - term]
    log += term * np.log(share)[cell] + (n[cell] - term) * np.log1p(-share)[cell]
    chances = np.exp(log)
    own = np.bincount(cell, weights=np.where(term == k[cell], chances, 0.0), minlength=len(k))
    as_rare = chances <= own[cell] * _TIE
    result[tested] = np.minimum(
        np.bincount(cell, weights=np.where(as_rare, chances, 0.0), minlength=len(k)), 1.0
    )
    return result


def benjamini_hochberg(chances: ArrayLike) -> Floats:
    """Return p-values adjusted for their number (Benjamini and Hochberg 1995); NaN stays, and is no test.

    Examples
    --------
    >>> benjamini_hochberg([0.01, 0.04, 0.03, float("nan")]).round(3).tolist()
    [0.03, 0.04, 0.04, nan]
    """
    p = np.asarray(chances, dtype="float64")
    result = np.full(len(p), np.nan)
    tested = np.flatnonzero(~np.isnan(p))
    order = tested[np.argsort(p[tested], kind="stable")]
    n = len(order)
    scaled = p[order] * n / np.arange(1, n + 1)
    result[order] = np.minimum(np.minimum.accumulate(scaled[::-1])[::-1], 1.0)
    return result


def _terms(highest: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the terms 0 … k of each cell in one row: the cell of each, and its number in it."""
    sizes = np.maximum(highest + 1, 0)
    cell = np.repeat(np.arange(len(sizes)), sizes)
    return cell, np.arange(len(cell)) - np.repeat(np.cumsum(sizes) - sizes, sizes)


@lru_cache(maxsize=8)
def _log_factorials(top: int) -> Floats:
    return np.array([math.lgamma(n + 1) for n in range(top + 1)])
