"""The maximal covering location problem: which few sites reach the most people, and a quick answer to it.

R. Church and C. ReVelle, The maximal covering location problem, Papers of the Regional Science Association 32 (1974).
"""

import heapq
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Whole = NDArray[np.int64]
Real = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Cover:
    """Which site reaches which demand.

    Attributes
    ----------
    weights : array of float64
        Of each demand, none negative.
    reached : array of int64
        The demands that the first site reaches, then those of the second, and so on; each ascending.
    starts : array of int64
        Where those of each site begin in `reached`; and, last, its length.
    """

    weights: Real
    reached: Whole
    starts: Whole

    @property
    def n_sites(self) -> int:
        """How many sites there are."""
        return len(self.starts) - 1

    def of(self, site: int) -> Whole:
        """Return the demands that a site reaches."""
        return self.reached[self.starts[site] : self.starts[site + 1]]

    @cached_property
    def sites(self) -> Whole:
        """The site that reaches, for each entry of `reached`."""
        return np.repeat(np.arange(self.n_sites), np.diff(self.starts))

    def worth(self, weights: Real) -> Real:
        """Return the sum over the demands that each site reaches."""
        found = np.bincount(self.sites, weights=weights[self.reached], minlength=self.n_sites)
        return found.astype("float64")

    @property
    def most(self) -> float:
        """The weight of all demands that any site reaches."""
        return float(self.weights[np.unique(self.reached)].sum())

    def only(self, sites: Sequence[int]) -> "Cover":
        """Return the problem with only some of the sites, in that order."""
        parts = [self.of(site) for site in sites]
        starts = np.cumsum([0, *map(len, parts)])
        return Cover(self.weights, np.concatenate([*parts, self.reached[:0]]), starts)


@dataclass(frozen=True)
class Choice:
    """Sites in the order in which each adds most, and how good they are.

    Attributes
    ----------
    sites : tuple of int
        At most as many as were asked for; none that adds nothing.
    value : float
        The weight of all demands that they reach.
    bound : float
        Proven: no choice of as many sites reaches more.
    """

    sites: tuple[int, ...]
    value: float
    bound: float

    @property
    def gap(self) -> float:
        """How much of the bound is not reached at most, 0 to 1."""
        return max(0.0, 1.0 - self.value / self.bound) if self.bound > 0 else 0.0


def greedy(cover: Cover, p: int) -> Choice:
    """Choose up to `p` sites, one after another, each the one that adds most; the first of those that add the same.

    Reaches at least 1 − 1/e of the optimum, and looks again only at sites that may be the next: what a site adds never
    grows. The bound is what is reached plus the most that `p` more could add, each on its own.

    G. Nemhauser, L. Wolsey, M. Fisher, An analysis of approximations for maximizing submodular set functions,
    Mathematical Programming 14 (1978); M. Minoux, Accelerated greedy algorithms (1978), for the lazy evaluation.

    Examples
    --------
    >>> weights = np.array([5.0, 4.0, 3.0])
    >>> greedy(Cover(weights, np.array([0, 1, 1, 2, 0]), np.array([0, 2, 4, 5])), 2)
    Choice(sites=(0, 1), value=12.0, bound=12.0)
    """
    is_open = np.ones(len(cover.weights), dtype=bool)
    queue = [(-gain, site) for site, gain in enumerate(cover.worth(cover.weights).tolist()) if gain > 0]
    heapq.heapify(queue)
    sites: list[int] = []
    while queue and len(sites) < p:
        _, site = queue[0]
        those = cover.of(site)
        gain = float(cover.weights[those[is_open[those]]].sum())
        if gain <= 0:
            heapq.heappop(queue)
        elif queue[0] == (-gain, site):
            heapq.heappop(queue)
            is_open[those] = False
            sites.append(site)
        else:
            heapq.heapreplace(queue, (-gain, site))
    value = float(cover.weights[~is_open].sum())
    most = np.sort(cover.worth(np.where(is_open, cover.weights, 0.0)))[::-1][:p].sum()
    return Choice(tuple(sites), value, min(value + float(most), cover.most))
