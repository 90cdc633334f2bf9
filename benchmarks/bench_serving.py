"""Requests per second of /members.geojson (gzip) beside nginx with the same bytes as a static file.

Needs nginx and wrk. Both have two workers; both are asked in turn, so that a slow moment of the machine hits both.
"""

import gzip
import re
import statistics
import subprocess
import tempfile
from pathlib import Path
from urllib.request import Request, urlopen

from benchmarks import servers

BOUND, ROUNDS, SECONDS, CONNECTIONS = 0.9, 5, 4, 16


def requests_per_second(address: str) -> float:
    """Return what wrk measures."""
    command = ["wrk", f"-c{CONNECTIONS}", "-t2", f"-d{SECONDS}s", "-H", "Accept-Encoding: gzip", address]
    out = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in out:
        raise RuntimeError(out)
    return float(re.search(r"Requests/sec:\s+([\d.]+)", out)[1])  # type: ignore[index]


def main() -> None:
    """Print both and their ratio."""
    with servers.mapsvc(workers=2) as ours, tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        request = Request(f"{ours}/members.geojson", headers={"Accept-Encoding": "gzip"})
        with urlopen(request) as response:
            body = response.read()
        (folder / "members.geojson").write_bytes(gzip.decompress(body))
        (folder / "members.geojson.gz").write_bytes(body)
        with servers.nginx(folder) as theirs:
            pairs = [
                (
                    requests_per_second(f"{ours}/members.geojson"),
                    requests_per_second(f"{theirs}/members.geojson"),
                )
                for _ in range(ROUNDS)
            ]
    for mine, other in pairs:
        print(f"  mapsvc {mine:8.0f}/s   nginx {other:8.0f}/s   ratio {mine / other:.2f}")
    ratio = statistics.median(mine / other for mine, other in pairs)
    print(
        f"members.geojson, {len(body):,} bytes gzip, wrk -c{CONNECTIONS}: {ratio:.2f} of nginx (bound {BOUND})"
    )


if __name__ == "__main__":
    main()
