"""Every measure of coverage for all countries, regions and themes at one date, beside a plain pandas groupby of the counts alone.

And how many people live how near a member of each theme, beside looking for the nearest member of each theme to every centre.
For the bundled network, and for one of 10,000 members drawn from the urban centres. Nothing is remembered between rounds.
"""

import statistics
from dataclasses import replace
from functools import partial

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from benchmarks.timing import seconds
from mapsvc.analysis.coverage import Coverage, measure_coverage
from mapsvc.analysis.distances import nearest_members, people_within, people_within_by_theme
from mapsvc.model import Dataset
from mapsvc.settings import shipped
from mapsvc.sources.store import load_dataset

ROUNDS = 7
BOUNDS_MS = {"bundled": 500, "10,000 members": 1_500}
DATE = "2020"


def many_members(dataset: Dataset, n: int) -> Dataset:
    """Return a network of `n` members in and around urban centres, of all types, dates and themes."""
    random = np.random.default_rng(1)
    if dataset.urban is None:
        raise RuntimeError("the bundled network has no urban centres")
    centres = dataset.urban.centres.iloc[random.integers(0, len(dataset.urban.centres), n)]
    themes = np.empty(n, dtype=object)
    themes[:] = [
        tuple(sorted(random.choice(dataset.network.theme_ids, random.integers(1, 6), replace=False).tolist()))
        if random.random() < 0.6
        else None
        for _ in range(n)
    ]
    source = [f"geonames:{id_}" if random.random() < 0.5 else "given" for id_ in centres.index]
    columns = {
        "name": centres["name"].to_numpy(),
        "type": random.choice(["city", "town", "district", "county", "region"], n),
        "country": centres["country"].to_numpy(),
        "population": pd.array(random.integers(1_000, 500_000, n), dtype="Int64"),
        "since": pd.Series(random.integers(1990, 2025, n).astype(str), dtype="str").to_numpy(),
        "until": pd.array([None] * n, dtype="str"),
        "status": np.repeat("member", n),
        "themes": themes,
        "location_source": source,
    }
    noise = random.normal(0, 0.02, (2, n))
    points = gpd.points_from_xy(centres["longitude"] + noise[0], centres["latitude"] + noise[1])
    index = pd.Index([f"m{row:05}" for row in range(n)], name="id")
    return replace(dataset, members=gpd.GeoDataFrame(columns, geometry=points, index=index, crs=4326))


def plain_counts(dataset: Dataset) -> pd.DataFrame:
    """Count members by country and theme as one writes it in pandas, over the full grid."""
    counted = dataset.members[dataset.members["status"] == "member"]
    by_theme = counted[["country", "themes"]].explode("themes").groupby(["country", "themes"]).size()
    grid: pd.DataFrame = by_theme.unstack(fill_value=0).reindex(
        index=dataset.countries.index, columns=list(dataset.network.theme_ids), fill_value=0
    )
    return grid


def near_by_theme(coverage: Coverage) -> NDArray[np.int64]:
    """Return who lives how near, by the straight line wherever it decides."""
    return people_within_by_theme(coverage.members, coverage.theme_table, coverage.urban.centres)[1]


def near_by_search(coverage: Coverage) -> NDArray[np.int64]:
    """Return the same from the nearest member to every centre, of each theme."""
    centres = coverage.urban.centres
    km = (nearest_members(coverage.members, centres, theme)["km"] for theme in coverage.themes)
    return np.array([people_within(one, centres).to_numpy() for one in km])


def main() -> None:
    """Print the time of each network, its bound, and the time of the counts alone."""
    bundled = load_dataset(shipped("geodata"))
    for name, dataset in (("bundled", bundled), ("10,000 members", many_members(bundled, 10_000))):
        urban = dataset.urban
        if urban is None:
            raise RuntimeError("the network has no urban centres")
        pairs = [
            (
                seconds(partial(measure_coverage, dataset, urban, asof=DATE)),
                seconds(partial(plain_counts, dataset)),
            )
            for _ in range(ROUNDS)
        ]
        ours, plain = (1000 * statistics.median(column) for column in zip(*pairs, strict=True))
        n_cells = (len(dataset.countries) + len(dataset.network.regions) + 1) * (
            len(dataset.network.themes) + 1
        )
        print(
            f"{name}: {n_cells:,} areas and themes, all measures {ours:.0f} ms (bound {BOUNDS_MS[name]} ms); "
            f"counts alone in plain pandas {plain:.0f} ms"
        )
        coverage = measure_coverage(dataset, urban, asof=DATE)
        if not np.array_equal(near_by_theme(coverage), near_by_search(coverage)):
            raise RuntimeError("the two ways differ")
        pairs = [
            (seconds(partial(near_by_theme, coverage)), seconds(partial(near_by_search, coverage)))
            for _ in range(3)
        ]
        quick, slow = (1000 * statistics.median(column) for column in zip(*pairs, strict=True))
        print(
            f"  people near a member of each of {len(coverage.themes)} themes {quick:.0f} ms; "
            f"by the nearest member to every centre {slow:.0f} ms: {quick / slow:.2f}"
        )


if __name__ == "__main__":
    main()
