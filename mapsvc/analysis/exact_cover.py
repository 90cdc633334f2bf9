"""The optimum of the maximal covering location problem, proven: bounds first, an integer programme for what they leave."""

import numpy as np

from mapsvc.analysis.cover_bound import lagrangian_bound
from mapsvc.analysis.maximal_cover import Choice, Cover, Real, Whole, greedy

# The solver works with millionths of the whole, and ends when the bound is nearer than a millionth of one.
_SCALE, _CLOSE_ENOUGH = 1e6, 1e-12


def exact(cover: Cover, p: int, *, seconds: float) -> Choice:
    """Choose the `p` sites that reach the most.

    Church and ReVelle's integer programme, solved by HiGHS (SciPy's ``milp``): maximise Σ wᵢ yᵢ with yᵢ ≤ Σ xⱼ over the
    sites j that reach i, Σ xⱼ ≤ p, x in {0, 1}, y in [0, 1]; over the sites that `lagrangian_bound` leaves.

    Parameters
    ----------
    cover : Cover
        The problem.
    p : int
        At most how many sites.
    seconds : float
        When the solver stops: then the answer is the best that was found, no worse than `greedy`, and the bound is
        what was proven.

    Examples
    --------
    >>> weights = np.array([3.0, 3.0, 2.0, 2.0, 2.0])
    >>> reached, starts = np.array([0, 1, 2, 3, 0, 1, 4]), np.array([0, 2, 4, 4, 7])
    >>> exact(Cover(weights, reached, starts), 2, seconds=10)
    Choice(sites=(3, 1), value=12.0, bound=12.0)
    """
    quick = greedy(cover, p)
    if quick.gap == 0.0:
        return quick
    limit = lagrangian_bound(cover, p, quick.value)
    part = cover.only(limit.sites.tolist())
    chosen, bound = _solved(part, p, seconds)
    # What the sites left out could be part of stays below what is known.
    bound = max(min(bound, limit.value, quick.bound), quick.value)
    best = greedy(part.only(chosen), p)
    if best.value <= quick.value:
        return Choice(quick.sites, quick.value, bound)
    sites = tuple(int(limit.sites[chosen[one]]) for one in best.sites)
    return Choice(sites, best.value, max(bound, best.value))


def _solved(cover: Cover, p: int, seconds: float) -> tuple[list[int], float]:
    """Return the sites that the solver found, none where it had no time for any, and the bound that it proved."""
    from scipy.optimize import Bounds, LinearConstraint, milp  # type: ignore[import-untyped]  # noqa: PLC0415 – loads when asked for

    wanted, matrix = _programme(cover)
    n, m = cover.n_sites, len(wanted)
    whole = float(cover.weights[wanted].sum())
    worth = np.concatenate([np.zeros(n), cover.weights[wanted] * (_SCALE / whole)])
    solved = milp(
        -worth,
        integrality=np.concatenate([np.ones(n), np.zeros(m)]),
        bounds=Bounds(0, 1),
        constraints=LinearConstraint(matrix, -np.inf, np.append(np.zeros(m), p)),
        options={"time_limit": seconds, "mip_rel_gap": _CLOSE_ENOUGH},
    )
    proven = solved.mip_dual_bound
    bound = whole if proven is None or not np.isfinite(proven) else -float(proven) * whole / _SCALE
    return [] if solved.x is None else np.flatnonzero(solved.x[:n] > 0.5).tolist(), bound


def _programme(cover: Cover) -> tuple[Whole, Real]:
    """Return the demands that matter, and the matrix: a row for each of them, and one for the number of sites."""
    from scipy.sparse import coo_array  # type: ignore[import-untyped]  # noqa: PLC0415 – as above

    matters = cover.weights[cover.reached] > 0
    wanted, row = np.unique(cover.reached[matters], return_inverse=True)
    n, m = cover.n_sites, len(wanted)
    rows = np.concatenate([row, np.arange(m), np.full(n, m)])
    columns = np.concatenate([cover.sites[matters], n + np.arange(m), np.arange(n)])
    values = np.concatenate([np.full(len(row), -1.0), np.ones(m), np.ones(n)])
    return wanted, coo_array((values, (rows, columns)), shape=(m + 1, n + m)).tocsr()
