"""Requests per second of /oembed beside nginx with the same bytes as a static file.

Needs nginx and wrk. Both have two workers; both are asked in turn, so that a slow moment of the machine hits both.
"""

import statistics
import tempfile
from pathlib import Path
from urllib.parse import quote
from urllib.request import urlopen

from benchmarks import servers
from benchmarks.bench_serving import requests_per_second

BOUND, ROUNDS, PUBLIC = 2_000, 5, "https://maps.example.org"


def main() -> None:
    """Print both, and whether ours is fast enough."""
    environ = {"MAPSVC_EMBED_ALLOW": "*", "MAPSVC_BASE_URL": PUBLIC}
    with servers.mapsvc(workers=2, **environ) as ours, tempfile.TemporaryDirectory() as name:
        address = f"{ours}/oembed?url={quote(f'{PUBLIC}/?theme=water&region=africa', safe='')}&maxwidth=600"
        with urlopen(address) as response:
            body = response.read()
        folder = Path(name)
        (folder / "oembed.html").write_bytes(body)
        with servers.nginx(folder) as theirs:
            pairs = [
                (requests_per_second(address), requests_per_second(f"{theirs}/oembed.html"))
                for _ in range(ROUNDS)
            ]
    for mine, other in pairs:
        print(f"  mapsvc {mine:8.0f}/s   nginx {other:8.0f}/s   ratio {mine / other:.2f}")
    median = statistics.median(mine for mine, _ in pairs)
    ratio = statistics.median(mine / other for mine, other in pairs)
    print(
        f"oembed, {len(body):,} bytes: {median:,.0f} requests/s (bound {BOUND:,}), {ratio:.2f} of nginx with the same bytes"
    )


if __name__ == "__main__":
    main()
