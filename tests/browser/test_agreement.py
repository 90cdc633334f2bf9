"""One address is one view in the browser too: reached by filters, gone back to, reloaded or pasted, it shows the same."""

import json
from urllib.request import urlopen

import pytest

from tests.browser.conftest import DRAWN, until
from tests.browser.test_map import headline, in_list, looks, on_map, settle

pytestmark = pytest.mark.browser

VIEWS = [
    "theme=water&region=europe",
    "region=europe&type=county&type=region&status=member&joined_from=1990&joined_to=2010",
    "country=DE&country=KE&asof=1999",
    "theme=climate&asof=2005-06&q=san&view=countries&measure=share",
    "region=oceania&view=countries&measure=first-year",
    "theme=infrastructure&region=south-america&view=themes",
    "type=association&q=zzzz",
]


ASK = """add => document.dispatchEvent(
    new CustomEvent("mapsvc:ask", { detail: { change: {}, add, how: "push" } }),
)"""


def shown(page) -> dict[str, object]:
    """Return all that a person sees of a view, once the names of its list are buttons."""
    until(page, "!document.querySelector('#list a.name[data-show]')")
    return {
        "title": page.title(),
        "headline": page.inner_text("#headline"),
        "list": page.inner_text("#list"),
        "chips": page.inner_text(".chips"),
        "legend": page.text_content(".legend"),
        "stamps": page.text_content(".multiples"),
        "countries": dict(looks(page)),
        "markers": on_map(page),
        "chosen": page.evaluate("[...new FormData(document.getElementById('filters'))].map(String).sort()"),
        "query": page.get_attribute("main", "data-query"),
    }


def drawn_as(page) -> None:
    """Wait until the map shows the view that the page shows."""
    until(page, "!document.querySelector('main[aria-busy]')")
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(150)


@pytest.mark.parametrize("query", VIEWS)
def test_reload_back_and_a_pasted_address_give_the_same_view(visit, real, query):
    """The view is reached from the whole by a change in place, as every filter makes it."""
    page = visit(real).go("/")
    page.evaluate("window.sameDocument = true")
    page.evaluate(ASK, [pair.split("=") for pair in query.split("&")])
    settle(page, query)
    drawn_as(page)
    first = shown(page)
    assert page.evaluate("window.sameDocument")
    with urlopen(f"{real}/members.geojson?{query}", timeout=30) as response:
        features = json.load(response)["features"]
    if features:
        assert headline(page) == len(features)
    if "view=countries" not in query:
        assert in_list(page) == len(features)
    assert page.url.partition("#")[0] == f"{real}/?{query}"
    page.click(".looks li >> nth=1" if "view=countries" not in query else ".looks li >> nth=0")
    until(page, "query => document.querySelector('main').dataset.query !== query", query)
    page.go_back()
    settle(page, query)
    drawn_as(page)
    assert shown(page) == first
    page.reload()
    until(page, DRAWN)
    assert shown(page) == first
    # Another order, with what no view has: the same view, under its one canonical address.
    pasted = visit(real).go(f"/?utm_source=letter&{'&'.join(reversed(query.split('&')))}")
    assert shown(pasted) == first
    assert pasted.get_attribute("main", "data-query") == query
