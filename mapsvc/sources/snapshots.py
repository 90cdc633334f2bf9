"""The history of a network: what stood in its folder, generation by generation, and how a new one takes its place.

What is served is always the plain files of the folder, so a folder without history, one that is edited by hand and one
that is read-only are all served. `snapshots/` remembers: a numbered folder for each generation, with copies of the
network's own files and a manifest of their checksums. A new generation is first written whole under a hidden name, then
`members.csv` is replaced in one step, which is the moment of publishing, then the hidden name becomes the number. Whatever
ends that half-way leaves the old members or the new ones, and a hidden folder that says by its checksum which.

The functions that write expect the caller to be the sole writer (`durable.sole_writer`).
"""

import contextlib
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from mapsvc.errors import BadData, CannotCreate, NoInput, StorageFailure
from mapsvc.sources.durable import put_file, put_folder, remove_folder, rename, sync_folder
from mapsvc.sources.files import is_there, read_bytes

MEMBERS = "members.csv"
FOLDER, MANIFEST, REPORT = "snapshots", "manifest.json", "report.json"
# What is a network's own, besides its languages; boundaries and urban centres are not copied.
OWN = ("network.toml", "themes.csv", MEMBERS, "participation.csv", "member_areas.geojson")
KEPT = 20
MAX_MESSAGE = 200
_STAGED = re.compile(r"\.([1-9][0-9]{0,8})\.new")
_NUMBER = re.compile(r"[1-9][0-9]{0,8}")


@dataclass(frozen=True)
class About:
    """What is said of a generation.

    Attributes
    ----------
    kind : str
        ``import``, ``undo``, or ``edited`` where members.csv was found changed by hand.
    n_members : int
        How many members it counts.
    rows : tuple of int
        Rows read, accepted and rejected of the file it was imported from; empty where there was none.
    restores : int
        The number of the generation whose members it has again; 0 where it has none's.
    changes : tuple of mapping
        What is new in it, as `analysis.changes.Change` in plain values.
    """

    message: str = ""
    kind: str = "import"
    n_members: int = 0
    rows: tuple[int, ...] = ()
    restores: int = 0
    changes: tuple[Mapping[str, str], ...] = ()


@dataclass(frozen=True)
class Generation:
    """One publication: its number, when it was (UTC, ISO 8601), what is said of it, and the checksum of each of its files."""

    number: int
    published: str
    about: About
    files: Mapping[str, str]
    folder: Path = field(compare=False)

    @property
    def id(self) -> str:
        """What addresses call it: its number, and the beginning of its checksum, so that it never means another."""
        whole = sha256("".join(f"{name}\0{self.files[name]}\n" for name in sorted(self.files)).encode())
        return f"{self.number}-{whole.hexdigest()[:8]}"

    @property
    def is_kept(self) -> bool:
        """Whether its files are still there; older ones go, and what is said of them stays."""
        return all((self.folder / name).is_file() for name in self.files)


def history(folder: Path) -> tuple[Generation, ...]:
    """Return the generations of a network's folder, newest first; empty where there is no history.

    A generation whose manifest cannot be read is left out. No lock is needed.
    """
    found: dict[int, Generation] = {}
    for path in _entries(folder):
        number, is_staged = _number_of(path.name)
        one = _read_manifest(path, number) if number else None
        # A hidden one counts if it was published: its writer had no time to give it its name.
        if one is not None and not (is_staged and one.files.get(MEMBERS) != _checksum(folder / MEMBERS)):
            found.setdefault(number, one)
    return tuple(found[number] for number in sorted(found, reverse=True))


def current(folder: Path, past: tuple[Generation, ...]) -> Generation | None:
    """Return the newest generation whose members are those in the folder; None where they were edited by hand."""
    checksum = _checksum(folder / MEMBERS)
    return next((one for one in past if one.files.get(MEMBERS) == checksum), None)


def find(past: tuple[Generation, ...], name: str) -> Generation:
    """Return the generation of a number or an id.

    Raises
    ------
    NoInput
        Where there is none of that name.
    """
    for one in past:
        if name in {str(one.number), one.id}:
            return one
    known = ", ".join(str(one.number) for one in past[:5]) or "none"
    raise NoInput(
        f"there is no snapshot {name[:40]!r}", file=FOLDER, hint=f"see mapsvc history; the newest: {known}"
    )


def read_file(generation: Generation, name: str) -> bytes:
    """Return a file of a generation as it was published.

    Raises
    ------
    NoInput
        Where it is not kept.
    BadData
        Where it is not what was published.
    """
    if not (generation.folder / name).is_file():
        raise NoInput(f"snapshot {generation.number} is no longer kept", file=FOLDER)
    content = read_bytes(generation.folder / name)
    if sha256(content).hexdigest() != generation.files.get(name):
        raise BadData(f"snapshot {generation.number} is damaged", file=f"{FOLDER}/{generation.number}/{name}")
    return content


