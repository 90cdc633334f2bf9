"""Faults at system calls: which calls a writer makes, one fault at one of them, and whether anything is torn after it."""

import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from benchmarks.fault_writers import BEGIN, END, NEW, OLD
from mapsvc.errors import MapsvcError
from mapsvc.sources import snapshots
from mapsvc.sources.durable import sole_writer
from mapsvc.sources.snapshots import MEMBERS, About

ERRORS = ("ENOSPC", "EIO", "EDQUOT", "EINTR")
KILL = "KILL"
_CALL = re.compile(r"^(?:\d+ +)?(\w+)\(")
# They end a process, or are not tampered with by strace.
_LEFT_OUT = {"exit_group", "execve"}
_ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Fault:
    """What goes wrong at the n-th call of a name: an error, or death."""

    writer: str
    call: str
    n: int
    kind: str

    @property
    def option(self) -> str:
        """How strace is told."""
        what = f"signal={self.kind}" if self.kind == KILL else f"error={self.kind}"
        return f"inject={self.call}:{what}:when={self.n}"


def faults_of(writer: str) -> Iterator[Fault]:
    """Return every fault at every system call that a writer makes between its marks."""
    with folder_for(writer) as folder:
        log = folder.parent / "log"
        _run(writer, folder, "-o", str(log))
        counts: Counter[str] = Counter()
        is_inside = False
        for line in log.read_text("utf-8", "replace").splitlines():
            found = _CALL.match(line)
            if not found:
                continue
            counts[found[1]] += 1
            if BEGIN in line or END in line:
                is_inside = BEGIN in line
            elif is_inside and found[1] not in _LEFT_OUT:
                yield from (Fault(writer, found[1], counts[found[1]], kind) for kind in (KILL, *ERRORS))


def random_faults(writer: str, n: int, chance: random.Random) -> list[Fault]:
    """Return some faults at system calls of the whole run of a writer, the start of its interpreter and its libraries among them."""
    with folder_for(writer) as folder:
        log = folder.parent / "log"
        _run(writer, folder, "-o", str(log))
        calls = [found[1] for line in log.open(errors="replace") if (found := _CALL.match(line))]
    places = [(call, calls[: place + 1].count(call)) for place, call in _sample(calls, n, chance)]
    return [Fault(writer, call, number, chance.choice((KILL, *ERRORS))) for call, number in places]


def _sample(calls: list[str], n: int, chance: random.Random) -> list[tuple[int, str]]:
    return chance.sample([(place, call) for place, call in enumerate(calls) if call not in _LEFT_OUT], n)


@cache
def aim_of(writer: str) -> bytes:
    """Return what stands in members.csv after a writer that nothing happened to."""
    if writer != "import":
        return OLD if writer == "undo" else NEW
    with folder_for(writer) as folder:
        subprocess.run(_command(writer, folder), check=True, capture_output=True, cwd=_ROOT)
        return (folder / MEMBERS).read_bytes()


def verdict(fault: Fault) -> str:
    """Let a fault happen; return what is torn after it, empty where nothing is."""
    with folder_for(fault.writer) as folder:
        before = (folder / MEMBERS).read_bytes()
        # Not with --seccomp-bpf, which would be quicker: injected signals do not arrive then.
        status = _run(fault.writer, folder, "-o", os.devnull, "-e", f"trace={fault.call}", "-e", fault.option)
        aim = aim_of(fault.writer)
        there = (folder / MEMBERS).read_bytes() if (folder / MEMBERS).exists() else None
        if there not in {before, aim}:
            return f"{MEMBERS} is neither the old nor the new one"
        if status == 0 and there != aim:
            return "it ended well and has not written"
        return "" if fault.writer == "naive" else _torn_history(folder)


def _torn_history(folder: Path) -> str:
    """Look at the history as a reader does, then publish once more as the next writer does."""
    past = snapshots.history(folder)
    running = snapshots.current(folder, past)
    if running is None:
        return "what is served is not in the history"
    try:
        for one in past:
            for name in one.files:
                snapshots.read_file(one, name)
        with sole_writer(folder):
            snapshots.commit(folder, b"id,name\nnext,next\n", About())
    except MapsvcError as error:
        return str(error)
    left = [path.name for path in (folder / snapshots.FOLDER).iterdir() if not path.name.isdigit()]
    return f"left behind: {left}" if left else ""


class folder_for:  # noqa: N801 – read as a word
    """A network for a writer, in memory where that can be had: what is tested is the order of calls, not the disk."""

    def __init__(self, writer: str) -> None:
        self.writer = writer

    def __enter__(self) -> Path:
        home = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
        self.root = Path(tempfile.mkdtemp(prefix="mapsvc-faults-", dir=home))
        folder = self.root / "network"
        folder.mkdir()
        (folder / "themes.csv").write_text("group,group_title,id,title\nnature,Nature,water,Water\n", "utf-8")
        rows = "".join(f"Place {n},NO,other,member,{10 + n / 100},60.5\n" for n in range(50))
        (folder / "table.csv").write_text(f"name,country,type,status,lon,lat\n{rows}", "utf-8")
        # Old, or new on top of it, which is to be undone.
        for content in (OLD, NEW) if self.writer == "undo" else (OLD,):
            with sole_writer(folder):
                snapshots.commit(folder, content, About())
        return folder

    def __exit__(self, *_: object) -> None:
        shutil.rmtree(self.root, ignore_errors=True)


def _command(writer: str, folder: Path) -> list[str]:
    if writer == "import":
        table = str(folder / "table.csv")
        return [
            sys.executable,
            "-m",
            "mapsvc",
            "import",
            table,
            "--data",
            str(folder),
            "--allow-drop",
            "--quiet",
        ]
    return [sys.executable, "-I", "-B", str(_ROOT / "benchmarks" / "fault_writers.py"), writer, str(folder)]


def _run(writer: str, folder: Path, *options: str) -> int:
    done = subprocess.run(
        ["strace", "-f", "-qq", *options, *_command(writer, folder)],
        check=False, capture_output=True, env={"PYTHONHASHSEED": "0", "PYTHONDONTWRITEBYTECODE": "1", "PATH": os.environ["PATH"]}, cwd=_ROOT,
        timeout=120,
    )  # fmt: skip
    return done.returncode
