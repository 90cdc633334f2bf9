"""The map page in Chromium: what is drawn, filtered, opened, and that page, map and files agree."""

import json
import re
from collections import Counter
from itertools import pairwise
from urllib.request import urlopen

import pytest

from tests.browser.conftest import DRAWN, until

pytestmark = pytest.mark.browser

COUNTRY = "path.country-shape"


def fetch(address: str) -> dict:
    """Return the JSON at an address."""
    with urlopen(address, timeout=30) as response:
        return json.load(response)


def looks(page) -> Counter[str]:
    """Count the countries on the map by their look: ``class-0``, ``none``, ``unknown`` …"""
    names = page.eval_on_selector_all(COUNTRY, "paths => paths.map(one => one.getAttribute('class'))")
    return Counter(next(word for word in one.split() if word not in _PLAIN) for one in names)


_PLAIN = {"country-shape", "leaflet-interactive", "tiny"}


def on_map(page) -> int:
    """Return how many members the markers stand for, clusters and single points."""
    labels = page.eval_on_selector_all(".pin button", "all => all.map(one => one.textContent.trim())")
    return sum(int(text) if text else 1 for text in labels)


def in_list(page) -> int:
    """Return how many members the list shows."""
    return page.locator("#list .country li").count()


def headline(page) -> int:
    """Return the number of members that the headline says."""
    return int(re.search(r"\d[\d,]*", page.inner_text("#headline"))[0].replace(",", ""))


def settle(page, query: str) -> None:
    """Wait until the page and its map show a view."""
    until(page, "query => document.querySelector('main').dataset.query === query", query)
    page.wait_for_load_state("networkidle")


def open_filter(page, name: str) -> None:
    """Unfold a filter."""
    if not page.evaluate("name => document.getElementById('filter-' + name).open", name):
        page.click(f"#filter-{name} > summary")


def test_the_six_squares_are_coloured_as_counted_by_hand(visit, toy):
    page = visit(toy).go("/")
    # AA has three members, BB, CC and FF one each; DD's has left, EE has none.
    assert looks(page) == {"class-2": 1, "class-0": 3, "none": 2}


def test_with_a_theme_the_four_states_look_different(visit, toy):
    page = visit(toy).go("/?theme=water")
    # AA active with two; BB and FF not in the theme; CC unknown; DD and EE no member.
    assert looks(page) == {"class-1": 1, "not-in-theme": 2, "unknown": 1, "none": 2}
    fills = page.eval_on_selector_all(COUNTRY, "paths => paths.map(one => getComputedStyle(one).fill)")
    assert len(set(fills)) == 4
    assert any("hatch" in fill for fill in fills)


def test_clusters_and_points_add_up_to_the_members_with_a_place(visit, toy):
    page = visit(toy).go("/")
    assert on_map(page) == 5  # six members, one without a place
    assert in_list(page) == 6
    assert headline(page) == 6


def test_the_real_countries_are_filled_as_the_data_says(visit, real):
    page = visit(real).go("/")
    land = fetch(f"{real}/countries.geojson")["features"]
    expected = Counter(
        one["properties"]["state"]
        if one["properties"]["class"] is None
        else f"class-{one['properties']['class']}"
        for one in land
    )
    assert looks(page) == expected
    assert sum(expected.values()) > 230


def test_the_legend_has_the_colours_of_the_map(visit, real):
    page = visit(real).go("/")
    swatches = page.eval_on_selector_all(
        ".legend .swatch", "all => all.map(one => [one.classList[1], getComputedStyle(one).backgroundColor])"
    )
    colours = dict(swatches)
    assert "class-0" in colours
    for look, colour in colours.items():
        path = page.locator(f"{COUNTRY}.{look}").first
        if look.startswith("class-") or look == "none":
            assert path.evaluate("one => getComputedStyle(one).fill") == colour, look


