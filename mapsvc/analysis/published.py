"""What leaves the house: the columns of a member and a country, and the flat frames that every file format is made from."""

import math
from collections.abc import Iterable, Mapping

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from mapsvc.analysis.filling import fill_countries
from mapsvc.analysis.queries import MapQuery
from mapsvc.analysis.selection import select_members
from mapsvc.model import ALL_THEMES, MEMBERS, Dataset

MEMBER_PROPERTIES = (*(column.name for column in MEMBERS.columns), "country_name", "region")
COUNTRY_PROPERTIES = (
    "iso_a3",
    "name",
    "region",
    "n_members",
    "state",
    "value",
    "class",
    "n_all",
    "n_by_theme",
)
# A metre: what is known of where a city is.
POINT_DECIMALS = 5
# In one cell, the ids of a list are parted as in `members.csv`; by itself it says that the list is empty, and not unknown.
SEPARATOR = ";"

Row = dict[str, object]


def published_members(dataset: Dataset, query: MapQuery, names: Mapping[str, str]) -> gpd.GeoDataFrame:
    """Return the members of a view as they leave the house.

    Parameters
    ----------
    names : mapping of str to str
        What the countries are called, by ISO alpha-2 code.

    Returns
    -------
    GeoDataFrame
        Index ``id``, columns `MEMBER_PROPERTIES` of single values, Point or null in EPSG:4326 with `POINT_DECIMALS`.
    """
    shown = dataset.members[select_members(dataset.members, query, dataset.network)]
    regions = dataset.network.region_of_country
    codes = shown["country"].astype(str)
    facts = shown.assign(
        themes=_texts(None if one is None else joined(one) for one in shown["themes"]).set_axis(shown.index),
        country_name=_texts(names.get(code, code) for code in codes).set_axis(shown.index),
        region=_texts(regions.get(code) for code in codes).set_axis(shown.index),
    )[list(MEMBER_PROPERTIES)]
    return gpd.GeoDataFrame(facts, geometry=rounded_points(shown.geometry), crs=4326)


def joined(ids: Iterable[str]) -> str:
    """Return ids in one cell; an empty list is the separator alone.

    Examples
    --------
    >>> joined(("air", "water")), joined(())
    ('air;water', ';')
    """
    return SEPARATOR.join(ids) or SEPARATOR


def rounded_points(points: gpd.GeoSeries) -> gpd.GeoSeries:
    """Return points to a metre, as every format writes them; what has no finite place has none."""
    x, y = points.x.round(POINT_DECIMALS), points.y.round(POINT_DECIMALS)
    known = np.isfinite(x) & np.isfinite(y)
    made = shapely.points(x.where(known, 0), y.where(known, 0))
    return gpd.GeoSeries(np.where(known, made, None), index=points.index, crs=4326)


def country_rows(dataset: Dataset, query: MapQuery, names: Mapping[str, str]) -> list[Row]:
    """Return what is published of each country of a view: ``country`` and `COUNTRY_PROPERTIES`."""
    filling = fill_countries(dataset, query).countries
    counts = dataset.counts.to_dict()
    regions = dataset.network.region_of_country
    columns = filling[["n_members", "state", "value", "class"]].itertuples(name=None)
    return [
        {
            "country": code,
            "iso_a3": dataset.countries.at[code, "iso_a3"],
            "name": names[code],
            "region": regions.get(str(code)),
            "n_members": int(n_members),
            "state": state,
            "value": None if math.isnan(value) else round(value, 6),
            "class": None if pd.isna(place) else int(place),
            "n_all": counts[code, ALL_THEMES],
            "n_by_theme": {theme: counts[code, theme] for theme in dataset.network.theme_ids},
        }
        for code, n_members, state, value, place in columns
    ]


def published_countries(dataset: Dataset, query: MapQuery, names: Mapping[str, str]) -> gpd.GeoDataFrame:
    """Return the countries of a view as they leave the house, the number in each theme as a column of its own.

    Returns
    -------
    GeoDataFrame
        Index ``id``, columns `COUNTRY_PROPERTIES` with ``n_by_theme_…`` for the last, MultiPolygon in EPSG:4326.
    """
    rows = country_rows(dataset, query, names)
    frame = flat_frame(rows, "country", dataset.countries.geometry)
    return frame.astype({"class": "Int64"})


def flat_frame(rows: list[Row], key: str, shapes: gpd.GeoSeries) -> gpd.GeoDataFrame:
    """Return records as a frame of single values with the geometry of each.

    Parameters
    ----------
    rows : list of mappings
        A value that is itself a mapping becomes a column per key, ``name_key``.
    key : str
        The value that is the id of the row, and finds its geometry in `shapes`.
    """
    flat: list[Row] = []
    for row in rows:
        cells: Row = {}
        for name, value in row.items():
            if isinstance(value, Mapping):
                cells |= {f"{name}_{one}": inner for one, inner in value.items()}
            elif name != key:
                cells[name] = value
        flat.append(cells)
    ids = pd.Index([str(row[key]) for row in rows], name="id", dtype="str")
    frame = pd.DataFrame(flat, index=ids)
    for name in frame.columns:
        if frame[name].dtype == object:
            frame[name] = frame[name].astype("float64" if frame[name].isna().all() else "str")
    # Exterior rings as RFC 7946 has them, whatever the format.
    oriented = shapely.orient_polygons(shapes.loc[list(ids)].to_numpy(), exterior_cw=False)
    return gpd.GeoDataFrame(frame, geometry=gpd.GeoSeries(oriented, index=ids, crs=4326), crs=4326)


def _texts(values: Iterable[str | None]) -> pd.Series:
    return pd.Series(list(values), dtype="str")
