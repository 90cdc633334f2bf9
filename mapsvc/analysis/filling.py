"""How each country of a view is filled: its number, state, value and look, and the classes of the legend."""

from dataclasses import dataclass

import pandas as pd

from mapsvc.analysis.choropleth import Classes, classify
from mapsvc.analysis.measures import LACKS, country_values
from mapsvc.analysis.membership import country_states
from mapsvc.analysis.queries import MapQuery
from mapsvc.analysis.selection import select_members
from mapsvc.model import Dataset


@dataclass(frozen=True)
class Filling:
    """The filled map of a view; map, legend, list, pictures and files are made of the same one.

    Attributes
    ----------
    measure : str
    classes : Classes
    countries : DataFrame
        Index ``country``, those in the view: ``n_members`` int64; ``state`` one of `STATES`; ``value`` float64 of
        the measure, NaN where there is none; ``class`` Int64, missing where it has none; ``look`` str: the class
        as ``class-0`` … for active countries, else the state, or ``no-centre`` or ``no-date`` where an active
        country has no value.
    """

    measure: str
    classes: Classes
    countries: pd.DataFrame


def fill_countries(dataset: Dataset, query: MapQuery) -> Filling:
    """Return how the countries of a view are filled by its measure."""
    states = country_states(dataset.members, query, dataset.network, dataset.countries.index)
    values = states["n_members"].astype("float64")
    if query.measure != "members":
        shown = dataset.members[select_members(dataset.members, query, dataset.network)]
        values = country_values(query.measure, shown, states.index, dataset.urban)
    # What is said of a country without members is that it has none, not a number.
    values = values.where(states["state"] == "active")
    classes = classify(query.measure, values.dropna())
    places = [classes.class_of(value) for value in values]
    looks = [
        f"class-{place}"
        if place is not None
        else LACKS.get(query.measure, state)
        if state == "active"
        else state
        for place, state in zip(places, states["state"], strict=True)
    ]
    return Filling(
        query.measure,
        classes,
        states.assign(
            value=values,
            **{"class": pd.array(places, dtype="Int64")},
            look=pd.Series(looks, index=states.index, dtype="str"),
        ),
    )
