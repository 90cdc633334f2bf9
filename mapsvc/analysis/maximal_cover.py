"""The maximal covering location problem: which few sites reach the most people, quickly or provably.

R. Church and C. ReVelle, The maximal covering location problem, Papers of the Regional Science Association 32 (1974).
"""

import heapq
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Whole = NDArray[np.int64]
Real = NDArray[np.float64]
# The solver works on shares of the whole, in millionths, and ends when the bound is nearer than this much of one.
_SCALE, _CLOSE_ENOUGH = 1e6, 1e-6


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

    def gains(self, is_open: NDArray[np.bool_]) -> Real:
        """Return what each site would add: the weight of those that it reaches and that are still open."""
        site = np.repeat(np.arange(self.n_sites), np.diff(self.starts))
        weights = np.where(is_open, self.weights, 0.0)[self.reached]
        return np.bincount(site, weights=weights, minlength=self.n_sites)

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
    queue = [(-gain, site) for site, gain in enumerate(cover.gains(is_open).tolist()) if gain > 0]
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
    most = np.sort(cover.gains(is_open))[::-1][:p].sum()
    return Choice(tuple(sites), value, min(value + float(most), _reachable(cover)))


def exact(cover: Cover, p: int, *, seconds: float) -> Choice:
    """Choose the `p` sites that reach the most, as an integer programme solved by HiGHS (SciPy's ``milp``).

    Maximise Σ wᵢ yᵢ with yᵢ ≤ Σ xⱼ over the sites j that reach i, Σ xⱼ ≤ p, x in {0, 1}, y in [0, 1].

    Parameters
    ----------
    seconds : float
        When to stop: then the answer is the best that was found, no worse than `greedy`, and the bound is what
        was proven.
    """
    quick = greedy(cover, p)
    if quick.gap == 0.0:
        return quick
    from scipy.optimize import Bounds, milp  # type: ignore[import-untyped]  # noqa: PLC0415 – loads when asked for

    wanted, constraint = _programme(cover, p)
    whole = float(cover.weights[wanted].sum())
    n = cover.n_sites
    worth = np.concatenate([np.zeros(n), cover.weights[wanted] * (_SCALE / whole)])
    solved = milp(
        -worth,
        integrality=np.concatenate([np.ones(n), np.zeros(len(wanted))]),
        bounds=Bounds(0, 1),
        constraints=constraint,
        options={"time_limit": seconds, "mip_rel_gap": _CLOSE_ENOUGH / _SCALE},
    )
    found = solved.mip_dual_bound
    bound = quick.bound if found is None else min(quick.bound, -float(found) * whole / _SCALE)
    sites = [] if solved.x is None else np.flatnonzero(solved.x[:n] > 0.5).tolist()
    part = greedy(cover.only(sites), p)
    if part.value <= quick.value:
        return Choice(quick.sites, quick.value, max(bound, quick.value))
    return Choice(tuple(sites[one] for one in part.sites), part.value, max(bound, part.value))


def _programme(cover: Cover, p: int) -> tuple[Whole, object]:
    """Return the demands that matter, and the constraints over sites and them."""
    from scipy.optimize import LinearConstraint  # noqa: PLC0415 – as above
    from scipy.sparse import coo_array  # type: ignore[import-untyped]  # noqa: PLC0415

    site = np.repeat(np.arange(cover.n_sites), np.diff(cover.starts))
    matters = cover.weights[cover.reached] > 0
    site = site[matters]
    wanted, row = np.unique(cover.reached[matters], return_inverse=True)
    n, m = cover.n_sites, len(wanted)
    rows = np.concatenate([row, np.arange(m), np.full(n, m)])
    columns = np.concatenate([site, n + np.arange(m), np.arange(n)])
    values = np.concatenate([np.full(len(row), -1.0), np.ones(m), np.ones(n)])
    matrix = coo_array((values, (rows, columns)), shape=(m + 1, n + m)).tocsr()
    return wanted, LinearConstraint(matrix, -np.inf, np.append(np.zeros(m), p))


def _reachable(cover: Cover) -> float:
    """Return the weight of all that any site reaches."""
    return float(cover.weights[np.unique(cover.reached)].sum())
