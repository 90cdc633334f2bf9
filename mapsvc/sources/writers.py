"""Tables on disk: members as text cells, written as a whole or not at all."""

import contextlib
import fcntl
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import geopandas as gpd
import numpy as np
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
    return "" if np.isnan(value) else str(np.format_float_positional(round(value, 5) + 0.0, trim="-"))


def _texts(values: pd.Series) -> list[str]:
    return ["" if missing else str(value) for value, missing in zip(values, values.isna(), strict=True)]


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
    """Write text cells as CSV in UTF-8, whole or not at all."""
    write_bytes(_csv(table).encode("utf-8"), path)


def write_bytes(content: bytes, path: Path) -> None:
    """Write a file under a temporary name, and put that in the place of `path`: it is there whole, or as it was.

    Raises
    ------
    CannotCreate
        Where the folder cannot be written to.
    StorageFailure
        Where writing fails half-way; what was there before is still there.
    """
    target = Path(os.path.realpath(path))
    if target.exists() and not target.is_file():
        # To put a file in the place of a device or a pipe would break it for everybody.
        raise CannotCreate("is there already and is no file", file=str(path), hint="name another")
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
    frame = table.apply(lambda column: column if column.name in _NUMERIC else column.map(disarm))
    return str(frame.to_csv(index=False, lineterminator="\n"))
