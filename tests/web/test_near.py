"""Who is nearest to a place, a member or a country, in all and in each theme; and what a country's page says of coverage."""

import re

import pytest
from flask.testing import FlaskClient

from tests import world
from tests.web.test_gaps import NO_NUMBER, odd_networks, rows_of, seen, served, text_of


@pytest.fixture(scope="module")
def near_client() -> FlaskClient:
    return served(world.dataset(urban=world.URBAN))


def section(html: str, title_id: str) -> str:
    return html.partition(f'aria-labelledby="{title_id}"')[2].partition("</section>")[0]


def peers(html: str) -> dict[str, str]:
    """Return what stands beside each theme in the table of the closest peers."""
    rows = re.findall(
        r"<tr><th scope=\"row\">(.*?)</th>(.*?)</tr>", section(html, "peers-by-theme-title"), re.DOTALL
    )
    return {
        re.sub(r"<[^>]+>", "", one): " ".join(re.sub(r"<[^>]+>", " ", other).split()) for one, other in rows
    }


def test_a_place_has_its_nearest_members_and_the_closest_in_each_theme(near_client):
    html = text_of(near_client, "/gaps/near?place=4")
    # Empty lies in EE; Federation is nearest, then Beta.
    assert re.findall(r'href="/members/(\w+)"', section(html, "near-title"))[:2] == ["f1", "b1"]
    assert {theme: said.split()[0] for theme, said in peers(html).items()} == {
        "Air": "Alpha",
        "Water": "Åbo",
        "Mobility": "Beta",
    }
    of_water = text_of(near_client, "/gaps/near?place=4&theme=water")
    assert re.findall(r'href="/members/(\w+)"', section(of_water, "near-title")) == ["a2", "a1"]


def test_a_place_is_found_by_its_name_and_one_that_there_is_not_is_said(near_client):
    assert "Empty" in seen(text_of(near_client, "/gaps/near?q=empty"))
    assert "No urban centre of that name" in seen(text_of(near_client, "/gaps/near?q=xyzxyz"))
    assert near_client.get("/gaps/near?place=999").status_code == 404
    for wrong in ("place=x", "place=1&place=2", "theme=wind"):
        assert near_client.get(f"/gaps/near?{wrong}").status_code == 400


def test_a_member_has_a_closest_peer_in_each_theme_that_is_somebody_else(near_client):
    found = peers(text_of(near_client, "/members/a1"))
    assert found["Water"].startswith("Åbo")
    assert found["Mobility"].startswith("Beta")
    # Alpha itself is the only one known to work on air.
    assert found["Air"] == "no member known"


def test_a_country_says_its_coverage_as_the_csv_does(near_client):
    html = text_of(near_client, "/countries/AA")
    row = next(
        one for one in rows_of(near_client, "/gaps.csv") if (one["area"], one["theme"]) == ("AA", "all")
    )
    table = dict(
        re.findall(r'<th scope="row">([^<]+)</th><td class="num">([^<]*)', section(html, "coverage-title"))
    )
    assert table["Expected"] == f"{float(row['expected']):.1f}"
    assert table["People covered"] == f"{100 * float(row['people_share']):.1f}%"
    assert float(table["Members / expected"]) == pytest.approx(float(row["ratio"]), rel=0.05)
    assert "Missing, the largest first: North" in seen(html)


def test_a_country_has_its_figures_by_theme_and_the_nearest_where_it_has_nobody(near_client):
    rows = re.findall(
        r'<tr><th scope="row">(.*?)</tr>',
        section(text_of(near_client, "/countries/AA"), "cover-themes-title"),
        re.DOTALL,
    )
    said = {
        text.split()[0]: text for text in (" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in rows)
    }
    assert said["Water"].split()[1] == "2"
    assert "km" not in said["Water"]
    # Ałma may work on mobility: unknown, and Beta is half a degree beyond the border.
    assert said["Mobility"].startswith("Mobility themes not recorded –")
    assert said["Mobility"].endswith("Beta Barbados · 56 km")


@pytest.mark.parametrize("name", odd_networks())
def test_at_every_end_countries_and_places_have_an_answer_without_a_nan(name):
    client = served(odd_networks()[name])
    for address in ("/countries/AA", "/countries/CC", "/countries/EE", "/gaps/near", "/gaps/near?q=alpha"):
        assert not NO_NUMBER.search(seen(text_of(client, address))), address
    assert client.get("/gaps/near?place=4").status_code in {200, 404}
