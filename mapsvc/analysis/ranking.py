"""The order of countries in the table of coverage, for the page and the terminal."""

from collections.abc import Callable

import pandas as pd

# What can be sorted by, and the column that it is.
SORT_COLUMNS = {
    "missing": "missing_members",
    "members": "n_members",
    "expected": "expected",
    "ratio": "ratio",
    "chance": "chance",
    "rate": "rate",
    "smoothed-rate": "smoothed_rate",
    "centre-share": "centre_share",
    "people-share": "people_share",
    "people-short": "people_short",
}
# Of these the smallest is the first to be seen: the gap.
SMALL_FIRST = ("ratio", "chance", "rate", "smoothed-rate", "centre-share", "people-share")


def ranked(table: pd.DataFrame, sort: str, name_of: Callable[[str], object]) -> pd.DataFrame:
    """Return countries in order; those without a number come last. Of those alike, where more people live comes first.

    Parameters
    ----------
    table : DataFrame
        Countries, as `Coverage.of` gives them.
    sort : str
        One of `SORT_COLUMNS` or ``name``, with a minus in front to turn it round.
    name_of : callable
        What a country is sorted by where it is sorted by name.
    """
    turned, sorted_by = sort.startswith("-"), sort.removeprefix("-") or "missing"
    by_name = pd.Series([name_of(str(code)) for code in table.index], index=table.index, dtype="object")
    if sorted_by == "name":
        return table.loc[by_name.sort_values(ascending=not turned, kind="stable").index]
    values = table[SORT_COLUMNS[sorted_by]].astype("float64")
    keys = pd.DataFrame({"value": values, "people": -table["urban_people"], "name": by_name})
    small_first = (sorted_by in SMALL_FIRST) != turned
    order = keys.sort_values(
        ["value", "people", "name"], ascending=[small_first, True, True], na_position="last"
    )
    return table.loc[order.index]
