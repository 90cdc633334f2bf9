"""The programs that faults are injected into: `publish`, `undo` and `naive`, each as `WRITER FOLDER`.

Only what stands between the two marks is swept: looking at a file of that name is a system call that anybody can see.
"""

import os
import sys
from pathlib import Path

from mapsvc.errors import MapsvcError
from mapsvc.sources import snapshots
from mapsvc.sources.durable import sole_writer
from mapsvc.sources.snapshots import MEMBERS, About

BEGIN, END = "/sweep-begins-here", "/sweep-ends-here"
OLD, NEW = (
    b"id,name\n" + b"".join(b"%s-%d,%s\n" % (word, n, word) for n in range(2000)) for word in (b"old", b"new")
)


def publish(folder: Path) -> None:
    """Publish as an import does."""
    with sole_writer(folder):
        snapshots.settle(folder)
        snapshots.commit(folder, NEW, About("swept", n_members=2000), b"{}", keep=3)


def undo(folder: Path) -> None:
    """Bring back the generation before."""
    with sole_writer(folder):
        past = snapshots.history(folder)
        aim = snapshots.before(folder, past)
        about = About("undone", "undo", restores=aim.number)
        snapshots.commit(folder, snapshots.read_file(aim, MEMBERS), about, keep=3)


def naive(folder: Path) -> None:
    """Write as one does who has never seen a disk fill up."""
    with (folder / MEMBERS).open("wb", buffering=0) as stream:
        for start in range(0, len(NEW), 4096):
            stream.write(NEW[start : start + 4096])


WRITERS = {"publish": publish, "undo": undo, "naive": naive}


def main() -> None:
    """Run one, and end as the command line does."""
    writer, folder = WRITERS[sys.argv[1]], Path(sys.argv[2])
    os.access(BEGIN, os.F_OK)
    try:
        writer(folder)
    except (MapsvcError, OSError) as error:
        print(error, file=sys.stderr)
        sys.exit(74)
    os.access(END, os.F_OK)


if __name__ == "__main__":
    main()