def read_report(generation: Generation) -> bytes:
    """Return the findings of the import, as JSON.

    Raises
    ------
    NoInput
        Where there was none, or it is no longer kept.
    """
    return read_bytes(generation.folder / REPORT)


def commit(folder: Path, members: bytes, about: About, report: bytes = b"", keep: int = KEPT) -> Generation:
    """Publish `members` as a new generation: all of it, or nothing.

    Parameters
    ----------
    report : bytes
        The findings of the import as JSON, kept beside the members.
    keep : int
        Of so many generations the files stay; of older ones, what is said of them.

    Raises
    ------
    CannotCreate, StorageFailure
        Where it cannot be written; what was served before is still there.
    """
    settle(folder)
    number = 1 + max((_number_of(path.name)[0] for path in _entries(folder)), default=0)
    staged = folder / FOLDER / f".{number}.new"
    own = {name: read_bytes(folder / name) for name in _own_files(folder) if name != MEMBERS}
    files = own | {MEMBERS: members}
    manifest = {
        "generation": number,
        "published": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "about": asdict(about) | {"message": " ".join(about.message.split())[:MAX_MESSAGE]},
        "files": {name: sha256(content).hexdigest() for name, content in files.items()},
    }
    more = {REPORT: report} if report else {}
    told = json.dumps(manifest, ensure_ascii=False, indent=1).encode()
    try:
        put_folder(files | more | {MANIFEST: told}, staged)
        sync_folder(staged.parent)
        put_file(members, folder / MEMBERS)
    except (CannotCreate, StorageFailure):
        # Unless it failed after the one step that counts, nothing was published.
        with contextlib.suppress(OSError, StorageFailure):
            settle(folder)
        raise
    rename(staged, folder / FOLDER / str(number))
    published = _read_manifest(folder / FOLDER / str(number), number)
    if published is None:
        raise StorageFailure("the snapshot cannot be read again", file=str(folder / FOLDER / str(number)))
    _forget(folder, keep)
    return published


def settle(folder: Path) -> None:
    """Finish what an interrupted writer had published, and take away what it had not."""
    for path in _entries(folder):
        number, is_staged = _number_of(path.name)
        if not is_staged:
            continue
        one = _read_manifest(path, number)
        if one is not None and one.is_kept and one.files.get(MEMBERS) == _checksum(folder / MEMBERS):
            rename(path, path.parent / str(number))
        else:
            remove_folder(path)


def before(folder: Path, past: tuple[Generation, ...]) -> Generation:
    """Return the generation that undoing would bring back: the newest before the running one with other members.

    Raises
    ------
    NoInput
        Where there is none.
    """
    running = current(folder, past)
    # Who undoes twice goes back two: what an undoing has brought back stands where it first stood.
    place = (
        running.about.restores or running.number
        if running
        else 1 + max((one.number for one in past), default=0)
    )
    checksum = _checksum(folder / MEMBERS)
    for one in past:
        if one.number < place and one.files.get(MEMBERS) != checksum:
            return one
    raise NoInput("there is nothing to undo", file=FOLDER, hint="see mapsvc history")


def _forget(folder: Path, keep: int) -> None:
    """Remove the files of old generations; what cannot be removed now is removed the next time."""
    past = history(folder)
    running = current(folder, past)
    for one in past[keep:]:
        if running is None or one.number != running.number:
            with contextlib.suppress(OSError):
                for path in one.folder.iterdir():
                    if path.name != MANIFEST:
                        remove_folder(path)


def _own_files(folder: Path) -> tuple[str, ...]:
    languages = sorted(path.name for path in folder.glob("languages/*.toml"))
    return (
        *(name for name in OWN if is_there(folder / name)),
        *(f"languages/{name}" for name in languages),
    )


def _entries(folder: Path) -> tuple[Path, ...]:
    try:
        return tuple((folder / FOLDER).iterdir())
    except (FileNotFoundError, NotADirectoryError):
        return ()
    except OSError as error:
        raise NoInput(f"it cannot be read: {error.strerror}", file=f"{folder}/{FOLDER}") from error


def _number_of(name: str) -> tuple[int, bool]:
    """Return the number of a generation by the name of its folder, 0 where it is none, and whether it is a hidden one."""
    if staged := _STAGED.fullmatch(name):
        return int(staged[1]), True
    return (int(name), False) if _NUMBER.fullmatch(name) else (0, False)


def _read_manifest(path: Path, number: int) -> Generation | None:
    try:
        told = json.loads(read_bytes(path / MANIFEST))
        about = About(**told["about"] | {key: tuple(told["about"][key]) for key in ("rows", "changes")})
        files = {str(name): str(checksum) for name, checksum in told["files"].items()}
        return Generation(number, str(told["published"]), about, files, path)
    except (NoInput, BadData, ValueError, TypeError, KeyError, AttributeError):
        return None


def _checksum(path: Path) -> str:
    try:
        return sha256(read_bytes(path)).hexdigest()
    except NoInput:
        return ""
