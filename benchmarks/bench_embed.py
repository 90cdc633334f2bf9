"""An embed's first map in the page of another site, cold cache: from the frame's navigation to its map drawn, and the bytes it takes.

Beside it, in turn and in the same browser, the plain Folium page with our own boundaries in the same frame: the same members
and countries. Then ten frames on one page, of which those are asked for that are looked at. Needs nginx, npm and Chromium.
"""

import os
import statistics
import tempfile
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Frame, Page, Request, sync_playwright

from benchmarks import plain_folium, servers
from benchmarks.bench_first_map import FLAGS, WHEN_DRAWN
from mapsvc.settings import shipped
from mapsvc.sources.store import load_dataset

BOUND_RATIO, BOUND_BYTES, ROUNDS, N_FRAMES = 0.45, 180_000, 9, 10
SIZE = 'width="800" height="520"'
APART_PX = 4000
LONGEST_TASK = """() => new Promise((done) => {
    let last = performance.now(), longest = 0, end = last + 1500;
    requestAnimationFrame(function next(now) {
        longest = Math.max(longest, now - last);
        last = now;
        if (now < end) requestAnimationFrame(next); else done(longest);
    });
    scrollTo({ top: 3000, behavior: "smooth" });
})"""


@dataclass(frozen=True)
class Shown:
    """What a page with frames took: until the first map was drawn, bytes of the frames, hosts asked, frames loaded."""

    drawn_ms: float
    n_bytes: int
    hosts: frozenset[str]
    n_frames: int


def _origin(address: str) -> str:
    return "/".join(address.split("/")[:3]) + "/"


def drawn_frame(page: Page, address: str) -> tuple[Frame, float]:
    """Wait for the first map and return its frame and its milliseconds, counted from the frame's own navigation."""
    while True:
        for frame in page.frames[1:]:
            if frame.url.startswith(address) and (drawn := frame.evaluate(WHEN_DRAWN)):
                return frame, float(drawn)
        page.wait_for_timeout(20)


def look_at(browser: Browser, host: str, address: str) -> tuple[Shown, float]:
    """Open a host's page whose frames are at an address; return what it took, and its longest pause while it is scrolled, in ms."""
    page = browser.new_context(viewport={"width": 1280, "height": 800}).new_page()
    finished: list[Request] = []
    page.on("requestfinished", lambda request: finished.append(request))  # noqa: PLW0108 - it marks its handlers
    page.goto(host)
    _, drawn = drawn_frame(page, address)
    page.wait_for_timeout(500)  # what comes after the map belongs to the bytes, not to the time
    n_frames = sum(frame.url.startswith(address) for frame in page.frames[1:])
    asked = frozenset(urlsplit(request.url).netloc for request in finished)
    sizes = [request.sizes() for request in finished if request.url.startswith(_origin(address))]
    n_bytes = sum(one["responseHeadersSize"] + one["responseBodySize"] for one in sizes)
    pause = float(page.evaluate(LONGEST_TASK))
    page.context.close()
    return Shown(drawn, n_bytes, asked, n_frames), pause


def main() -> None:
    """Print the ratio, the bytes, who was asked, and what ten frames do."""
    dataset = load_dataset(shipped("geodata"))
    assets = plain_folium.fetch_assets(plain_folium.ROOT / ".cache" / "plain-folium")
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as other:
        theirs, hosting = Path(one), Path(other)
        plain_folium.write_page(
            plain_folium.render(dataset, plain_folium.our_boundaries(dataset)), theirs, assets
        )
        with (
            servers.mapsvc(MAPSVC_EMBED_ALLOW="*") as ours,
            servers.nginx(theirs) as plain,
            servers.nginx(hosting) as site,
            sync_playwright() as playwright,
        ):
            embed, page = f"{ours}/embed", f"{plain}/index.html"
            pages = {
                "ours": [embed],
                "plain": [page],
                "ten": [f"{embed}?q={'a' * n}" for n in range(N_FRAMES)],
            }
            for name, sources in pages.items():
                gap = f'<div style="height:{APART_PX}px"></div>'
                frames = gap.join(f'<iframe {SIZE} loading="lazy" src="{src}"></iframe>' for src in sources)
                (hosting / f"{name}.html").write_text(f"<!doctype html><title>Site</title>{frames}{gap}")
            executable = os.environ.get("CHROMIUM", "chromium")
            browser = playwright.chromium.launch(executable_path=executable, args=FLAGS)
            visits = [(f"{site}/ours.html", embed), (f"{site}/plain.html", page)]
            for visit in visits:
                look_at(browser, *visit)
            rounds = [[look_at(browser, *visit)[0] for visit in visits] for _ in range(ROUNDS)]
            ten, pause = look_at(browser, f"{site}/ten.html", embed)
            browser.close()
    mine, other_ms = (statistics.median(one[place].drawn_ms for one in rounds) for place in (0, 1))
    ratio = statistics.median(one[0].drawn_ms / one[1].drawn_ms for one in rounds)
    foreign = rounds[0][0].hosts - {urlsplit(ours).netloc, urlsplit(site).netloc}
    print(
        f"first map in a frame {mine:.0f} ms, plain Folium {other_ms:.0f} ms: {ratio:.2f} (bound {BOUND_RATIO})"
    )
    print(
        f"transferred {rounds[0][0].n_bytes:,} bytes (bound {BOUND_BYTES:,}), plain Folium {rounds[0][1].n_bytes:,}; "
        f"{len(foreign)} hosts asked besides ours (bound 0)"
    )
    print(
        f"{N_FRAMES} frames on a page: {ten.n_frames} loaded before it is scrolled, longest pause while scrolling {pause:.0f} ms"
    )


if __name__ == "__main__":
    main()
