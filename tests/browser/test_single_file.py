"""Files that leave the site: the page as one file from a disk, the SVG as it is opened, and what comes out of a printer."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from mapsvc.maps.palette import palette
from tests import world
from tests.browser.conftest import DRAWN, served, until

pytestmark = pytest.mark.browser


def opened(chromium: Browser, file: Path, **options: object):
    """Open a file from the disk, with what went wrong and what was asked for."""
    page = chromium.new_context(viewport={"width": 1280, "height": 800}, **options).new_page()
    page.wrong, page.asked = [], []
    page.on("console", lambda message: page.wrong.append(message.text))
    page.on("pageerror", lambda error: page.wrong.append(str(error)))
    page.on("dialog", lambda dialog: (page.wrong.append(dialog.message), dialog.dismiss()))
    page.on("request", lambda request: page.asked.append(request.url))
    page.goto(file.as_uri())
    return page


def saved(address: str, tmp_path: Path, chromium: Browser, path: str, name: str) -> Path:
    response = chromium.new_context().request.get(address + path)
    assert response.ok, response.text()
    (tmp_path / name).write_bytes(response.body())
    return tmp_path / name


def test_the_page_as_one_file_draws_its_map_from_a_disk_and_asks_nobody(chromium, toy, tmp_path):
    file = saved(toy, tmp_path, chromium, "/map.html?region=west&type=city", "map.html")
    page = opened(chromium, file)
    until(page, DRAWN)
    assert page.locator(".country-shape").count() == 6
    assert page.locator(".pin button").count() > 0
    page.click("#list button.name >> nth=0")
    card = page.locator(".card")
    assert card.locator("h2").inner_text() == page.locator("#list button.name").first.inner_text()
    # The values have their words, as on the page.
    assert "City" in card.inner_text()
    assert "Water" in card.inner_text() or "not recorded" in card.inner_text()
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.className") == "name"
    assert page.wrong == []
    assert {url.split(":")[0] for url in page.asked} <= {"file", "data"}
    assert [url for url in page.asked if url.startswith("file:")] == [file.as_uri()]
    page.context.close()


def test_the_whole_network_as_one_file_is_drawn_on_a_phone_and_in_the_dark(chromium, real, tmp_path):
    file = saved(real, tmp_path, chromium, "/map.html", "map.html")
    page = opened(chromium, file, color_scheme="dark")
    until(page, DRAWN)
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.locator(".pin button").count() > 5
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert page.wrong == []
    page.context.close()


@pytest.mark.parametrize(
    "name", ["</script><img src=x onerror=alert(1)>", "<!--<script>", "]]>", "${alert(1)}"]
)
def test_a_hostile_name_is_text_in_the_file_and_in_the_svg(chromium, tmp_path, name):
    with served(world.dataset({"a1": name})) as address:
        page = opened(chromium, saved(address, tmp_path, chromium, "/map.html?theme=air", "map.html"))
        until(page, DRAWN)
        assert page.locator("#list .name").inner_text() == name
        page.click("#list button.name")
        assert page.locator(".card h2").inner_text() == name
        assert page.wrong == []
        page.context.close()


def test_an_svg_opens_by_itself_without_a_complaint_in_the_pages_own_colours(chromium, visit, toy, tmp_path):
    one = visit(toy)
    page = one.go("/", drawn=True)
    shown = page.eval_on_selector_all(
        ".ramp .swatch", "found => found.map((one) => getComputedStyle(one).backgroundColor)"
    )
    # Chromium gives what it computed in OKLCH or sRGB; a canvas says which pixel that is.
    painted = page.evaluate(
        """(colours) => {
            const pen = Object.assign(document.createElement("canvas"), { width: 1, height: 1 }).getContext("2d", { willReadFrequently: true });
            return colours.map((colour) => {
                pen.fillStyle = colour;
                pen.fillRect(0, 0, 1, 1);
                return [...pen.getImageData(0, 0, 1, 1).data.slice(0, 3)];
            });
        }""",
        shown,
    )
    ours = [
        [int(colour[at : at + 2], 16) for at in (1, 3, 5)]
        for colour in palette(world.NETWORK.accent).classes(len(painted))
    ]
    assert len(painted) == 3
    for mine, theirs in zip(ours, painted, strict=True):
        assert max(abs(a - b) for a, b in zip(mine, theirs, strict=True)) <= 2
    page.goto(f"{toy}/map.svg")
    fills = page.eval_on_selector_all("[fill]", "found => found.map((one) => one.getAttribute('fill'))")
    assert set(palette(world.NETWORK.accent).classes(3)) <= set(fills)


def test_what_is_printed_is_the_picture_and_the_list_and_no_control(visit, toy):
    page = visit(toy).go("/?region=west")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    assert not page.locator(".printed").is_visible()
    page.emulate_media(media="print")
    until(
        page,
        "document.querySelector('.printed').complete && document.querySelector('.printed').naturalWidth > 0",
    )
    assert [url for url in asked if "/map.svg?region=west&size=a4" in url]
    assert page.locator(".printed").is_visible()
    for gone in (".folium-map", ".legend", ".filters", ".downloads", ".leaflet-control-container"):
        assert not page.locator(gone).first.is_visible(), gone
    assert page.locator("#list .name").first.is_visible()
    assert "Squares imply no opinion." in page.locator(".colophon").inner_text()


def test_the_picture_for_the_printer_is_not_loaded_while_nobody_prints(visit, toy):
    one = visit(toy)
    page = one.go("/")
    page.mouse.wheel(0, 2000)
    page.wait_for_timeout(200)
    assert not [url for url in one.asked if re.search(r"/map\.(svg|png)", url)]


def test_the_printed_picture_follows_the_view(visit, toy):
    page = visit(toy).go("/")
    page.click("text=Region")
    page.check("input[name=region][value=west]")
    until(page, "document.querySelector('.printed').getAttribute('src').includes('region=west')")


def test_without_scripts_the_picture_stands_where_the_map_would(visit, toy):
    page = visit(toy, java_script_enabled=False).go("/?theme=water", drawn=False)
    still = page.locator(".still")
    assert still.is_visible()
    assert still.bounding_box()["width"] > 600
    assert not page.locator(".printed").is_visible()
    page.emulate_media(media="print")
    assert still.is_visible()
    assert not page.locator(".printed").is_visible()
