"""The first map in Chromium, cold cache: from navigation to members and countries drawn, and the bytes it takes.

Beside it, in turn and in the same browser, the plain Folium page with Natural Earth's 50 m boundaries, and the same page with
our own; both as finished files with their assets, compressed, from nginx on this machine. Needs nginx, npm and Chromium.
"""

import os
import statistics
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from benchmarks import plain_folium, servers
from mapsvc.settings import shipped
from mapsvc.sources.store import load_dataset

BOUND_50M, BOUND_OURS, BOUND_BYTES, ROUNDS = 0.4, 0.5, 250_000, 9
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]
WHEN_DRAWN = "() => performance.getEntriesByName('map-drawn')[0]?.startTime ?? 0"


def first_map(browser: Browser, address: str) -> tuple[float, int]:
    """Return the milliseconds from navigation to the drawn map, and the bytes that came over the wire."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    sizes: list[float] = []
    session.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    page.goto(address)
    while not (drawn := page.evaluate(WHEN_DRAWN)):
        page.wait_for_timeout(20)
    page.wait_for_timeout(300)  # what comes after the map belongs to the bytes, not to the time
    context.close()
    return float(drawn), int(sum(sizes))


def main() -> None:
    """Print all three, the ratios and the bytes."""
    dataset = load_dataset(shipped("geodata"))
    cache = plain_folium.ROOT / ".cache" / "plain-folium"
    assets = plain_folium.fetch_assets(cache)
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as other:
        plain_folium.write_page(plain_folium.render(dataset, plain_folium.natural_earth()), Path(one), assets)
        plain_folium.write_page(
            plain_folium.render(dataset, plain_folium.our_boundaries(dataset)), Path(other), assets
        )
        with (
            servers.mapsvc() as ours,
            servers.nginx(Path(one)) as plain,
            servers.nginx(Path(other)) as lighter,
            sync_playwright() as playwright,
        ):
            executable = os.environ.get("CHROMIUM", "chromium")
            browser = playwright.chromium.launch(executable_path=executable, args=FLAGS)
            addresses = [f"{ours}/", f"{plain}/index.html", f"{lighter}/index.html"]
            for address in addresses:
                first_map(browser, address)
            rounds = [[first_map(browser, address) for address in addresses] for _ in range(ROUNDS)]
            browser.close()
    for name, place, bound in (("50 m boundaries", 1, BOUND_50M), ("our boundaries", 2, BOUND_OURS)):
        mine, theirs = (statistics.median(one[which][0] for one in rounds) for which in (0, place))
        ratio = statistics.median(one[0][0] / one[place][0] for one in rounds)
        print(
            f"first map {mine:.0f} ms, plain Folium with {name} {theirs:.0f} ms: {ratio:.2f} (bound {bound})"
        )
    print(f"transferred {rounds[0][0][1]:,} bytes (bound {BOUND_BYTES:,}); plain Folium {rounds[0][1][1]:,}")


if __name__ == "__main__":
    main()
