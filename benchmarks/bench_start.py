"""A worker that is ready with the bundled network beside the bare import of the libraries, each as a process of its own."""

import statistics
import subprocess
import sys
import time

BOUND, ROUNDS = 1.5, 7
BARE = "import geopandas, folium, flask"
# As a worker of the server starts: all of its imports, the network loaded and the application made.
LOAD = """
from mapsvc.starting import uncollected

with uncollected():
    from mapsvc.settings import Settings
    from mapsvc.web.app import create_app

    create_app(Settings())
"""


def seconds(code: str) -> float:
    """Return how long a fresh interpreter takes for `code`."""
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", code], check=True)
    return time.perf_counter() - start


def main() -> None:
    """Print both and their ratio."""
    seconds(LOAD), seconds(BARE)
    pairs = [(seconds(LOAD), seconds(BARE)) for _ in range(ROUNDS)]
    ours, bare = (statistics.median(column) for column in zip(*pairs, strict=True))
    ratio = statistics.median(mine / other for mine, other in pairs)
    print(
        f"import, load the network and make the application {ours:.2f} s, bare import {bare:.2f} s: {ratio:.2f} times (bound {BOUND})"
    )


if __name__ == "__main__":
    main()
