"""The history of a network for the terminal: as text for people, as plain values for programs."""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from mapsvc.analysis.changes import KINDS, Change
from mapsvc.errors import NoInput
from mapsvc.sources import snapshots
from mapsvc.sources.publishing import Proposal, changes_between
from mapsvc.sources.snapshots import Generation

# What stands for a kind of change in a line, and what is said of many.
_SIGNS = {"joined": "+", "left": "-", "renamed": "~", "moved": ">", "themes": "#"}
_NAMES = {
    "joined": "joined",
    "left": "left",
    "renamed": "renamed",
    "moved": "moved",
    "themes": "on other themes",
}


def history_values(data: Path) -> list[dict[str, object]]:
    """Return the generations of a network, newest first, as plain values.

    Raises
    ------
    NoInput
        Where there is no such folder.
    """
    past = _past(data)
    running = snapshots.current(data, past)
    return [
        {
            "generation": one.number,
            "id": one.id,
            "published": one.published,
            "kind": one.about.kind,
            "message": one.about.message,
            "members": one.about.n_members,
            "changes": dict(Counter(change["kind"] for change in one.about.changes)),
            "restores": one.about.restores or None,
            "kept": one.is_kept,
            "running": running is not None and one.number == running.number,
        }
        for one in past
    ]


def history_text(data: Path) -> str:
    """Return the same as lines; the running one is marked."""
    values = history_values(data)
    lines = []
    if values and not any(one["running"] for one in values):
        lines.append("* members.csv stands as it was put there by hand; the next import keeps it here")
    for one in values:
        counts = one["changes"] if isinstance(one["changes"], dict) else {}
        told = ", ".join(f"{counts[kind]} {_NAMES[kind]}" for kind in KINDS if counts.get(kind))
        parts = [
            f"{'*' if one['running'] else ' '} {one['id']}",
            str(one["published"]),
            f"{one['members']} members",
            told,
            str(one["message"] or one["kind"]),
            "" if one["kept"] else "(its files are no longer kept)",
        ]
        lines.append("  ".join(part for part in parts if part))
    return "\n".join(lines) if lines else "There is no history yet: it begins with the first mapsvc import."


def difference(data: Path, one: str, other: str) -> tuple[Change, ...]:
    """Return what is different between two generations, each called by its number or id.

    Raises
    ------
    NoInput, BadData
        Where there is no such generation, it is no longer kept, or damaged.
    """
    past = _past(data)
    return changes_between(snapshots.find(past, one), snapshots.find(past, other))


def changes_text(changes: Iterable[Change]) -> str:
    """Return changes as lines, and their numbers."""
    changes = tuple(changes)
    lines = []
    for one in changes:
        between = f": {one.before or '–'} → {one.after or '–'}" if one.before or one.after else ""
        lines.append(f"{_SIGNS[one.kind]} {one.kind:8} {one.name} ({one.country}, {one.id}){between}")
    return "\n".join([*lines, summary(changes)])


def summary(changes: Iterable[Change]) -> str:
    """Return the numbers of changes as one line."""
    counts = Counter(one.kind for one in changes)
    told = [f"{counts[kind]} {_NAMES[kind]}" for kind in KINDS if counts[kind]]
    return ", ".join(told) if told else "no member joined, left or changed"


def proposal_text(proposal: Proposal, file: str, data: Path) -> str:
    """Return what publishing would change, and how to do it."""
    lines = [f"Against what is there now: {summary(proposal.changes)}."]
    more = ""
    if proposal.is_held_back:
        lines.append(f"That drops {proposal.n_dropped} of {proposal.n_old} members: it needs --allow-drop.")
        more = " --allow-drop"
    lines.append(f"Nothing was written. To publish: mapsvc import {file} --data {data} --publish{more}")
    return "\n".join(lines)


def published_text(published: Generation | None) -> str:
    """Return what was published as one line."""
    if published is None:
        return "Nothing is new: the same members are there already."
    return f"Published as {published.id}: {published.about.n_members} members. To take it back: mapsvc undo"


def _past(data: Path) -> tuple[Generation, ...]:
    if not data.is_dir():
        raise NoInput("there is no such folder", file=str(data), hint="name the folder of a network")
    return snapshots.history(data)
