"""For everyone: by keyboard, enlarged, in the system's own colours, without motion, by touch, and without scripts."""

import pytest

from tests.browser.conftest import DRAWN, until

pytestmark = pytest.mark.browser

# What the keyboard stands on: what it is, whether its look says so, and whether it can be seen.
STANDING = """() => {
  const one = document.activeElement;
  if (one === document.body) return null;
  const kind = one.matches('.skip') ? 'skip link' : one.id === 'q' ? 'search' : one.matches('#filters summary') ? 'filter'
    : one.closest('#list') ? 'list' : one.matches('.folium-map') ? 'map' : one.matches('.pin .many') ? 'cluster'
    : one.closest('.pin') ? 'point' : one.closest('.legend') ? 'legend' : one.closest('.leaflet-control') ? 'map button'
    : one.closest('#share') ? 'share' : one.closest('#languages') ? 'languages' : one.closest('.looks') ? 'looks'
    : one.closest('.downloads') ? 'downloads' : one.closest('.colophon') ? 'footer' : 'other';
  const box = one.getBoundingClientRect();
  // A line that wraps has more than one box; the first of them is enough.
  const { left, top, width, height } = [...one.getClientRects()].find(({ width, height }) => width * height) ?? box;
  const seen = [[0.5, 0.5], [0.2, 0.5], [0.8, 0.5], [0.5, 0.2], [0.5, 0.8]].some(([x, y]) => {
    const hit = document.elementFromPoint(left + x * width, top + y * height);
    return hit !== null && (one.contains(hit) || hit.contains(one) && !hit.matches('html, body, main, .map, .panel'));
  });
  const look = getComputedStyle(one);
  const ring = look.outlineStyle !== 'none' && parseFloat(look.outlineWidth) >= 2;
  return { kind, ring, colour: look.outlineColor, seen, html: one.outerHTML.slice(0, 160) };
}"""
# Leaflet scrolls nothing: a marker out of sight that takes the focus must not move the map's own window.
SCROLLED = "() => { const map = document.querySelector('.folium-map'); return [map.scrollLeft, map.scrollTop]; }"


def walk(page, most: int = 400) -> list[dict]:
    """Press Tab until the end of the page, and return what was stood on."""
    stops = []
    for _ in range(most):
        page.keyboard.press("Tab")
        stop = page.evaluate(STANDING)
        if stop is None:
            return stops
        stops.append(stop)
    raise AssertionError("the keyboard never comes to an end")


@pytest.mark.parametrize(
    ("path", "size"),
    [("/?region=africa", (1280, 800)), ("/?country=KE&theme=climate", (390, 844)), ("/?country=JP", (640, 400))],
    ids=["wide", "phone", "enlarged"],
)
def test_the_keyboard_reaches_everything_and_is_always_seen(visit, real, path, size):
    page = visit(real, viewport={"width": size[0], "height": size[1]}).go(path)
    page.wait_for_load_state("networkidle")
    stops = walk(page)
    kinds = {stop["kind"] for stop in stops}
    wanted = {"skip link", "languages", "share", "looks", "search", "filter", "list", "map", "point", "legend", "map button"}
    assert wanted <= kinds
    assert "cluster" in kinds or size[0] < 1000
    assert [stop for stop in stops if not stop["ring"]] == []
    assert [stop for stop in stops if not stop["seen"]] == []
    assert page.evaluate(SCROLLED) == [0, 0]
