"""Every form of a view counts the same members: page, list, table, files and picture, over all parameters together.

The six squares are asked at random; the bundled network by a fixed sample, so that it says the same thing each time.
"""

import json
import random
import re
from typing import NamedTuple
from urllib.parse import urlencode
from xml.etree import ElementTree as ET

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mapsvc.analysis.queries import MEASURES, REPEATABLE, VIEWS
from mapsvc.analysis.tables import ROWS_PER_PAGE
from mapsvc.model import MEMBER_TYPES, STATUSES, Dataset
from mapsvc.settings import Settings
from mapsvc.sources.store import Store
from mapsvc.web.app import create_app
from mapsvc.web.listing import MAX_LISTED
from tests import world

SVG = "{http://www.w3.org/2000/svg}"
Pairs = list[tuple[str, str]]


class Counted(NamedTuple):
    """How many members and countries a form of a view says that there are."""

    members: int
    countries: int


def counted(text: str) -> Counted:
    """Return the numbers of a sentence as the headline, the table and the picture have it."""
    found = re.match(
        r"\s*(\d+) members? in (\d+) countr", re.sub(r"<[^>]*>|\s+", " ", text).replace("  ", " ")
    )
    if found is None:
        assert "No member matches" in text
        return Counted(0, 0)
    return Counted(int(found[1]), int(found[2]))


def part(text: str, start: str, end: str) -> str:
    """Return what stands between two marks of a page."""
    assert start in text, start
    return text.split(start, 1)[1].split(end, 1)[0]


def page_of(client: FlaskClient, path: str) -> str:
    """Return a page that is there."""
    response = client.get(path)
    assert response.status_code == 200, path
    return response.text


def data_of(client: FlaskClient, path: str) -> dict:
    """Return a file that is there."""
    return json.loads(page_of(client, path))


def check_agreement(client: FlaskClient, query: str, view: str, themes: list[str]) -> int:
    """Fail where two forms of a view disagree; return how many members all of them count."""
    features = data_of(client, f"/members.geojson?{query}")["features"]
    ids = sorted(one["id"] for one in features)
    expected = Counted(len(ids), len({one["properties"]["country"] for one in features}))
    page = page_of(client, f"/?{query}")
    assert counted(part(page, 'id="headline" tabindex="-1">', "</p>")) == expected
    if view == "countries":
        ranks = part(page, 'id="list"', "data-live=")
        assert len(re.findall(r"<li value=", ranks)) <= expected.countries
    else:
        listed = re.findall(r'<a class="name" href="/members/([^"]+)"', page)
        assert sorted(one.partition("?")[0] for one in listed) == ids
        headings = re.findall(
            r'<section class="country" id="in-(\w\w)">.*?<span class="n">(\d+)</span>', page, re.DOTALL
        )
        assert Counted(sum(int(n) for _, n in headings), len(headings)) == expected
    state = json.loads(part(page, 'id="state" data-live="state">', "</script>"))
    per_country = {code: row[0] for code, row in state["countries"].items() if row[0]}
    assert Counted(sum(per_country.values()), len(per_country)) == expected
    land = data_of(client, f"/countries.geojson?{query}")["features"]
    numbers = {one["id"]: one["properties"]["n_members"] for one in land if one["properties"]["n_members"]}
    assert numbers == per_country
    table = page_of(client, f"/members?{query}")
    assert counted(part(table, '<p class="lead" data-live="headline">', "·")) == expected
    assert table.count('<th scope="row">') == min(len(ids), ROWS_PER_PAGE)
    assert len(ids) == 0 or f" of {len(ids)}, page 1 of " in table
    said = ET.fromstring(page_of(client, f"/map.svg?{query}")).find(f"{SVG}desc").text
    assert counted(said) == expected
    if len(themes) == 1:
        groups = data_of(client, f"/themes.json?{query}")["groups"]
        every = {one["id"]: one["n_members"] for group in groups for one in (group, *group["themes"])}
        assert every[themes[0]] == len(ids)
    return len(ids)


