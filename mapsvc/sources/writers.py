"""Tables as files: members and participations as text cells, and as CSV."""

import csv
import io
from collections.abc import Iterable
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd

from mapsvc.analysis.cells import disarmed
from mapsvc.analysis.validation import MEMBER_COLUMNS, PARTICIPATION_COLUMNS
from mapsvc.errors import CannotCreate
from mapsvc.sources.durable import put_file

_ODD_DEGREES = {"nan": "", "-0": "0"}
_ROWS_AT_ONCE = 10_000
_NUMERIC = {"population", "longitude", "latitude"}


def as_table(members: gpd.GeoDataFrame) -> pd.DataFrame:
    """Return members as the text cells of `members.csv`: `validate_members` makes the same members of them."""
    columns = {
        "id": lambda: list(map(str, members.index.tolist())),
        "themes": lambda: [
            "" if value is None else ";".join(value) or ";" for value in members["themes"].tolist()
        ],
        "longitude": lambda: _all_degrees(members.geometry.x.tolist()),
        "latitude": lambda: _all_degrees(members.geometry.y.tolist()),
    }
    # One column after the other into its place: lists of a million texts are not kept until the last is made.
    block = np.empty((len(MEMBER_COLUMNS), len(members)), dtype=object)
    for place, name in enumerate(MEMBER_COLUMNS):
        block[place] = columns[name]() if name in columns else _texts(members[name])
    return pd.DataFrame(block.T, columns=list(MEMBER_COLUMNS), copy=False)


def participation_table(participation: pd.DataFrame) -> pd.DataFrame:
    """Return participations as the text cells of `participation.csv`."""
    cells = {name: _texts(participation[name]) for name in PARTICIPATION_COLUMNS if name != "themes"}
    cells["themes"] = [";".join(value) for value in participation["themes"]]
    return pd.DataFrame({name: cells[name] for name in PARTICIPATION_COLUMNS}, dtype=object)


def degrees(value: float) -> str:
    """Return degrees with at most five decimals (a metre), or nothing for NaN.

    Examples
    --------
    >>> degrees(19.818660001), degrees(-0.000001), degrees(100.0), degrees(float("nan"))
    ('19.81866', '0', '100', '')
    """
    return _all_degrees([value])[0]


def _all_degrees(values: Iterable[float]) -> list[str]:
    texts = [f"{value:.5f}".rstrip("0").rstrip(".") for value in values]
    return [_ODD_DEGREES.get(text, text) for text in texts]


def _texts(values: pd.Series) -> list[str]:
    missing = values.isna()
    if missing.all():
        return [""] * len(values)
    if not missing.any():
        return list(map(str, values.tolist()))
    return [
        "" if empty else str(value) for value, empty in zip(values.tolist(), missing.tolist(), strict=True)
    ]


def write_table(table: pd.DataFrame, path: Path) -> None:
    """Write text cells as CSV in UTF-8, in the place of `path`: all of it, or not at all."""
    put_file(table_bytes(table), path)


def write_bytes(content: bytes, path: Path) -> None:
    """Write a file in the place of `path`: it is there whole, or as it was.

    Raises
    ------
    CannotCreate
        Where the folder cannot be written to, or where something else than a file has that name.
    StorageFailure
        Where writing fails half-way; what was there before is still there.
    """
    if path.exists() and not path.is_file():
        # To put a file in the place of a device or a pipe would break it for everybody.
        raise CannotCreate("is there already and is no file", file=str(path), hint="name another")
    put_file(content, path)


def table_bytes(table: pd.DataFrame) -> bytes:
    """Return text cells as CSV in UTF-8; what a spreadsheet would take for a formula is disarmed."""
    content = io.BytesIO()
    content.write(_csv_bytes([tuple(table.columns)]))
    # Some thousand rows at a time: while it is written, a text has four bytes for each letter.
    for start in range(0, len(table), _ROWS_AT_ONCE):
        some = table.iloc[start : start + _ROWS_AT_ONCE]
        columns = [
            some[name].tolist() if name in _NUMERIC else disarmed(some[name].tolist())
            for name in table.columns
        ]
        content.write(_csv_bytes(zip(*columns, strict=True)))
    return content.getvalue()


def _csv_bytes(rows: Iterable[tuple[str, ...]]) -> bytes:
    stream = io.StringIO(newline="")
    csv.writer(stream, lineterminator="\n").writerows(rows)
    return stream.getvalue().encode()
