"""Views, legend, years, search and nearness in Chromium, by pointer and by keyboard."""

import json
import re
from urllib.request import urlopen

import pytest

from tests import world
from tests.browser.conftest import served, until
from tests.browser.test_map import headline, in_list, looks, settle

pytestmark = pytest.mark.browser

SHOWN = "id => document.querySelector('.leaflet-popup h2')?.textContent === id"


@pytest.fixture(scope="module")
def urban():
    """The address of the six squares with urban centres."""
    with served(world.dataset(urban=world.URBAN)) as address:
        yield address


def n_entries(page) -> int:
    """Return how many entries the history has."""
    return page.evaluate("history.length")


def test_the_views_change_without_a_reload_and_the_address_holds_them(visit, urban):
    page = visit(urban).go("/")
    page.evaluate("window.mark = 1")
    page.click(".looks a:text('Countries')")
    settle(page, "view=countries")
    assert page.url.endswith("/?view=countries")
    assert page.locator(".looks [aria-current]").inner_text() == "Countries"
    assert page.locator("#list .ranking li").count() == 4
    assert page.locator(".pin").first.is_hidden()
    page.select_option("#measure", "share")
    settle(page, "view=countries&measure=share")
    assert looks(page) == {"class-5": 2, "no-centre": 2, "none": 2}
    page.click(".looks a:text('Themes')")
    settle(page, "view=themes")
    assert page.locator(".stamp").count() == 3
    page.go_back()
    settle(page, "view=countries&measure=share")
    assert page.evaluate("window.mark") == 1
    page.reload()
    until(page, "performance.getEntriesByName('map-drawn').length > 0")
    assert looks(page) == {"class-5": 2, "no-centre": 2, "none": 2}


def test_a_country_says_its_measure_when_it_is_pointed_at(visit, urban):
    page = visit(urban).go("/?view=countries&measure=per-million#5/0.5/3")
    page.locator("path.country-shape.class-0").first.hover()
    until(
        page,
        "() => document.querySelector('.tip')?.textContent.includes('2 members per million urban inhabitants')",
    )


def test_a_small_world_leads_to_the_map_of_its_theme(visit, toy):
    page = visit(toy).go("/?view=themes")
    page.click(".stamp:has-text('Water')")
    settle(page, "theme=water")
    assert headline(page) == 2
    assert looks(page) == {"class-1": 1, "not-in-theme": 2, "unknown": 1, "none": 2}


def test_without_scripts_the_three_views_are_there(visit, urban):
    one = visit(urban, java_script_enabled=False)
    page = one.go("/", drawn=False)
    page.click(".looks a:text('Themes')")
    assert page.locator(".stamp").count() == 3
    assert page.locator(".stamp svg").first.is_visible()
    assert page.locator(".legend").is_visible()
    page.click(".looks a:text('Countries')")
    page.select_option("#measure", "first-year")
    page.click("form .apply")
    assert page.locator("#list .ranking li").count() == 1
    assert "measure=first-year" in page.url
    page.select_option("#asof", "1990")
    page.click("form .apply")
    assert headline(page) == 1


def opacity(page, look: str) -> float:
    """Return how strongly the first country of a look is drawn."""
    script = "look => Number(getComputedStyle(document.querySelector(`path.country-shape.${look}`)).opacity)"
    return page.evaluate(script, look)


@pytest.mark.parametrize("by", ["pointer", "keyboard"])
def test_a_class_of_the_legend_shows_and_says_its_countries(visit, toy, by: str):
    page = visit(toy).go("/")
    key = page.locator(".key[data-look=class-2]")
    key.hover() if by == "pointer" else key.focus()
    assert opacity(page, "class-2") == 1
    assert opacity(page, "class-0") < 0.5
    assert "Land AA" in key.inner_text()
    page.mouse.move(1000, 300)
    page.evaluate("document.activeElement.blur()")
    assert opacity(page, "class-0") == 1


def drag(page, value: int) -> None:
    """Move the slider as a person does: through values, then let go."""
    page.evaluate(
        """value => {
          const range = document.querySelector('#slider input');
          for (const at of [value - 1, value]) {
            range.value = at;
            range.dispatchEvent(new Event('input', { bubbles: true }));
          }
          range.dispatchEvent(new Event('change', { bubbles: true }));
        }""",
        value,
    )