def values(dataset: Dataset, words: list[str]) -> dict[str, list[str]]:
    """Return what each parameter may be given, something that nobody has among it."""
    network = dataset.network
    return {
        "theme": [*network.theme_ids, *(group.id for group in network.groups)],
        "region": [region.id for region in network.regions],
        "country": sorted(map(str, dataset.countries.index)),
        "type": list(MEMBER_TYPES),
        "status": list(STATUSES),
        "joined": ["1990", "1995", "2001", "2010"],
        "asof": ["1989", "1990", "1995-06", "2001-05-03", "2001-05-04", "2015", "2026"],
        "q": words,
        "view": list(VIEWS),
        "measure": list(MEASURES),
    }


def pairs_of(repeated: dict[str, list[str]], years: list[str], single: dict[str, str]) -> Pairs:
    """Return the parameters of a view."""
    pairs = [(name, value) for name in REPEATABLE for value in repeated[name]]
    first, last = (*sorted(years), "", "")[:2]
    return [*pairs, ("joined_from", first), ("joined_to", last), *single.items()]


SQUARES = values(world.dataset(), ["a", "alma", "ÅBO", "beta", "nobody", "%{{"])


def some(name: str) -> st.SearchStrategy[list[str]]:
    """Return up to two values of a parameter, none of them as often as not."""
    return st.one_of(st.just([]), st.lists(st.sampled_from(SQUARES[name]), max_size=2, unique=True))


def one(name: str) -> st.SearchStrategy[str]:
    """Return a value of a parameter, or nothing as often as not."""
    return st.one_of(st.just(""), st.sampled_from(SQUARES[name]))


@pytest.fixture(scope="module")
def squares_client() -> FlaskClient:
    """A client of the six squares with urban centres, so that there is every measure."""
    return create_app(Settings(), Store(world.dataset(urban=world.URBAN))).test_client()


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    repeated=st.fixed_dictionaries({name: some(name) for name in REPEATABLE}),
    years=some("joined"),
    single=st.fixed_dictionaries({name: one(name) for name in ("asof", "q", "view", "measure")}),
)
def test_every_form_of_a_view_of_the_squares_counts_the_same(squares_client, repeated, years, single):
    query = urlencode(pairs_of(repeated, years, single))
    check_agreement(squares_client, query, single["view"], repeated["theme"])


def drawn(dataset: Dataset, n: int) -> list[tuple[str, str, list[str]]]:
    """Return `n` views of a network, the same each time: query, way to look and themes of each."""
    dice = random.Random(1990)
    offered = values(dataset, ["san", "wroclaw", "서울", "county", "zzzz"])
    views = []
    for _ in range(n):
        repeated = {
            name: dice.sample(offered[name], dice.choice((1, 1, 2))) if dice.random() < often else []
            for name, often in zip(REPEATABLE, (0.5, 0.4, 0.1, 0.3, 0.3), strict=True)
        }
        if repeated["status"]:
            repeated["status"] = sorted({*repeated["status"], "member"})
        years = dice.sample(offered["joined"], 2) if dice.random() < 0.15 else []
        single = {
            name: dice.choice(offered[name]) if dice.random() < often else ""
            for name, often in (("asof", 0.2), ("q", 0.15), ("view", 0.6), ("measure", 0.5))
        }
        views.append((urlencode(pairs_of(repeated, years, single)), single["view"], repeated["theme"]))
    return views


def test_every_form_of_a_view_of_the_bundled_network_counts_the_same(bundled, bundled_client):
    assert len(bundled.members) <= MAX_LISTED
    found = [check_agreement(bundled_client, *view) for view in [("", "", []), *drawn(bundled, 24)]]
    # A sample of empty views would agree about nothing.
    assert sum(n > 0 for n in found) > 12
    assert sum(n > ROWS_PER_PAGE for n in found) >= 2
