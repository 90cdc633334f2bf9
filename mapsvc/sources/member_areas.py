"""The areas of members: a county or a region covers what lies inside of its own boundary, where the network gives one."""

from collections.abc import Iterable
from pathlib import Path

import geopandas as gpd
import pandas as pd

from mapsvc.errors import BadData
from mapsvc.model import Issue
from mapsvc.sources.boundaries import check_shapes, read_layer
from mapsvc.sources.files import is_there

FILE = "member_areas.geojson"


def read_member_areas(folder: Path) -> gpd.GeoSeries:
    """Read the areas of a network's members.

    Returns
    -------
    GeoSeries
        Polygons and MultiPolygons, EPSG:4326, cut at 180°, index ``id`` of the member; empty where the folder has none.

    Raises
    ------
    BadData
        Where the file cannot be read, an id stands twice or is missing, or a geometry is no valid polygon on the globe.
    """
    if not is_there(folder / FILE):
        return gpd.GeoSeries([], index=pd.Index([], name="id", dtype="str"), crs=4326)
    frame = read_layer(folder / FILE)
    if "id" not in frame.columns or frame["id"].isna().any():
        raise BadData("a feature has no id", file=FILE, hint="give each the id of its member")
    ids = frame["id"].astype("str")
    if (again := ids.duplicated()).any():
        raise BadData(f"{ids[again].iloc[0]!r} is given twice", file=FILE, column="id")
    check_shapes(frame.geometry, ids, FILE)
    return gpd.GeoSeries(frame.geometry.to_numpy(), index=pd.Index(ids, name="id"), crs=4326)


def area_findings(areas: gpd.GeoSeries, members: pd.DataFrame, types: Iterable[str]) -> tuple[Issue, ...]:
    """Return a finding for each area of nobody, or of a member that is of a type without an area."""
    kinds = members["type"].reindex(areas.index)
    wanted = set(types)
    return tuple(
        Issue("warning", "unused-area", f"the area of {id_} is not used: {_why(kind)}", file=FILE, column="id",
              value=str(id_), suggestion="check the type" if isinstance(kind, str) else "check the id")
        for id_, kind in kinds.items() if kind not in wanted
    )  # fmt: skip


def _why(kind: object) -> str:
    return f"it is of the type {kind}" if isinstance(kind, str) else "there is no such member"
