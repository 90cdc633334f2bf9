"""Lighthouse on the pages as they are served: what it asks for accessibility, good practice and search engines."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from hatch_build import find_node
from mapsvc.settings import Settings
from tests.browser.conftest import FLAGS, served

pytestmark = pytest.mark.browser

SCRIPT = Path(__file__).with_name("lighthouse.mjs")
# The public address of the pages, which search engines want whole; nobody is asked there.
PUBLIC = Settings(base_url="https://maps.example.org")
WANTED = {"accessibility": 1, "best-practices": 0.95, "seo": 1}
# Those that differ most; each takes some seconds.
PAGES = ["/", "/members/fi-turku", "/members?theme=water", "/gaps/who-next", "/embed/builder"]
# The builder asks to be left out by search engines: it is a tool, not a page to find.
HIDDEN = {"/embed/builder"}


@pytest.fixture(scope="module")
def said(bundled, tmp_path_factory):
    """What Lighthouse says of each page, in a browser that reaches nobody else."""
    home = tmp_path_factory.mktemp("home")
    with served(bundled, PUBLIC) as address:
        done = subprocess.run(
            [find_node(), SCRIPT, json.dumps(FLAGS), *(address + path for path in PAGES)],
            env={**os.environ, "CHROME_PATH": os.environ["CHROMIUM"], "HOME": str(home)},
            capture_output=True,
            text=True,
            check=False,
            timeout=480,
        )
    assert done.returncode == 0, done.stderr
    return dict(zip(PAGES, map(json.loads, done.stdout.splitlines()), strict=True))


@pytest.mark.parametrize("path", PAGES)
def test_lighthouse_is_content(said, path):
    report = said[path]
    assert report["error"] is None
    wanted = {name: least for name, least in WANTED.items() if name != "seo" or path not in HIDDEN}
    assert all(report["scores"][name] >= least for name, least in wanted.items()), report
