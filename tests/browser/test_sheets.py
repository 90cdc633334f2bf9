"""The pages that go deeper in Chromium: the small map, the table in step with it, by mouse and by keyboard."""

import pytest

from tests.browser.conftest import DRAWN, until

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
