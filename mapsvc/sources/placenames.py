"""Other names of places, folded, to search by: "서울" is Seoul and "breslau" is Wrocław."""

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from mapsvc.errors import BadData
from mapsvc.sources.files import is_there, read_bytes

FILE = "place_names.csv"
_HEADER = "geonameid,names"


def read_place_names(folder: Path) -> Mapping[int, str]:
    """Return the folded other names of places by geonameid, parted by semicolons; empty where there is no file.

    Raises
    ------
    BadData
        Where it is not such a table.
    """
    if not is_there(folder / FILE):
        return {}
    try:
        header, *lines = read_bytes(folder / FILE).decode("utf-8").splitlines()
        pairs = (line.split(",", 1) for line in lines)
        names = {int(id_): text for id_, text in pairs}
    except ValueError as error:
        raise BadData("it must hold geonameid and names, in UTF-8", file=FILE) from error
    if header != _HEADER:
        raise BadData(f"the columns must be {_HEADER}", file=FILE, row=1)
    return names


def other_names(members: pd.DataFrame, names: Mapping[int, str]) -> pd.Series:
    """Return the other names of the place that each member is: str, missing where there are none.

    A seat is not the member: Karlsruhe's names are not its county's.
    """
    ids = members["location_source"].str.extract(r"^geonames:([0-9]+)$")[0]
    found = [names.get(int(id_)) if isinstance(id_, str) else None for id_ in ids]
    return pd.Series(found, index=members.index, dtype="str", name="other_names")
