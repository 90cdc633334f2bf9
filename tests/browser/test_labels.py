"""Names on the map: they come after it, make room for each other and for the members, and are text for the eye alone."""

from dataclasses import replace
from itertools import combinations

import pytest

from mapsvc.settings import Settings
from tests import world
from tests.browser.conftest import served, until
from tests.browser.test_hostile import NAMES

pytestmark = pytest.mark.browser

COMPLETE = "document.querySelector('.leaflet-labels-pane[data-complete]') !== null"
# Boxes of the names that can be seen, of all else on the map, and what they have in common, more than a pixel of it.
BOXES = """selector => {
  const map = document.querySelector('.folium-map').getBoundingClientRect();
  return [...document.querySelectorAll(selector)].map(one => [one.textContent, one.getBoundingClientRect()])
    .filter(([, box]) => box.right > map.left && box.left < map.right && box.bottom > map.top && box.top < map.bottom)
    .map(([text, { left, top, right, bottom }]) => [text, left, top, right, bottom]);
}"""
LABELS = ".labels text"
OTHERS = ".pin .dot, .pin .many, .legend, .leaflet-control"
PLACES = {
    "the world": "",
    "East Africa": "#4.5/-1.3/36.8",
    "Brazil": "#5/-15/-55",
    "Kenya": "#6/-1.3/36.8",
    "the Rhine": "#7/51.5/6",
    "London": "#9/51.5/0",
    "Fiji and 180°": "#6/-17/179",
    "the far north": "#3.5/68/100",
}


def look(one, path: str):
    """Open a page and wait until all names of its view are written."""
    page = one.go(path)
    until(page, COMPLETE)
    return page


def boxes(page, selector: str) -> list[tuple[str, float, float, float, float]]:
    return [tuple(box) for box in page.evaluate(BOXES, selector)]


def names(page) -> list[str]:
    return [text for text, *_ in boxes(page, LABELS)]


def overlapping(page) -> list[tuple[str, str]]:
    """Return the pairs that share more than a pixel: of names, and of a name and something else."""
    labels, others = boxes(page, LABELS), boxes(page, OTHERS)
    pairs = [*combinations(labels, 2), *((label, other) for label in labels for other in others)]
    return [(one[0], other[0]) for one, other in pairs if _meet(one[1:], other[1:])]


def _meet(one, other) -> bool:
    return (
        min(one[2], other[2]) - max(one[0], other[0]) > 1
        and min(one[3], other[3]) - max(one[1], other[1]) > 1
    )


def test_names_come_when_the_map_is_drawn_and_not_before(visit, real):
    one = visit(real)
    page = look(one, "/")
    drawn = page.evaluate("performance.getEntriesByName('map-drawn')[0].startTime")
    asked = page.evaluate(
        "performance.getEntriesByType('resource').filter(one => /labels|names\\.js/.test(one.name)).map(one => one.startTime)"
    )
    assert len(asked) >= 2  # the module and the first names, at least
    assert min(asked) >= drawn
    assert {"Canada", "Brazil", "Australia"} <= set(names(page))


@pytest.mark.parametrize("camera", PLACES.values(), ids=PLACES)
def test_no_name_lies_on_another_nor_on_a_member_nor_under_a_button(visit, real, camera):
    page = look(visit(real), f"/{camera}")
    assert len(names(page)) >= 3
    assert overlapping(page) == []


def test_no_name_lies_on_another_on_a_phone(visit, real):
    page = look(visit(real, viewport={"width": 390, "height": 844}), "/#5/48/10")
    assert "Germany" in names(page)
    assert overlapping(page) == []


def test_names_make_room_for_the_members_of_another_view(visit, real):
    page = look(visit(real), "/?theme=water#5/48/10")
    page.locator(".chip, .clear").first.click()
    until(page, "document.querySelector('main').dataset.query === ''")
    until(page, COMPLETE)
    page.wait_for_load_state("networkidle")
    assert overlapping(page) == []


def test_the_closer_one_looks_the_more_places_have_a_name(visit, real):
    one = visit(real)
    countries, centres = ".labels .of-country", ".labels .of-centre"
    page = look(one, "/")
    world_countries = {text for text, *_ in boxes(page, countries)}
    assert boxes(page, centres) == []
    assert "Rwanda" not in world_countries
    seen = []
    for zoom in (4, 5, 6):
        page = look(one, f"/?zoom={zoom}#{zoom}/-2/35")
        seen.append({text for text, *_ in boxes(page, centres)})
    assert len(seen[0]) < len(seen[1]) < len(seen[2])
    assert "Rwanda" in names(page)
    assert {"Arusha", "Kigoma"} <= seen[2]
    assert "Kigoma" not in seen[0]


@pytest.mark.parametrize(
    ("place", "name"),
    [("47.92/106.92", "Ulan Bator"), ("22.79/5.53", "Tamanghasset"), ("-54.8/-68.3", "Ushuaia"), ("64.18/-51.7", "Nuuk"),
     ("-3.1/-60", "Manaus"), ("62.03/129.7", "Yakutsk"), ("-13.83/-171.77", "Apia")],
)  # fmt: skip
def test_wherever_people_live_there_is_a_name(visit, real, place, name):
    page = look(visit(real), f"/#8/{place}")
    assert any(name in one for one in names(page)), names(page)
    assert page.evaluate("document.querySelector('.labels .lake').getAttribute('d')").startswith("M")


def test_places_are_called_what_the_language_of_the_page_calls_them(visit, real):
    page = look(visit(real), "/?lang=ko#6/39/126")
    assert {"북한", "평양"} <= set(names(page)), names(page)


