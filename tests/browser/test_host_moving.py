"""The map between somebody else's texts: it lets the page scroll, and is moved by those who mean it."""

import html
import re
from urllib.request import urlopen

import pytest

from mapsvc.web.frames import FrameCode
from mapsvc.web.sharing import frame_html
from tests.browser.conftest import DRAWN, until
from tests.browser.hosts import CITY

pytestmark = pytest.mark.browser

TEXT = "<p style='height:500px'>Text</p>"
ZOOM = "Number(location.hash.slice(1).split('/')[0])"


@pytest.fixture
def framed(visit, hosts, city_map):
    """Open a page of the city with the map between two texts; return the visit, its frame, and its middle."""

    def opened(query="", **options):
        one = visit(hosts.at(CITY), **options)
        one.others = (city_map,)
        code = frame_html(FrameCode("Members", f"{city_map}/embed{query}", f"{city_map}/"))
        one.page.goto(hosts.at(CITY, hosts.put(f"<p>Text</p>{code}{TEXT * 4}")))
        frame = one.frame(city_map)
        box = frame.locator(".folium-map").bounding_box()
        return one, frame, (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)

    return opened


def test_the_wheel_scrolls_the_page_and_with_ctrl_it_zooms_the_map(framed):
    one, frame, (x, y) = framed()
    one.page.mouse.move(x, y)
    one.page.mouse.wheel(0, 120)
    until(one.page, "scrollY > 50")
    assert frame.evaluate("location.hash") == ""
    assert frame.text_content(".gesture-hint.on") in {
        "Hold Ctrl to zoom the map with the wheel",
        "Hold ⌘ to zoom the map with the wheel",
    }
    one.page.evaluate("scrollTo(0, 0)")
    until(one.page, "scrollY === 0")
    one.page.mouse.move(x, y)
    one.page.keyboard.down("Control")
    one.page.mouse.wheel(0, -240)
    until(frame, f"{ZOOM} > 2")
    assert one.page.evaluate("[scrollY, visualViewport.scale]") == [0, 1]


def test_the_mouse_drags_the_map_and_the_full_map_opens_where_it_looks(framed):
    one, frame, (x, y) = framed("?theme=water")
    one.page.mouse.move(x, y)
    one.page.mouse.down()
    one.page.mouse.move(x - 120, y + 10, steps=6)
    one.page.mouse.up()
    until(frame, "location.hash.length > 3")
    with one.page.expect_popup() as popup:
        frame.click("#full")
    until(popup.value, DRAWN)
    assert popup.value.evaluate("location.hash") == frame.evaluate("location.hash")
    assert "?theme=water#" in popup.value.url


def touch(page, *ways):
    """Let fingers go their ways at once, each from one point to another, in ten steps."""
    session = page.context.new_cdp_session(page)
    for step in range(11):
        points = [
            {"x": x + (to_x - x) * step / 10, "y": y + (to_y - y) * step / 10, "id": finger}
            for finger, ((x, y), (to_x, to_y)) in enumerate(ways)
        ]
        kind = "touchMove" if step else "touchStart"
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
        page.wait_for_timeout(16)
    page.wait_for_timeout(150)  # resting, so that nothing rolls on
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


@pytest.mark.parametrize("device", ["phone", "laptop with a touch screen"])
def test_one_finger_scrolls_the_page_and_two_move_the_map(framed, device):
    phone = {"viewport": {"width": 390, "height": 800}, "has_touch": True, "is_mobile": True}
    one, frame, (x, y) = framed(**phone if device == "phone" else {})
    touch(one.page, ((x, y), (x, y - 150)))
    until(one.page, "scrollY > 80")
    assert frame.evaluate("location.hash") == ""
    one.page.evaluate("scrollTo(0, 0)")
    until(one.page, "scrollY === 0")
    touch(one.page, ((x - 30, y), (x - 100, y + 30)), ((x + 30, y), (x + 100, y + 30)))
    until(frame, f"{ZOOM} > 1")
    assert one.page.evaluate("[scrollY, visualViewport.scale]") == [0, 1]


@pytest.mark.parametrize("size", [(1900, 700), (390, 800)])
def test_the_map_keeps_its_aim_until_a_person_moves_it(framed, size):
    """A frame that is wider or higher than the world, and then another one: nobody has moved it."""
    one, frame, _ = framed(viewport={"width": size[0], "height": size[1]})
    one.page.wait_for_timeout(300)
    one.page.set_viewport_size({"width": 1000, "height": 700})
    until(frame, "innerWidth > 900 && innerWidth < 1000")
    one.page.wait_for_timeout(400)
    assert frame.evaluate("location.hash") == ""


def test_it_fills_the_screen_when_it_is_asked_and_the_wheel_is_its_own_there(framed):
    one, frame, (x, y) = framed()
    frame.click("button[aria-label='Full screen']")
    until(frame, "document.fullscreenElement !== null && innerHeight > 700")
    one.page.wait_for_timeout(300)
    one.page.mouse.move(x, y)
    one.page.mouse.wheel(0, -240)
    until(frame, f"{ZOOM} > 1")
    one.page.keyboard.press("Escape")
    frame.evaluate("document.fullscreenElement && document.exitFullscreen()")
    until(frame, "document.fullscreenElement === null")


@pytest.mark.parametrize(
    "query", ["", "?show=map", "?show=list&view=themes", "?view=countries&look=dark", "?q=nobody"]
)
def test_the_way_to_the_full_map_is_always_there(framed, query):
    one, frame, _ = framed(query)
    link = frame.locator("#full")
    one.page.locator("iframe").scroll_into_view_if_needed()
    assert link.is_visible()
    assert link.evaluate("(one) => one.target || document.querySelector('base').target") == "_blank"


def test_the_component_makes_the_frame_of_its_attributes_when_its_script_is_the_one_that_was_looked_at(
    visit, hosts, city_map
):
    with urlopen(f"{city_map}/embed/builder") as page:
        code = html.unescape(page.read().decode())
    script = re.search(r'<script type="module"[^>]*member-map[^>]*></script>', code)[0]
    assert " integrity=" in script
    link = '<a href="/elsewhere">Water</a>'
    made = f'{script}<member-map theme="water air" look="dark" show="title,list" camera="4/1/30" title="Water">{link}</member-map>'
    one = visit(hosts.at(CITY))
    one.others = (city_map,)
    one.page.goto(hosts.at(CITY, hosts.put(made)))
    frame = one.frame(city_map)
    assert frame.url == f"{city_map}/embed?theme=water&theme=air&show=title&show=list&look=dark#4/1/30"
    assert not one.page.is_visible("member-map > a")
    inner = one.page.locator("member-map iframe")
    assert inner.get_attribute("title") == "Water"
    until(frame, "document.documentElement.scrollHeight === innerHeight")
    # Another theme is another map; what a page writes later counts as well.
    one.page.evaluate("document.querySelector('member-map').setAttribute('theme', 'nature')")
    frame.wait_for_url(re.compile(r"/embed\?theme=nature&"))
    changed = made.replace("sha384-", "sha384-AAAA")
    one.page.goto(hosts.at(CITY, hosts.put(changed)))
    assert one.page.is_visible("member-map > a")
    assert len(one.page.frames) == 1
    assert all("integrity" in text for text in one.wrong)
    one.wrong.clear()
