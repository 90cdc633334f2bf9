"""What stands in a network's folder is what is served: at the start, and within two seconds of every change.

What cannot be served is refused, the snapshot before it stays, and why is said in the log and at `Store.trouble`.
"""

import logging
import threading
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

from mapsvc.errors import BadData, MapsvcError, NoInput
from mapsvc.model import COUNTED_STATUS, Dataset
from mapsvc.sources import snapshots
from mapsvc.sources.files import read_bytes
from mapsvc.sources.store import Stamps, Store, load_dataset, stamps_of

# The share of members that may go without anybody saying yes to it.
MAX_DROPPED = 0.2
POLL_S = 0.5
# Of so many generations the newest that can be read is served where the folder itself cannot be.
_TRIED = 3
_LOG = logging.getLogger(__name__)


def open_store(folder: Path) -> Store:
    """Return a Store with what stands in a folder; where that cannot be read, with the newest generation that can.

    Raises
    ------
    MapsvcError
        Where neither can: what is wrong with the folder itself.
    """
    try:
        dataset = load_current(folder)
        _hold_back_at_start(dataset, folder)
        return Store(dataset, folder)
    except MapsvcError as error:
        _LOG.error("%s", error)
        for one in snapshots.history(folder)[:_TRIED] if folder.is_dir() else ():
            try:
                dataset = replace(load_dataset(one.folder, folder), generation=one.id)
            except MapsvcError as also:
                _LOG.error("%s", also)
            else:
                return Store(dataset, folder, trouble=reason_of(error))
        raise


def load_current(folder: Path) -> Dataset:
    """Return what stands in a folder, with the id that it has in the history.

    Raises
    ------
    MapsvcError
        As `load_dataset`.
    """
    dataset = load_dataset(folder)
    one = snapshots.current(folder, snapshots.history(folder))
    is_whole = one is not None and all(_is_same(folder / name, told) for name, told in one.files.items())
    return replace(dataset, generation=one.id) if one is not None and is_whole else dataset


def _is_same(path: Path, checksum: str) -> bool:
    try:
        return sha256(read_bytes(path)).hexdigest() == checksum
    except NoInput:
        return False


def reason_of(error: MapsvcError) -> str:
    """Return what is wrong for everybody to read: with the name of the file, without the folders of this machine."""
    place = ":".join(part for part in (Path(error.file).name, str(error.row or ""), error.column) if part)
    return f"{place}: {error.message}" if place else error.message


class Follower:
    """Looks after a folder, and puts what has changed in it into a Store.

    Parameters
    ----------
    store : Store
        What is served.
    folder : Path
        Where it comes from.
    """

    def __init__(self, store: Store, folder: Path) -> None:
        self._store = store
        self._folder = folder
        # What came before the first look is looked at once more, which costs nothing where nothing has changed.
        self._seen: Stamps | str = ""
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="mapsvc-follow", daemon=True)

    def start(self) -> None:
        """Begin to look, in a thread of its own."""
        self._thread.start()

    def stop(self) -> None:
        """End it."""
        self._stopped.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stopped.wait(POLL_S):
            self.look()

    def look(self) -> None:
        """Look once, and serve what is new."""
        try:
            stamps: Stamps | str = stamps_of(self._folder)
        except MapsvcError as error:
            stamps = reason_of(error)
        if stamps == self._seen:
            return
        self._seen = stamps
        try:
            self._take(load_current(self._folder))
        except MapsvcError as error:
            self._store.trouble = reason_of(error)
            _LOG.error("refused, and what was served stays: %s", error)

    def _take(self, dataset: Dataset) -> None:
        running = self._store.dataset
        if dataset.fingerprint == running.fingerprint:
            # Only its place in the history is new, or nothing.
            if dataset.generation != running.generation or self._store.trouble:
                self._store.replace(replace(running, generation=dataset.generation))
            return
        if not dataset.generation:
            _hold_back(dataset, running)
        self._store.replace(dataset)
        _LOG.warning("serving snapshot %s %s", dataset.fingerprint, dataset.generation)


def _hold_back_at_start(dataset: Dataset, folder: Path) -> None:
    """Do as a service does that was running all the time: what it held back, one that starts holds back too."""
    past = snapshots.history(folder)
    if not dataset.generation and past and past[0].is_kept:
        _hold_back(dataset, load_dataset(past[0].folder, folder))


def _hold_back(dataset: Dataset, running: Dataset) -> None:
    """Refuse what was put there by hand if too many members would go: a copy that broke off looks like that."""
    old, new = (set(one.members.index[one.members["status"] == COUNTED_STATUS]) for one in (running, dataset))
    if len(old - new) > MAX_DROPPED * len(old):
        raise BadData(
            f"would drop {len(old - new)} of {len(old)} members",
            file=snapshots.MEMBERS,
            hint="confirm it: mapsvc import members.csv --publish",
        )
