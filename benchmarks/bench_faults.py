"""Every fault at every system call of publishing and undoing: the old members or the new, and nothing torn.

The same sweep over a naive writer has to find corruption: a check that cannot fail proves nothing.
"""

import random
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from benchmarks.faults import Fault, faults_of, random_faults, verdict

LEAST, ANYWHERE = 1000, 40


def sweep(faults: list[Fault]) -> tuple[int, Counter[str]]:
    """Return how many faults were injected, and what was torn how often."""
    with ThreadPoolExecutor(2) as pool:
        torn = Counter(found for found in pool.map(verdict, faults) if found)
    return len(faults), torn


def main() -> None:
    """Print the numbers, and fail where they are not as they must be."""
    total, is_well = 0, True
    for writer in ("publish", "undo"):
        n, torn = sweep(list(faults_of(writer)))
        total += n
        is_well = is_well and not torn
        print(f"{writer}: {n} faults, {sum(torn.values())} torn {dict(torn) or ''}")
    n, torn = sweep(random_faults("import", ANYWHERE, random.Random(1)))
    total += n
    is_well = is_well and not torn
    print(f"anywhere in a whole import: {n} faults, {sum(torn.values())} torn {dict(torn) or ''}")
    n, torn = sweep(list(faults_of("naive")))
    print(f"a naive writer: {n} faults, {sum(torn.values())} torn")
    is_well = is_well and bool(torn) and total >= LEAST
    print(f"{total} faults in all (at least {LEAST}): {'well' if is_well else 'NOT WELL'}")
    sys.exit(not is_well)


if __name__ == "__main__":
    main()
