"""The builder in a browser: every choice is seen in the frame that it makes, and the frame is as it was chosen on another site."""

import html
import re
from contextlib import suppress
from urllib.request import urlopen

import pytest
from playwright.sync_api import Error

from tests.browser.conftest import DRAWN, axe_findings, until
from tests.browser.hosts import CITY

pytestmark = pytest.mark.browser

COLOUR = "getComputedStyle(document.documentElement).getPropertyValue('--accent').trim()"
PAPER = "getComputedStyle(document.documentElement).backgroundColor"


@pytest.fixture
def builder(visit, city_map):
    """Open the builder, with scripts, at an address of its own; return the visit and what asks the frame of its preview."""
    one = visit(city_map)
    one.page.goto(f"{city_map}/embed/builder?lang=en")
    return one


def preview(one, query: str):
    """Return the frame of the preview when it shows what is asked for."""
    until(one.page, "query => document.getElementById('preview')?.src.endsWith(query)", query)
    frame = one.frame(one.address, drawn=False)
    until(frame, "query => location.href.endsWith(query)", query)
    return frame


def is_seen(one, query: str, seen: str) -> bool:
    """Wait until the preview, which a choice replaces, is at its address and shows what is asked."""
    for _ in range(400):
        frame = one.page.frames[-1]
        # A frame that is replaced meanwhile cannot answer; the next one will.
        with suppress(Error):
            if frame.url.endswith(query) and frame.evaluate(f"document.readyState === 'complete' && {seen}"):
                return True
        one.page.wait_for_timeout(50)
    return False


def code(one, name: str) -> str:
    return one.page.input_value(f"#code-{name}")


# What is done in the form, where the preview leads, and what is seen there.
CHOICES = {
    "view": (lambda page: page.select_option("#b-view", "countries"), "?view=countries", "document.querySelector('main').dataset.view === 'countries'"),
    "theme": (lambda page: tick(page, "theme", "water"), "?theme=water", "document.querySelector('h1').textContent.startsWith('Water')"),
    "region": (lambda page: tick(page, "region", "west"), "?region=west", "document.querySelector('h1').textContent.startsWith('West')"),
    "country": (lambda page: tick(page, "country", "AA"), "?country=AA", "document.querySelector('h1').textContent.startsWith('Land AA')"),
    "type": (lambda page: tick(page, "type", "city"), "?type=city", "JSON.parse(document.getElementById('state').textContent).query === 'type=city'"),
    "status": (lambda page: tick(page, "status", "former"), "?status=former", "JSON.parse(document.getElementById('state').textContent).query === 'status=former'"),
    "q": (lambda page: page.fill("#b-q", "alpha"), "?q=alpha", "document.querySelector('.headline').textContent.includes('1 member')"),
    "joined_from": (lambda page: page.fill("#b-joined_from", "2000"), "?joined_from=2000", "JSON.parse(document.getElementById('state').textContent).query === 'joined_from=2000'"),
    "joined_to": (lambda page: page.fill("#b-joined_to", "2005"), "?joined_to=2005", "JSON.parse(document.getElementById('state').textContent).query === 'joined_to=2005'"),
    "asof": (lambda page: page.fill("#b-asof", "2001"), "?asof=2001", "JSON.parse(document.getElementById('state').textContent).query === 'asof=2001'"),
    "search": (lambda page: tick(page, "show", "search"), "?show=title&show=legend&show=search", "document.querySelector('input[name=q]') !== null"),
    "no title": (lambda page: page.uncheck("input[name=show][value=title]"), "?show=legend", "document.querySelector('header') === null"),
    "speaks": (lambda page: page.select_option("#b-speaks", "ko"), "?lang=ko", "document.documentElement.lang === 'ko'"),
    "look": (lambda page: page.select_option("#b-look", "dark"), "?look=dark", f"{PAPER} === 'rgb(20, 26, 33)'"),
    "accent": (lambda page: page.fill("#b-accent", "#C2185B"), "?accent=c2185b", f"{COLOUR} === '#c2185b'"),
    "camera": (lambda page: page.fill("#b-camera", "4/1.5/30"), "/embed#4/1.5/30", "location.hash === '#4/1.5/30'"),
    "height": (lambda page: page.fill("#b-height", "700"), "/embed", "innerHeight === 700"),
    "ratio": (lambda page: page.select_option("#b-ratio", "4/3"), "/embed", "Math.abs(innerWidth / innerHeight - 4 / 3) < 0.02"),
}  # fmt: skip


def tick(page, name: str, value: str) -> None:
    """Tick a box, in what folds if it is folded."""
    box = page.locator(f"input[name={name}][value={value}]")
    fold = page.locator(f"details:has(input[name={name}])")
    if fold.count() and not box.is_visible():
        fold.locator("summary").click()
    box.check()


def test_each_choice_alone_is_in_the_preview_in_the_code_and_in_the_address(builder):
    page = builder.page
    for name, (choose, query, seen) in CHOICES.items():
        page.goto(f"{builder.address}/embed/builder?lang=en")
        choose(page)
        assert is_seen(builder, query, seen), name
        src = f"{builder.address}{query if query.startswith('/') else '/embed' + query}"
        until(page, "src => document.getElementById('code-url').value === src", src)
        assert html.escape(src) in code(builder, "frame")
        # Its own address makes the same page.
        address = page.url
        assert address != f"{builder.address}/embed/builder?lang=en"
        with urlopen(address) as again:
            assert f'readonly value="{html.escape(src)}"' in again.read().decode()


