"""The five collections that are published as OGC API – Features, each made of the frames of one snapshot."""

from collections.abc import Mapping

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from mapsvc.analysis.coverage import Coverage
from mapsvc.analysis.coverage_measures import COVERAGE
from mapsvc.analysis.items import Items
from mapsvc.analysis.top_centres import CENTRE_STATES, centre_states
from mapsvc.model import (
    ALL_THEMES,
    COUNTRIES,
    MEMBER_TYPES,
    MEMBERS,
    STATES,
    STATUSES,
    URBAN_CENTRES,
    Column,
    Dataset,
    FrameSchema,
)

_NAME = Column("name", "str", False, "Name of the country")
_COUNTRY = Column("country", "str", False, "ISO 3166-1 alpha-2 code (XK for Kosovo)")
_REGION = Column("region", "str", True, "Region id of the network")
_POLYGON, _POINT = COUNTRIES.geometry, "Point, EPSG:4326"

MEMBER_ITEMS = FrameSchema(
    "members",
    MEMBERS.index,
    (*MEMBERS.columns, Column("country_name", "str", False, "Name of the country"), _REGION),
    MEMBERS.geometry,
)
COUNTRY_ITEMS = FrameSchema(
    "countries",
    COUNTRIES.index,
    (*COUNTRIES.columns, Column("n_members", "int64", False, "Members in it; only the status member counts")),
    _POLYGON,
)
COVERAGE_ITEMS = FrameSchema("coverage", "country", (_COUNTRY, _NAME, _REGION, *COVERAGE.columns), _POLYGON)
GAP_ITEMS = FrameSchema(
    "gaps",
    "country-theme",
    (
        _COUNTRY,
        _NAME,
        _REGION,
        Column("theme", "str", False, "Theme id; all for members of any theme"),
        *COVERAGE.columns,
    ),
    _POINT,
)
CENTRE_ITEMS = FrameSchema(
    "urban-centres",
    URBAN_CENTRES.index,
    (
        *(one for one in URBAN_CENTRES.columns if one.name in {"name", "country", "population"}),
        _REGION,
        Column("rank", "int64", False, "Place among all urban centres, 1 the largest"),
        Column("rank_in_region", "int64", False, "Place among those of its region"),
        Column("covered_people", "int64", False, "Inhabitants that members cover"),
        Column("state", "str", False, "One of " + ", ".join(CENTRE_STATES)),
    ),
    _POINT,
)
SCHEMAS = {one.name: one for one in (MEMBER_ITEMS, COUNTRY_ITEMS, COVERAGE_ITEMS, GAP_ITEMS, CENTRE_ITEMS)}
# Those that are made of the coverage, which takes a second to be measured.
MEASURED = frozenset({COVERAGE_ITEMS.name, GAP_ITEMS.name, CENTRE_ITEMS.name})


def member_items(dataset: Dataset, names: Mapping[str, str]) -> Items:
    """Return the members of every status.

    Parameters
    ----------
    names : mapping of str to str
        What each country is called.
    """
    frame, network = dataset.members, dataset.network
    homes = frame["country"].to_list()
    region_of = network.region_of_country
    table = pd.DataFrame(frame.drop(columns=frame.geometry.name)).assign(
        country_name=pd.Series([names.get(code, code) for code in homes], index=frame.index, dtype="str"),
        region=pd.Series([region_of.get(code) for code in homes], index=frame.index, dtype="str"),
    )
    choices = {
        "type": MEMBER_TYPES,
        "status": STATUSES,
        "themes": network.theme_ids,
        "region": tuple(one.id for one in network.regions),
    }
    extra = frame["other_names"] if "other_names" in frame.columns else None
    groups = {group.id: frozenset(one.id for one in group.themes) for group in network.groups}
    return Items(
        "members", MEMBER_ITEMS, _published(table, MEMBER_ITEMS), _shapes(frame), choices, extra, groups
    )


