"""The coverage of the running snapshot: measured once per date and threshold, and kept while the snapshot lasts."""

from collections import OrderedDict
from threading import Lock
from typing import NamedTuple

import pandas as pd

from mapsvc.analysis.coverage import Coverage, measure_coverage
from mapsvc.analysis.coverage_measures import WORLD
from mapsvc.analysis.gaps_query import GapsQuery
from mapsvc.model import ALL_THEMES, URBAN_CENTRES, Dataset, Urban
from mapsvc.web.snapshot import Snapshot

# Each holds a few megabytes; a slider of years asks for some.
_MAX_KEPT = 6


class _Kept(NamedTuple):
    """A coverage with the frames that it was made from."""

    members: pd.DataFrame
    urban: Urban | None
    coverage: Coverage


_KEPT: OrderedDict[tuple[str, str, int], _Kept] = OrderedDict()
_LOCK = Lock()
_NO_CENTRES = Urban(
    pd.DataFrame({one.name: pd.Series(dtype=one.dtype) for one in URBAN_CENTRES.columns}).rename_axis(
        "geonameid"
    )
)


def coverage_of(dataset: Dataset, asof: str = "", threshold: int = 0) -> Coverage:
    """Return the coverage of a snapshot at a date; a network without urban centres has counts and no shares."""
    key = (dataset.fingerprint, asof, threshold)
    with _LOCK:
        kept = _KEPT.get(key)
        if kept is None or kept.members is not dataset.members or kept.urban is not dataset.urban:
            urban = (dataset.urban or _NO_CENTRES).at_least(threshold)
            kept = _Kept(dataset.members, dataset.urban, measure_coverage(dataset, urban, asof=asof))
            _KEPT[key] = kept
            while len(_KEPT) > _MAX_KEPT:
                _KEPT.popitem(last=False)
        _KEPT.move_to_end(key)
        return kept.coverage


def areas_asked(coverage: Coverage, query: GapsQuery, regions: dict[str, str]) -> pd.DataFrame:
    """Return the rows of the grid that a question asks for.

    Those of one theme, else of all; of one region, its countries, itself and the world.

    Parameters
    ----------
    regions : dict of str to str
        The region of each country.
    """
    areas = coverage.areas
    kept = pd.Series(data=True, index=areas.index)
    if query.theme:
        kept &= areas.index.get_level_values("theme") == query.theme
    if query.region:
        inside = {code for code, region in regions.items() if region == query.region}
        kept &= areas.index.get_level_values("area").isin({query.region, WORLD, *inside})
    return areas[kept.to_numpy()]


def area_names(here: Snapshot) -> dict[tuple[str, str], str]:
    """Return what each area is called."""
    countries = {("country", code): name for code, name in here.titles["country"].items()}
    regions = {("region", id_): name for id_, name in here.titles["region"].items()}
    return countries | regions | {("world", WORLD): here.language.gettext("World")}


def theme_name(here: Snapshot, theme: str) -> str:
    """Return what a theme is called."""
    return here.language.gettext("All themes") if theme == ALL_THEMES else here.titles["theme"][theme]
