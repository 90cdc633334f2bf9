"""What is different between two states of the members: who joined, who left, who is called otherwise, moved, or works on other themes."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely

from mapsvc.model import COUNTED_STATUS

KINDS = ("joined", "left", "renamed", "moved", "themes")
# Nearer than this (in degrees, a hundred metres) a point was measured again, and nobody moved.
_SAME_PLACE = 0.001

Spot = tuple[str, str, tuple[float, float] | None]


@dataclass(frozen=True)
class Change:
    """One thing that is different of one member.

    Attributes
    ----------
    kind : str
        One of `KINDS`. Only those with the status ``member`` have joined.
    id, name, country : str
        The member, as it is now, or as it was where it left.
    before, after : str
        The other name, place or themes; empty for who joined or left.
    """

    kind: str
    id: str
    name: str
    country: str
    before: str = ""
    after: str = ""

    def as_dict(self) -> dict[str, str]:
        """Return it in plain values."""
        return asdict(self)


def find_changes(old: gpd.GeoDataFrame, new: gpd.GeoDataFrame) -> tuple[Change, ...]:
    """Return what is different from `old` to `new`, by kind, country and id.

    Parameters
    ----------
    old, new : GeoDataFrame
        `MEMBERS`. Members are the same where their ids are; one id that came and one that went at the same point, of the same
        type and country, are a member that was renamed.
    """
    old, new = (frame[frame["status"] == COUNTED_STATUS] for frame in (old, new))
    gone, come = old.index.difference(new.index), new.index.difference(old.index)
    renamed = _renamed(old.loc[gone], new.loc[come])
    found = [
        *(_told("joined", new, id_) for id_ in come if id_ not in renamed.values()),
        *(_told("left", old, id_) for id_ in gone if id_ not in renamed),
        *_differences(old, new, {str(id_): str(id_) for id_ in old.index.intersection(new.index)} | renamed),
    ]
    return tuple(sorted(found, key=lambda one: (KINDS.index(one.kind), one.country, one.id)))


def _told(kind: str, frame: pd.DataFrame, id_: object, before: str = "", after: str = "") -> Change:
    return Change(kind, str(id_), str(frame.at[id_, "name"]), str(frame.at[id_, "country"]), before, after)


def _renamed(gone: gpd.GeoDataFrame, come: gpd.GeoDataFrame) -> dict[str, str]:
    """Return the new id of each old one that is surely the same member: alone of its kind at its point, before and after."""
    was, is_now = _by_spot(gone), _by_spot(come)
    return {
        ids[0]: is_now[spot][0]
        for spot, ids in was.items()
        if spot[-1] is not None and len(ids) == 1 and len(is_now.get(spot, ())) == 1
    }


def _by_spot(members: gpd.GeoDataFrame) -> dict[Spot, list[str]]:
    found: dict[Spot, list[str]] = {}
    for one in members.itertuples():
        found.setdefault(_spot(one), []).append(str(one.Index))
    return found


def _spot(one: Any) -> Spot:  # noqa: ANN401 – what `itertuples` gives has no name
    point = one.geometry
    return one.country, one.type, None if point is None else (round(point.x, 5), round(point.y, 5))


def _differences(old: gpd.GeoDataFrame, new: gpd.GeoDataFrame, pairs: dict[str, str]) -> Iterator[Change]:
    was, now = old.loc[list(pairs)], new.loc[list(pairs.values())]
    columns = [column for name in ("name", "geometry", "themes") for column in (was[name], now[name])]
    for id_, name, new_name, point, new_point, themes, new_themes in zip(now.index, *columns, strict=True):
        if name != new_name:
            yield _told("renamed", new, id_, str(name), str(new_name))
        if _moved(point, new_point):
            yield _told("moved", new, id_, _written(point), _written(new_point))
        if themes != new_themes:
            yield _told("themes", new, id_, ";".join(themes or ()), ";".join(new_themes or ()))


def _moved(was: shapely.Point | None, now: shapely.Point | None) -> bool:
    if was is None or now is None:
        return was is not now
    return bool(abs(was.x - now.x) > _SAME_PLACE or abs(was.y - now.y) > _SAME_PLACE)


def _written(point: shapely.Point | None) -> str:
    return "" if point is None else f"{point.x:.5f}, {point.y:.5f}"
