"""An officer's way in Chromium: world, region, theme, whom to ask next, and the file; and that the pages fit every screen."""

import csv
import io
import json
import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest

pytestmark = pytest.mark.browser

PAGES = (
    "/gaps",
    "/gaps/near?place=1850147",
    "/countries/KE",
    "/gaps?theme=water&measure=chance",
    "/gaps/themes",
    "/gaps/who-next",
    "/gaps/method",
)


def numbers(page, area: str) -> list[str]:
    """Return the cells of a country or region in the ranked table, without what is small in them."""
    row = page.locator(f".measures tr:has(th a:text-is('{area}'))").first
    return [cell.split("\n")[0] for cell in row.locator("td").all_inner_texts()]


def test_an_officer_goes_from_the_world_to_the_file_and_the_numbers_agree(visit, real):
    page = visit(real).go("/")
    page.click(".looks a:text('Gaps')")
    page.wait_for_url("**/gaps")
    assert re.search(r"cover \d+(\.\d)?% of the people", page.inner_text(".lead"))
    page.click(".measures .totals a:text-is('Africa')")
    page.wait_for_url("**/gaps?region=africa")
    page.select_option("#theme", "biodiversity")
    page.click(".ask button")
    page.wait_for_url(lambda url: "theme=biodiversity" in url and "region=africa" in url)
    shown = numbers(page, "South Africa")
    path = urlsplit(page.locator(".files a[href*='gaps.csv']").get_attribute("href"))
    table = page.request.get(f"{real}{path.path}?{path.query}").text().removeprefix("\ufeff")
    row = next(one for one in csv.DictReader(io.StringIO(table)) if one["area"] == "ZA")
    api = json.loads(page.request.get(f"{real}/gaps.json?theme=biodiversity&region=africa").text())
    same = next(one for one in api["areas"] if one["area"] == "ZA")
    assert shown[0] == row["n_members"] == str(same["n_members"])
    assert float(shown[1]) == pytest.approx(float(row["expected"]), rel=0.05)
    assert shown[8] == f"{100 * float(row['people_share']):.1f}".removesuffix(".0") + "%"
    assert same["people_share"] == pytest.approx(float(row["people_share"]))
    page.click(".next-links a:text('Themes and countries')")
    page.locator("tbody:not(.totals) td.cell.active a").first.click()
    page.wait_for_url(re.compile(r"\?theme=[\w-]+&country=\w\w"))
    page.go_back()
    page.go_back()
    page.click(".next-links a:text('Who to ask next')")
    page.wait_for_url("**/gaps/who-next?theme=biodiversity")
    page.fill("#p", "3")
    page.click(".ask button")
    page.wait_for_url("**p=3*")
    places = page.locator(".next tbody th bdi").all_inner_texts()
    with page.expect_download() as saved:
        page.click(".files a[href*='who-next.csv']")
    kept = Path(saved.value.path()).read_text(encoding="utf-8-sig")
    assert [one["name"] for one in csv.DictReader(io.StringIO(kept))] == places
    assert len(places) == 3


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("width", [320, 390, 1280])
def test_no_page_is_wider_than_the_screen(visit, real, path, width):
    page = visit(real, viewport={"width": width, "height": 800}).go(path, drawn=False)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_pages_are_whole_without_scripts(visit, real):
    page = visit(real, java_script_enabled=False).go("/gaps?region=europe", drawn=False)
    assert page.locator(".world use").count() > 200
    assert page.locator(".measures tbody tr").count() > 40
    assert page.locator(".funnel circle").count() > 20
