"""Hostile files: each refused with its own message, how quickly, for how much memory of the parent, and opening what.

Time and memory are taken in this process, file by file. What is opened is what ``strace`` sees in one more run for each: no file
and no address that an honest file of the same folder does not open too, but for Python's own modules.
"""

import argparse
import os
import re
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from mapsvc.errors import BadData, NoInput
from mapsvc.sources.sandbox import read_untrusted
from tests.sources import bombs

MOST_S, MOST_MIB = 2.0, 10.0
_ROOT = Path(__file__).resolve().parent.parent
_ONE = "import sys; from benchmarks.bench_bombs import refusal; refusal(sys.argv[1])"
# Modules and libraries, wherever they are installed: a reader of workbooks loads others than one of tables.
_OWN = ("/usr/lib", "/lib", sys.prefix, sys.base_prefix, str(_ROOT))
_CALL = re.compile(r"^(?:\d+ +)?((?:open|openat|connect|sendto|sendmsg|bind)\(.*\) = .*)$")
_OPENED = re.compile(r'^(?:open|openat)\((?:AT_FDCWD, )?"((?:[^"\\]|\\.)*)".*\) = \d+')


@dataclass(frozen=True)
class Verdict:
    """What became of one file; `said` is empty where it was not refused, `opened` lists what it should not have opened."""

    name: str
    said: str
    is_own: bool
    seconds: float
    cpu: float
    mib: float
    opened: tuple[str, ...]

    @property
    def is_well(self) -> bool:
        """Whether every promise was kept."""
        return self.is_own and self.seconds < MOST_S and self.mib < MOST_MIB and not self.opened


def refusal(path: str) -> str:
    """Return what is said of a file; nothing where it is read."""
    try:
        read_untrusted(Path(path))
    except (BadData, NoInput) as error:
        return error.message
    return ""


def judge(name: str, folder: Path, usual: frozenset[str] | None) -> Verdict:
    """Read one hostile file, and see what that costs and touches."""
    path = bombs.write(name, folder)
    Path("/proc/self/clear_refs").write_text("5")
    before, start, used = _memory("VmRSS"), time.perf_counter(), _cpu()
    said = refusal(str(path))
    seconds, cpu = time.perf_counter() - start, _cpu() - used
    mib = _memory("VmHWM") - before
    is_own = bool(said) and re.search(bombs.CORPUS[name][1], said) is not None
    opened = () if usual is None else tuple(sorted(touched(path) - usual))
    return Verdict(name, said, is_own, seconds, cpu, mib, opened)


def _cpu() -> float:
    used = os.times()
    return used.user + used.system + used.children_user + used.children_system


def _memory(name: str) -> float:
    found = re.search(rf"{name}:\s+(\d+)", Path("/proc/self/status").read_text())
    return int(found[1]) / 1024 if found else 0.0


def touched(path: Path) -> frozenset[str]:
    """Return what is opened or reached while a file is read: but for modules, and under a common name for what has a random one."""
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder, "log")
        subprocess.run(
            ["strace", "-f", "-qq", "-s", "4096", "-o", str(log), "-e", "trace=open,openat,connect,sendto,sendmsg,bind",
             sys.executable, "-c", _ONE, str(path)],
            check=False, capture_output=True, cwd=_ROOT, timeout=300,
        )  # fmt: skip
        calls = [call[1] for line in log.open(errors="replace") if (call := _CALL.match(line))]
    here = re.escape(tempfile.gettempdir())
    names: set[str] = set()
    for said in calls:
        opened = _OPENED.match(said)
        if said.startswith("open") and not opened:
            continue  # what was looked for and is not there, or was forbidden
        what = opened[1] if opened else said
        if what == str(path) or what.startswith(_OWN):
            continue
        what = re.sub(rf"{here}/mapsvc-[a-z0-9_]{{8}}", "COPY", what)
        names.add(re.sub(rf"^{here}/[a-z0-9_]{{8}}$|^/proc/\d+", "RANDOM", what))
    return frozenset(names)


def main() -> None:
    """Print a line for each file and the worst of each figure, and fail where a promise is not kept."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--untraced", action="store_true", help="time and memory alone, without strace")
    traced = not options.parse_args().untraced
    with tempfile.TemporaryDirectory() as folder:
        warm = Path(folder, "warm.csv")
        warm.write_text("name\nOslo\n")
        read_untrusted(warm)
        usual = touched(warm) if traced else None
        if usual is not None and not any(one.startswith("COPY") for one in usual):
            sys.exit("strace saw nothing of our own copy being opened: what it does not see proves nothing")
        found = []
        for n, name in enumerate(bombs.CORPUS):
            home = Path(folder, str(n))
            home.mkdir()
            found.append(judge(name, home, usual))
            print(_line(found[-1]), flush=True)
    n_well = sum(one.is_well for one in found)
    print(f"{n_well} of {len(found)} are refused as they must be ({n_well / len(found):.0%}): in at most "
          f"{max(one.seconds for one in found):.2f} s (bound {MOST_S:g}; of the processor {max(one.cpu for one in found):.2f}), for at most {max(one.mib for one in found):.1f} MiB "
          f"(bound {MOST_MIB:g}), {sum(map(len, (one.opened for one in found)))} other files or addresses "
          f"{'opened' if traced else '(not traced)'}; {len({one.said for one in found})} different messages")  # fmt: skip
    sys.exit(n_well < len(found))


def _line(one: Verdict) -> str:
    trouble = "" if one.is_well else "  NOT WELL"
    also = f" opened {', '.join(one.opened[:3])}" if one.opened else ""
    return f"{one.seconds:5.2f} s {one.cpu:5.2f} s CPU {one.mib:5.1f} MiB  {one.name}: {one.said[:80] or 'READ'}{trouble}{also}"


if __name__ == "__main__":
    main()
