"""Languages in Chromium: a map that speaks Korean, a page from right to left, and words that are much too long."""

import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from gettext import NullTranslations
from pathlib import Path

import pytest

from mapsvc import i18n
from mapsvc.model import Dataset, NetworkTexts
from mapsvc.settings import shipped
from mapsvc.sources.store import load_dataset
from tests.browser.conftest import DRAWN, served, until
from tests.browser.test_everyone import LOST

pytestmark = pytest.mark.browser

HANGUL = re.compile(r"[\uac00-\ud7a3]")
WIDTHS = [320, 390, 768, 1440]
# Elements with text that their box cuts off sideways; what is hidden on purpose is left out.
CLIPPED = """() => [...document.querySelectorAll("body *:not(input)")].filter((one) => {
  const { overflowX, display, clipPath } = getComputedStyle(one);
  return one.checkVisibility() && one.scrollWidth > one.clientWidth + 1 && one.clientWidth > 0 && overflowX !== "visible" && display !== "inline"
    && clipPath === "none" && !one.closest(".map, .vh, svg");
}).map((one) => `${one.tagName}.${one.className} ${one.scrollWidth} > ${one.clientWidth}`)"""
# Elements that stick out of the window.
OUTSIDE = """() => [...document.querySelectorAll("body *:not(.map *, .vh, .skip)")].filter((one) => {
  const { left, right, width } = one.getBoundingClientRect();
  return one.checkVisibility() && width > 0 && (left < -1 || right > innerWidth + 1);
}).map((one) => `${one.tagName}.${one.className}`)"""


class Longer(NullTranslations):
    """Every text with words 60 % longer, as German has them."""

    def gettext(self, message: str) -> str:
        return re.sub(
            r"(?<![%(\w])([A-Za-z]{3,})", lambda word: word[0] + "x" * round(len(word[0]) * 0.6), message
        )

    def ngettext(self, one: str, many: str, n: int) -> str:
        return self.gettext(one if n == 1 else many)


def test_the_map_and_its_popups_speak_korean(visit, real):
    page = visit(real, locale="ko-KR").go("/?country=KE")
    assert page.get_attribute("html", "lang") == "ko"
    assert page.get_attribute(".folium-map", "aria-label") == "회원 지도"
    assert page.get_attribute(".leaflet-control-zoom-in", "title") == "확대"
    page.click("#list button.name")
    page.wait_for_selector("[role=dialog]")
    card = page.inner_text("[role=dialog]")
    assert "케냐" in card
    assert page.get_attribute("[role=dialog] .close", "aria-label") == "닫기"
    labels = page.eval_on_selector_all(
        "[role=dialog] dt, [role=dialog] .links a", "all => all.map(one => one.textContent)"
    )
    assert labels
    assert all(HANGUL.search(label) for label in labels)
    page.keyboard.press("Escape")
    path = page.locator(
        "path.country-shape.class-0, path.country-shape.class-1, path.country-shape.class-2"
    ).first
    path.dispatch_event("mousemove", {"clientX": 700, "clientY": 400})
    until(page, "document.querySelector('.tip') !== null")
    assert "케냐" in page.inner_text(".tip")


def test_clusters_are_named_in_korean_with_their_countries(visit, real):
    page = visit(real, locale="ko-KR").go("/?region=africa")
    page.wait_for_load_state("networkidle")
    until(
        page,
        "[...document.querySelectorAll('.pin .many')].some(one => one.getAttribute('aria-label').includes(':'))",
    )
    for label in page.eval_on_selector_all(
        ".pin .many", "all => all.map(one => one.getAttribute('aria-label'))"
    ):
        assert re.fullmatch(r"회원 \d+곳: .+", label), label


def test_a_change_of_language_keeps_the_view_and_the_camera(visit, real):
    page = visit(real).go("/?theme=water#4/10.000/20.000")
    page.click("#languages summary")
    page.click("#languages a[hreflang=fr]")
    until(page, "document.documentElement.lang === 'fr'")
    until(page, DRAWN)
    assert page.url == f"{real}/?theme=water&lang=fr#4/10.000/20.000"
    assert page.inner_text(".chip").endswith("Eau")


