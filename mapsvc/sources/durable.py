"""Files that last: written as a whole or not at all, by one writer at a time, through a power failure.

No data frames are imported here: what publishes must start fast, and is killed at every system call in the tests.
"""

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

from mapsvc.errors import Busy, CannotCreate, StorageFailure

LOCK = ".mapsvc.lock"


@contextlib.contextmanager
def sole_writer(folder: Path) -> Iterator[None]:
    """Be the only one who writes to `folder`; the lock goes with the process, whatever becomes of it.

    Raises
    ------
    Busy
        Where another process, or another thread, is writing there.
    CannotCreate
        Where the folder cannot be written to.
    StorageFailure
        Where the disk fails while the lock is held.
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
        try:
            yield
        except OSError as error:
            raise StorageFailure(f"failed: {error.strerror}", file=str(error.filename or folder)) from error
    finally:
        # Said, not left to the closing: a child that another thread has just begun may still hold a copy.
        with contextlib.suppress(OSError):
            fcntl.flock(descriptor, fcntl.LOCK_UN)
        # The file stays: to remove it would let a third writer lock another one of the same name.
        os.close(descriptor)


def put_file(content: bytes, path: Path) -> None:
    """Write under a temporary name beside `path`, and put that in its place. A link stays a link.

    The caller is the sole writer: the temporary name is always the same, so that what a killed writer left is
    written over, and does not pile up.

    Raises
    ------
    CannotCreate
        Where nothing can be created beside it.
    StorageFailure
        Where writing fails half-way; the old file stands as it was.
    """
    target = Path(os.path.realpath(path))
    temporary = target.parent / f".{target.name}.new"
    try:
        descriptor = _create(temporary)
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
            f"could not be written: {error.strerror}", file=str(path), hint="what is served stands"
        ) from error
    finally:
        with contextlib.suppress(OSError):
            os.unlink(temporary)  # noqa: PTH108
    sync_folder(target.parent)


def _create(path: Path) -> int:
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC | os.O_NOFOLLOW, 0o644)


def put_folder(files: dict[str, bytes], path: Path) -> None:
    """Make a new folder with files in it, each written through to the disk; what was there of that name goes.

    Raises
    ------
    CannotCreate
        Where it cannot be created.
    StorageFailure
        Where writing fails half-way; a part of it may be there.
    """
    try:
        remove_folder(path)
        path.mkdir(parents=True)
    except OSError as error:
        raise CannotCreate(f"cannot write here: {error.strerror}", file=str(path)) from error
    try:
        for name, content in files.items():
            (path / name).parent.mkdir(exist_ok=True)
            with open(_create(path / name), "wb") as stream:
                stream.write(content)
                stream.flush()
                os.fsync(stream.fileno())
    except OSError as error:
        raise StorageFailure(
            f"could not be written: {error.strerror}", file=str(path), hint="what is served stands"
        ) from error
    for folder in {(path / name).parent for name in files} | {path}:
        sync_folder(folder)


def rename(old: Path, new: Path) -> None:
    """Give a file or folder another name in the same folder, for good.

    Raises
    ------
    StorageFailure
        Where that fails.
    """
    try:
        os.rename(old, new)  # noqa: PTH104
    except OSError as error:
        raise StorageFailure(f"could not be renamed: {error.strerror}", file=str(old)) from error
    sync_folder(new.parent)


def remove_folder(path: Path) -> None:
    """Remove a folder with everything in it, if there is one; links are removed, never followed."""
    if path.is_symlink() or path.is_file():
        path.unlink()
    elif path.is_dir():
        for one in path.iterdir():
            remove_folder(one)
        path.rmdir()


def sync_folder(folder: Path) -> None:
    """Make new names in a folder last through a power failure.

    Raises
    ------
    StorageFailure
        Where the disk does not say that they will.
    """
    try:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    except OSError as error:
        raise StorageFailure(f"could not be synced: {error.strerror}", file=str(folder)) from error
