"""How much is known of the members: which facts, in which countries."""

import pandas as pd

from mapsvc.model import COUNTED_STATUS

# What can be known of a member and need not be; its name, type and country always are.
FACTS = ("place", "themes", "since", "population", "admin1", "url", "source_url")
ALL = "all"


def measure_completeness(members: pd.DataFrame) -> pd.DataFrame:
    """Return of how many members each fact is known, by country.

    Parameters
    ----------
    members : GeoDataFrame
        `MEMBERS`. Only those with the status ``member`` count.

    Returns
    -------
    DataFrame
        ``n_members`` and each of `FACTS`, int64, and ``share``: of all these facts, the part that is known, 0 to 1. Index
        ``country``, the thinnest first, and `ALL` before them.

    Examples
    --------
    >>> from mapsvc.settings import shipped
    >>> from mapsvc.sources.store import load_dataset
    >>> known = measure_completeness(load_dataset(shipped("geodata")).members)
    >>> bool((known.loc["all", list(FACTS)] <= known.at["all", "n_members"]).all())
    True
    """
    counted = members[members["status"] == COUNTED_STATUS]
    known = pd.DataFrame({"n_members": 1}, index=counted.index).assign(
        place=counted.geometry.notna().astype("int64"),
        **{fact: counted[fact].notna().astype("int64") for fact in FACTS[1:]},
    )
    by_country = known.groupby(counted["country"].astype(str)).sum()
    whole = pd.concat([known.sum().to_frame(ALL).T, by_country]).astype("int64").rename_axis("country")
    share = whole[list(FACTS)].sum(axis=1) / (whole["n_members"] * len(FACTS)).where(whole["n_members"] > 0)
    whole = whole.assign(share=share)
    countries = whole.drop(index=ALL).sort_values(
        ["share", "n_members"], ascending=[True, False], kind="stable"
    )
    return pd.concat([whole.loc[[ALL]], countries])