def test_the_language_that_was_asked_for_stays_when_the_view_changes(visit, real):
    one = visit(real, locale="ko-KR")
    page = one.go("/?lang=fr")
    page.click("#filter-theme > summary")
    page.check("input[name=theme][value=water]")
    until(page, "document.querySelector('main').dataset.query === 'theme=water&lang=fr'")
    assert page.url.split("#")[0] == f"{real}/?theme=water&lang=fr"
    assert page.get_attribute("#languages a[hreflang=ja]", "href") == "/?theme=water&lang=ja"
    page.wait_for_load_state("networkidle")
    asked = [url for url in one.asked if "/members.geojson" in url]
    assert asked == [f"{real}/members.geojson?lang=fr", f"{real}/members.geojson?theme=water&lang=fr"]
    page.fill("#q", "hamb")
    until(page, "document.querySelector('main').dataset.query === 'theme=water&q=hamb&lang=fr'")
    page.go_back()
    until(page, "document.querySelector('main').dataset.query === 'theme=water&lang=fr'")


def test_a_negotiated_page_asks_for_its_members_once(visit, real):
    one = visit(real, locale="ja-JP")
    page = one.go("/?theme=water")
    page.wait_for_load_state("networkidle")
    assert [url for url in one.asked if "geojson" in url] == [f"{real}/members.geojson?theme=water&lang=ja"]


@pytest.mark.parametrize("tag", ["es", "fr", "pt", "ko", "ja", "zh"])
@pytest.mark.parametrize("path", ["/?theme=water", "/about", "/?q=nobodyiscalledthat"])
def test_every_language_fits_the_narrowest_screen(visit, real, tag: str, path: str):
    page = visit(real, viewport={"width": 320, "height": 640}, locale=tag).go(path, drawn=path != "/about")
    assert page.get_attribute("html", "lang") == tag
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert page.evaluate(CLIPPED) == []
    assert page.evaluate(OUTSIDE) == []


