"""How soon a running service with two workers answers from what was published, and whether a request is lost meanwhile."""

import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from http.client import HTTPConnection
from pathlib import Path

from mapsvc.settings import shipped
from mapsvc.sources.durable import sole_writer
from mapsvc.sources.snapshots import About, commit

BOUND_S, ROUNDS = 2.0, 10
# Connections go to either worker: of so many in a row from the new snapshot, all are.
IN_A_ROW = 12


def answer(port: int) -> bytes:
    """Return the members of a country, on a connection of its own."""
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", "/members.geojson?country=AL")
    response = connection.getresponse()
    body = response.read()
    connection.close()
    if response.status != 200:
        raise SystemExit(f"a request was answered {response.status}")
    return body


def uptake(folder: Path, port: int, n: int) -> float:
    """Publish, and return the seconds until every answer is of the new snapshot."""
    text = (shipped("geodata") / "members.csv").read_text("utf-8")
    with sole_writer(folder):
        commit(folder, text.replace(",Tirana,", f",Tirana {n},").encode(), About())
    start, last_old, in_a_row = time.perf_counter(), 0.0, 0
    while in_a_row < IN_A_ROW:
        asked = time.perf_counter() - start
        if f"Tirana {n}".encode() in answer(port):
            in_a_row += 1
        else:
            last_old, in_a_row = asked, 0
    return last_old


def main() -> None:
    """Print the seconds, and fail where they are too many."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for file in ("network.toml", "themes.csv", "members.csv", "participation.csv"):
            shutil.copy(shipped("geodata") / file, folder)
        command = [sys.executable, "-m", "mapsvc", "serve", "--data", name, "--port", "0", "--workers", "2"]
        with subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        ) as server:
            greeting = server.stdout.readline() if server.stdout else ""
            found = re.search(r":(\d+)/", greeting)
            if found is None:
                raise SystemExit("the server has not started")
            seconds = [uptake(folder, int(found[1]), n) for n in range(ROUNDS)]
            server.terminate()
    print(
        f"the last old answer {statistics.median(seconds):.2f} s after publishing (median of {ROUNDS}), "
        f"{max(seconds):.2f} s at most (bound {BOUND_S:g}); no request lost"
    )
    sys.exit(max(seconds) > BOUND_S)


if __name__ == "__main__":
    main()
