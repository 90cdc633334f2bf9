"""Hostile names in a real browser: shown as exactly that text, and nothing runs."""

import pytest

from tests import world
from tests.browser.conftest import served, until

pytestmark = pytest.mark.browser

NAMES = [
    "{{7*7}}",
    "100 {% off",
    "${alert(1)}",
    "</script><img src=x onerror=alert(1)>",
    "<img src=x onerror=alert(1)>",
    "`",
    "\u05e2\u05d9\u05e8 \u05de\u05d9\u05de\u05d9\u05df",
    "x" * 500,
]


@pytest.mark.parametrize("name", NAMES, ids=range(len(NAMES)))
def test_a_hostile_name_is_text_in_list_marker_tooltip_and_popup(visit, name):
    with served(world.dataset({"a1": name})) as address:
        page = visit(address).go("/?theme=air")
        assert page.inner_text("#list .name") == name
        pin = page.locator(".pin button")
        assert pin.get_attribute("aria-label") == f"{name}, Land AA"
        pin.hover()
        assert page.inner_text(".tip strong") == name
        pin.click()
        assert page.inner_text("[role=dialog] h2") == name
        assert page.locator("img:not(.printed)").count() == 0
        assert page.evaluate("document.documentElement.scrollWidth") <= 1280


@pytest.mark.parametrize("name", NAMES[:-1], ids=range(len(NAMES) - 1))
def test_a_hostile_search_is_text(visit, toy, name):
    one = visit(toy)
    page = one.go("/")
    page.fill("#q", name)
    until(page, "name => document.querySelector('.chips').textContent.includes(name)", name)
    assert page.input_value("#q") == name
    assert page.locator("img:not(.printed)").count() == 0