@pytest.mark.parametrize("query", ["", "theme=water", "region=africa", "theme=climate&type=city", "q=santa"])
def test_page_map_list_and_files_count_the_same_members(visit, real, query):
    page = visit(real, viewport={"width": 1600, "height": 1000}).go(f"/?{query}" if query else "/")
    features = fetch(f"{real}/members.geojson?{query}")["features"]
    assert features
    assert headline(page) == in_list(page) == len(features)
    names = page.eval_on_selector_all("#list .name", "all => all.map(one => one.textContent)")
    assert sorted(names) == sorted(one["properties"]["name"] for one in features)
    assert on_map(page) == sum(one["geometry"] is not None for one in features)


def test_a_view_is_asked_for_when_its_choice_is_pressed_and_once(visit, real):
    one = visit(real)
    page = one.go("/?region=africa")
    open_filter(page, "theme")
    pages = [f"{real}/?theme={theme}&region=africa" for theme in ("water", "energy")]
    for theme, address in zip(("water", "energy"), pages, strict=True):
        page.locator(f"#filters label:has(input[value={theme}])").hover()
        page.mouse.down()
        until(page, "address => performance.getEntriesByName(address).length === 1", address)
        assert headline(page) == in_list(page)
        assert page.get_attribute("main", "data-query") == "region=africa"
        if theme == "energy":
            page.mouse.move(5, 5)  # let go somewhere else, it was nothing
        page.mouse.up()
        if theme == "water":
            settle(page, "theme=water&region=africa")
            page.uncheck("input[name=theme][value=water]")
            settle(page, "region=africa")
    page.wait_for_timeout(200)
    assert page.get_attribute("main", "data-query") == "region=africa"
    assert [url for url in one.asked if url in pages] == pages


def test_a_theme_is_filtered_without_a_reload_and_everything_agrees(visit, real):
    page = visit(real).go("/")
    page.evaluate("window.sameDocument = true")
    open_filter(page, "theme")
    page.check("input[name=theme][value=water]")
    settle(page, "theme=water")
    features = fetch(f"{real}/members.geojson?theme=water")["features"]
    until(page, "n => document.querySelectorAll('.pin button').length <= n", len(features))
    assert page.url.split("#")[0] == f"{real}/?theme=water"
    assert headline(page) == in_list(page) == len(features)
    assert on_map(page) == sum(one["geometry"] is not None for one in features)
    assert looks(page)["unknown"] > 0
    assert page.evaluate("window.sameDocument")
    assert page.get_attribute(".downloads a >> nth=0", "href") == "/members.geojson?theme=water&dl=1"
    assert page.evaluate("document.activeElement.value") == "water"


def test_back_and_forward_give_the_views_again(visit, real):
    page = visit(real).go("/")
    whole = headline(page)
    open_filter(page, "region")
    page.check("input[name=region][value=africa]")
    settle(page, "region=africa")
    africa = headline(page)
    assert 0 < africa < whole
    page.go_back()
    settle(page, "")
    assert headline(page) == in_list(page) == whole
    assert not page.is_checked("input[name=region][value=africa]")
    page.go_forward()
    settle(page, "region=africa")
    assert headline(page) == africa
    assert page.is_checked("input[name=region][value=africa]")


def test_what_stands_beside_the_map_comes_before_it_on_a_slow_line(visit, real):
    page = visit(real, viewport={"width": 390, "height": 844}, reduced_motion="no-preference").page
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    slow = {"offline": False, "latency": 200, "downloadThroughput": 60_000, "uploadThroughput": 60_000}
    session.send("Network.emulateNetworkConditions", slow)
    page.goto(real, wait_until="commit")
    until(page, "document.querySelector('#q')?.checkVisibility({ visibilityProperty: true }) ?? false")
    assert not page.evaluate(DRAWN)
    until(page, DRAWN)


def test_a_reload_and_a_pasted_address_give_the_same_view(visit, real):
    page = visit(real).go("/?region=africa&theme=water&utm_source=letter")
    before = page.inner_text("#list")
    page.reload()
    until(page, DRAWN)
    assert page.inner_text("#list") == before
    assert visit(real).go("/?theme=water&region=africa").inner_text("#list") == before


