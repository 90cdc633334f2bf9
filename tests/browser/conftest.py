"""A real browser without a network: every page is looked at in headless Chromium, which can reach nobody but us."""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Frame, Page, sync_playwright

from mapsvc.model import Dataset
from mapsvc.settings import Settings
from mapsvc.sources.store import Store
from mapsvc.web.app import create_app
from tests import world
from tests.browser.hosts import CITY, NAMES, Hosts, map_allowed_on, running

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Sites that show our map in a frame, see hosts.py; nobody else's name can be looked up.
    f"--host-resolver-rules={', '.join(f'MAP {one} 127.0.0.1' for one in NAMES)}, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]
DRAWN = "performance.getEntriesByName('map-drawn').length > 0"
PANEL = "!document.querySelector('script[src$=\"/panel.js\"]') || performance.getEntriesByName('panel-ready').length > 0"


@contextmanager
def served(dataset: Dataset, settings: Settings | None = None) -> Iterator[str]:
    """Serve a dataset on a free port and yield its address."""
    with running(create_app(settings or Settings(), Store(dataset))) as port:
        yield f"http://127.0.0.1:{port}"


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The browser whose path is in the variable CHROMIUM."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=os.environ["CHROMIUM"], args=FLAGS)
        yield browser
        browser.close()


def until(page: Page | Frame, question: str, argument: object = None, seconds: float = 20) -> None:
    """Wait until a question is answered with yes; asked from outside, because the page's own policy forbids eval."""
    end = time.monotonic() + seconds
    while not page.evaluate(question, argument):
        assert time.monotonic() < end, f"never: {question} with {argument!r}"
        page.wait_for_timeout(20)


AXE = Path(__file__).resolve().parents[2] / "node_modules/axe-core/axe.min.js"


def axe_findings(page: Page) -> list[tuple[str, str, str]]:
    """Return what axe finds wrong with a page as it is shown now; its context must be allowed scripts of others."""
    if not page.evaluate("'axe' in globalThis"):
        page.add_script_tag(path=AXE)
        # What is out of sight is not laid out, and would seem to lie on what follows it.
        page.add_style_tag(content="* { content-visibility: visible !important; }")
    # The rules of WCAG 2.2 are there, but off unless they are asked for.
    found = page.evaluate(
        "axe.run({ rules: { 'target-size': { enabled: true } } }).then(({ violations }) => violations)"
    )
    return [
        (one["id"], node["html"][:200], node.get("failureSummary", ""))
        for one in found
        for node in one["nodes"][:3]
    ]


class Visit:
    """A page with everything that went wrong on it, and everybody it asked."""

    def __init__(self, context: BrowserContext, address: str, *, has_touch: bool = False) -> None:
        self.address = address
        self.has_touch = has_touch
        self.others: tuple[str, ...] = ()  # who may be asked besides
        self.page: Page = context.new_page()
        self.wrong: list[str] = []
        self.asked: list[str] = []
        self.page.on("console", lambda message: self._note(message.type, message.text))
        self.page.on("pageerror", lambda error: self.wrong.append(str(error)))
        self.page.on(
            "dialog", lambda dialog: (self.wrong.append(f"dialog {dialog.message}"), dialog.dismiss())
        )
        self.page.on("request", lambda request: self.asked.append(request.url))

    def _note(self, kind: str, text: str) -> None:
        # That a finger scrolls on although Leaflet would have it stop is what a page wants: the browser says so, at times.
        scrolls_on = self.has_touch and text.startswith("Ignored attempt to cancel a touch")
        if kind in {"error", "warning"} and not scrolls_on:
            self.wrong.append(text)

    def go(self, path: str, *, drawn: bool = True) -> Page:
        """Open a path and wait until its map is drawn, and the script of its panel is there to follow what is done to it."""
        self.page.goto(self.address + path)
        if drawn:
            until(self.page, DRAWN)
            until(self.page, PANEL)
        return self.page

    def frame(self, address: str, *, drawn: bool = True) -> Frame:
        """Return the one frame of a map at an address, when its map is drawn."""
        end = time.monotonic() + 20
        while not (found := [one for one in self.page.frames[1:] if one.url.startswith(f"{address}/embed")]):
            assert time.monotonic() < end, [one.url for one in self.page.frames]
            self.page.wait_for_timeout(20)
        found[0].wait_for_load_state()
        if drawn:
            until(found[0], DRAWN)
        return found[0]

    def check(self) -> None:
        """Fail where the page complained or asked anybody else."""
        assert self.wrong == []
        assert self.asked
        assert [url for url in self.asked if not url.startswith((self.address, *self.others, "data:"))] == []


Opener = Callable[..., Visit]


@pytest.fixture
def visit(chromium: Browser) -> Iterator[Opener]:
    """Open a browser window at an address; whatever goes wrong in it fails the test at its end."""
    contexts: list[BrowserContext] = []
    visits: list[Visit] = []

    def opened(address: str, **options: object) -> Visit:
        options = {"viewport": {"width": 1280, "height": 800}, "reduced_motion": "reduce", **options}
        contexts.append(chromium.new_context(**options))
        visits.append(Visit(contexts[-1], address, has_touch=bool(options.get("has_touch"))))
        return visits[-1]

    yield opened
    for context in contexts:
        context.close()
    for one in visits:
        one.check()


@pytest.fixture(scope="session")
def real(bundled: Dataset) -> Iterator[str]:
    """The address of the bundled network."""
    with served(bundled) as address:
        yield address


@pytest.fixture(scope="session")
def toy() -> Iterator[str]:
    """The address of the six squares."""
    with served(world.dataset()) as address:
        yield address


@pytest.fixture(scope="session")
def hosts() -> Iterator[Hosts]:
    """Other people's sites, see hosts.py."""
    sites = Hosts()
    with running(sites) as sites.port:
        yield sites


@pytest.fixture(scope="session")
def city_map(squares: Dataset, hosts: Hosts) -> Iterator[str]:
    """The map that city.example may show; browsers trust addresses of this machine, and say to them who frames what."""
    with map_allowed_on(squares, hosts.at(CITY)) as address:
        yield address
