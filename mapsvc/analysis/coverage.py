"""Coverage: what share of urban centres and people the members reach, overall and by theme, and how sure that is.

Every measure of section 3 of the method, over the full grid of areas (countries, regions, world) and themes. What is
not known has no number: a share of a theme is missing where somebody there may work on it, and nobody is known to.
"""

from dataclasses import dataclass, replace
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mapsvc.analysis.coverage_measures import Areas, measures_of
from mapsvc.analysis.covering import Reach, reach_of
from mapsvc.analysis.dates import has_date, left_later, there_at
from mapsvc.model import ALL_THEMES, COUNTED_STATUS, Dataset, Urban

METHOD_VERSION = "1.0"

Mask = NDArray[np.bool_]
Whole = NDArray[np.int64]


@dataclass(frozen=True)
class Coverage:
    """The coverage of one network at one date.

    Attributes
    ----------
    areas : DataFrame
        `COVERAGE`, MultiIndex (``level``, ``area``, ``theme``), full; theme includes ``all``.
    members : GeoDataFrame
        Those that are counted at the date.
    urban : Urban
        The denominators.
    reach : Reach
        Who of `members` covers what of `urban`.
    theme_table : array of bool
        Members × (``all`` and the themes): who is known to work on what.
    themes : tuple of str
        ``all`` and the themes, the columns of that.
    asof : str
        The date; empty for now.
    n_undated : int
        Members without a date among them: they are counted at every date.
    """

    areas: pd.DataFrame
    members: gpd.GeoDataFrame
    urban: Urban
    reach: Reach
    theme_table: Mask
    themes: tuple[str, ...]
    asof: str
    n_undated: int

    def of(self, level: str, theme: str = ALL_THEMES) -> pd.DataFrame:
        """Return the rows of a level and a theme; index ``area``."""
        rows = self.areas.index.get_level_values
        wanted = (rows("level") == level) & (rows("theme") == theme)
        return self.areas[wanted].droplevel(["level", "theme"])

    def records(self, level: str, theme: str = ALL_THEMES) -> dict[str, dict[str, Any]]:
        """Return the rows of a level and a theme by area, each by the names of its columns."""
        rows = self.of(level, theme)
        return {str(area): record for area, record in zip(rows.index, rows.to_dict("records"), strict=True)}  # type: ignore[misc]

    def area(self, level: str, area: str, theme: str = ALL_THEMES) -> dict[str, Any]:
        """Return one row, by the names of its columns."""
        place = self.areas.index.get_loc((level, area, theme))
        return {str(name): value for name, value in self.areas.iloc[place].items()}

    def undated(self) -> pd.DataFrame:
        """Return how many members without a date are counted: index ``country``, a column for each of `themes`, int64."""
        rows = ~has_date(self.members)
        table = pd.DataFrame(self.theme_table[rows], columns=list(self.themes), dtype="int64")
        return table.groupby(self.members["country"].to_numpy()[rows]).sum().rename_axis("country")

    def covered(self, theme: str = ALL_THEMES, *, direct: bool = False) -> Whole:
        """Return the inhabitants covered of every centre, in its order; `direct` leaves counties and regions out."""
        pairs = self.theme_table[self.reach.members, self.themes.index(theme)]
        return self.reach.union(pairs & ~self.reach.by_area if direct else pairs)


def members_at(members: gpd.GeoDataFrame, asof: str) -> gpd.GeoDataFrame:
    """Return who is a member, or was one at a date; those without a date are counted at every date.

    Parameters
    ----------
    asof : str
        ``YYYY``, ``YYYY-MM``, ``YYYY-MM-DD``, or empty for now.
    """
    counted = members["status"].eq(COUNTED_STATUS).to_numpy(dtype=bool)
    if not asof:
        return members[counted]
    was_one = members["status"].eq("former").to_numpy(dtype=bool) & left_later(members, asof)
    return members[(counted | was_one) & there_at(members, asof, undated=True)]


def measure_coverage(dataset: Dataset, urban: Urban, *, asof: str = "") -> Coverage:
    """Return every measure of every area and theme at one date.

    Parameters
    ----------
    dataset : Dataset
    urban : Urban
        The denominators: those of the dataset, or of them those of a higher threshold.
    asof : str
        The date; empty for now.
    """
    members = members_at(dataset.members, asof)
    themes = (ALL_THEMES, *dataset.network.theme_ids)
    table = _theme_table(members, themes)
    reach = reach_of(members, urban)
    areas = Areas(dataset.network, dataset.countries.index)
    sums = _sums(members, urban, reach, table, areas)
    return Coverage(
        measures_of(sums, areas, themes), members, urban, reach, table, themes, asof,
        int((~has_date(members)).sum()),
    )  # fmt: skip


def _theme_table(members: gpd.GeoDataFrame, themes: tuple[str, ...]) -> Mask:
    table = np.zeros((len(members), len(themes)), dtype=bool)
    table[:, 0] = True
    place = {theme: column for column, theme in enumerate(themes)}
    for row, known in enumerate(members["themes"]):
        table[row, [place[theme] for theme in known or () if theme in place]] = True
    return table


def _sums(
    members: gpd.GeoDataFrame, urban: Urban, reach: Reach, table: Mask, areas: Areas
) -> dict[str, NDArray[np.int64]]:
    """Return what is counted, for all areas (rows) and themes (columns)."""
    home, land = members["country"].to_numpy(), urban.centres["country"].to_numpy()
    population = urban.centres["population"].to_numpy(dtype="int64")
    # Of the many centres, few are covered by anybody.
    touched, centres = np.unique(reach.centres, return_inverse=True)
    here, whole = replace(reach, centres=centres, n_centres=len(touched)), population[touched][:, None]
    pairs = table[reach.members]
    total = np.stack([here.union(one) for one in pairs.T], axis=1)
    direct = np.stack([here.union(one & ~reach.by_area) for one in pairs.T], axis=1)
    full = (total == whole) & (whole > 0)
    clipped = np.zeros_like(total)
    np.add.at(clipped, centres[reach.clipped], pairs[reach.clipped].astype("int64"))
    unknown = np.repeat(members["themes"].isna().to_numpy()[:, None], table.shape[1], axis=1)
    unknown[:, 0] = False
    one = np.ones_like(population)
    columns = {
        "n_centres, urban_people": (land, np.stack([one, population], axis=1)),
        "covered_centres": (land[touched], full.astype("int64")),
        "partly_covered_centres": (land[touched], ((total > 0) & ~full).astype("int64")),
        "covered_people": (land[touched], total),
        "direct_people": (land[touched], direct),
        "clipped": (land[touched], clipped),
        "n_members": (home, table.astype("int64")),
        "n_unknown": (home, unknown.astype("int64")),
    }
    sums = {name: areas.totals(areas.per_country(*one)) for name, one in columns.items()}
    denominators = sums.pop("n_centres, urban_people")
    return sums | {"n_centres": denominators[:, :1], "urban_people": denominators[:, 1:]}
