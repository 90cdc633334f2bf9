"""The first byte of every file format for 100,000 members, and the memory that it takes, beside `GeoDataFrame.to_json` of the same.

An answer is made whole before it begins, so that one that breaks off is never a valid short file (it has a length); the first
byte is the last one made, and what is kept for the next who asks is counted too. Each format has a process of its own.
"""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pandas as pd

from benchmarks.timing import seconds
from mapsvc.analysis.membership import count_members
from mapsvc.formats.kinds import KINDS
from mapsvc.inside import Inside
from mapsvc.model import Dataset
from mapsvc.settings import Settings, shipped
from mapsvc.sources.store import load_dataset

N_MEMBERS = 100_000
PLAIN = "to_json"
# Times as long as the plain way; a workbook is the slowest, since each of its two million cells is an element of XML.
BOUND = 6


def many_members() -> Dataset:
    """Return the bundled network with its members repeated, each under an id of its own."""
    data = load_dataset(shipped("geodata"))
    times = -(-N_MEMBERS // len(data.members))
    people = pd.concat([data.members] * times).iloc[:N_MEMBERS]
    people = people.assign(status="member").set_axis(
        pd.Index([f"{id_}-{place}" for place, id_ in enumerate(people.index)], name="id"), axis=0
    )
    counts = count_members(people, list(data.countries.index), list(data.network.theme_ids))
    return replace(data, members=people, counts=counts)


def peak_mb() -> float:
    """Return the highest water mark of memory, which Linux can reset and `getrusage` cannot."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


def measure(ending: str) -> dict[str, float]:
    """Return seconds to the first byte, megabytes of the file, and how much memory rose at most."""
    data = many_members()
    inside = Inside(Settings(cache_mb=512), data)
    # Imports of libraries are no matter of size: one small file first.
    inside.get("/members.csv?q=nobody" if ending == PLAIN else f"/members.{ending}?q=nobody")
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    before = peak_mb()
    made: list[bytes] = []
    if ending == PLAIN:
        took = seconds(lambda: made.append(data.members.drop(columns="other_names").to_json().encode()))
    else:
        took = seconds(lambda: made.append(inside.get(f"/members.{ending}").body))
    return {"seconds": took, "megabytes": len(made[0]) / 1e6, "rise": peak_mb() - before}


def main() -> None:
    """Print a row per format, and its ratios to the plain way."""
    print(f"{N_MEMBERS:,} members    first byte          file   memory")
    plain: dict[str, float] = {}
    slow = []
    for ending in (PLAIN, *KINDS):
        command = [sys.executable, "-m", "benchmarks.bench_formats", ending]
        row = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
        plain = plain or row
        print(
            f"{ending:10} {row['seconds']:8.1f} s {row['seconds'] / plain['seconds']:6.2f} times "
            f"{row['megabytes']:7.1f} MB {row['rise']:7.0f} MB {row['rise'] / plain['rise']:6.2f} times",
            flush=True,
        )
        if row["seconds"] > BOUND * plain["seconds"]:
            slow.append(ending)
    print(f"bound: {BOUND} times {PLAIN}" + (f"; over it: {', '.join(slow)}" if slow else ""))
    if slow:
        sys.exit(1)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(json.dumps(measure(sys.argv[1])))
    else:
        main()
