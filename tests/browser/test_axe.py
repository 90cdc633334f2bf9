"""axe on every kind of page: in seven languages, on three widths, light and dark, and with what opens open."""

import pytest

from tests.browser.conftest import PANEL, axe_findings, until

pytestmark = pytest.mark.browser

LANGUAGES = ["en", "es", "fr", "pt", "ko", "ja", "zh"]
WIDTHS = [320, 768, 1440]
SCHEMES = ["light", "dark"]
# Path, and whether it has a map to wait for.
PAGES = {
    "map": ("/?theme=water", True),
    "countries": ("/?view=countries&measure=share", True),
    "themes": ("/?view=themes", True),
    "nobody": ("/?q=nobody-is-called-so", True),
    "table": ("/members", True),
    "member": ("/members/de-bonn", True),
    "country": ("/countries/KE", True),
    "country without members": ("/countries/IQ", True),
    "all countries": ("/countries", False),
    "all themes": ("/themes", False),
    "theme": ("/themes/water", True),
    "about": ("/about", False),
    # With another date beside it, and what chance explains.
    "gaps": ("/gaps?measure=chance&asof=2015&versus=2005", False),
    "themes and countries": ("/gaps/themes?region=africa", False),
    "who next": ("/gaps/who-next", False),
    "near": ("/gaps/near?place=1850147", False),
    "method": ("/gaps/method", False),
    "use this data": ("/data?theme=water", False),
    "builder": ("/embed/builder", False),
    "embed": ("/embed", True),
    "not found": ("/countries/nowhere", False),
}
# The same pages with fewer rows, where it is their words that are looked at: axe takes many times longer over the whole world.
SHORTER = {"gaps": "/gaps?region=africa&theme=water&asof=2015&versus=2005"}


# Clusters whose label lacks the number that is seen on them.
UNSAID = """() => [...document.querySelectorAll(".pin .many")]
  .filter((one) => !one.getAttribute("aria-label").includes(one.textContent)).map((one) => one.outerHTML)"""


def with_language(path: str, language: str) -> str:
    return f"{path}{'&' if '?' in path else '?'}lang={language}"


@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_on_any_width_in_light_and_dark(visit, real, name):
    path, drawn = PAGES[name]
    one = visit(real, bypass_csp=True)
    page = one.go(path, drawn=drawn)
    for width in WIDTHS:
        for scheme in SCHEMES:
            page.set_viewport_size({"width": width, "height": 800})
            page.emulate_media(color_scheme=scheme)
            # A map tells 200 ms after its size has changed that it has ended, and is tidied when there is time.
            page.wait_for_timeout(600 if drawn and scheme == SCHEMES[0] else 150)
            assert (width, scheme, axe_findings(page)) == (width, scheme, [])
    if name == "not found":
        # The browser complains of the status, which is what was asked for.
        one.wrong.clear()


@pytest.mark.parametrize("language", LANGUAGES)
def test_axe_finds_nothing_in_any_language(visit, real, language):
    one = visit(real, bypass_csp=True, viewport={"width": 390, "height": 800})
    for name, (usual, drawn) in PAGES.items():
        path = SHORTER.get(name, usual)
        page = one.go(with_language(path, language), drawn=drawn)
        found = axe_findings(page)
        if language == "ko":
            # "회원 2곳" does say the 2 that is seen; axe looks for it as a word of its own.
            assert page.evaluate(UNSAID) == []
            found = [finding for finding in found if finding[0] != "label-content-name-mismatch"]
        assert (path, page.get_attribute("html", "lang"), found) == (path, language, [])
    one.wrong[:] = [line for line in one.wrong if "404" not in line]


def test_axe_finds_nothing_in_the_whole_matrix(visit, real):
    page = visit(real, bypass_csp=True).go("/gaps/themes?asof=2005", drawn=False)
    assert axe_findings(page) == []


@pytest.mark.parametrize("scheme", SCHEMES)
def test_axe_finds_nothing_where_filters_suggestions_popup_and_share_panel_are_open(visit, real, scheme):
    page = visit(real, bypass_csp=True, color_scheme=scheme).go("/?country=KE")
    until(page, PANEL)
    page.evaluate("document.querySelectorAll('#filters details').forEach((one) => (one.open = true))")
    assert axe_findings(page) == []
    page.click("#list button.name")
    page.wait_for_selector("[role=dialog]")
    assert axe_findings(page) == []
    page.keyboard.press("Escape")
    page.fill("#q", "nair")
    page.wait_for_selector("#suggestions [role=option]")
    assert axe_findings(page) == []
    page.keyboard.press("Escape")
    page.locator(".share summary").first.click()
    assert axe_findings(page) == []
