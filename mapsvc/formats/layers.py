"""What a file is made from: a flat frame with ids and places, and what it says of itself."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import geopandas as gpd
import pandas as pd

from mapsvc.errors import NotOffered
from mapsvc.formats.description import Description


@dataclass(frozen=True)
class Layer:
    """One table, of places where its frame has a geometry, ready to be written in any format.

    Attributes
    ----------
    name : str
        Of the layer in formats that have names for them, such as ``members``.
    frame : DataFrame or GeoDataFrame
        Index ``id`` (unique str), or one without a name where the rows have no ids; columns of text, whole numbers
        and decimals; EPSG:4326.
    made : datetime
        The date of the data, in UTC: formats that carry a time have this one, so that equal data gives equal bytes.
    """

    name: str
    frame: pd.DataFrame
    description: Description
    made: datetime

    @property
    def places(self) -> gpd.GeoDataFrame:
        """The frame with its geometry.

        Raises
        ------
        NotOffered
            Where it has none.
        """
        if not isinstance(self.frame, gpd.GeoDataFrame):
            raise NotOffered(f"{self.name} has no places")
        return self.frame

    @property
    def table(self) -> pd.DataFrame:
        """The columns without the geometry, ``id`` first; with ``longitude`` and ``latitude`` where it is of points."""
        frame = self.frame
        if not isinstance(frame, gpd.GeoDataFrame):
            return facts_of(frame)
        if not is_of_points(frame):
            return facts_of(frame)
        points = frame.geometry
        return facts_of(frame).assign(longitude=points.x.to_numpy(), latitude=points.y.to_numpy())


def facts_of(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the columns of a frame without its geometry, its index first where that has a name."""
    columns = frame.drop(columns=frame.geometry.name) if isinstance(frame, gpd.GeoDataFrame) else frame
    return pd.DataFrame(columns).reset_index(drop=frame.index.name is None)


def is_of_points(frame: gpd.GeoDataFrame) -> bool:
    """Tell whether a frame holds points; one without any geometry is taken for such."""
    return bool(frame.geometry.geom_type.dropna().eq("Point").all())


def cells(column: pd.Series) -> list[object]:
    """Return a column as plain Python values; what is missing is None.

    Examples
    --------
    >>> cells(pd.Series([1, None], dtype="Int64")), cells(pd.Series([0.5, float("nan")]))
    ([1, None], [0.5, None])
    """
    values: Iterable[object] = column.astype(object)
    return [None if missing else _plain(value) for value, missing in zip(values, column.isna(), strict=True)]


def _plain(value: object) -> object:
    return value.item() if hasattr(value, "item") else value