def test_the_camera_stays_in_the_fragment_and_is_restored(visit, real):
    page = visit(real).go("/#5/52/10")
    until(page, "location.hash.startsWith('#5/52')")
    germany = page.evaluate("document.querySelectorAll('.pin button').length")
    page.reload()
    until(page, DRAWN)
    assert page.evaluate("document.querySelectorAll('.pin button').length") == germany
    page.keyboard.press("Tab")
    assert "?" not in page.url


def test_search_by_name_finds_without_accents(visit, real):
    page = visit(real).go("/")
    page.fill("#q", "wroclaw")
    settle(page, "q=wroclaw")
    assert page.inner_text("#list .name") == "Wrocław"
    assert on_map(page) == 1


def test_an_empty_result_helps(visit, real):
    page = visit(real).go("/?q=nobodyhere")
    assert "No member matches" in page.inner_text("#headline")
    assert on_map(page) == 0
    assert "No member matches" in page.inner_text(".map .map-note")
    page.click(".empty .everything")
    settle(page, "")
    assert (page.locator(".empty").count(), page.locator(".map-note").count()) == (0, 0)
    assert headline(page) == 399


@pytest.mark.parametrize(("width", "height"), [(1280, 800), (390, 844)])
def test_help_for_an_empty_view_is_in_sight_and_the_search_stays_where_it_was(visit, real, width, height):
    page = visit(real, viewport={"width": width, "height": height}).go("/?region=africa")
    before = page.locator("#q").bounding_box()["y"]
    page.evaluate(
        "document.dispatchEvent(new CustomEvent('mapsvc:ask', {detail: {change: {type: 'county'}, how: 'push'}}))"
    )
    settle(page, "region=africa&type=county")
    assert page.locator("#q").bounding_box()["y"] == before
    title = page.locator("#empty-title").bounding_box()
    assert 0 < title["y"] < height - title["height"]
    page.focus(".ways-out a >> nth=0")
    n = int(re.search(r"\d+", page.inner_text(".ways-out .n >> nth=0"))[0])
    page.keyboard.press("Enter")
    until(page, "!document.querySelector('.empty')")
    assert headline(page) == n
    assert page.evaluate("document.activeElement.id") == "headline"


def test_a_popup_opens_by_keyboard_says_the_facts_and_gives_the_focus_back(visit, real):
    page = visit(real).go("/?q=turku")
    pin = page.locator(".pin button").first
    pin.focus()
    assert pin.get_attribute("aria-label") == "Turku, Finland"
    page.keyboard.press("Enter")
    card = page.locator("[role=dialog]")
    card.wait_for()
    text = card.inner_text()
    for words in ("Turku", "City", "Finland", "1995", "Waste"):
        assert words in text
    link = card.locator(".links a").first.get_attribute("href")
    assert link.startswith("https://")
    assert card.locator("h2 a").get_attribute("href") == "/members/fi-turku"
    assert page.evaluate("document.querySelector('[role=dialog]').contains(document.activeElement)")
    page.keyboard.press("Escape")
    card.wait_for(state="detached")
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "Turku, Finland"


def test_a_popup_says_when_themes_are_not_recorded(visit, toy):
    page = visit(toy).go("/?q=alma")
    page.locator(".pin button").first.click()
    assert "not recorded" in page.locator("[role=dialog]").inner_text()


def test_a_cluster_says_how_many_members_it_holds_and_opens_by_keyboard(visit, real):
    page = visit(real).go("/")
    cluster = page.locator(".pin button.many").first
    n = int(cluster.inner_text())
    assert re.match(rf"{n} members", cluster.get_attribute("aria-label"))
    before = page.url
    cluster.focus()
    page.keyboard.press("Enter")
    until(page, "before => location.href !== before", before)
    assert page.evaluate("document.activeElement.closest('.pin') !== null")


def test_clusters_grow_with_the_square_root_of_their_number(visit, real):
    page = visit(real).go("/")
    sizes = page.eval_on_selector_all(
        ".pin button.many",
        "all => all.map(one => [Number(one.textContent), one.getBoundingClientRect().width])",
    )
    sizes.sort()
    assert len(sizes) > 5
    assert all(small[1] <= large[1] for small, large in pairwise(sizes))


