"""The pages that go deeper in Chromium: the small map, the table in step with it, by mouse and by keyboard."""

import re

import pytest

from tests.browser.conftest import DRAWN, until
from tests.browser.test_map import on_map

pytestmark = pytest.mark.browser


def test_the_small_map_shows_the_member_and_leaves_the_address_alone(visit, toy):
    page = visit(toy).go("/members/b1")
    assert page.locator(".pin .here").count() == 1
    page.click(".leaflet-control-zoom-in")
    page.wait_for_timeout(200)
    assert page.url.endswith("/members/b1")


def test_the_wheel_scrolls_the_page_and_not_the_map(visit, real):
    page = visit(real).go("/members/al-tirana")
    box = page.locator(".small-map").bounding_box()
    page.mouse.move(box["x"] + 40, box["y"] + 200)
    before = page.locator(".countries").get_attribute("transform")
    page.mouse.wheel(0, 200)
    until(page, "window.scrollY > 100")
    assert page.locator(".countries").get_attribute("transform") == before


def test_a_country_on_a_small_map_leads_to_its_page(visit, toy):
    page = visit(toy).go("/themes/water")
    page.eval_on_selector_all(
        "path.country-shape",
        "all => all.find(one => one.code === 'DD').dispatchEvent(new MouseEvent('click', { bubbles: true }))",
    )
    page.wait_for_url("**/countries/DD")


def test_the_name_in_a_popup_leads_to_the_page_of_the_member(visit, toy):
    page = visit(toy).go("/?theme=mobility")
    page.locator(".pin button").first.click()
    page.click("[role=dialog] h2 a")
    page.wait_for_url("**/members/b1")
    assert page.inner_text("h1") == "Beta"


def test_a_popup_of_a_sheet_says_the_words_of_the_form_that_it_has_not(visit, toy):
    page = visit(toy).go("/members/b1")
    page.locator(".pin button").first.click()
    card = page.inner_text("[role=dialog]")
    assert "County" in card
    assert "Mobility" in card


def test_the_table_lights_markers_and_is_marked_by_them(visit, toy):
    page = visit(toy).go("/members?country=BB&country=FF")
    page.hover("tr[data-member=b1] td")
    until(page, "document.querySelector('.pin .lit') !== null")
    page.hover("h1")
    until(page, "document.querySelector('.pin .lit') === null")
    page.locator(".pin button[aria-label^=Beta]").click()
    assert page.locator("tr[aria-current]").get_attribute("data-member") == "b1"
    page.keyboard.press("Escape")
    assert page.locator("tr[aria-current]").count() == 0


def test_the_table_opens_the_map_by_keyboard_and_gets_the_focus_back(visit, toy):
    page = visit(toy).go("/members")
    button = page.locator("tr[data-member=b1] button.show")
    assert button.get_attribute("aria-label") == "Show on the map: Beta"
    button.focus()
    until(page, "document.querySelector('.pin .lit') !== null")
    page.keyboard.press("Enter")
    assert page.inner_text("[role=dialog] h2") == "Beta"
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.classList.contains('show')")


def test_a_row_without_a_place_has_no_button(visit, toy):
    page = visit(toy).go("/members")
    assert page.locator("tbody tr").count() == 6
    assert page.locator("button.show").count() == 5


def test_a_member_chosen_on_the_map_is_marked_in_the_list_and_brought_into_sight(visit, real):
    page = visit(real).go("/?country=DE&country=KE")
    page.locator(".pin button[aria-label$=Kenya]").first.click()
    row = page.locator("#list li[aria-current]")
    page.wait_for_timeout(100)
    until(page, "document.querySelector('#list li[aria-current]') !== null")
    panel, box = page.locator(".panel").bounding_box(), row.bounding_box()
    assert panel["y"] <= box["y"] <= panel["y"] + panel["height"]
    assert page.evaluate("scrollY") == 0


def test_the_filters_of_the_table_keep_its_order(visit, toy):
    page = visit(toy).go("/members?sort=-name")
    page.click(".narrowing > summary")
    page.fill("#q", "alma")
    page.keyboard.press("Enter")
    page.wait_for_url("**/members?**q=alma**")
    assert "sort=-name" in page.url
    assert page.locator("tbody tr").count() == 1


@pytest.mark.parametrize("path", ["/members/al-tirana", "/countries/IN", "/themes/water", "/members"])
def test_without_scripts_the_page_is_whole(visit, real, path):
    page = visit(real, java_script_enabled=False).go(path, drawn=False)
    assert page.locator("h1").is_visible()
    assert page.locator("main a").count() > 10
    assert not page.locator(".small-map").is_visible()


@pytest.mark.parametrize("path", ["/members/al-tirana", "/countries/US", "/themes/water"])
def test_a_second_page_transfers_40_kb_at_most(visit, real, path):
    one = visit(real)
    page = one.go("/")
    page.wait_for_load_state("networkidle")
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    received = []
    session.on("Network.loadingFinished", lambda event: received.append(event["encodedDataLength"]))
    page.goto(real + path)
    until(page, DRAWN)
    page.wait_for_load_state("networkidle")
    assert 0 < sum(received) <= 40_000


