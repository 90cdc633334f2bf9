"""What no choice of sites can exceed, and which sites cannot matter: the Lagrangian bound of the maximal covering problem.

R. Galvão and C. ReVelle, A Lagrangean heuristic for the maximal covering location problem, European Journal of Operational
Research 88 (1996). With it the exact solver looks at hundreds of sites instead of ten thousand.
"""

from typing import NamedTuple

import numpy as np

from mapsvc.analysis.maximal_cover import Cover, Real, Whole

_MEMORY = 0.8  # of the direction of the steps before
_ROUNDING = 1e-9


class Effort(NamedTuple):
    """How long to look for prices: steps; how long the first is; how many without a better bound make them half as long."""

    n_steps: int
    first_step: float
    patience: int


THOROUGH = Effort(150, 1.5, 5)
# A fifth of that time: within one to three per cent of the optimum on the real network, and no worse than `greedy` knows.
QUICK = Effort(30, 0.4, 2)


class Bound(NamedTuple):
    """What no choice of `p` sites exceeds, and the sites that a choice better than the known one can have."""

    value: float
    sites: Whole


def lagrangian_bound(cover: Cover, p: int, known: float, effort: Effort = THOROUGH) -> Bound:
    """Bound what `p` sites can reach.

    Each demand i has a price wᵢ tᵢ, 0 ≤ tᵢ ≤ 1, for being reached. For all prices, no choice exceeds
    Σ wᵢ (1 − tᵢ) + the sum of the `p` largest Σ wᵢ tᵢ over the demands that a site reaches. The prices that make this
    small are looked for by the subgradient method; every step gives a bound that holds.

    Parameters
    ----------
    known : float
        What some choice of `p` sites reaches. A site is left out where every choice with it stays below that.

    Returns
    -------
    Bound
        The bound, in the unit of the weights, and the sites left (int64, ascending).

    Examples
    --------
    >>> cover = Cover(np.array([5.0, 4.0, 1.0]), np.array([0, 1, 2]), np.array([0, 1, 2, 3]))
    >>> bound = lagrangian_bound(cover, 2, known=9.0)
    >>> round(bound.value, 6), bound.sites.tolist()
    (9.0, [0, 1])
    """
    if cover.n_sites <= p:
        return Bound(cover.most, np.arange(cover.n_sites))
    weights = np.zeros(len(cover.weights))
    weights[cover.reached] = cover.weights[cover.reached]
    price, direction = np.full(len(weights), 0.5), np.zeros(len(weights))
    best, worth_at_best, step, waited = np.inf, np.zeros(cover.n_sites), effort.first_step, 0
    for _ in range(effort.n_steps):
        worth = cover.worth(weights * price)
        top = np.argpartition(-worth, p - 1)[:p]
        bound = float(weights @ (1.0 - price) + worth[top].sum())
        waited += 1
        if bound < best:
            best, worth_at_best, waited = bound, worth, 0
        elif waited >= effort.patience:
            step, waited = step / 2.0, 0
        direction = _MEMORY * direction + (1.0 - _MEMORY) * _downhill(cover, top, price)
        steepness = float(weights @ direction**2)
        if best <= known or steepness == 0.0:
            break
        price = np.clip(price + step * (bound - known) / steepness * direction, 0.0, 1.0)
    return Bound(best, _left(worth_at_best, p, best, known))


def _downhill(cover: Cover, top: Whole, price: Real) -> Real:
    """Return how each price should change: up where no site of the top reaches, down where several do."""
    n_reaching = np.bincount(np.concatenate([cover.of(int(site)) for site in top]), minlength=len(price))
    change = 1.0 - n_reaching
    stuck = ((price >= 1.0) & (change > 0)) | ((price <= 0.0) & (change < 0))
    return np.where(stuck, 0.0, change)


def _left(worth: Real, p: int, bound: float, known: float) -> Whole:
    """Return the sites with which a choice may still be better: in place of the least of the top, they cost little."""
    least = np.partition(worth, len(worth) - p)[len(worth) - p]
    return np.flatnonzero(bound - np.maximum(0.0, least - worth) >= known * (1.0 - _ROUNDING))
