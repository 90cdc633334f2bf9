"""The map in pages of other sites, in a real browser: who sees it, and what those see who may not."""

import re
from contextlib import ExitStack

import pytest

from mapsvc.web.frames import FrameCode
from mapsvc.web.sharing import frame_html
from tests.browser.conftest import DRAWN, until
from tests.browser.hosts import CITY, MAP, OTHER, SUB, map_allowed_on

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def maps(squares):
    """Serve the map to frames of these sites, and return its address."""
    with ExitStack() as served:
        known = {}

        def served_to(*sites, name="127.0.0.1"):
            if (sites, name) not in known:
                known[sites, name] = served.enter_context(map_allowed_on(squares, *sites, name=name))
            return known[sites, name]

        yield served_to


def snippet(address: str, query: str = "", **options: object) -> str:
    """Return the code that the builder gives."""
    return frame_html(FrameCode("The members", f"{address}/embed{query}", f"{address}/{query}", **options))


def opened(visit, hosts, name, body, address, **options):
    """Open a page of a site with this body; it may ask itself and the map."""
    one = visit(hosts.at(name), **options)
    one.others = (address,)
    one.page.goto(hosts.at(name, hosts.put(body)))
    return one


@pytest.mark.parametrize(
    "case",
    [
        ((CITY,), CITY, (SUB, OTHER)),
        (("*.city.example",), SUB, (CITY, OTHER)),
        (("*",), OTHER, ()),
        ((), "", (CITY, OTHER)),
    ],
)
def test_the_map_is_shown_on_the_sites_that_the_operator_wrote_and_on_no_other(visit, hosts, maps, case):
    written, shown, refused = case
    address = maps(*(one if one == "*" else hosts.at(one) for one in written))
    if shown:
        opened(visit, hosts, shown, snippet(address), address).frame(address)
    for name in refused:
        one = opened(visit, hosts, name, snippet(address, "?theme=water"), address)
        frame = one.frame(address, drawn=False)
        # Both the frame and the line below it lead to the map.
        assert "may not be shown on this site" in frame.text_content("main")
        assert frame.evaluate("document.querySelector('main a').href") == f"{address}/?theme=water"
        assert one.page.get_attribute("body > p a", "href") == f"{address}/?theme=water"
        _complained(one, "403")


def test_a_browser_that_does_not_say_who_frames_blocks_the_frame_itself_and_the_link_below_it_stays(
    visit, hosts, maps
):
    # Not encrypted and no address of this machine: browsers send no Sec-Fetch headers there.
    address = maps(hosts.at(CITY), name=MAP)
    opened(visit, hosts, CITY, snippet(address), address).frame(address)
    one = opened(visit, hosts, OTHER, snippet(address), address)
    assert _is_blocked(one)
    assert one.page.is_visible(f'a[href="{address}/"]')
    _complained(one, "frame-ancestors")


@pytest.mark.parametrize(
    "case",
    [(CITY, CITY, "map"), (CITY, OTHER, "refusal"), (OTHER, CITY, "nothing"), (SUB, CITY, "nothing")],
)
def test_every_site_around_the_frame_must_be_allowed(visit, hosts, city_map, case):
    outer, inner, seen = case
    inside = hosts.at(inner, hosts.put(snippet(city_map)))
    one = opened(visit, hosts, outer, f'<iframe src="{inside}" width="900" height="700"></iframe>', city_map)
    one.others = (city_map, hosts.at(inner))
    if seen == "nothing":
        assert _is_blocked(one)
        [between] = [frame for frame in one.page.frames if frame.url == inside]
        assert between.is_visible(f'a[href="{city_map}/"]')
        _complained(one, "frame-ancestors")
    else:
        frame = one.frame(city_map, drawn=seen == "map")
        assert ("may not be shown" in frame.text_content("main")) is (seen == "refusal")
        if seen == "refusal":
            _complained(one, "403")


def test_a_page_written_into_a_frame_counts_as_the_site_that_wrote_it(visit, hosts, city_map):
    inside = snippet(city_map).replace('"', "&quot;")
    body = f'<iframe srcdoc="{inside}" width="900" height="700"></iframe>'
    opened(visit, hosts, CITY, body, city_map).frame(city_map)
    one = opened(visit, hosts, OTHER, body, city_map)
    frame = one.frame(city_map, drawn=False)
    assert "may not be shown" in frame.text_content("main")
    _complained(one, "403")


