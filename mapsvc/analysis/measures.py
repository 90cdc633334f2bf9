"""The measures that countries can be filled by, each with its formula, unit and source.

=============  ==========================================================  ========================================
measure        formula, per country                                        unit
=============  ==========================================================  ========================================
`members`      number of members in the view                               members
`per-million`  members / (inhabitants of its urban centres / 10^6)         members per million urban inhabitants
`share`        inhabitants of urban centres that the members cover / all   per cent of the urban inhabitants
`first-year`   year in which the first of them joined                      year
=============  ==========================================================  ========================================

Urban centres: GeoNames places of 15,000 and more, without those inside a larger one (`geodata/README.md`); what
a member covers: `covering`. A country without any urban centre has no value, which is not zero.
"""

import geopandas as gpd
import pandas as pd

from mapsvc.analysis.covering import covered_people, urban_people
from mapsvc.analysis.dates import years
from mapsvc.analysis.queries import MEASURES
from mapsvc.model import Dataset, Urban

# What a country with members but without a value lacks: the look that it has on the map.
LACKS = {"per-million": "no-centre", "share": "no-centre", "first-year": "no-date"}


def offered_measures(dataset: Dataset) -> tuple[str, ...]:
    """Return the measures that a dataset has the numbers for."""
    lacking = () if dataset.urban else ("per-million", "share")
    return tuple(one for one in MEASURES if one not in lacking)


def country_values(
    measure: str, members: gpd.GeoDataFrame, countries: pd.Index, urban: Urban | None
) -> pd.Series:
    """Return the value of a measure for each country.

    Parameters
    ----------
    measure : str
        One of `MEASURES`.
    members : GeoDataFrame
        `MEMBERS`, those of the view.
    countries : Index
        ISO codes of the countries wanted.
    urban : Urban or None
        The denominators; without them the two measures that need them have no value anywhere.

    Returns
    -------
    Series
        float64, named after the measure, index `countries`; NaN where it cannot be computed.

    Examples
    --------
    >>> frame = pd.DataFrame({"country": ["AA", "AA"], "since": ["1999", "1990-05"]}, dtype="str")
    >>> country_values("first-year", frame, pd.Index(["AA", "BB"]), None).to_dict()
    {'AA': 1990.0, 'BB': nan}
    """
    values = pd.Series(dtype="float64")
    n_members = members.groupby("country").size().reindex(countries, fill_value=0)
    if measure == "members":
        values = n_members
    elif measure == "first-year":
        values = years(members).groupby(members["country"].to_numpy()).min()
    elif urban is not None:
        people = urban_people(urban).reindex(countries)
        people = people.where(people > 0)
        if measure == "per-million":
            values = n_members / (people / 1e6)
        else:
            reached = covered_people(members, urban).reindex(countries, fill_value=0)
            values = (100.0 * reached / people).clip(upper=100.0)
    return values.reindex(countries).astype("float64").rename(measure)
