"""Tables on disk: members as text cells, written as a whole or not at all."""

import contextlib
import csv
import fcntl
import io
import math
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import geopandas as gpd
import pandas as pd

from mapsvc.analysis.cells import disarm
from mapsvc.analysis.validation import MEMBER_COLUMNS, PARTICIPATION_COLUMNS
from mapsvc.errors import Busy, CannotCreate, StorageFailure

LOCK = ".mapsvc.lock"


def as_table(members: gpd.GeoDataFrame) -> pd.DataFrame:
    """Return members as the text cells of `members.csv`: `validate_members` makes the same members of them."""
    cells: dict[str, list[str]] = {"id": [str(id_) for id_ in members.index]}
    for name in MEMBER_COLUMNS[1:]:
        if name not in {"themes", "longitude", "latitude"}:
            cells[name] = _texts(members[name])
    cells["themes"] = ["" if value is None else ";".join(value) or ";" for value in members["themes"]]
    cells["longitude"] = [degrees(x) for x in members.geometry.x]
    cells["latitude"] = [degrees(y) for y in members.geometry.y]
    return pd.DataFrame({name: cells[name] for name in MEMBER_COLUMNS}, dtype=object)


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
    if math.isnan(value):
        return ""
    text = f"{value:.5f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def _texts(values: pd.Series) -> list[str]:
    return [
        "" if missing else str(value) for value, missing in zip(values.tolist(), values.isna(), strict=True)
    ]


@contextlib.contextmanager
def sole_writer(folder: Path) -> Iterator[None]:
    """Be the only one who writes to `folder`; the lock goes with the process, whatever becomes of it.

    Raises
    ------
    Busy
        Where another process, or another thread, is writing there.
    CannotCreate
        Where the folder cannot be written to.
    """
    flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK
    try:
        descriptor = os.open(folder / LOCK, flags, 0o644)
    except OSError as error:
        raise CannotCreate(f"cannot write here: {error.strerror}", file=str(folder)) from error
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Busy(
                "another import is writing here", file=str(folder), hint="try again when it has ended"
            ) from error
        except OSError as error:
            raise StorageFailure(f"cannot be locked: {error.strerror}", file=str(folder)) from error
        yield
    finally:
        # The file stays: to remove it would let a third writer lock another one of the same name.
        os.close(descriptor)


def write_table(table: pd.DataFrame, path: Path) -> None:
    """Write text cells as CSV in UTF-8 under a temporary name, and put that in the place of `path`."""
    content = _csv(table).encode("utf-8")
    target = Path(os.path.realpath(path))
    try:
        descriptor, temporary = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    except OSError as error:
        raise CannotCreate(f"cannot write here: {error.strerror}", file=str(path)) from error
    try:
        with open(descriptor, "wb") as stream:  # noqa: PTH123
            stream.write(content)
            stream.flush()
            os.fchmod(stream.fileno(), target.stat().st_mode & 0o777 if target.exists() else 0o644)
            os.fsync(stream.fileno())
        os.replace(temporary, target)  # noqa: PTH105
    except OSError as error:
        raise StorageFailure(
            f"could not be written: {error.strerror}", file=str(path), hint="the old file stands"
        ) from error
    finally:
        with contextlib.suppress(OSError):
            os.unlink(temporary)  # noqa: PTH108
    _sync_folder(target.parent, path)


def _sync_folder(folder: Path, path: Path) -> None:
    """Make the new name last through a power failure."""
    try:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    except OSError as error:
        raise StorageFailure(f"its folder could not be synced: {error.strerror}", file=str(path)) from error


_NUMERIC = {"population", "longitude", "latitude"}


def _csv(table: pd.DataFrame) -> str:
    columns = [
        table[name].tolist() if name in _NUMERIC else list(map(disarm, table[name].tolist()))
        for name in table.columns
    ]
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(table.columns)
    writer.writerows(zip(*columns, strict=True))
    return stream.getvalue()
