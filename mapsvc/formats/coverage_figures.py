"""The figures of coverage beside its grid: the largest centres, access, years, far places, and members that cover nothing."""

import json
from collections.abc import Collection, Mapping
from typing import cast

import pandas as pd

from mapsvc.analysis.coverage import Coverage
from mapsvc.analysis.dates import changes_per_year
from mapsvc.analysis.distances import WITHIN_KM, access_curve, largest_beyond, nearest_members
from mapsvc.analysis.gaps_query import GapsQuery
from mapsvc.analysis.top_centres import CENTRE_STATES, centre_states, top_counts
from mapsvc.formats.coverage import FIGURE, FIGURES, Row, place_rows
from mapsvc.model import COUNTED_STATUS, Dataset

N_FAR = 100


def figures_of(dataset: Dataset, coverage: Coverage, query: GapsQuery) -> dict[str, object]:
    """Return, for JSON, the other figures of what a question asks for."""
    codes = _codes(dataset, query)
    centres = coverage.urban.centres[coverage.urban.centres["country"].isin(codes)]
    near = nearest_members(coverage.members, centres, query.theme_or_all)["km"]
    curve = access_curve(near, centres, WITHIN_KM)
    ever = dataset.members["status"].isin((COUNTED_STATUS, "former")) & dataset.members["country"].isin(codes)
    states = centre_states(coverage, dataset.network, query.theme_or_all)
    homes = coverage.members["country"]
    return {
        "largestCentres": top_counts(states, dataset.network).to_dict("records"),
        "access": [
            {
                "within_km": within,
                "people": int(people),
                "share": None if pd.isna(share) else round(float(share), 6),
            }
            for within, people, share in curve[["people", "share"]].itertuples()
        ],
        "years": json.loads(changes_per_year(dataset.members[ever]).reset_index().to_json(orient="records")),
        "far": place_rows(largest_beyond(near, centres, query.beyond, N_FAR)),
        "beyond_km": query.beyond,
        "unmatched": [
            {"id": str(id_), "country": homes[id_], "reason": reason}
            for id_, reason in coverage.reach.unmatched.items()
            if homes[id_] in codes
        ],
    }


def figure_rows(
    figures: Mapping[str, object],
    theme: str,
    names: Mapping[tuple[str, str], str],
    members: Mapping[str, str],
) -> list[Row]:
    """Return the figures of `figures_of` as rows of the CSV: ``level`` is `FIGURE`, ``figure`` says which, ``value`` what.

    Parameters
    ----------
    names : mapping of (level, area) to str
        What each area is called.
    members : mapping of str to str
        What each member is called.

    Examples
    --------
    >>> years = {"largestCentres": [], "access": [], "years": [{"year": 1999, "joined": 2, "left": 0}], "far": [], "unmatched": []}
    >>> [(row["area"], row["figure"], row["value"]) for row in figure_rows(years, "all", {}, {})]
    [('1999', 'joined', 2), ('1999', 'left', 0)]
    """
    found: list[tuple[str, str, str, object]] = []
    for one in _records(figures, "largestCentres"):
        area = str(one["area"])
        title = names.get(("region", area), names.get(("world", area), area))
        found += [
            (area, title, f"largest_{one['top']}_{what}", one[what]) for what in ("n_centres", *CENTRE_STATES)
        ]
    found += [
        ("", "", f"share_within_{one['within_km']}_km", one["share"]) for one in _records(figures, "access")
    ]
    for one in _records(figures, "years"):
        year = str(one["year"])
        found += [(year, year, what, one[what]) for what in ("joined", "left")]
    for one in _records(figures, "far"):
        place = str(one["geonameid"])
        found += [(place, str(one["name"]), what, one[what]) for what in ("population", "km")]
    for one in _records(figures, "unmatched"):
        id_ = str(one["id"])
        found.append((id_, members.get(id_, id_), "unmatched", one["reason"]))
    heads = ("level", "area", "name", "theme", *FIGURES)
    return [
        dict(zip(heads, (FIGURE, area, name, theme, what, value), strict=True))
        for area, name, what, value in found
    ]


def _records(figures: Mapping[str, object], name: str) -> list[Row]:
    return cast("list[Row]", figures[name])


def _codes(dataset: Dataset, query: GapsQuery) -> Collection[str]:
    """Return the countries of the question: of its region, or all."""
    home = dataset.network.region_of_country
    codes = map(str, dataset.countries.index)
    return frozenset(code for code in codes if not query.region or home.get(code) == query.region)
