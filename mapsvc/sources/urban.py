"""The urban centres of the world, what they are called, what lies inside of them, and what first-order areas are called."""

import io
from pathlib import Path
from typing import Any

import pandas as pd

from mapsvc.errors import BadConfiguration, BadData
from mapsvc.model import URBAN_CENTRES, Urban
from mapsvc.sources.files import is_there, read_bytes
from mapsvc.sources.toml import note, read_toml, refuse_unknown

CENTRES, PARTS, AREAS, SAID = "urban_centres.csv", "urban_parts.csv", "areas.csv", "urban_centres.toml"
NAMES = "urban_names.csv"
FILES = (CENTRES, PARTS, AREAS, NAMES, SAID)
_SAID = ("source", "date", "threshold", "rule")


def read_urban(folder: Path) -> Urban | None:
    """Read the urban centres of a folder; None where it has none.

    Raises
    ------
    BadData, BadConfiguration
        Where a file cannot be read as the table that it must be, or what is said of them is not understood.
    """
    if not is_there(folder / CENTRES):
        return None
    dtypes = {"geonameid": "int64"} | {one.name: one.dtype for one in URBAN_CENTRES.columns}
    centres = _read(folder / CENTRES, dtypes).set_index("geonameid")
    if not centres.index.is_unique or (centres["population"] < 0).any():
        raise BadData("an id stands twice, or a population is negative", file=CENTRES)
    if not (centres["longitude"].between(-180, 180) & centres["latitude"].between(-90, 90)).all():
        raise BadData("a coordinate is out of range", file=CENTRES)
    parts = _read(folder / PARTS, {"geonameid": "int64", "population": "int64"})
    areas = _read(folder / AREAS, {"country": "str", "admin1": "str", "name": "str"})
    names = _read(folder / NAMES, {"geonameid": "int64", "language": "str", "name": "str"})
    return Urban(
        centres.sort_values("population", ascending=False, kind="stable"),
        dict(zip(parts["geonameid"].tolist(), parts["population"].tolist(), strict=True)),
        # As lists: to walk through a column of texts itself takes ten times as long.
        dict(
            zip(
                zip(areas["country"].tolist(), areas["name"].tolist(), strict=True),
                areas["admin1"].tolist(),
                strict=True,
            )
        ),
        names={
            str(language): dict(zip(rows["geonameid"].tolist(), rows["name"].tolist(), strict=True))
            for language, rows in names.groupby("language")
        },
        **_read_said(folder / SAID),
    )


def _read_said(path: Path) -> dict[str, Any]:
    """Return what is said of the centres: where they come from, of when, by what rule, from how many inhabitants."""
    if not is_there(path):
        return {}
    table = read_toml(path, SAID)
    refuse_unknown(table, _SAID, SAID)
    threshold = table.get("threshold", 0)
    if not isinstance(threshold, int) or isinstance(threshold, bool) or threshold < 0:
        raise BadConfiguration("'threshold' must be a number of inhabitants", file=SAID, column="threshold")
    said = {key: note(table.get(key, ""), key, SAID) for key in _SAID if key != "threshold"}
    return {**said, "threshold": threshold}


def _read(path: Path, dtypes: dict[str, str]) -> pd.DataFrame:
    """Read the columns that are wanted, in that order. Nothing is taken for "not available": NA is Namibia.

    Tens of thousands of rows of our own making are read at every start: by pandas, at a tenth of the time that
    the reader of foreign tables takes to find out what is wrong with each cell.
    """
    if not is_there(path):
        return pd.DataFrame({name: pd.Series(dtype=dtype) for name, dtype in dtypes.items()})
    try:
        table = pd.read_csv(
            io.BytesIO(read_bytes(path)),
            dtype=dtypes,
            usecols=list(dtypes),
            keep_default_na=False,
        )
    except (ValueError, OverflowError) as error:
        raise BadData(str(error).splitlines()[0][:200], file=path.name) from error
    return table[list(dtypes)]
