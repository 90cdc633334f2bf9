"""The table: the members of the view, in order, page by page."""

import re
from dataclasses import replace

import geopandas as gpd
import pandas as pd
import pytest
from shapely import Point

from mapsvc.model import Dataset
from mapsvc.settings import Settings
from mapsvc.sources.store import Store
from mapsvc.web.app import create_app
from tests import world


def rows(text: str) -> list[str]:
    """Return the names in the first column."""
    return re.findall(r'<th scope="row"><a [^>]*><bdi>(.*?)</bdi>', text)


def crowd(n: int) -> Dataset:
    """Return the squares with `n` members in AA."""
    one = world.members().iloc[[0]]
    frame = pd.concat([one] * n).set_axis(pd.Index([f"m{k:04}" for k in range(n)], name="id"), axis=0)
    frame = gpd.GeoDataFrame(
        frame.assign(name=[f"Town {k:04}" for k in range(n)]), geometry=[Point(0.5, 0.5)] * n, crs=4326
    )
    return replace(world.dataset(), members=frame, fingerprint=f"crowd{n}")


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", ["Åbo", "Ałma", "Alpha", "Beta", "Federation", "Gamma"]),
        ("?sort=-name", ["Gamma", "Federation", "Beta", "Alpha", "Ałma", "Åbo"]),
        ("?sort=-country", ["Federation", "Åbo", "Ałma", "Alpha", "Gamma", "Beta"]),
        ("?sort=since", ["Alpha", "Ałma", "Åbo", "Beta", "Federation", "Gamma"]),
        ("?theme=water", ["Åbo", "Alpha"]),
        ("?region=east&status=former&status=member", ["Delta", "Federation"]),
    ],
)
def test_the_table_holds_the_view_in_order(client, query, names):
    assert rows(client.get(f"/members{query}").get_data(as_text=True)) == names


def test_the_sorted_column_says_so_and_turns_round(client):
    text = client.get("/members?sort=-since&theme=water").get_data(as_text=True)
    assert text.count("aria-sort=") == 1
    assert re.search(
        r'aria-sort="descending"><a id="sort-since" href="/members\?theme=water&amp;sort=since"', text
    )
    assert re.search(r'<a id="sort-name" href="/members\?theme=water" rel="nofollow">Name', text)


def test_pages_hold_a_hundred_and_know_each_other():
    client = create_app(Settings(), Store(crowd(250))).test_client()
    text = client.get("/members?page=2&sort=-name").get_data(as_text=True)
    assert rows(text) == [f"Town {k:04}" for k in range(149, 49, -1)]
    assert "Members 101–200 of 250, page 2 of 3." in text
    assert '<link rel="prev" href="/members?sort=-name">' in text
    assert '<link rel="next" href="/members?sort=-name&amp;page=3">' in text
    assert text.count('aria-current="page"') == 2  # the breadcrumb and the page


def test_a_page_past_the_end_is_the_last():
    client = create_app(Settings(base_url="https://maps.example.org"), Store(crowd(150))).test_client()
    text = client.get("/members?page=99").get_data(as_text=True)
    assert len(rows(text)) == 50
    assert '<link rel="canonical" href="https://maps.example.org/members?page=2">' in text


@pytest.mark.parametrize(
    ("query", "parameter"), [("sort=size", "sort"), ("page=0", "page"), ("theme=nonsense", "theme")]
)
def test_what_cannot_be_understood_is_said(client, query, parameter):
    response = client.get(f"/members?{query}")
    assert response.status_code == 400
    assert response.get_json()["parameter"] == parameter


def test_unknown_parameters_are_ignored_and_not_repeated(client):
    response = client.get("/members?utm_source=x&sort=type")
    assert response.status_code == 200
    assert "utm_source" not in response.get_data(as_text=True)


def test_an_empty_table_helps(client):
    text = client.get("/members?q=zzzz").get_data(as_text=True)
    assert "No member matches" in text
    assert 'href="/members">Show all' in text


def test_unknown_themes_are_not_none(client):
    text = client.get("/members").get_data(as_text=True)
    cells = re.findall(r'<td class="c-themes">(.*?)</td>', text)
    assert [re.sub("<[^>]+>", "", one) for one in cells] == [
        "Water",
        "not recorded",
        "Air, Water",
        "Mobility",
        "none",
        "not recorded",
    ]


def test_the_form_keeps_the_years_that_it_has_no_field_for(client):
    page = client.get("/members?joined_from=1990&asof=2010-05").get_data(as_text=True)
    assert '<input type="hidden" form="filters" name="joined_from" value="1990">' in page
    assert '<input type="hidden" form="filters" name="asof" value="2010-05">' in page
    assert 'form="filters" name="asof"' not in client.get("/members").get_data(as_text=True)