@pytest.fixture
def long_words(bundled: Dataset, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The bundled network in a German whose words are 60 % longer than the English ones."""
    monkeypatch.setattr(i18n, "_catalogue", lambda tag: Longer() if tag == "de" else NullTranslations())
    i18n.language.cache_clear()
    longer, network = Longer().gettext, bundled.network
    texts = NetworkTexts(
        title=longer(network.title),
        themes={one.id: longer(one.title) for one in network.themes},
        theme_groups={one.id: longer(one.title) for one in network.groups},
        regions={one.id: longer(one.title) for one in network.regions},
    )
    with served(replace(bundled, network=replace(network, languages={"de": texts}))) as address:
        yield address
    i18n.language.cache_clear()


@pytest.mark.parametrize("width", WIDTHS)
def test_words_that_are_60_percent_longer_break_nothing(long_words, visit, width: int):
    page = visit(long_words, viewport={"width": width, "height": 800}).go(
        "/?theme=water&region=europe&lang=de"
    )
    assert "Memberxxxx" in page.get_attribute("#q", "placeholder")
    for name in ("theme", "region", "country", "type", "status"):
        page.evaluate("name => { document.getElementById('filter-' + name).open = true; }", name)
    page.evaluate("document.getElementById('languages').open = true")
    page.evaluate("document.getElementById('share').open = true")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate(CLIPPED) == []
    assert page.evaluate(OUTSIDE) == []
    legend = page.locator(".legend").bounding_box()
    assert legend["x"] >= 0
    assert legend["x"] + legend["width"] <= width


@pytest.fixture
def mirrored(bundled: Dataset) -> Iterator[str]:
    """The bundled network with Arabic texts of its own."""
    texts = NetworkTexts(title="أعضاء الشبكة حول العالم", themes={"water": "المياه"})
    with served(replace(bundled, network=replace(bundled.network, languages={"ar": texts}))) as address:
        yield address


@pytest.mark.parametrize("width", WIDTHS)
def test_from_right_to_left_the_page_is_mirrored_and_fits(mirrored, visit, width: int):
    page = visit(mirrored, viewport={"width": width, "height": 800}, locale="ar").go("/?theme=water")
    assert page.get_attribute("html", "dir") == "rtl"
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate(CLIPPED) == []
    assert page.evaluate(OUTSIDE) == []
    legend, zoom = (
        page.locator(".legend").bounding_box(),
        page.locator(".leaflet-control-zoom").bounding_box(),
    )
    area = page.locator(".map").bounding_box()
    middle = area["x"] + area["width"] / 2
    assert legend["x"] + legend["width"] > middle
    assert zoom["x"] < middle
    if width > 760:
        panel = page.locator(".panel").bounding_box()
        assert panel["x"] > area["x"]
    page.click("#list button.name")
    page.wait_for_selector("[role=dialog]")
    close, card = (
        page.locator("[role=dialog] .close").bounding_box(),
        page.locator("[role=dialog]").bounding_box(),
    )
    assert close["x"] < card["x"] + card["width"] / 2


# Words as long as German ones, from right to left.
LONG_ARABIC = """
title = "أعضاءالشبكةالعالميةللحكوماتالمحلية حولالعالمالمستدامةالمتعاونة"
tagline = "المدنوالبلداتوالمقاطعاتالمستدامةحولالعالم"

[themes]
water = "إدارةالمواردالمائيةوالصرفالصحيالمستدامة"
climate = "استراتيجياتالتكيفمعتغيرالمناخوالقدرةعلىالصمود"

[regions]
africa = "جمهورياتأفريقياجنوبالصحراءالكبرىوشمالها"

[country_names]
KE = "جمهوريةكينياالمتحدةالديمقراطيةالكبرى"
"""


@pytest.fixture(scope="module")
def added(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The bundled network with a file of a language that is written from right to left, in very long words."""
    folder = tmp_path_factory.mktemp("networks") / "network"
    shutil.copytree(shipped("geodata"), folder, copy_function=lambda of, at: Path(at).symlink_to(of))
    (folder / "languages" / "ar.toml").write_text(LONG_ARABIC, encoding="utf-8")
    with served(load_dataset(folder)) as address:
        yield address


def test_a_file_adds_a_language_from_right_to_left_and_its_long_words_fit_the_narrowest_screen(added, visit):
    one = visit(added, viewport={"width": 320, "height": 640}, locale="ar")
    for path, drawn in [
        ("/?theme=water&region=africa", True), ("/members?theme=water", True), ("/themes/water", True),
        ("/countries/KE", True), ("/about", False), ("/gaps?theme=climate", False), ("/embed", True),
    ]:  # fmt: skip
        page = one.go(path, drawn=drawn)
        assert (path, page.get_attribute("html", "dir")) == (path, "rtl")
        assert (path, page.evaluate("document.documentElement.scrollWidth")) == (path, 320)
        assert (path, page.evaluate(LOST)) == (path, [])
        title = page.locator("h1, h2").first
        assert (path, title.evaluate("one => getComputedStyle(one).direction")) == (path, "rtl")
        if page.locator("#languages").count():
            # The way back or the name of the network begins at the right, the languages are at the left.
            name, languages = (
                page.locator(".masthead :is(h1, .back)").bounding_box(),
                page.locator("#languages").bounding_box(),
            )
            assert (path, name["x"] > languages["x"]) == (path, True)


def test_no_font_is_downloaded_but_ours_and_the_wider_one_only_where_it_is_needed(visit, toy):
    one = visit(toy, locale="ko-KR")
    one.go("/?theme=mobility").wait_for_load_state("networkidle")
    assert [url.rpartition("/")[2] for url in one.asked if "woff2" in url] == [
        "funnel-sans-latin-wght-normal.woff2"
    ]
    other = visit(toy)
    other.go("/?q=ałma").wait_for_load_state("networkidle")
    assert {url.rpartition("/")[2] for url in other.asked if "woff2" in url} == {
        "funnel-sans-latin-wght-normal.woff2", "funnel-sans-latin-ext-wght-normal.woff2",
    }  # fmt: skip