def test_the_slider_shows_the_network_as_it_was_with_one_entry_of_history(visit, toy):
    page = visit(toy).go("/")
    before = n_entries(page)
    drag(page, 1995)
    settle(page, "asof=1995")
    assert headline(page) == in_list(page) == 1
    assert page.locator("#slider output").inner_text() == "1995"
    assert page.locator("#slider input").get_attribute("aria-valuetext") == "1995"
    assert n_entries(page) == before + 1
    assert page.locator(".chip").inner_text().split() == ["Take", "off", "as", "of", "1995"]
    page.click(".chip")
    settle(page, "")
    assert page.locator("#slider output").inner_text() == "Now"
    page.go_back()
    settle(page, "asof=1995")
    assert page.locator("#slider output").inner_text() == "1995"


def test_the_slider_moves_by_keyboard_and_the_last_step_is_now(visit, toy):
    page = visit(toy).go("/?asof=2026")
    page.focus("#slider input")
    page.keyboard.press("ArrowRight")
    settle(page, "")
    assert page.locator("#slider input").get_attribute("aria-valuetext") == "Now"
    assert page.evaluate("document.activeElement.closest('#slider') !== null")


def test_play_starts_at_the_first_year_and_pauses(visit, toy):
    page = visit(toy).go("/")
    before = n_entries(page)
    page.click(".play")
    until(page, "() => /asof=199[2-9]/.test(location.search)")
    assert page.locator(".play").get_attribute("aria-label") == "Pause"
    page.click(".play")
    assert page.locator(".play").get_attribute("aria-label") == "Play the years"
    assert n_entries(page) == before + 1


def test_playing_stops_at_the_end(visit, toy):
    page = visit(toy).go("/?asof=2025")
    page.click(".play")
    until(page, "() => location.search === '' && !document.querySelector('.play.on')")


def test_playing_pauses_when_nobody_sees_it(visit, toy):
    page = visit(toy).go("/")
    page.click(".play")
    page.evaluate(
        """() => {
          Object.defineProperty(document, 'hidden', { value: true, configurable: true });
          document.dispatchEvent(new Event('visibilitychange'));
        }"""
    )
    assert page.locator(".play.on").count() == 0


def suggestions(page) -> list[str]:
    """Wait for suggestions and return them."""
    until(page, "() => !document.getElementById('suggestions').hidden")
    return page.locator("#suggestions [role=option] span").all_inner_texts()


def active(page) -> str:
    """Return the text of the suggestion that the box points at."""
    script = "() => document.getElementById(document.getElementById('q').getAttribute('aria-activedescendant'))?.textContent ?? ''"
    return page.evaluate(script)


def test_the_search_is_a_combobox_for_the_keyboard(visit, urban):
    page = visit(urban).go("/")
    box = page.locator("#q")
    assert box.get_attribute("role") == "combobox"
    assert box.get_attribute("aria-expanded") == "false"
    box.press_sequentially("al")
    assert suggestions(page) == ["Alpha", "Ałma", "Alpha"]
    assert box.get_attribute("aria-expanded") == "true"
    steps = [("ArrowDown", "Alpha"), ("ArrowDown", "Ałma"), ("End", "Alpha"), ("ArrowDown", ""), ("ArrowUp", "Alpha"),
             ("Home", "Alpha"), ("ArrowDown", "Ałma")]  # fmt: skip
    for key, text in steps:
        box.press(key)
        assert active(page).startswith(text) if text else active(page) == "", key
    assert page.locator("[aria-selected=true]").count() == 1
    box.press("Escape")
    assert box.get_attribute("aria-expanded") == "false"
    assert box.input_value() == "al"
    box.press("ArrowDown")
    assert box.get_attribute("aria-expanded") == "true"


def test_choosing_a_member_shows_it_on_the_map(visit, urban):
    page = visit(urban).go("/?theme=mobility")
    page.locator("#q").press_sequentially("alpha")
    suggestions(page)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    # It is not in the theme: the filter that hides it goes.
    settle(page, "q=Alpha")
    until(page, SHOWN, "Alpha")


