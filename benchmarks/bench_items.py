"""Features of 1,500 members beside pygeoapi (its GeoJSON provider) and nginx (the same bytes as a file), two workers each.

All of them, from memory; and a box and a theme that nobody asked for before, drawn at random. wrk asks 16 at once, ours and the
others in turn. pygeoapi has one theme of each member as a text, since it cannot look into lists.
Needs nginx and wrk; pygeoapi is installed by itself.
"""

import csv
import gzip
import json
import re
import shutil
import statistics
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path
from urllib.request import Request, urlopen

from benchmarks import servers
from benchmarks.pygeoapi_server import pygeoapi
from mapsvc.settings import shipped

N_MEMBERS, CONNECTIONS, SECONDS, ROUNDS = 1500, 16, 5, 3
ITEMS = "/collections/members/items"
WHOLE = f"{ITEMS}?limit=10000&f=json"
QUESTIONS = Path(__file__).with_name("never_asked.lua")
OF_PYGEOAPI, OF_NGINX, NEW_OF_PYGEOAPI, P99_MS = 100, 0.9, 20, 50
_UNITS = {"us": 0.001, "ms": 1.0, "s": 1000.0}


def network_of_many(folder: Path) -> None:
    """Write the bundled network with its members repeated, each under an id of its own, with the themes of the first."""
    shutil.copytree(shipped("geodata"), folder, ignore=shutil.ignore_patterns("snapshots", "sources", "*.py"))
    rows, evidence = (_rows(folder / name) for name in ("members.csv", "participation.csv"))
    known = [row for row in evidence if row["member"]]
    times = -(-N_MEMBERS // len(rows))
    many = [
        row | {"id": f"{row['id']}-{n}", "name": f"{row['name']} {n}"} for n in range(times) for row in rows
    ]
    _write(folder / "members.csv", many[:N_MEMBERS])
    there = {row["id"] for row in many[:N_MEMBERS]}
    again = [row | {"member": f"{row['member']}-{n}"} for n in range(times) for row in known]
    _write(folder / "participation.csv", [row for row in again if row["member"] in there])


def _rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def _write(file: Path, rows: list[dict[str, str]]) -> None:
    with file.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def ask(address: str, script: str = "", parameter: str = "", seed: int = 0) -> tuple[float, float]:
    """Return what wrk measures: requests per second, and the 99th percentile in milliseconds."""
    command = ["wrk", f"-c{CONNECTIONS}", "-t2", f"-d{SECONDS}s", "--latency", "--timeout", "60s"]
    command += ["-H", "Accept-Encoding: gzip"]
    if script:
        root, _, path = address.removeprefix("http://").partition("/")
        command += ["-s", script, f"http://{root}/", f"/{path}", parameter, str(seed)]
    else:
        command.append(address)
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in said or "Socket errors" in said:
        raise RuntimeError(said)
    value, unit = re.search(r"99%\s+([\d.]+)(us|ms|s)", said).groups()  # type: ignore[union-attr]
    return float(re.search(r"Requests/sec:\s+([\d.]+)", said)[1]), float(value) * _UNITS[unit]  # type: ignore[index]


def in_turn(*asks: Callable[[int], tuple[float, float]]) -> list[tuple[float, float]]:
    """Return the medians of what several servers reach, which are asked one after the other, again and again."""
    rounds = [[one(n) for one in asks] for n in range(ROUNDS)]
    return [
        (statistics.median(rate for rate, _ in of_one), statistics.median(late for _, late in of_one))
        for of_one in zip(*rounds, strict=True)
    ]


def fetch(address: str) -> bytes:
    """Return the bytes of an answer as they come, gzip."""
    with urlopen(Request(address, headers={"Accept-Encoding": "gzip"})) as response:
        return bytes(response.read())


def compare(folder: Path) -> dict[str, tuple[float, float, bool]]:
    """Return each figure by what it is called: the number, its bound, and whether it is kept."""
    folder.chmod(0o755)  # nginx reads as somebody else
    network_of_many(folder / "network")
    with servers.mapsvc(workers=2, MAPSVC_DATA=str(folder / "network")) as ours:
        files = folder / "files"
        files.mkdir()
        body = fetch(ours + WHOLE)
        (files / "members.geojson.gz").write_bytes(body)
        (files / "members.geojson").write_bytes(gzip.decompress(body))
        whole = json.loads(gzip.decompress(body))
        print(f"{len(whole['features']):,} members, {len(body):,} bytes gzip")
        for one in whole["features"]:
            one["properties"]["theme"] = next(iter(one["properties"].pop("themes") or [""]))
        (folder / "members.json").write_text(json.dumps(whole), encoding="utf-8")
        with servers.nginx(files) as static, pygeoapi(folder / "members.json") as other:
            for _ in range(4):
                fetch(ours + WHOLE)  # both workers know it by then
            (all_of, _), (of_file, _), (of_other, _) = in_turn(
                lambda _: ask(ours + WHOLE),
                lambda _: ask(f"{static}/members.geojson"),
                lambda _: ask(other + WHOLE),
            )
            (new, late), (other_new, other_late) = in_turn(
                lambda n: ask(ours + ITEMS, str(QUESTIONS), "themes", n),
                lambda n: ask(other + ITEMS, str(QUESTIONS), "theme", n),
            )
    print(f"all: mapsvc {all_of:,.0f}/s, nginx {of_file:,.0f}/s, pygeoapi {of_other:,.1f}/s")
    print(
        f"never asked: mapsvc {new:,.0f}/s, p99 {late:.1f} ms; pygeoapi {other_new:,.1f}/s, p99 {other_late:.0f} ms"
    )
    return {
        "all, of pygeoapi": (all_of / of_other, OF_PYGEOAPI, all_of >= OF_PYGEOAPI * of_other),
        "all, of nginx": (all_of / of_file, OF_NGINX, all_of >= OF_NGINX * of_file),
        "a box and a theme never asked before, of pygeoapi": (
            new / other_new, NEW_OF_PYGEOAPI, new >= NEW_OF_PYGEOAPI * other_new,
        ),
        "their 99th percentile, ms": (late, P99_MS, late <= P99_MS),
    }  # fmt: skip


def main() -> None:
    """Print each figure and whether it keeps its bound."""
    with tempfile.TemporaryDirectory() as name:
        figures = compare(Path(name))
    for what, (figure, bound, is_kept) in figures.items():
        print(f"{'kept' if is_kept else 'NOT KEPT'}: {what}: {figure:.2f} (bound {bound})")
    raise SystemExit(not all(is_kept for _, _, is_kept in figures.values()))


if __name__ == "__main__":
    main()
