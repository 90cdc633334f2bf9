"""A change of filter in Chromium: from the click to map, list and counts in step, and all of it on the screen.

Beside it, in turn and in the same browser, what a plain Folium page must do for another view: be loaded again, here from
nginx on this machine and with its assets in the browser's cache. Needs nginx, npm and Chromium.
"""

import os
import statistics
import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from benchmarks import plain_folium, servers
from benchmarks.bench_first_map import FLAGS, WHEN_DRAWN
from mapsvc.settings import shipped
from mapsvc.sources.store import load_dataset

BOUND_MS = 100
CLICK = """theme => {
    performance.clearMarks("view-drawn");
    performance.mark("clicked");
    document.querySelector(`#filters input[name="theme"][value="${theme}"]`).click();
}"""
TOOK = """() => {
    const [drawn] = performance.getEntriesByName("view-drawn");
    return drawn ? drawn.startTime - performance.getEntriesByName("clicked").at(-1).startTime : 0;
}"""
IN_STEP = """theme => {
    const { query, countries } = JSON.parse(document.getElementById("state").textContent);
    const n = Object.values(countries).reduce((sum, [one]) => sum + one, 0);
    return query === `theme=${theme}` && document.querySelectorAll("#list .name").length === n;
}"""


def change_filter(page: Page, theme: str) -> float:
    """Return the milliseconds from the click on a theme to the view on the screen; take the filter off again."""
    page.evaluate(CLICK, theme)
    while not (took := page.evaluate(TOOK)):
        page.wait_for_timeout(5)
    if not page.evaluate(IN_STEP, theme):
        raise RuntimeError(f"map, list and address are not in step for {theme}")
    page.evaluate(CLICK, theme)
    while not page.evaluate(TOOK):
        page.wait_for_timeout(5)
    return float(took)


def load_again(page: Page) -> float:
    """Return the milliseconds that the plain page takes to be drawn again, its assets cached."""
    page.reload()
    while not (drawn := page.evaluate(WHEN_DRAWN)):
        page.wait_for_timeout(5)
    return float(drawn)


def main() -> None:
    """Print both and their ratio: views that nobody asked for before, and views that the server remembers."""
    dataset = load_dataset(shipped("geodata"))
    themes = [theme for theme in dataset.network.theme_ids if dataset.counts.xs(theme, level="theme").sum()]
    assets = plain_folium.fetch_assets(plain_folium.ROOT / ".cache" / "plain-folium")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        page_bytes = plain_folium.render(dataset, plain_folium.our_boundaries(dataset))
        plain_folium.write_page(page_bytes, folder, assets)
        with servers.mapsvc() as ours, servers.nginx(folder) as plain, sync_playwright() as playwright:
            executable = os.environ.get("CHROMIUM", "chromium")
            browser = playwright.chromium.launch(executable_path=executable, args=FLAGS)
            mine, other = (browser.new_page(viewport={"width": 1280, "height": 800}) for _ in range(2))
            mine.goto(f"{ours}/")
            while not mine.evaluate(WHEN_DRAWN):
                mine.wait_for_timeout(20)
            other.goto(f"{plain}/index.html")
            load_again(other)
            fresh = [(change_filter(mine, theme), load_again(other)) for theme in themes]
            known = [change_filter(mine, theme) for theme in themes]
            browser.close()
    first, reload = (statistics.median(column) for column in zip(*fresh, strict=True))
    again = statistics.median(known)
    print(
        f"  a view that the server remembers: {again:.0f} ms, {again / reload:.2f} of it (bound {BOUND_MS} ms)"
    )
    print(
        f"a change of filter {first:.0f} ms (bound {BOUND_MS} ms), plain Folium loaded again {reload:.0f} ms: {first / reload:.2f}"
    )


if __name__ == "__main__":
    main()