def test_choosing_a_theme_or_country_narrows_to_it(visit, urban):
    page = visit(urban).go("/")
    page.locator("#q").press_sequentially("wat")
    suggestions(page)
    page.click("#suggestions [role=option]")
    settle(page, "theme=water")
    page.locator("#q").press_sequentially("land aa")
    suggestions(page)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    settle(page, "theme=water&country=AA")
    assert page.locator("#q").input_value() == ""


def test_choosing_a_place_moves_the_camera_there_and_says_who_is_nearest(visit, urban):
    page = visit(urban).go("/?view=countries")
    page.locator("#q").press_sequentially("empty")
    suggestions(page)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    settle(page, "")
    until(page, "() => /^#7\\/0\\.5\\d*\\/4\\.5/.test(location.hash)")
    until(
        page,
        "() => document.querySelector('.tip')?.textContent.includes('the nearest is Federation, 111 km away')",
    )


@pytest.mark.parametrize(
    ("text", "label"), [("wroclaw", "Wrocław"), ("Sao Paulo", "São Paulo"), ("서울", "Seoul")]
)
def test_neither_accents_nor_case_nor_script_matter(visit, real, text: str, label: str):
    page = visit(real).go("/")
    page.fill("#q", text)
    page.focus("#q")
    assert label in suggestions(page)
    until(page, "() => document.querySelectorAll('#list .country li').length < 20")
    assert label in page.locator("#list .name").all_inner_texts()


def test_near_me_asks_on_a_click_alone_and_tells_nobody(visit, toy):
    one = visit(toy, permissions=["geolocation"], geolocation={"latitude": 0.5, "longitude": 1.6})
    page = one.go("/")
    page.evaluate(
        """() => {
          const ask = navigator.geolocation.getCurrentPosition.bind(navigator.geolocation);
          window.asked = 0;
          navigator.geolocation.getCurrentPosition = (...all) => { window.asked += 1; ask(...all); };
        }"""
    )
    page.wait_for_load_state("networkidle")
    assert page.evaluate("window.asked") == 0
    page.click("#near button")
    until(page, SHOWN, "Beta")
    assert page.evaluate("window.asked") == 1
    assert page.locator("#near li button").all_inner_texts() == ["Beta", "Ałma", "Åbo", "Alpha", "Federation"]
    assert "11 km" in page.locator("#near li").first.inner_text()
    assert not [url for url in one.asked if re.search(r"1\.6|0\.5", url)]


def test_a_refusal_to_say_where_one_is_is_answered_kindly(visit, toy):
    page = visit(toy).go("/")
    page.click("#near button")
    until(page, "() => document.querySelector('#near [role=status]').textContent.includes('not allowed')")
    assert page.locator("#near button").is_enabled()


@pytest.mark.parametrize(
    "query",
    [
        "asof=2001",
        "joined_from=1995&joined_to=2010",
        "view=countries&measure=share",
        "view=themes&region=africa",
    ],
)
def test_a_pasted_address_and_the_file_of_it_have_the_same_members(visit, real, query: str):
    page = visit(real).go(f"/?{query}")
    with urlopen(f"{real}/members.geojson?{query}", timeout=30) as response:
        assert headline(page) == json.load(response)["numberMatched"]


@pytest.mark.parametrize("path", ["/", "/?view=countries", "/?view=themes"])
def test_a_first_visit_is_light_in_every_view(visit, real, path: str):
    one = visit(real)
    sizes: list[int] = []
    one.page.on("requestfinished", lambda request: sizes.append(request.sizes()["responseBodySize"]))
    page = one.go(path)
    page.wait_for_load_state("networkidle")
    assert 20_000 < sum(sizes) <= 250_000


@pytest.mark.parametrize("path", ["/", "/?view=countries&measure=share", "/?view=themes"])
@pytest.mark.parametrize("width", [320, 390, 768, 1440])
def test_nothing_is_wider_than_the_window(visit, real, path: str, width: int):
    page = visit(real, viewport={"width": width, "height": 800}).go(path)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
