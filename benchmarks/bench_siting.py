"""Who to ask next, 50 places with a reach of 100 km: the greedy answer beside the exact solver's, on the same problem.

The integer programme as it stands in the literature is given to HiGHS whole, for two minutes at most; the exact answer that
`mapsvc` gives proves a bound first and leaves the solver little.
"""

import statistics
from functools import partial

import numpy as np

from benchmarks.timing import seconds
from mapsvc.analysis.distances import nearest_members
from mapsvc.analysis.exact_cover import _solved, exact
from mapsvc.analysis.geodesy import places_of
from mapsvc.analysis.maximal_cover import Cover, greedy
from mapsvc.analysis.siting import reach_within
from mapsvc.settings import shipped
from mapsvc.sources.store import load_dataset

P, REACH_KM, MIN_PEOPLE, ROUNDS, LONGEST, BOUND = 50, 100.0, 40_000, 7, 120.0, 1 / 50


def problem() -> Cover:
    """Return the real one: the people of every centre beyond reach, the centres of some size as sites."""
    dataset = load_dataset(shipped("geodata"))
    if dataset.urban is None:
        raise RuntimeError("the bundled network has no urban centres")
    centres = dataset.urban.centres
    members = dataset.members[dataset.members["status"] == "member"]
    km = nearest_members(members, centres)["km"].to_numpy(dtype="float64", na_value=np.inf)
    people = centres["population"].to_numpy(dtype="float64")
    sites = np.flatnonzero(people >= MIN_PEOPLE)
    places = places_of(centres)
    return reach_within(places.take(sites), places, REACH_KM, np.where(km > REACH_KM, people, 0.0))


def main() -> None:
    """Print the times, their ratio, and how much of the optimum the greedy answer reaches."""
    cover = problem()
    greedy(cover, P)
    quick_s = statistics.median(seconds(partial(greedy, cover, P)) for _ in range(ROUNDS))
    plain_s = seconds(partial(_solved, cover, P, LONGEST))
    reduced_s = seconds(partial(exact, cover, P, seconds=LONGEST))
    quick, proven = greedy(cover, P), exact(cover, P, seconds=LONGEST)
    stopped = " (stopped)" if plain_s >= LONGEST else ""
    print(f"{cover.n_sites:,} candidates, p = {P}, {REACH_KM:g} km: greedy {1000 * quick_s:.0f} ms")
    print(f"  whole programme {plain_s:.1f} s{stopped}: {quick_s / plain_s:.5f} (bound {BOUND})")
    print(f"  bound first, then the solver {reduced_s:.1f} s: {quick_s / reduced_s:.3f}")
    print(
        f"  greedy reaches {quick.value / proven.value:.3%} of the best found, {quick.value / proven.bound:.3%} of its bound"
    )


if __name__ == "__main__":
    main()
