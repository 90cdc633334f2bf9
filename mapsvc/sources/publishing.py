"""From what was imported to what is served: held back where too much would go, published with its history, and undone."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd

from mapsvc.analysis.changes import Change, find_changes
from mapsvc.analysis.validation import validate_members
from mapsvc.errors import BadData, NoInput
from mapsvc.model import COUNTED_STATUS
from mapsvc.sources import snapshots
from mapsvc.sources.durable import sole_writer
from mapsvc.sources.files import is_there, read_bytes
from mapsvc.sources.importer import ImportResult
from mapsvc.sources.network import read_kept
from mapsvc.sources.readers import read_table
from mapsvc.sources.reports import report_json
from mapsvc.sources.snapshots import MEMBERS, About, Generation
from mapsvc.sources.writers import table_bytes

# A new file that leaves out more of the members than this is more likely a wrong file than news.
MAX_DROPPED = 0.2


@dataclass(frozen=True)
class Proposal:
    """What publishing would change.

    Attributes
    ----------
    changes : tuple of Change
        Against what is there now; empty where nothing is.
    n_old, n_dropped : int
        How many members there are now, and how many of them would be members no longer.
    """

    changes: tuple[Change, ...]
    n_old: int
    n_dropped: int

    @property
    def is_held_back(self) -> bool:
        """Whether so many would go that somebody has to say yes to it."""
        return self.n_dropped > MAX_DROPPED * self.n_old


def propose(members: gpd.GeoDataFrame, data: Path) -> Proposal:
    """Compare members with those of the network in `data`."""
    there = members_in(data / MEMBERS)
    if there is None:
        return Proposal((), 0, 0)
    changes = find_changes(there, members)
    n_old = int((there["status"] == COUNTED_STATUS).sum())
    return Proposal(changes, n_old, sum(one.kind == "left" for one in changes))


def publish_members(
    result: ImportResult, data: Path, *, message: str = "", allow_drop: bool = False
) -> Generation | None:
    """Replace `members.csv` of the network in `data`, all of it or not at all, and keep what was there.

    Parameters
    ----------
    message : str
        What is new, for the history.
    allow_drop : bool
        Publish even if more than `MAX_DROPPED` of the members that are there would be members no longer.

    Returns
    -------
    Generation or None
        What was published; None where the same is there already.

    Raises
    ------
    BadData
        Where too many members would be dropped.
    Busy
        Where another writer is at it.
    CannotCreate
        Where the folder cannot be written to.
    StorageFailure
        Where writing fails half-way; the old file stands as it was.
    """
    with sole_writer(data):
        proposal = propose(result.members, data)
        if proposal.is_held_back and not allow_drop:
            raise BadData(
                f"would drop {proposal.n_dropped} of {proposal.n_old} members",
                file=str(data / MEMBERS),
                hint="confirm with --allow-drop",
            )
        report = result.report
        about = About(
            message=message,
            n_members=int((result.members["status"] == COUNTED_STATUS).sum()),
            rows=(report.n_read, report.n_accepted, report.n_rejected),
            # The first list is where the history begins: nobody joined with it.
            changes=_plain(proposal.changes) if proposal.n_old else (),
        )
        content = table_bytes(result.table)
        keep = read_kept(data)
        found = _adopt(data, keep)
        if is_there(data / MEMBERS) and read_bytes(data / MEMBERS) == content:
            return found
        return snapshots.commit(data, content, about, report_json(report), keep)


def undo(data: Path, to: str = "", *, message: str = "") -> Generation:
    """Bring back the members of the generation before the running one, or of the one that is named; as a new generation.

    Raises
    ------
    NoInput
        Where there is none, or it is no longer kept.
    BadData
        Where it is damaged.
    Busy, CannotCreate, StorageFailure
        As for `publish_members`.
    """
    with sole_writer(data):
        keep = read_kept(data)
        _adopt(data, keep)
        past = snapshots.history(data)
        aim = snapshots.find(past, to) if to else snapshots.before(data, past)
        content = snapshots.read_file(aim, MEMBERS)
        was, will_be = members_in(data / MEMBERS), members_in(aim.folder / MEMBERS)
        changes = find_changes(was, will_be) if was is not None and will_be is not None else ()
        about = About(
            message or f"as in {aim.number}",
            "undo",
            aim.about.n_members,
            restores=aim.about.restores or aim.number,
            changes=_plain(changes),
        )
        return snapshots.commit(data, content, about, keep=keep)


def changes_between(one: Generation, other: Generation) -> tuple[Change, ...]:
    """Return what is different between two generations that are kept.

    Raises
    ------
    NoInput, BadData
        Where one of them is no longer kept, or damaged.
    """
    frames = []
    for generation in (one, other):
        snapshots.read_file(generation, MEMBERS)
        frame = members_in(generation.folder / MEMBERS)
        if frame is None:
            raise BadData(f"snapshot {generation.number} is no table of members")
        frames.append(frame)
    return find_changes(*frames)


def members_in(path: Path) -> gpd.GeoDataFrame | None:
    """Return the members in a file that may be missing, or no table of members at all; as far as they can be told apart."""
    try:
        raw = read_table(path).frame
        codes = raw["country"].str.strip() if "country" in raw else ()
        themes = (
            {part.strip() for cell in raw["themes"] for part in cell.split(";")} if "themes" in raw else ()
        )
        members, _ = validate_members(
            raw,
            countries={code: code for code in codes if code},
            part_of={},
            themes=[one for one in themes if one],
            file=path.name,
        )
    except (BadData, NoInput):
        return None
    return members


def _adopt(data: Path, keep: int) -> Generation | None:
    """Make a generation of what stands in the folder, where it was put there by hand: nothing is ever lost."""
    snapshots.settle(data)
    past = snapshots.history(data)
    if not is_there(data / MEMBERS) or snapshots.current(data, past) is not None:
        return None
    there = members_in(data / MEMBERS)
    if there is not None and there.empty and not past:
        return None  # a network that was just made
    n_members = 0 if there is None else int((there["status"] == COUNTED_STATUS).sum())
    last = members_in(past[0].folder / MEMBERS) if past and past[0].is_kept else None
    changes = find_changes(last, there) if last is not None and there is not None else ()
    about = About("members.csv as it was found", "edited", n_members, changes=_plain(changes))
    return snapshots.commit(data, read_bytes(data / MEMBERS), about, keep=keep)


def _plain(changes: Iterable[Change]) -> tuple[dict[str, str], ...]:
    return tuple(one.as_dict() for one in changes)
