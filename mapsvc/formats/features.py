"""Features as GeoJSON texts, made once per collection and joined for each answer, in any reference system that is offered."""

import json
from collections.abc import Mapping, Sequence
from functools import cached_property

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from mapsvc.analysis.items import Items
from mapsvc.analysis.items_selection import Positions
from mapsvc.analysis.reference_systems import CRS84, ReferenceSystem, in_axis_order
from mapsvc.formats.geojson import POINT_DECIMALS, geometry_texts


class FeatureTexts:
    """The features of a collection as texts, in the order of its frame."""

    def __init__(self, items: Items) -> None:
        self._items = items

    @cached_property
    def _heads(self) -> list[str]:
        ids = (_json(str(id_)) for id_ in self._items.frame.index)
        return [f'{{"type":"Feature","id":{id_},"geometry":' for id_ in ids]

    @cached_property
    def _shapes(self) -> list[str]:
        return _shape_texts(self._items.shapes)

    @cached_property
    def _cells(self) -> dict[str, list[str]]:
        """Each cell with the name of its column, as it stands in the properties."""
        return {
            one.name: [f"{_json(one.name)}:{text}" for text in _cell_texts(self._items.frame[one.name])]
            for one in self._items.schema.columns
        }

    @cached_property
    def _whole(self) -> list[str]:
        rows = zip(*self._cells.values(), strict=True)
        parts = zip(self._heads, self._shapes, rows, strict=True)
        return [f'{head}{shape},"properties":{{{",".join(row)}}}}}' for head, shape, row in parts]

    def chosen(
        self, places: Positions, properties: Sequence[str] | None = None, system: ReferenceSystem = CRS84
    ) -> list[str]:
        """Return the features at some places of the frame.

        Parameters
        ----------
        properties : sequence of str, optional
            Those to write; all by default.
        """
        if properties is None and system is CRS84:
            whole = self._whole
            return [whole[place] for place in places]
        names = list(self._cells) if properties is None else properties
        columns = [self._cells[name] for name in names]
        if system is CRS84:
            shapes = [self._shapes[place] for place in places]
        else:
            shapes = _texts(in_axis_order(self._items.shapes[places], system))
        rows = (",".join(column[place] for column in columns) for place in places)
        return [
            f'{self._heads[place]}{shape},"properties":{{{row}}}}}'
            for place, shape, row in zip(places, shapes, rows, strict=True)
        ]

    def one(
        self, place: int, links: Sequence[Mapping[str, object]], system: ReferenceSystem = CRS84
    ) -> bytes:
        """Return one feature with its links."""
        text = self.chosen(np.array([place]), None, system)[0]
        return f'{text[:-1]},"links":{_json(links)}}}'.encode()


def _shape_texts(shapes: NDArray[np.object_]) -> list[str]:
    """Return shapes as GeoJSON: points as short as cities need it, polygons the right way round."""
    kinds = shapely.get_type_id(shapes)
    if (kinds == shapely.GeometryType.POINT).any() or (kinds == -1).all():
        return _texts(shapely.transform(shapes, lambda xy: np.round(xy, POINT_DECIMALS)))
    import geopandas as gpd  # noqa: PLC0415 – points need none

    frame = gpd.GeoDataFrame(geometry=shapes)
    texts = geometry_texts(frame)
    return list(texts.values())


def _texts(shapes: NDArray[np.object_]) -> list[str]:
    oriented = shapely.orient_polygons(shapes, exterior_cw=False)
    found = []
    for shape, text in zip(oriented, shapely.to_geojson(oriented), strict=True):
        is_there = shape is not None and not shape.is_empty
        found.append(text.replace(".0,", ",").replace(".0]", "]").replace(" ", "") if is_there else "null")
    return found


def _cell_texts(column: pd.Series) -> list[str]:
    values = column.astype("object").to_list()
    missing = column.isna().to_list()
    return ["null" if gone else _json(_plain(value)) for value, gone in zip(values, missing, strict=True)]


def _plain(value: object) -> object:
    if isinstance(value, float):
        return float(f"{value:.12g}")
    return list(value) if isinstance(value, tuple) else value


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