@pytest.mark.parametrize("width", [320, 390, 768, 1440])
@pytest.mark.parametrize(
    "path", ["/members/al-tirana", "/countries/AU", "/themes/water", "/members", "/countries", "/themes"]
)
def test_no_page_is_wider_than_the_window(visit, real, width, path):
    page = visit(real, viewport={"width": width, "height": 700}).go(path, drawn=False)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def first_row(page) -> str:
    """Return the name in the first row of the table."""
    return page.inner_text("tbody tr >> nth=0 >> th a")


def test_the_table_sorts_and_pages_in_place_and_the_map_stays(visit, real):
    page = visit(real).go("/members")
    page.evaluate("window.sameDocument = true; window.pins = [...document.querySelectorAll('.pin')]")
    page.focus("#sort-since")
    page.keyboard.press("Enter")
    until(page, "location.search === '?sort=since'")
    assert page.get_attribute("th.c-since", "aria-sort") == "ascending"
    assert page.evaluate("document.activeElement.id") == "sort-since"
    assert re.search(r"Members 1–100 of \d+, page 1", page.text_content("#announcer"))
    earliest = first_row(page)
    page.click("#next-page")
    until(page, "location.search === '?sort=since&page=2'")
    assert page.get_attribute(".pages [aria-current]", "id") == "page-2"
    assert page.locator("tbody tr").count() == 100
    until(page, "document.querySelector('.table').getBoundingClientRect().top >= -1")
    assert first_row(page) != earliest
    page.go_back()
    until(page, "document.querySelector('#page-1[aria-current]') !== null")
    assert (page.url, first_row(page)) == (f"{real}/members?sort=since", earliest)
    page.go_back()
    until(page, "document.querySelector('th.c-name[aria-sort]') !== null")
    page.go_forward()
    until(page, "document.querySelector('th.c-since[aria-sort]') !== null")
    assert page.evaluate("window.sameDocument && window.pins.every(one => one.isConnected)")
    page.reload()
    assert first_row(page) == earliest


def test_the_filters_of_the_table_lead_the_map_beside_it(visit, real):
    page = visit(real).go("/members?sort=-name")
    page.evaluate("window.sameDocument = true")
    page.click(".narrowing > summary")
    page.click("#filter-region > summary")
    page.check("input[name=region][value=africa]")
    until(page, "location.search === '?region=africa&sort=-name'")
    n = page.locator("tbody tr").count()
    until(page, "performance.getEntriesByName('view-drawn').length > 0")
    assert on_map(page) <= n
    assert page.inner_text(".lead").startswith(f"{n} members in ")
    assert page.evaluate("document.activeElement.value") == "africa"
    assert page.get_attribute(".files a", "href") == "/members.geojson?region=africa&dl=1"
    page.click(".chips .clear")
    until(page, "location.search === ''")
    assert page.evaluate("window.sameDocument")


def test_a_table_that_does_not_come_leaves_the_one_that_is_there(visit, real):
    one = visit(real)
    page = one.go("/members")
    before = first_row(page)
    page.route("**/members?sort=-name", lambda route: route.abort())
    page.click("#sort-name")
    until(page, "document.getElementById('failed').textContent !== ''")
    assert "try again" in page.text_content("#announcer")
    assert (page.url, first_row(page)) == (f"{real}/members", before)
    page.unroute("**/members?sort=-name")
    page.click("#sort-name")
    until(page, "location.search === '?sort=-name'")
    assert page.inner_text("#failed") == ""
    assert all("ERR_FAILED" in text for text in one.wrong)
    one.wrong.clear()


@pytest.mark.parametrize(("path", "rows"), [("/members", "tr.pointed"), ("/", "#list li.pointed")])
def test_a_marker_that_is_pointed_at_marks_its_rows(visit, toy, path, rows):
    page = visit(toy).go(f"{path}?country=BB&country=FF")
    page.hover(".pin button[aria-label^=Beta]")
    until(page, "rows => document.querySelectorAll(rows).length === 1", rows)
    assert page.inner_text(rows).startswith("Beta")
    page.hover("h1")
    until(page, "rows => document.querySelectorAll(rows).length === 0", rows)
    page.goto(f"{toy}{path}")
    until(page, DRAWN)
    n = int(page.inner_text(".pin button.many >> nth=0"))
    page.hover(".pin button.many >> nth=0")
    until(page, "([rows, n]) => document.querySelectorAll(rows).length === n", [rows, n])


def test_a_heading_of_the_list_has_an_address_and_the_camera_keeps_its_own(visit, real):
    page = visit(real).go("/?region=africa#3/10/20")
    markers = page.locator(".pin").count()
    page.hover("#in-KE h3")
    page.click("#in-KE .anchor")
    until(page, "location.hash === '#in-KE'")
    assert page.url == f"{real}/?region=africa#in-KE"
    assert page.locator(".pin").count() == markers
    page.go_back()
    until(page, "location.hash === '#3/10/20'")
    assert page.locator(".pin").count() == markers
    pasted = visit(real).go("/?region=africa#in-KE")
    until(pasted, "document.querySelector('#in-KE h3').getBoundingClientRect().top < innerHeight")
    assert pasted.url == f"{real}/?region=africa#in-KE"
    pasted.click(".leaflet-control-zoom-in")
    until(pasted, "location.hash !== '#in-KE'")
