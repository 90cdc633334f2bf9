"""The formulas of coverage: from what is counted of areas and themes to every measure of section 3 of the method.

Every array has a row for each area (countries, regions, world) and a column for each theme (``all`` first). What is not
known has no number: a measure of a theme is missing where somebody may work on it, and nobody is known to.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mapsvc.analysis import small_numbers
from mapsvc.model import STATES, Column, FrameSchema, Network

LEVELS = ("country", "region", "world")
WORLD = "world"
PER = 1e6  # people that a rate is given for

Mask = NDArray[np.bool_]
Whole = NDArray[np.int64]
Floats = NDArray[np.float64]

COVERAGE = FrameSchema(
    "coverage",
    "level, area, theme",
    (
        Column(
            "state",
            "str",
            False,
            "One of " + ", ".join(STATES) + "; unknown where a measure of the theme would be a guess",
        ),
        Column("n_members", "int64", False, "Members; of a theme, those that are known to work on it (O)"),
        Column("n_unknown", "int64", False, "Members of whom no theme is recorded; 0 overall"),
        Column("n_centres", "int64", False, "Urban centres (N)"),
        Column("urban_people", "int64", False, "Inhabitants of the urban centres (U)"),
        Column("covered_centres", "int64", False, "Centres that members cover whole"),
        Column("partly_covered_centres", "int64", False, "Centres that members cover in part"),
        Column("centre_share", "float64", True, "Covered centres / urban centres (K)"),
        Column("centre_share_low", "float64", True, "Lower end of its Wilson interval of 95 %"),
        Column("centre_share_high", "float64", True, "Upper end of its Wilson interval of 95 %"),
        Column("covered_people", "int64", False, "Inhabitants of centres that members cover, a union"),
        Column("direct_people", "int64", False, "Of these, by cities, towns, districts and villages"),
        Column("region_people", "int64", False, "Of these, by counties and regions alone"),
        Column("people_share", "float64", True, "Covered people / urban people (C)"),
        Column(
            "clipped",
            "bool",
            False,
            "Whether a member states more people than its centre has, so that it was cut",
        ),
        Column("rate", "float64", True, "Members per million urban people, raw"),
        Column("smoothed_rate", "float64", True, "The same, empirical Bayes (Marshall 1991)"),
        Column(
            "smoothing_weight", "float64", True, "What is left of the raw rate in the smoothed one, 0 to 1"
        ),
        Column("expected", "float64", True, "Members at the world's rate (E)"),
        Column("ratio", "float64", True, "Members / expected (O/E)"),
        Column("missing_members", "float64", True, "max(0, E - O)"),
        Column("chance", "float64", True, "Choynowski probability of a number so far from what is expected"),
        Column("people_short", "float64", True, "Urban people below the world's share"),
        Column(
            "people_short_of_region", "float64", True, "Urban people below the share of the country's region"
        ),
        Column("theme_share", "float64", True, "Members in the theme / members with recorded themes"),
        Column("location_quotient", "float64", True, "That share / the same share of the world"),
        Column("theme_chance", "float64", True, "Two-sided binomial p of that share"),
        Column(
            "theme_chance_adjusted",
            "float64",
            True,
            "The same, adjusted for all cells of its level (Benjamini-Hochberg)",
        ),
    ),
)


class Areas:
    """Countries, regions and the world in one row, and how the numbers of countries add up to the others."""

    def __init__(self, network: Network, countries: pd.Index) -> None:
        self.countries = pd.Index([str(code) for code in countries])
        self.regions = tuple(region.id for region in network.regions)
        home = network.region_of_country
        place = {region: row for row, region in enumerate(self.regions)}
        self.region_of = np.array([place.get(home.get(code, ""), -1) for code in self.countries])
        self.level = np.repeat(LEVELS, (len(self.countries), len(self.regions), 1))
        self.area = np.array([*self.countries, *self.regions, WORLD])

    def totals(self, by_country: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the numbers of all areas, one row each, from those of the countries."""
        inside = self.region_of >= 0
        regions = np.zeros((len(self.regions), by_country.shape[1]), dtype="int64")
        np.add.at(regions, self.region_of[inside], by_country[inside])
        return np.concatenate([by_country, regions, by_country.sum(axis=0, keepdims=True)])

    def per_country(self, codes: Sequence[str], weights: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return sums by country; `weights` has one row for each code, and as many columns as are summed."""
        place = self.countries.get_indexer(pd.Index(codes))
        sums = np.zeros((len(self.countries), weights.shape[1]), dtype="int64")
        np.add.at(sums, place[place >= 0], weights[place >= 0])
        return sums


def measures_of(sums: dict[str, Whole], areas: Areas, themes: tuple[str, ...]) -> pd.DataFrame:
    """Return the frame of measures; each is computed for the whole grid at once."""
    shape = sums["n_members"].shape
    grid = {name: np.broadcast_to(one, shape) for name, one in sums.items()}
    observed, people, covered = grid["n_members"], grid["urban_people"], grid["covered_people"]
    state = _states(observed, grid["n_unknown"])
    known = state != "unknown"
    everybody = people[-1, 0]
    rate_of_world = _over(observed[-1], np.full(shape[1], everybody))
    expected = np.where(people > 0, people * rate_of_world, np.nan)
    share = np.minimum(_over(covered, people), 1.0)
    low, high = small_numbers.wilson(grid["covered_centres"], grid["n_centres"])
    chance = small_numbers.choynowski(observed.ravel(), expected.ravel()).reshape(shape)
    chance[-1] = np.nan  # the world is what is expected of the world
    smoothed, weights = _smoothed(np.where(known, observed, np.nan), people, areas.level)
    measures = {
        "centre_share": _over(grid["covered_centres"], grid["n_centres"]),
        "centre_share_low": low,
        "centre_share_high": high,
        "people_share": share,
        "rate": _over(observed, people) * PER,
        "smoothed_rate": smoothed * PER,
        "smoothing_weight": weights,
        "expected": expected,
        "ratio": _over(observed, expected),
        "missing_members": np.maximum(0.0, expected - observed),
        "chance": chance,
        "people_short": np.maximum(0.0, share[-1] - share) * people,
        "people_short_of_region": np.maximum(0.0, _of_region(share, areas) - share) * people,
    }
    # What is expected can be said of everybody; what is not known of a theme has no measure.
    guesses = {name: np.where(known | (name == "expected"), one, np.nan) for name, one in measures.items()}
    counts = grid | {
        "region_people": covered - grid["direct_people"],
        "clipped": grid["clipped"] > 0,
        "state": state,
    }
    columns = counts | guesses | _theme_measures(observed, grid["n_unknown"], known, areas.level)
    index = pd.MultiIndex.from_arrays(
        [np.repeat(areas.level, shape[1]), np.repeat(areas.area, shape[1]), np.tile(themes, shape[0])],
        names=["level", "area", "theme"],
    )
    return pd.DataFrame(
        {
            one.name: pd.Series(columns[one.name].ravel(), index=index, dtype=one.dtype)
            for one in COVERAGE.columns
        }
    )


def _states(observed: Whole, unknown: Whole) -> NDArray[np.str_]:
    """Return the state of each cell; the first theme is ``all``, which nobody can be unknown in."""
    someone = observed[:, :1] > 0
    return np.where(
        observed > 0, "active", np.where(unknown > 0, "unknown", np.where(someone, "not-in-theme", "none"))
    )


def _over(part: NDArray[np.number], whole: NDArray[np.number]) -> Floats:
    """Return a quotient; NaN where there is nothing to divide by."""
    divisor = whole.astype("float64")
    quotient: Floats = np.divide(part, divisor, out=np.full(part.shape, np.nan), where=divisor > 0)
    return quotient


def _of_region(share: Floats, areas: Areas) -> Floats:
    """Return the share of the region of each country; of regions and the world their own."""
    own = share.copy()
    inside = np.flatnonzero(areas.region_of >= 0)
    own[inside] = share[len(areas.countries) + areas.region_of[inside]]
    own[np.flatnonzero(areas.region_of < 0)] = np.nan
    return own


def _smoothed(observed: Floats, people: Whole, level: NDArray[np.str_]) -> tuple[Floats, Floats]:
    """Return the rates of each level and theme, drawn towards the mean of that level and theme."""
    rates, weights = np.full(observed.shape, np.nan), np.full(observed.shape, np.nan)
    for one in LEVELS:
        rows = np.flatnonzero(level == one)
        for column in range(observed.shape[1]):
            found = small_numbers.smooth(observed[rows, column], people[rows, column])
            rates[rows, column], weights[rows, column] = found.rates, found.weights
    return rates, weights


def _theme_measures(
    observed: Whole, unknown: Whole, known: Mask, level: NDArray[np.str_]
) -> dict[str, Floats]:
    """Return how much of each area's members works on each theme, beside the same of the world.

    Of members whose themes are recorded: with the others in the denominator, unknown would count as zero.
    """
    recorded = np.where(known, observed[:, :1] - unknown, 0)
    recorded[:, 0] = 0
    share = _over(observed, recorded)
    chance = small_numbers.binomial_two_sided(
        observed.ravel(), recorded.ravel(), np.nan_to_num(np.broadcast_to(share[-1], share.shape)).ravel()
    ).reshape(share.shape)
    chance[-1], adjusted = np.nan, np.full(share.shape, np.nan)
    for one in LEVELS:
        rows = level == one
        adjusted[rows] = small_numbers.benjamini_hochberg(chance[rows].ravel()).reshape(chance[rows].shape)
    return {
        "theme_share": share,
        "location_quotient": _over(share, np.broadcast_to(share[-1], share.shape)),
        "theme_chance": chance,
        "theme_chance_adjusted": adjusted,
    }