def test_names_that_stand_go_on_standing_while_the_map_is_moved(visit, real):
    page = look(visit(real), "/#6/-1.3/36.8")
    page.evaluate("document.querySelectorAll('.labels text').forEach(one => { one.stood = true; })")
    before = {text: box for text, *box in boxes(page, LABELS)}
    page.focus(".folium-map")
    page.keyboard.press("ArrowRight")
    until(page, "location.hash !== '#6/-1.3/36.8'")
    until(page, COMPLETE)
    after = {text: box for text, *box in boxes(page, LABELS)}
    moved = after["Tanzania"][0] - before["Tanzania"][0]
    assert moved < -40
    inner = {
        text
        for text, (left, top, right, bottom) in before.items()
        if left > 600 and right < 1050 and top > 100 and bottom < 500
    }
    assert len(inner) > 10
    assert inner <= set(after)
    stood = page.evaluate(
        "[...document.querySelectorAll('.labels text')].filter(one => one.stood).map(one => one.textContent)"
    )
    assert inner <= set(stood)
    assert all(after[text][0] - before[text][0] == pytest.approx(moved, abs=1) for text in inner)
    assert overlapping(page) == []


def test_names_are_for_the_eye_alone(visit, real):
    page = look(visit(real), "/#5/-15/-55")
    assert page.get_attribute(".leaflet-labels-pane", "aria-hidden") == "true"
    assert page.locator(".leaflet-labels-pane :is(a, button, [tabindex])").count() == 0
    # What lies under the middle of a name can be pointed at.
    for text, left, top, right, bottom in boxes(page, ".labels .of-country"):
        hit = page.evaluate("([x, y]) => document.elementFromPoint(x, y)?.closest('.labels') ?? null",
                            [(left + right) / 2, (top + bottom) / 2])  # fmt: skip
        assert hit is None, text


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_letters_and_their_halo_are_far_apart_in_light_and_dark(visit, real, scheme):
    page = look(visit(real, color_scheme=scheme), "/#5/-15/-55")
    for kind in ("of-country", "of-centre"):
        fill, halo = page.evaluate(
            """kind => {
              const context = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
              const shade = (colour) => {
                context.clearRect(0, 0, 1, 1);
                context.fillStyle = colour;
                context.fillRect(0, 0, 1, 1);
                const [r, g, b] = context.getImageData(0, 0, 1, 1).data;
                return 0.2126 * r + 0.7152 * g + 0.0722 * b;
              };
              const look = getComputedStyle(document.querySelector('.labels .' + kind));
              return [shade(look.fill), shade(look.stroke)];
            }""",
            kind,
        )
        assert abs(fill - halo) > 110, (kind, fill, halo)


@pytest.mark.parametrize("name", NAMES, ids=range(len(NAMES)))
def test_a_hostile_name_of_a_place_is_text(visit, name):
    urban = replace(
        world.URBAN, centres=world.URBAN.centres.assign(name=["Alpha", "North", "Betaville", name])
    )
    with served(world.dataset(urban=urban)) as address:
        page = look(visit(address), "/#8.5/0.5/4.5")
        shown = name if len(name) <= 60 else f"{name[:59]}…"
        assert [text for text, *_ in boxes(page, ".labels .of-centre")] == [shown]
        assert page.locator("img:not(.printed)").count() == 0


def test_a_fact_sheet_has_names_on_its_small_map(visit, real):
    page = look(visit(real), "/countries/KE")
    assert {"Kenya", "Nairobi"} <= set(names(page))
    assert overlapping(page) == []


def test_with_tiles_of_others_there_are_no_names(chromium, bundled):
    picture = b"GIF89a\x01\x00\x01\x00\x80\x00\x00\xff\xff\xff\x00\x00\x00!\xf9\x04\x01\x00\x00\x00\x00,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;"
    with served(bundled, Settings(basemap="OpenStreetMap.Mapnik")) as address:
        context = chromium.new_context(viewport={"width": 1280, "height": 800})
        page = context.new_page()
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.route(
            "https://tile.openstreetmap.org/**",
            lambda route: route.fulfill(body=picture, content_type="image/gif"),
        )
        page.goto(f"{address}/#6/-1.3/36.8")
        until(page, "performance.getEntriesByName('map-drawn').length > 0")
        page.wait_for_load_state("networkidle")
        assert page.locator(".with-tiles").count() == 1
        assert page.locator(".labels, .leaflet-labels-pane").count() == 0
        assert not [url for url in asked if "labels" in url]
        context.close()


def test_names_that_cannot_be_fetched_are_missing_and_nothing_else(visit, real):
    one = visit(real)
    one.page.route("**/maps/labels-*/**", lambda route: route.fulfill(status=404, body="gone"))
    page = one.go("/")
    until(page, COMPLETE)
    assert names(page) == []
    assert page.locator(".pin button").count() > 10
    one.wrong.clear()  # the browser notes each 404


def test_a_marker_stands_for_the_largest_place_that_it_covers(visit):
    centres = world.URBAN.centres.assign(name=["Alpha", "Twin", "Betaville", "Empty"])
    # Both under the point of the member Beta; the smaller one comes second.
    centres[["longitude", "latitude"]] = [[9.0, 9.0], [1.5, 0.5], [1.501, 0.5], [9.0, 9.0]]
    with served(world.dataset(urban=replace(world.URBAN, centres=centres))) as address:
        page = look(visit(address), "/?country=BB#7/0.5/1.5")
        assert "Twin" in names(page)
        assert "Betaville" not in names(page)
        assert page.get_attribute(".labels .dot", "d") == ""  # the member is the dot