def test_a_click_on_a_country_filters_by_it(visit, toy):
    page = visit(toy).go("/#6/0.5/1.5")
    # Its member stands in the middle of the square and of the map; 17 pixels from there is still the square, 46 wide.
    box = page.locator(".folium-map").bounding_box()
    x, y = box["x"] + box["width"] / 2 + 17, box["y"] + box["height"] / 2 + 17
    page.mouse.move(x, y)
    assert page.inner_text(".tip strong") == "Barbados"  # what CLDR calls BB
    page.mouse.click(x, y)
    settle(page, "country=BB")
    assert page.url.split("#")[0] == f"{toy}/?country=BB"
    assert in_list(page) == 1


def test_a_name_in_the_list_leads_to_its_point(visit, real):
    page = visit(real).go("/")
    page.click(
        "button.name:has-text('Nairobi'), button.name:has-text('Kampala'), button.name:has-text('Quito')"
    )
    page.locator("[role=dialog]").wait_for()
    assert page.locator("[role=dialog] h2").inner_text() in {"Nairobi", "Kampala", "Quito"}


def test_full_screen_and_scale_are_there(visit, real):
    page = visit(real).go("/")
    assert page.get_by_role("button", name="Full screen").count() == 1
    assert "km" in page.inner_text(".leaflet-control-scale")


def test_the_mark_is_set_once_and_only_when_both_are_drawn(visit, real):
    page = visit(real).go("/")
    assert page.evaluate("performance.getEntriesByName('map-drawn').length") == 1
    assert page.locator(COUNTRY).count() > 230
    assert page.locator(".pin").count() > 10
    open_filter(page, "region")
    page.check("input[name=region][value=africa]")
    settle(page, "region=africa")
    assert page.evaluate("performance.getEntriesByName('map-drawn').length") == 1


def test_the_mark_waits_for_the_members(visit, real):
    one = visit(real)
    one.page.route("**/members.geojson*", lambda route: route.abort())
    one.page.goto(real + "/")
    one.page.wait_for_selector(".map-note[role=status]")
    assert one.page.evaluate("performance.getEntriesByName('map-drawn').length") == 0
    assert in_list(one.page) > 300
    assert any("ERR_FAILED" in text or "Failed to fetch" in text for text in one.wrong)
    one.wrong.clear()


def test_it_says_that_the_data_is_partial_when_and_from_what(visit, real):
    page = visit(real).go("/")
    notice = page.inner_text(".notice")
    assert "partial" in notice.lower()
    assert "2026" in notice
    assert "public sources" in notice


def test_without_javascript_the_page_is_a_list_with_filters_that_work(visit, real):
    page = visit(real, java_script_enabled=False).go("/", drawn=False)
    assert in_list(page) > 300
    page.click("#filter-region > summary")
    page.check("input[name=region][value=africa]")
    page.click("form .apply")
    assert "region=africa" in page.url
    assert in_list(page) == headline(page) < 100


def test_a_first_visit_transfers_250_kb_at_most(visit, real):
    one = visit(real)
    client = one.page.context.new_cdp_session(one.page)
    client.send("Network.enable")
    sizes: list[float] = []
    client.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    one.go("/")
    one.page.wait_for_load_state("networkidle")
    assert len(sizes) > 8
    assert sum(sizes) <= 250_000


@pytest.mark.parametrize("width", [320, 390, 768, 1440])
def test_nothing_is_wider_than_the_window(visit, real, width):
    page = visit(real, viewport={"width": width, "height": 800}).go("/")
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_view_chosen_before_the_map_has_come_is_the_one_that_is_drawn(visit, real):
    one = visit(real)
    held = []
    one.page.route("**/maps/outlines-*", lambda route: held.append(route))  # noqa: PLW0108
    page = one.go("/", drawn=False)
    open_filter(page, "theme")
    page.check("input[name=theme][value=water]")
    until(page, "document.querySelector('main').dataset.query === 'theme=water'")
    assert held
    for route in held:
        route.continue_()
    until(page, DRAWN)
    features = fetch(f"{real}/members.geojson?theme=water")["features"]
    assert headline(page) == len(features)
    assert on_map(page) == sum(one["geometry"] is not None for one in features)
    assert looks(page)["unknown"] > 0


