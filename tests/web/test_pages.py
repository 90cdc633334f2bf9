"""The pages that go deeper, on six squares: complete, honest about what is not known, and safe with any name."""

import html
import json
import re
from dataclasses import replace

import pandas as pd
import pytest
from flask.testing import FlaskClient

from mapsvc.model import Dataset
from mapsvc.settings import Settings
from mapsvc.sources.store import Store
from mapsvc.web.app import create_app
from tests import world
from tests.web.test_hostile import NAMES

PAGES = ["/members", "/members/a1", "/members/c1", "/members/d1", "/countries", "/countries/AA", "/countries/EE",
         "/themes", "/themes/water", "/themes/nature"]  # fmt: skip


def page(client: FlaskClient, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200
    return response.get_data(as_text=True)


def words(text: str) -> str:
    """Return what a reader reads, without the head and the state of the map."""
    body = re.sub(r"<script.*?</script>", "", text.split("<main", 1)[1], flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", body)).split())


def linked(text: str) -> list[dict]:
    """Return the schema.org documents of a page."""
    return [
        json.loads(one)
        for one in re.findall(r'<script type="application/ld\+json">(.*?)</script>', text, re.DOTALL)
    ]


def evidenced() -> Dataset:
    """The six squares with two programmes: b1 in one, a stranger in both."""
    rows = [
        ("b1", "Beta", "BB", "Trams for All", ("mobility",), "https://trams.example.org/"),
        ("", "Stranger", "BB", "Trams for All", ("mobility",), "https://trams.example.org/more"),
        ("", "Stranger", "EE", "Rain", ("water",), None),
    ]
    columns = ["member", "member_name", "country", "programme", "themes", "source_url"]
    return replace(world.dataset(), participation=pd.DataFrame(rows, columns=columns), fingerprint="evidence")


def test_a_member_page_says_the_facts(client):
    said = words(page(client, "/members/a1"))
    for fact in (
        "Alpha",
        "City",
        "Land AA",
        "1990",
        "0.25° N",
        "As the network gives it",
        "squares.example.org",
    ):
        assert fact in said


def test_a_theme_has_its_programme_and_its_source():
    client = create_app(Settings(), Store(evidenced())).test_client()
    text = page(client, "/members/b1")
    assert "Trams for All" in words(text)
    assert 'href="https://trams.example.org/"' in text
    assert "trams.example.org/more" not in text
    # Of the theme all participations count: one member, one other.
    theme = words(page(client, "/themes/mobility"))
    assert "Trams for All 1 member, 1 other participant" in theme


def test_themes_that_are_not_known_none_and_stated_are_told_apart(client):
    assert "Not recorded." in words(page(client, "/members/a3"))
    assert "None: the network states" in words(page(client, "/members/f1"))
    assert "As the network states it." in words(page(client, "/members/a1"))


def test_peers_share_a_theme_and_neighbours_do_not_have_to(client):
    said = words(page(client, "/members/a1"))
    peers, near = said.split("Nearest peers in the same themes")[1].split("Nearest members")
    assert re.findall(r"Åbo|Ałma|Beta", peers) == ["Åbo"]
    assert "39 km" in peers
    assert near.index("Åbo") < near.index("Ałma") < near.index("Beta")


def test_a_member_without_a_place_has_an_honest_page_without_a_map(client):
    text = page(client, "/members/c1")
    assert "Where it lies is not known" in text
    assert "folium-map" not in text
    assert 'id="state"' not in text


def test_one_who_left_says_so(client):
    said = words(page(client, "/members/d1"))
    assert "Former member · not counted among the members" in said


def test_previous_and_next_go_by_name_then_to_the_next_country(client):
    text = page(client, "/members/a1")
    # In AA: Åbo, Ałma, Alpha; then DD, for the CLDR calls BB and CC Barbados and the Cocos Islands, which come before.
    assert re.search(r'rel="prev" href="/members/a3"', text)
    assert re.search(r'rel="next" href="/members/d1"', text)


def test_breadcrumbs_lead_up(client):
    for path, trail in [
        ("/members/a1", ["/", "/countries/AA"]),
        ("/countries/AA", ["/", "/countries", "/?region=west"]),
        ("/themes/water", ["/", "/themes", "/themes/nature"]),
    ]:
        crumbs = page(client, path).split('class="crumbs"')[1].split("</nav>")[0]
        assert re.findall(r'href="([^"]+)"', crumbs) == trail


def test_the_link_to_the_map_carries_the_camera(client):
    assert 'href="/?country=AA#7/0.250/0.250"' in page(client, "/members/a1")
    # Somebody who is not a member is found with their status.
    assert 'href="/?country=DD&amp;status=former&amp;status=member#7/0.500/3.500"' in page(
        client, "/members/d1"
    )


def test_a_country_shows_members_by_type_and_zeros_as_rows(client):
    said = words(page(client, "/countries/AA"))
    assert "3 members · the first joined in 1990 (of the 2 whose year is recorded)" in said
    assert "City 2 Ałma" in said
    assert "Air 1" in said
    assert "Water 2" in said
    assert "Mobility 0" in said
    assert "recorded for 2 of 3 members" in said


def test_where_nothing_is_recorded_no_theme_is_a_zero(client):
    said = words(page(client, "/countries/CC"))
    assert "Water not known" in said
    assert "Water 0" not in said


def test_a_country_without_members_says_who_is_near_and_what_is_around(client):
    said = words(page(client, "/countries/EE"))
    assert "No local government of this country is a member yet" in said
    near = said.split("The nearest members")[1]
    assert near.index("Federation") < near.index("Beta")
    assert "Countries around it Land DD 0 Land FF 1" in said


def test_a_theme_lists_its_members_by_country_with_anchors(client):
    text = page(client, "/themes/water")
    assert 'href="#in-AA"' in text
    assert 'id="in-AA"' in text
    said = words(text)
    assert "Members known to work on it 2" in said
    assert "recorded for 4 of 6 members" in said


def test_a_group_counts_each_member_once(client):
    said = words(page(client, "/themes/nature"))
    assert "Members known to work on it 2" in said


@pytest.mark.parametrize(
    ("path", "target"),
    [("/countries/aa", "/countries/AA"), ("/countries/AAX", "/countries/AA"), ("/members/A1", "/members/a1"),
     ("/themes/WATER", "/themes/water")],
)  # fmt: skip
def test_another_case_leads_to_the_one_address(client, path, target):
    response = client.get(path)
    assert response.status_code == 308
    assert response.headers["Location"] == target


@pytest.mark.parametrize(
    ("path", "near"),
    [
        ("/members/alpa", "/members/a1"),
        ("/themes/watr", "/themes/water"),
        ("/countries/Land%20A", "/countries/AA"),
    ],
)
def test_an_unknown_name_offers_the_nearest(client, path, near):
    response = client.get(path, headers={"Accept": "text/html"})
    assert response.status_code == 404
    assert f'href="{near}"' in response.get_data(as_text=True)


@pytest.mark.parametrize(
    "path", ["/members/%2e%2e", "/members/<script>", "/countries/%0d%0aX", "/themes/{{7*7}}"]
)
def test_a_hostile_id_is_not_found_and_not_repeated(client, path):
    response = client.get(path)
    assert response.status_code == 404
    assert "<script>" not in response.get_data(as_text=True)
    assert "Location" not in response.headers


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("path", ["/members/a1", "/countries/AA", "/themes/water", "/members", "/members/a2"])
def test_a_hostile_name_is_text_on_every_page_and_in_the_data_for_machines(name, path):
    client = create_app(Settings(), Store(world.dataset({"a1": name}))).test_client()
    text = page(client, path)
    assert html.escape(name).replace("&#x27;", "&#39;").replace("&quot;", "&#34;") in text
    if "<" in name:
        assert name not in text
    assert ">49<" not in text
    documents = linked(text)
    assert documents[-1]["@type"] == "BreadcrumbList"
    if path == "/members/a1":
        assert documents[0]["name"] == name


@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_one_piece_with_title_description_and_canonical_address(client, path):
    text = page(client, path)
    assert text.count("<h1") == 1
    assert len(re.findall(r'<meta name="description" content="[^"]{20,}"', text)) == 1
    assert f'<link rel="canonical" href="{path}">' in text
    assert linked(text)


@pytest.mark.parametrize("path", PAGES)
def test_every_link_of_ours_leads_somewhere(client, path):
    for target in set(re.findall(r'(?:href|src)="(/[^"#]*)', page(client, path))):
        assert client.get(html.unescape(target)).status_code == 200, target


def test_a_member_is_a_government_of_a_place(client):
    document = linked(page(client, "/members/a1"))[0]
    assert document["@type"] == "GovernmentOrganization"
    assert document["location"]["@type"] == "City"
    assert document["location"]["geo"] == {"@type": "GeoCoordinates", "latitude": 0.25, "longitude": 0.25}
    assert linked(page(client, "/members/f1"))[0]["@type"] == "Organization"


@pytest.mark.parametrize("path", ["/", "/about"])
def test_the_whole_is_a_dataset_with_files_and_a_box(client, path):
    document = linked(page(client, path))[0]
    assert document["@type"] == "Dataset"
    assert [one["contentUrl"] for one in document["distribution"]] == [
        "/members.geojson",
        "/countries.geojson",
        "/themes.json",
    ]
    assert document["license"].startswith("https://creativecommons.org/")
    assert document["temporalCoverage"] == "1990/2026-01-02"
    # South, west, north, east of the members with a place.
    assert document["spatialCoverage"]["geo"]["box"] == "0.25 0.25 0.75 5.5"
    assert document["creator"]["name"] == "Network of Squares"


def test_addresses_for_machines_are_public_ones(squares):
    client = create_app(Settings(base_url="https://maps.example.org/m"), Store(squares)).test_client()
    text = client.get("/m/members/a1").get_data(as_text=True)
    assert '<link rel="canonical" href="https://maps.example.org/m/members/a1">' in text
    assert linked(text)[-1]["itemListElement"][1]["item"] == "https://maps.example.org/m/countries/AA"


def test_a_new_snapshot_has_new_neighbours(squares):
    store = Store(squares)
    client = create_app(Settings(), store).test_client()
    assert "Åbo" in words(page(client, "/members/a1"))
    store.replace(world.dataset({"a2": "Newtown"}))
    assert "Newtown" in words(page(client, "/members/a1"))


def test_a_long_list_leaves_members_to_the_page_of_their_country(squares, monkeypatch):
    monkeypatch.setattr("mapsvc.web.listing.MAX_LISTED", 5)
    text = page(create_app(Settings(), Store(squares)).test_client(), "/")
    listed = text.split('id="list"')[1]
    # Barbados has one, the Cocos Islands one, Land AA three; then it is full.
    assert len(re.findall(r'class="name"', listed)) == 5
    assert re.search(
        r'<h3><a href="/countries/FF">Land FF</a> <a [^>]*>#</a> <span class="n">1</span></h3>', listed
    )
    assert "on the page of the country" in listed


@pytest.mark.parametrize("path", ["/members/a1", "/countries/AA", "/themes/water", "/members"])
def test_without_scripts_a_picture_of_the_same_view_stands_where_the_map_would(client, path):
    page = client.get(path).get_data(as_text=True)
    still = re.search(r'<noscript><img class="still" src="([^"]+)" alt="[^"]+"', page)
    assert client.get(html.unescape(still[1])).mimetype == "image/svg+xml"


@pytest.mark.parametrize("tag", ["en", "zh"])
def test_the_list_on_the_map_page_and_the_table_are_sorted_alike(bundled, tag):
    client = create_app(Settings(), Store(bundled)).test_client()

    def names(path: str, pattern: str) -> list[str]:
        return re.findall(pattern, client.get(f"{path}?country=PT&lang={tag}").get_data(as_text=True))

    listed = names("/", r'<a class="name" href="/members/([^?"]+)')
    assert len(listed) > 5
    assert listed == names("/members", r'<th scope="row"><a href="/members/([^?"]+)')
