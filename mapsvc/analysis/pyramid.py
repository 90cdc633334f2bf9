"""The urban centres in the tiles of a pyramid: the largest of the world at its top, the rest where somebody looks closer."""

import re
from typing import NamedTuple

import numpy as np
import pandas as pd

# A level of zoom, as web maps count them, and how many centres a tile of it holds at most. What does not fit is in the
# tiles below; in the lowest ones there is room for more than could ever be read.
LEVELS = {0: 300, 2: 200, 4: 250, 6: 2000}
_TOP_LATITUDE = 85.0511
_TILE = re.compile(r"(\d)-(\d{1,2})-(\d{1,2})", re.ASCII)


class Tile(NamedTuple):
    """A square of Web Mercator: one of 2^level × 2^level, from the north-west."""

    level: int
    x: int
    y: int

    def __str__(self) -> str:
        return f"{self.level}-{self.x}-{self.y}"


def parse_tile(text: str) -> Tile | None:
    """Return the tile of that name; None where there is none.

    Examples
    --------
    >>> parse_tile("2-3-0"), parse_tile("2-4-0"), parse_tile("1-0-0"), parse_tile("2-03-0")
    (Tile(level=2, x=3, y=0), None, None, None)
    """
    found = _TILE.fullmatch(text)
    if not found:
        return None
    tile = Tile(*map(int, found.groups()))
    is_one = str(tile) == text and tile.level in LEVELS and max(tile.x, tile.y) < 2**tile.level
    return tile if is_one else None


def centres_of(centres: pd.DataFrame, tile: Tile) -> tuple[pd.DataFrame, list[Tile]]:
    """Return the centres that a tile holds, and the tiles right below it that hold others.

    Parameters
    ----------
    centres : DataFrame
        `URBAN_CENTRES`, largest first.

    Returns
    -------
    DataFrame
        Rows of `centres`: the largest in the square of the tile that no tile above holds.
    list of Tile
        Of the next level, from west to east.

    Examples
    --------
    >>> centres = pd.DataFrame({"longitude": [100.0] * 301, "latitude": 10.0})
    >>> rows, below = centres_of(centres, Tile(0, 0, 0))
    >>> len(rows), below
    (300, [Tile(level=2, x=3, y=1)])
    >>> centres_of(centres, below[0])[0].index.to_list()
    [300]
    """
    levels = list(LEVELS)
    left = centres
    for level, following in zip(levels, [*levels[1:], None], strict=True):
        place = _places(left, level)
        is_held = (left.groupby([place["x"], place["y"]]).cumcount() < LEVELS[level]).to_numpy()
        if level == tile.level:
            is_inside = ((place["x"] == tile.x) & (place["y"] == tile.y)).to_numpy()
            rest = left[is_inside & ~is_held]
            below = [] if following is None else _tiles(rest, following)
            return left[is_inside & is_held], below
        left = left[~is_held]
    return left.iloc[:0], []


def _places(centres: pd.DataFrame, level: int) -> pd.DataFrame:
    """Return in which tile of a level each centre lies: x and y, int64, index of `centres`."""
    latitude = np.radians(centres["latitude"].clip(-_TOP_LATITUDE, _TOP_LATITUDE))
    east = (centres["longitude"] + 180.0) / 360.0
    south = 0.5 - np.arcsinh(np.tan(latitude)) / (2 * np.pi)
    across = 2**level
    places = {name: (share * across).clip(0, across - 1) for name, share in (("x", east), ("y", south))}
    return pd.DataFrame(places).astype("int64")


def _tiles(centres: pd.DataFrame, level: int) -> list[Tile]:
    pairs = _places(centres, level).drop_duplicates().sort_values(["x", "y"])
    return [Tile(level, int(x), int(y)) for x, y in pairs.itertuples(index=False)]
