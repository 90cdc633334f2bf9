"""Which features of a collection a question asks for, and in which order."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from mapsvc.analysis.boxes import Mask
from mapsvc.analysis.cql2_masks import filter_mask
from mapsvc.analysis.items import Items
from mapsvc.analysis.items_query import ItemsQuery, Value
from mapsvc.analysis.names import fold

Positions = NDArray[np.intp]


def select_items(items: Items, query: ItemsQuery) -> Positions:
    """Return the places in the frame of all features that are asked for, on this page and on others, in order."""
    found = np.ones(len(items.frame), dtype=bool)
    if query.box is not None:
        found &= items.shapes_in(query.box.system).meeting(query.box)
    if query.interval is not None and items.lifetimes is not None:
        found &= items.lifetimes.meeting(query.interval)
    for name, value in query.where:
        found &= _having(items, name, value)
    if query.q:
        words = fold(query.q).split()
        found &= np.array([all(word in text for word in words) for text in items.folded], dtype=bool)
    if query.filter is not None:
        found &= filter_mask(query.filter, items)
    return _sorted(items, query, np.flatnonzero(found))


def page_of(found: Positions, query: ItemsQuery) -> Positions:
    """Return the places that are on the page."""
    return found[query.offset : query.offset + query.limit]


def items_table(items: Items, places: Positions, properties: Sequence[str] | None) -> pd.DataFrame:
    """Return features as a table: their id, properties (all of them by default), and where they are, if they are points."""
    names = [one.name for one in items.schema.columns] if properties is None else list(properties)
    table = pd.DataFrame({"id": items.frame.index[places].astype("str")})
    for name in names:
        column = items.frame[name].iloc[places].reset_index(drop=True)
        if column.dtype == "object":
            table[name] = [None if one is None else ";".join(one) for one in column]
        elif column.dtype == "float64":
            table[name] = [float(f"{one:.12g}") for one in column]  # as many digits as GeoJSON has
        else:
            table[name] = column
    if items.schema.geometry.startswith("Point"):
        points = items.shapes[places]
        table["longitude"], table["latitude"] = shapely.get_x(points).round(5), shapely.get_y(points).round(5)
    return table


def _having(items: Items, name: str, value: Value) -> Mask:
    described = items.column(name)
    if described is not None and described.dtype == "object":
        return items.holding(name, str(value))
    column = items.frame[name]
    return (column == value).fillna(value=False).to_numpy(dtype=bool)


def _sorted(items: Items, query: ItemsQuery, found: Positions) -> Positions:
    """Return places in the order that is asked for; what has no value comes last, equals as in the frame."""
    for name, is_falling in reversed(query.sortby):
        values = items.frame[name].iloc[found].reset_index(drop=True)
        order = values.sort_values(ascending=not is_falling, kind="stable", na_position="last").index
        found = found[order.to_numpy()]
    return found