def test_a_camera_in_the_address_wins_over_the_aim_of_the_view(visit, real):
    page = visit(real).go("/?region=africa#6/-1.300/36.800")
    assert page.url == f"{real}/?region=africa#6/-1.300/36.800"
    aimed = visit(real).go("/?region=africa")
    assert "#" not in aimed.url
    assert page.locator(".pin").count() < aimed.locator(".pin").count()
    page.reload()
    until(page, DRAWN)
    assert page.url == f"{real}/?region=africa#6/-1.300/36.800"


def test_back_after_a_search_gives_the_view_before_it(visit, real):
    page = visit(real).go("/")
    open_filter(page, "theme")
    page.check("input[name=theme][value=water]")
    settle(page, "theme=water")
    before = headline(page)
    page.focus("#q")
    page.keyboard.type("t")
    settle(page, "theme=water&q=t")
    page.keyboard.type("u")
    settle(page, "theme=water&q=tu")
    page.go_back()
    settle(page, "theme=water")
    assert page.url == f"{real}/?theme=water"
    assert headline(page) == before
    assert page.input_value("#q") == ""
    page.go_back()
    settle(page, "")


def test_a_view_that_does_not_come_leaves_the_page_as_it_is_and_says_so(visit, real):
    one = visit(real)
    page = one.go("/?theme=water")
    page.evaluate("window.sameDocument = true")
    before = headline(page), on_map(page)
    page.route("**/*region=africa*", lambda route: route.abort())
    open_filter(page, "region")
    page.click("input[name=region][value=africa]")
    until(page, "document.getElementById('failed').textContent !== ''")
    assert "try again" in page.inner_text("#failed")
    assert "try again" in page.text_content("#announcer")
    assert page.url == f"{real}/?theme=water"
    assert not page.is_checked("input[name=region][value=africa]")
    assert page.is_checked("input[name=theme][value=water]")
    page.unroute("**/*region=africa*")
    page.check("input[name=region][value=africa]")
    settle(page, "theme=water&region=africa")
    assert page.inner_text("#failed") == ""
    page.uncheck("input[name=region][value=africa]")
    settle(page, "theme=water")
    until(page, "() => document.querySelector('main').getAttribute('aria-busy') === null")
    assert headline(page) == before[0]
    assert page.evaluate("window.sameDocument")
    assert all("ERR_FAILED" in text for text in one.wrong)
    one.wrong.clear()


def test_a_refusal_is_said_in_the_words_of_the_server(visit, real):
    one = visit(real)
    page = one.go("/")
    # A choice that the server does not know, as after a change of the data.
    page.evaluate("document.querySelector('input[name=region]').value = 'atlantis'")
    open_filter(page, "region")
    page.click("input[name=region] >> nth=0")
    until(page, "document.getElementById('failed').textContent.includes('atlantis')")
    assert headline(page) == in_list(page)
    assert page.url == f"{real}/"
    assert all("400" in text for text in one.wrong)
    one.wrong.clear()


def test_the_keyboard_reaches_filters_and_list_before_the_markers(visit, real):
    page = visit(real).go("/#5/52/10")
    page.keyboard.press("Tab")
    link = page.locator(".skip:focus")
    assert link.inner_text() == "Skip to search and filters"
    assert link.bounding_box()["y"] >= 0
    page.keyboard.press("Tab")
    assert link.inner_text() == "Skip to the list of members"
    assert link.bounding_box()["y"] >= 0
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "list"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('#list') !== null")
    page.locator(".skip").first.focus()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "q"
    assert page.url.endswith("#5/52/10")


def test_a_style_sheet_that_comes_late_does_not_spoil_the_map(visit, toy):
    one = visit(toy)
    held = []
    one.page.route("**/map-page.css", lambda route: held.append(route))  # noqa: PLW0108
    one.page.goto(toy + "/", wait_until="commit")
    one.page.wait_for_timeout(600)
    assert held
    held[0].continue_()
    until(one.page, DRAWN)
    assert on_map(one.page) == 5