def country_items(dataset: Dataset, names: Mapping[str, str]) -> Items:
    """Return all countries with their number of members, zeros among them."""
    frame = dataset.countries
    table = pd.DataFrame(frame.drop(columns=frame.geometry.name)).assign(
        name=_called(frame.index, names),
        n_members=dataset.counts.xs(ALL_THEMES, level="theme").reindex(frame.index),
    )
    choices = {"region": tuple(one.id for one in dataset.network.regions)}
    return Items("countries", COUNTRY_ITEMS, _published(table, COUNTRY_ITEMS), _shapes(frame), choices)


def coverage_items(dataset: Dataset, names: Mapping[str, str], coverage: Coverage) -> Items:
    """Return all countries with the measures of their coverage overall."""
    table = _measured(dataset, names, coverage)
    table = table[table["theme"] == ALL_THEMES].set_index("country", drop=False)
    shapes = _shapes(dataset.countries.loc[table.index])
    return Items("coverage", COVERAGE_ITEMS, _published(table, COVERAGE_ITEMS), shapes, _choices(dataset))


def gap_items(dataset: Dataset, names: Mapping[str, str], coverage: Coverage) -> Items:
    """Return every country and theme in which no member is known to be active, at a point inside of the country."""
    table = _measured(dataset, names, coverage)
    table = table[table["state"] != STATES[0]]
    inside = pd.Series(shapely.point_on_surface(_shapes(dataset.countries)), index=dataset.countries.index)
    shapes = inside.loc[table["country"]].to_numpy(dtype=object)
    table = table.set_index(pd.Index(table["country"] + "-" + table["theme"]))
    choices = _choices(dataset) | {"theme": (ALL_THEMES, *dataset.network.theme_ids)}
    return Items("gaps", GAP_ITEMS, _published(table, GAP_ITEMS), shapes, choices)


def centre_items(dataset: Dataset, names: Mapping[str, str], coverage: Coverage) -> Items:
    """Return the urban centres, largest first, and what each is to the network."""
    table = centre_states(coverage, dataset.network)
    table = table.assign(region=table["region"].replace("", None)).set_index(table.index.astype("str"))
    shapes = np.asarray(
        shapely.points(table[["longitude", "latitude"]].to_numpy(dtype="float64")), dtype=object
    )
    choices = {"region": tuple(one.id for one in dataset.network.regions), "state": CENTRE_STATES}
    extra = pd.Series([names.get(code, "") for code in table["country"]], index=table.index, dtype="str")
    return Items(
        "urban-centres", CENTRE_ITEMS, _published(table, CENTRE_ITEMS), shapes, choices, extra.str.casefold()
    )


def _choices(dataset: Dataset) -> dict[str, tuple[str, ...]]:
    return {"region": tuple(one.id for one in dataset.network.regions), "state": STATES}


def _measured(dataset: Dataset, names: Mapping[str, str], coverage: Coverage) -> pd.DataFrame:
    """Return the rows of countries of the grid, with what is known of each country as columns."""
    table = coverage.areas.xs("country", level="level").reset_index().rename(columns={"area": "country"})
    region_of = dataset.network.region_of_country
    codes = table["country"].astype("str")
    return table.assign(
        country=codes,
        theme=table["theme"].astype("str"),
        name=_called(pd.Index(codes), names),
        region=pd.array([region_of.get(code) for code in codes], dtype="str"),
    )


def _called(codes: pd.Index, names: Mapping[str, str]) -> NDArray[np.object_]:
    return np.array([names.get(str(code), str(code)) for code in codes], dtype=object)


def _shapes(frame: gpd.GeoDataFrame) -> NDArray[np.object_]:
    return np.asarray(frame.geometry.array, dtype=object)


def _published(table: pd.DataFrame, schema: FrameSchema) -> pd.DataFrame:
    """Return the columns of a schema alone, of the kinds that it says, with an index of texts."""
    columns = {
        one.name: pd.Series(
            table[one.name] if one.name in table.columns else None, table.index, dtype=one.dtype
        )
        for one in schema.columns
    }
    frame = pd.DataFrame(columns, index=table.index)
    return frame.set_index(pd.Index([str(id_) for id_ in table.index], name=schema.index))
