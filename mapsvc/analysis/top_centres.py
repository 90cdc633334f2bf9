"""The largest urban centres, and how many of them are members, lie in a member region, or are missing."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from mapsvc.analysis.coverage import Coverage
from mapsvc.analysis.coverage_measures import WORLD
from mapsvc.model import ALL_THEMES, Network

TOP = (100, 300, 1000)
# What a centre is to the network, best first: whole by its own local government, whole by its region, in part, not.
CENTRE_STATES = ("member", "in-member-region", "in-part", "missing")


def centre_states(coverage: Coverage, network: Network, theme: str = ALL_THEMES) -> pd.DataFrame:
    """Return every urban centre with its place among the largest and what it is to the network.

    Parameters
    ----------
    theme : str
        ``all``, or the theme that a member must be known to work on.

    Returns
    -------
    DataFrame
        Index ``geonameid``, largest first: ``name``, ``country``, ``region`` (empty where it is in none),
        ``population``, ``longitude``, ``latitude``, ``rank`` and ``rank_in_region`` (int64, 1 the largest),
        ``covered_people`` int64, ``state`` one of `CENTRE_STATES`.
    """
    centres = coverage.urban.centres
    people = centres["population"].to_numpy(dtype="int64")
    covered, direct = coverage.covered(theme), coverage.covered(theme, direct=True)
    whole = people > 0
    state = np.select(
        [whole & (direct >= people), whole & (covered >= people), covered > 0],
        CENTRE_STATES[:3],
        CENTRE_STATES[3],
    )
    home = network.region_of_country
    frame = pd.DataFrame(
        {
            "name": centres["name"],
            "country": centres["country"],
            "region": [home.get(code, "") for code in centres["country"]],
            "population": people,
            "longitude": centres["longitude"],
            "latitude": centres["latitude"],
            "covered_people": covered,
            "state": state,
        },
        index=centres.index,
    ).sort_values("population", ascending=False, kind="stable")
    return frame.assign(
        rank=np.arange(1, len(frame) + 1), rank_in_region=frame.groupby("region").cumcount() + 1
    )


def top_counts(states: pd.DataFrame, network: Network, sizes: Sequence[int] = TOP) -> pd.DataFrame:
    """Count the states of the largest centres of the world and of each region.

    Parameters
    ----------
    states : DataFrame
        From `centre_states`.

    Returns
    -------
    DataFrame
        One row for each area and size: ``area`` (``world`` or a region id), ``top`` (the size asked for), ``n_centres``
        (fewer where there are not so many), and one int64 column for each of `CENTRE_STATES`.
    """
    rows = []
    for area in (WORLD, *(region.id for region in network.regions)):
        inside = states if area == WORLD else states[states["region"] == area]
        for size in sizes:
            found = inside["state"].iloc[:size].value_counts()
            counts = {state: int(found.get(state, 0)) for state in CENTRE_STATES}
            rows.append({"area": area, "top": size, "n_centres": min(size, len(inside)), **counts})
    return pd.DataFrame(rows)