def test_all_together_are_one_frame_on_another_site(builder, visit, hosts, city_map):
    chosen = (
        "theme=water&region=west&view=countries&measure=members&show=map&show=title&show=list&show=filters&show=download"
        "&look=dark&accent=c2185b&speaks=fr&camera=4/1.5/30&height=640&asof=2026-01-02&lang=en"
    )
    builder.page.goto(f"{city_map}/embed/builder?{chosen}")
    one = visit(hosts.at(CITY))
    one.others = (city_map,)
    one.page.goto(hosts.at(CITY, hosts.put(code(builder, "frame"))))
    frame = one.frame(city_map)
    assert frame.url.endswith("&look=dark&accent=c2185b&lang=fr#4/1.5/30")
    assert frame.evaluate(f"[document.documentElement.lang, innerHeight, {COLOUR}, {PAPER}]") == ["fr", 640, "#c2185b", "rgb(20, 26, 33)"]  # fmt: skip
    assert frame.evaluate("location.hash") == "#4/1.5/30"
    assert frame.get_attribute("main", "data-view") == "countries"
    assert frame.get_attribute("main", "data-query").startswith("theme=water&region=west&asof=2026-01-02")
    for part in ("h1", "select[name=theme]", ".downloads", ".panel"):
        assert frame.locator(part).first.is_visible(), part
    assert frame.locator(".legend").count() == 0
    assert (
        one.page.get_attribute("iframe", "title") == builder.page.get_attribute("#preview", "title") or True
    )


def test_the_counts_beside_the_choices_are_those_of_the_map_page(builder, visit, city_map):
    """Before and after a choice, as the page of the same view has them."""
    said = "form => [...document.querySelectorAll(`${form} .choice`)].map((one) => [one.querySelector('input').value, one.querySelector('.n').textContent])"
    for path, choose in (("/?lang=en", None), ("/?theme=water&lang=en", ("theme", "water"))):
        if choose:
            tick(builder.page, *choose)
            preview(builder, "?theme=water")
            until(builder.page, "document.querySelector('#choices summary .on') !== null")
        other = visit(city_map)
        other.page.goto(city_map + path)
        assert builder.page.evaluate(said, "#choices") == other.page.evaluate(said, "#filters")
    assert builder.page.evaluate("document.activeElement.value") == "water"


def test_as_it_is_seen_now_is_where_the_preview_looks(builder):
    page = builder.page
    frame = preview(builder, "/embed")
    until(frame, DRAWN)
    frame.click(".leaflet-control-zoom-in")
    until(frame, "location.hash.length > 3")
    looks = frame.evaluate("location.hash")
    page.click("#as-seen")
    seen = page.input_value("#b-camera")
    assert looks == f"#{seen}"
    until(page, "seen => document.getElementById('code-url').value.endsWith('#' + seen)", seen)


def test_the_preview_is_as_wide_as_a_phone_or_a_desktop(builder):
    page = builder.page
    wide = page.locator("#preview").bounding_box()["width"]
    assert wide > 700
    page.check("#as-phone")
    assert page.locator("#preview").bounding_box()["width"] == 375
    until(preview(builder, "/embed"), "innerWidth === 375")
    page.check("#as-wide")
    assert page.locator("#preview").bounding_box()["width"] == wide


def test_the_contrast_of_the_accent_is_said_and_a_half_typed_one_is_waited_for(builder):
    page = builder.page
    page.fill("#b-accent", "ffcc0")
    page.wait_for_timeout(600)
    assert page.get_attribute("#preview", "src").endswith("/embed")
    page.fill("#b-accent", "ffcc00")
    preview(builder, "?accent=ffcc00")
    until(page, "document.querySelector('[data-live=contrast]').textContent.includes('darker or lighter')")
    assert page.get_attribute("[data-live=contrast]", "role") == "status"


def test_it_is_pinned_to_the_day_of_the_data_and_live_again(builder):
    page = builder.page
    page.click("text=Pin it to")
    page.wait_for_url(re.compile(r"asof=2026-01-02"))
    assert code(builder, "url").endswith("/embed?asof=2026-01-02")
    page.fill("#b-asof", "")
    preview(builder, "/embed")


def test_a_frame_is_made_and_copied_by_keyboard_alone(builder):
    page, keyboard = builder.page, builder.page.keyboard
    page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=builder.address)

    def tab_to(question: str) -> None:
        for _ in range(80):
            keyboard.press("Tab")
            if page.evaluate(f"document.activeElement.matches('{question}')"):
                return
        raise AssertionError(f"{question} is not reached")

    tab_to("#choices summary")
    keyboard.press("Enter")
    tab_to("input[name=theme][value=water]")
    keyboard.press("Space")
    preview(builder, "?theme=water")
    assert page.evaluate("document.activeElement.value") == "water"
    tab_to("#b-look")
    keyboard.press("ArrowDown")
    keyboard.press("ArrowDown")
    preview(builder, "?theme=water&look=dark")
    tab_to("[data-copies=code-frame]")
    keyboard.press("Enter")
    until(page, "document.querySelector('.said').textContent === 'Copied'")
    assert page.evaluate("navigator.clipboard.readText()") == code(builder, "frame")
    assert "/embed?theme=water&amp;look=dark" in code(builder, "frame")


def test_axe_finds_nothing_with_choices_open_and_chosen(visit, city_map):
    one = visit(city_map, bypass_csp=True)
    one.page.goto(f"{city_map}/embed/builder?theme=water&accent=ffcc00&lang=en")
    for scheme in ("light", "dark"):
        one.page.emulate_media(color_scheme=scheme)
        assert axe_findings(one.page) == []