def test_in_a_sandbox_the_map_works_filters_and_opens(visit, hosts, city_map):
    body = snippet(city_map, "?show=filters&show=search").replace(
        "<iframe ", '<iframe sandbox="allow-scripts allow-popups" '
    )
    one = opened(visit, hosts, CITY, body, city_map)
    frame = one.frame(city_map)
    assert frame.evaluate("origin") == "null"
    frame.select_option('select[name="theme"]', "water")
    frame.wait_for_url(re.compile(r"theme=water"))
    until(frame, DRAWN)
    assert frame.text_content("h1").startswith("Water")
    frame.fill('input[name="q"]', "alpha")
    frame.press('input[name="q"]', "Enter")
    frame.wait_for_url(re.compile(r"q=alpha"))
    until(frame, DRAWN)
    with one.page.expect_popup() as popup:
        frame.click("#full")
    until(popup.value, DRAWN)
    assert popup.value.url == f"{city_map}/?theme=water&q=alpha"


def test_without_scripts_the_frame_is_a_picture_and_every_name(visit, hosts, maps):
    # Only a frame of the same site, though of another port, shares the process in which scripts are switched off here.
    address = maps("*")
    one = opened(visit, hosts, "127.0.0.1", snippet(address), address, java_script_enabled=False)
    frame = one.frame(address, drawn=False)
    picture = frame.locator(".still")
    picture.wait_for()
    assert picture.bounding_box()["width"] > 600
    assert "Alpha" in frame.inner_text("ul.names:not(.legend *)")
    assert frame.is_visible("#full")
    # What is loaded early for scripts is not used.
    one.wrong = [text for text in one.wrong if "preload" not in text]


def test_on_paper_the_frame_is_its_map(visit, hosts, city_map):
    one = opened(visit, hosts, CITY, snippet(city_map), city_map)
    frame = one.frame(city_map)
    one.page.emulate_media(media="print")
    assert frame.is_visible(".folium-map .country-shape.class-0")
    assert frame.is_visible(".folium-map .pin button")
    assert not frame.is_visible(".leaflet-control-zoom")
    # Its colours are printed whatever the browser does with those of other pages, and nothing is cut off by the frame.
    marker = frame.locator(".folium-map .pin button").first
    assert marker.evaluate("one => getComputedStyle(one).printColorAdjust") == "exact"
    box, outer = frame.locator(".map").bounding_box(), one.page.locator("iframe").bounding_box()
    assert box["height"] > 250
    footer = frame.locator("footer").bounding_box()
    assert box["y"] + box["height"] <= footer["y"] + 1
    assert footer["y"] + footer["height"] <= outer["y"] + outer["height"]
    # A picture that nobody sees is a third of all bytes.
    one.page.pdf()
    assert not [url for url in one.asked if "/map.svg" in url]


def test_at_320_pixels_nothing_is_cut_off_and_nothing_scrolls_sideways(visit, hosts, city_map):
    query = "?" + "&".join(
        f"show={part}" for part in ("title", "legend", "search", "filters", "list", "download")
    )
    one = opened(
        visit, hosts, CITY, snippet(city_map, query), city_map, viewport={"width": 320, "height": 640}
    )
    frame = one.frame(city_map)
    for place in (one.page, frame):
        assert place.evaluate("document.documentElement.scrollWidth <= innerWidth")
    for part in ("h1", ".legend", "input[name=q]", "#full", ".leaflet-control-zoom-in"):
        box = frame.locator(part).first.bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 320, part


def test_no_cookie_is_set_and_nobody_else_is_asked(visit, hosts, city_map):
    one = opened(visit, hosts, CITY, snippet(city_map, "?show=list"), city_map)
    frame = one.frame(city_map)
    one.page.wait_for_load_state("networkidle")
    assert one.page.context.cookies() == []
    assert frame.evaluate("document.cookie") == ""
    assert {url.split("/")[2] for url in one.asked if not url.startswith("data:")} == {
        hosts.at(CITY).split("/")[2], city_map.split("/")[2],
    }  # fmt: skip


def test_of_ten_frames_on_a_page_only_those_are_asked_for_that_are_looked_at(visit, hosts, city_map):
    gap = '<div style="height:4000px"></div>'
    body = gap.join(snippet(city_map, f"?q={place}") for place in range(10))
    one = opened(visit, hosts, CITY, body, city_map)
    one.page.wait_for_load_state("networkidle")
    assert [url for url in one.asked if "/embed?" in url] == [f"{city_map}/embed?q=0"]
    one.page.evaluate("document.querySelectorAll('iframe')[9].scrollIntoView()")
    until(one.page, "frames.length === 10")
    one.page.wait_for_load_state("networkidle")
    assert 2 <= len([url for url in one.asked if "/embed?" in url]) <= 3
    assert f"{city_map}/embed?q=9" in one.asked


def _is_blocked(one) -> bool:
    """Wait for the page that the browser shows instead of a frame that it blocks."""
    for _ in range(400):
        if any(frame.url.startswith("chrome-error:") for frame in one.page.frames):
            return True
        one.page.wait_for_timeout(20)
    return False


def _complained(one, word: str) -> None:
    """The browser complains of what it should: each complaint has the word in it."""
    assert one.wrong
    assert all(word in text for text in one.wrong), one.wrong
    one.wrong.clear()
