"""A folder into which people copy files, by FTP say: each is imported when it has arrived whole, and put away with what was found."""

import os
import shutil
import stat
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple, NoReturn

from mapsvc.errors import CannotCreate, MapsvcError, NoInput
from mapsvc.sources.durable import put_file

DONE, REFUSED = "done", "refused"
POLL_S = 2.0


class Arrival(NamedTuple):
    """A file as it was last seen; where nothing of this changes from one look to the next, it has arrived."""

    size: int
    written: int
    number: int


class Inbox:
    """The files of a folder, each handed out once, when two looks in a row have seen it the same.

    Hidden files are passed over: programs that copy give a file its name when it is whole. Links and whatever is no plain file
    are passed over too.

    Raises
    ------
    NoInput
        Where there is no such folder.
    CannotCreate
        Where nothing can be put away there.
    """

    def __init__(self, folder: Path) -> None:
        if not folder.is_dir():
            raise NoInput(
                "there is no such folder", file=str(folder), hint="name the folder that files are copied into"
            )
        try:
            for name in (DONE, REFUSED):
                (folder / name).mkdir(exist_ok=True)
        except OSError as error:
            raise CannotCreate(f"cannot write here: {error.strerror}", file=str(folder)) from error
        self.folder = folder
        self._seen: dict[str, Arrival] = {}

    def arrived(self) -> Iterator[Path]:
        """Look once; yield the files that have arrived since the last look, the oldest first."""
        now = dict(self._look())
        ready = [name for name, one in now.items() if one.size and self._seen.get(name) == one]
        self._seen = now
        for name in sorted(ready, key=lambda name: now[name].written):
            yield self.folder / name

    def _look(self) -> Iterator[tuple[str, Arrival]]:
        for path in self.folder.iterdir():
            if path.name.startswith("."):
                continue
            try:
                status = path.lstat()
            except FileNotFoundError:
                continue
            if stat.S_ISREG(status.st_mode):
                yield path.name, Arrival(status.st_size, status.st_mtime_ns, status.st_ino)

    def put_away(self, path: Path, *, accepted: bool, findings: bytes = b"", ending: str = ".csv") -> Path:
        """Move a file to those that are done or refused, under the time, with what was found beside it."""
        moment = datetime.now(UTC).strftime("%Y%m%dT%H%M%S")
        home = self.folder / (DONE if accepted else REFUSED)
        target = home / f"{moment}-{path.name}"
        # Two of one name in one second: the second gets a number.
        number = 1
        while os.path.lexists(target):
            number += 1
            target = home / f"{moment}-{number}-{path.name}"
        shutil.move(path, target)
        if findings:
            put_file(findings, target.with_name(f"{target.name}.findings{ending}"))
        self._seen.pop(path.name, None)
        return target


def watch(
    inbox: Inbox,
    take: Callable[[Path], bytes],
    say: Callable[[str], None],
    pause: Callable[[float], object] = time.sleep,
) -> NoReturn:
    """Look again and again, until a signal ends it.

    Parameters
    ----------
    take : callable
        Imports and publishes a file; returns it with a column of findings. Raises a `MapsvcError` where it cannot.
    say : callable
        Is told in one line what became of each file.
    """
    while True:
        for path in inbox.arrived():
            try:
                findings = take(path)
            except MapsvcError as error:
                target = inbox.put_away(path, accepted=False, findings=f"{error}\n".encode(), ending=".txt")
                say(f"mapsvc: error: {error} ({target})")
            else:
                say(f"{inbox.put_away(path, accepted=True, findings=findings)}")
        pause(POLL_S)
