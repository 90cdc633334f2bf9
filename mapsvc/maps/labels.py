"""What the map may write: names of countries and urban centres with their places, small enough to be sent after the map."""

import json
from collections.abc import Mapping

import geopandas as gpd
import pandas as pd

from mapsvc.analysis.anchors import anchors
from mapsvc.analysis.pyramid import Tile, centres_of

# A name that is longer would not fit on any map.
_LONGEST = 60


def country_labels(countries: gpd.GeoDataFrame, names: Mapping[str, str]) -> list[list[object]]:
    """Return name, longitude, latitude, room and side of each country, largest first; see `anchors`.

    Examples
    --------
    >>> from shapely import box
    >>> square = gpd.GeoDataFrame(geometry=[box(-3, -1, 3, 1)], index=["AA"], crs=4326)
    >>> country_labels(square, {"AA": "Land"})
    [['Land', 0.0, 0.0, 1.0, 3.46]]
    """
    found = (anchors(countries).round(2) + 0.0).sort_values("side", ascending=False, kind="stable")  # no -0.0
    return [[_short(names.get(str(code), str(code))), *place] for code, *place in found.itertuples()]


def label_tile(
    tile: Tile, centres: pd.DataFrame, titles: Mapping[int, str], countries: list[list[object]]
) -> bytes:
    """Return JSON: the labels of a tile, and the names of the tiles below it.

    Parameters
    ----------
    centres : DataFrame
        `URBAN_CENTRES`, largest first.
    titles : mapping of int to str
        What centres are called, by geonameid, where that is not their name.
    countries : list
        From `country_labels`; empty but for the top of the pyramid.

    Returns
    -------
    bytes
        ``{"countries": …, "centres": [[name, longitude, latitude, thousands of inhabitants]], "below": [tile]}``; largest
        first.
    """
    rows, below = centres_of(centres, tile)
    places = rows[["longitude", "latitude"]].round(3)
    thousands = (rows["population"] / 1000).round().astype("int64")
    found = [
        [_short(titles.get(int(id_), name)), longitude, latitude, size]
        for id_, name, longitude, latitude, size in zip(
            rows.index, rows["name"], places["longitude"], places["latitude"], thousands, strict=True
        )
    ]
    answer = {"countries": countries, "centres": found, "below": [str(one) for one in below]}
    return json.dumps(answer, ensure_ascii=False, separators=(",", ":")).encode()


def _short(name: str) -> str:
    return name if len(name) <= _LONGEST else f"{name[: _LONGEST - 1]}…"
