"""The pages and files of coverage say the same numbers, rest on what they say, and hold at their ends."""

import csv
import html
import io
import json
import math
import re
from dataclasses import replace
from urllib.parse import parse_qsl, urlsplit

import pandas as pd
import pytest
from flask.testing import FlaskClient

from mapsvc.analysis.coverage import measure_coverage
from mapsvc.analysis.queries import MapQuery, parse_map_query
from mapsvc.analysis.selection import select_members
from mapsvc.analysis.top_centres import CENTRE_STATES
from mapsvc.model import Dataset, Urban
from mapsvc.settings import Settings
from mapsvc.sources.store import Store
from mapsvc.web.app import create_app
from mapsvc.web.gaps_dates import undated_of
from tests import world

SAID = replace(
    world.URBAN, source="Counted by hand", date="2026-01", threshold=15_000, rule="Each square by itself."
)
NO_NUMBER = re.compile(r"\b(nan|inf|None(?! missing)|NaN|Infinity)\b")


def served(dataset: Dataset) -> FlaskClient:
    return create_app(Settings(), Store(dataset)).test_client()


@pytest.fixture(scope="module")
def gaps_client() -> FlaskClient:
    return served(world.dataset(urban=SAID))


def text_of(client: FlaskClient, address: str) -> str:
    response = client.get(address, headers={"Accept": "text/html"})
    assert response.status_code == 200, (address, response.get_data(as_text=True)[:300])
    return response.get_data(as_text=True)


def seen(html: str) -> str:
    """Return the words of a page as they are read, without its markup."""
    body = html.partition("<main")[2]
    return " ".join(
        re.sub(r"<[^>]+>", " ", re.sub(r"<(script|svg).*?</\1>", " ", body, flags=re.DOTALL)).split()
    )


def rows_of(client: FlaskClient, address: str) -> list[dict[str, str]]:
    """Return the rows of a table; without those that are no area."""
    return [row for row in table_of(client, address) if row.get("level") != "figure"]


def table_of(client: FlaskClient, address: str) -> list[dict[str, str]]:
    response = client.get(address)
    assert response.status_code == 200
    assert response.data.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(response.data.decode("utf-8-sig"), newline="")))


def test_the_bar_of_a_share_is_as_long_as_the_share(gaps_client):
    html = text_of(gaps_client, "/gaps")
    row = re.search(r'<a href="/countries/AA">[^<]*</a>.*?</tr>', html, re.DOTALL)[0]
    # Alpha has 1,000,000 of the 1,500,000 people of AA.
    assert "66.7%" in row
    assert re.search(r'<svg class="bar" viewBox="0 0 100 6"[^>]*><rect width="([\d.]+)"', row)[1] == "66.7"
    nobody = re.search(r'<a href="/countries/EE">[^<]*</a>.*?</tr>', html, re.DOTALL)[0]
    assert "<rect" not in nobody


def test_a_number_of_members_leads_to_them_and_a_far_place_to_who_is_near(gaps_client):
    html = text_of(gaps_client, "/gaps?theme=water&beyond=100")
    assert '<a href="/?theme=water&amp;country=AA">2</a>' in html
    assert "The largest places farther than 100 km from any member" in html
    far = json.loads(gaps_client.get("/gaps.json?theme=water&beyond=100").data)["far"]
    # Betaville lies 111 km east of Åbo, Empty farther; Alpha and North are near.
    assert [one["name"] for one in far] == ["Betaville", "Empty"]
    assert 'href="/gaps/near?place=3&amp;theme=water"' in html


def test_how_many_people_are_near_a_member_is_in_each_row(gaps_client):
    rows = {(one["area"], one["theme"]): one for one in rows_of(gaps_client, "/gaps.csv")}
    # North is 73 km from Alpha, with 500,000 people; Empty 111 km from Federation.
    world_row = rows["world", "all"]
    assert [world_row[f"people_within_{km}_km"] for km in (50, 100, 250, 500)] == [
        "1500000",
        "2000000",
        "2100000",
        "2100000",
    ]
    assert rows["EE", "all"]["people_within_100_km"] == "0"
    assert rows["west", "all"]["people_within_100_km"] == "2000000"
    access = json.loads(gaps_client.get("/gaps.json").data)["access"]
    assert [one["people"] for one in access] == [1_500_000, 2_000_000, 2_100_000, 2_100_000]


def test_a_distance_leads_to_the_places_that_are_farther_where_there_are_some(gaps_client):
    farther = r'href="([^"]+)#far-title" aria-label="([^"]+)"'
    # Of the world's 2.1 million people 0.6 live farther than 50 km, 0.1 farther than 100, and nobody farther than 250.
    found = re.findall(farther, gaps_client.get("/gaps?lang=en").text)
    assert [label for _, label in found] == [
        f"The largest places farther than {km} km from any member" for km in (50, 100)
    ]
    for address, label in found:
        assert f'<h2 id="far-title">{label}</h2>' in gaps_client.get(html.unescape(address)).text
    assert len(re.findall(farther, gaps_client.get("/gaps?region=west&lang=en").text)) == 1


def test_the_world_is_said_in_sentences(gaps_client):
    page = seen(text_of(gaps_client, "/gaps"))
    # Alpha and Betaville, of 2.1 million people; AA, BB, CC and FF have members.
    assert (
        "Members cover 71.4% of the people in urban centres: 1.5 of 2.1 million, of which 0.5 million through regions alone."
        in page
    )
    assert "There are members in 4 of 6 countries and territories." in page
    assert "Of the 4 largest urban centres: members 1, in a member region 1 more." in page
    assert "This list is partial." in page
    assert "Every share here is a lower bound." in page


def test_what_the_numbers_rest_on_stands_on_the_page_and_in_every_file(gaps_client):
    page = seen(text_of(gaps_client, "/gaps"))
    assert "Counted by hand, January 2026; from 15,000 inhabitants . Each square by itself." in page.replace(
        "inhabitants.", "inhabitants ."
    )
    assert (
        "6 counted; 2 cover an urban centre, 4 cover none. 4 have no date and are counted at every date."
        in page
    )
    row = rows_of(gaps_client, "/gaps.csv")[0]
    assert (row["numberOfMembers"], row["membersUnmatched"], row["membersWithoutDate"]) == ("6", "4", "4")
    assert (row["threshold"], row["denominator"], row["method"], row["asof"]) == (
        "15000",
        "Counted by hand, 2026-01",
        "1.0",
        "2026-01-02",
    )
    for address in (
        "/gaps.json",
        "/gaps.geojson",
        "/urban-centres.geojson",
        "/gaps/who-next.geojson?min_people=0",
    ):
        document = json.loads(gaps_client.get(address).data)
        said = document.get("about", document)
        assert (said["threshold"], said["method"], said["asof"]) == (15_000, "1.0", "2026-01-02"), address
        assert said["membersUnmatched"] == 4
        assert said["completeness"] == "partial"


def test_the_table_the_csv_and_the_json_have_the_same_numbers(gaps_client):
    html = text_of(gaps_client, "/gaps?theme=water")
    by_csv = {row["area"]: row for row in rows_of(gaps_client, "/gaps.csv?theme=water")}
    by_json = {
        row["area"]: row for row in json.loads(gaps_client.get("/gaps.json?theme=water").data)["areas"]
    }
    assert set(by_csv) == set(by_json) == {*world.CODES, "west", "east", "world"}
    for area, row in by_csv.items():
        for name, value in row.items():
            if name in by_json[area] and name not in {"level", "area", "name", "theme", "state", "clipped"}:
                number = by_json[area][name]
                assert value == "" if number is None else float(value) == number, (area, name)
    shown = re.search(r'<a href="/countries/AA">Land AA</a>.*?</tr>', html, re.DOTALL)[0]
    cells = [
        " ".join(re.sub(r"<[^>]+>", " ", one).split())
        for one in re.findall(r"<td[^>]*>(.*?)</td>", shown, re.DOTALL)
    ]
    assert cells[0] == by_csv["AA"]["n_members"] == "2"
    assert cells[1] == f"{float(by_csv['AA']['expected']):.1f}"
    assert cells[8].startswith(f"{100 * float(by_csv['AA']['people_share']):.1f}%")


def test_unknown_has_no_number_and_zero_is_one(gaps_client):
    rows = {row["area"]: row for row in rows_of(gaps_client, "/gaps.csv?theme=water")}
    assert (rows["CC"]["state"], rows["CC"]["rate"], rows["CC"]["people_share"]) == ("unknown", "", "")
    assert (rows["EE"]["state"], rows["EE"]["rate"]) == ("none", "0.0")
    html = text_of(gaps_client, "/gaps?theme=water")
    assert '<use class="unknown" href="#g-CC"/>' in html
    assert (
        "themes not recorded" in re.search(r'<a href="/countries/CC">[^<]*</a>.*?</tr>', html, re.DOTALL)[0]
    )


def test_the_whole_grid_is_in_the_csv_and_a_region_has_its_own(gaps_client):
    assert len(rows_of(gaps_client, "/gaps.csv")) == (6 + 2 + 1) * 4
    west = rows_of(gaps_client, "/gaps.csv?region=west")
    assert {row["area"] for row in west} == {"AA", "BB", "CC", "west", "world"}


def test_the_matrix_has_four_states_and_each_cell_leads_to_its_view(gaps_client):
    html = text_of(gaps_client, "/gaps/themes?region=west")
    states = dict(re.findall(r'<td class="cell ([\w-]+)"><a href="/\?theme=water&amp;country=(\w\w)"', html))
    assert re.search(r'class="cell active"><a href="/\?theme=water&amp;country=AA"', html)
    assert re.search(r'class="cell not-in-theme"><a href="/\?theme=water&amp;country=BB"', html)
    assert re.search(r'class="cell unknown"><a href="/\?theme=water&amp;country=CC"', html)
    assert states
    # Without a region, countries without members are counted, and not listed.
    assert "2 more countries without any member" in seen(text_of(gaps_client, "/gaps/themes"))


def test_a_cell_of_a_date_says_how_many_of_its_members_the_map_of_that_date_leaves_out(gaps_client):
    html = text_of(gaps_client, "/gaps/themes?asof=2005&region=west")
    cell = re.search(
        r'<a href="/\?theme=water&amp;country=AA&amp;asof=2005" title="([^"]+)">(.*?)</a>', html, re.DOTALL
    )
    # Alpha joined in 1990; Åbo has no date: the matrix has both, the list of the map has Alpha.
    assert cell[2].startswith('2<span class="mark" aria-hidden="true">*</span>')
    assert "1 of them without a date" in cell[1]
    assert "1 of them without a date" in cell[2]
    assert "left out on the map of a date" in seen(html)
    shown = text_of(gaps_client, "/?theme=water&country=AA&asof=2005")
    assert set(re.findall(r'href="/members/(\w+)"', shown)) == {"a1"}
    # Of today both say the same, and nothing needs saying.
    assert "without a date" not in text_of(gaps_client, "/gaps/themes?region=west")


def test_a_number_of_a_date_says_so_too_in_the_ranked_table(gaps_client):
    html = text_of(gaps_client, "/gaps?asof=2005&theme=water")
    for name, view, said in (
        ("Land AA", "country=AA", "2"),
        ("West", "region=west", "2"),
        ("World", "", "2"),
    ):
        address = "&amp;".join(filter(None, ("/?theme=water", view, "asof=2005")))
        cell = re.search(
            rf'>{name}</a></th>\s*<td class="num"><a href="{re.escape(address)}">(.*?)</a></td>', html
        )
        assert seen(f"<main> {cell[1]}") == f"> {said} * 1 of them without a date", name
    assert html.count("left out on the map of a date") == 1
    assert "without a date" not in text_of(gaps_client, "/gaps?theme=water")


def test_a_number_of_a_date_less_those_without_one_is_what_the_map_of_that_date_shows(bundled):
    coverage, network = measure_coverage(bundled, bundled.urban, asof="2005"), bundled.network
    undated = undated_of(coverage, network)
    for theme in coverage.themes:
        view = MapQuery(theme=() if theme == "all" else (theme,), asof="2005")
        shown = bundled.members["country"][select_members(bundled.members, view, network)]
        for level, home in (("country", shown), ("region", shown.map(network.region_of_country))):
            there = home.value_counts().to_dict()
            for area, n in coverage.of(level, theme)["n_members"].items():
                assert n - undated.get((area, theme), 0) == there.get(area, 0), (theme, area)
        whole = coverage.area("world", "world", theme)["n_members"]
        assert whole - undated.get(("world", theme), 0) == len(shown)
    assert sum(undated.values()) > 100


def test_who_joined_in_a_year_leads_to_as_many(bundled, bundled_client):
    rows = years_of(text_of(bundled_client, "/gaps?region=africa"))
    assert len(rows) == 5
    for address, n in rows:
        view = parse_map_query(
            parse_qsl(urlsplit(address).query), bundled.network, bundled.countries.index, strict=True
        )
        assert int(select_members(bundled.members, view, bundled.network).sum()) == n, address


def years_of(page: str) -> list[tuple[str, int]]:
    """Return where the numbers of those who joined in a year lead, and these numbers."""
    table = page.partition('id="years-title"')[2].partition("</table>")[0]
    return [
        (html.unescape(one), int(n))
        for one, n in re.findall(r'<td class="num"><a href="([^"]+)">(\d+)<', table)
    ]


def test_what_is_said_first_leads_to_what_is_behind_it(gaps_client):
    page = text_of(gaps_client, "/gaps?theme=water")
    first = page.partition('class="lead"')[2].partition('class="glance"')[0]
    assert 'href="/?theme=water"' in first
    for anchor in re.findall(r'href="#([\w-]+)"', page.partition('class="glance"')[2].partition("</ul>")[0]):
        assert f'id="{anchor}"' in page, anchor


def test_a_number_of_the_largest_centres_leads_to_exactly_these(gaps_client):
    page = text_of(gaps_client, "/gaps")
    top = page.partition('class="top"')[2].partition("</ul>")[0]
    counts = re.findall(r'<a href="([^"]+)" aria-label="([^:]+): (\d), GeoJSON">', top)
    assert [(title, n) for _, title, n in counts] == [
        ("Members", "1"),
        ("In a member region", "1"),
        ("Missing", "2"),
    ]
    found = [json.loads(gaps_client.get(html.unescape(one)).data)["features"] for one, _, _ in counts]
    assert [[one["properties"]["name"] for one in some] for some in found] == [
        ["Alpha"],
        ["Betaville"],
        ["North", "Empty"],
    ]
    # All of them, after the largest, are the missing ones.
    assert f'href="{counts[2][0]}">All of them' in top


def test_two_dates_stand_side_by_side(gaps_client):
    html = text_of(gaps_client, "/gaps?asof=2002&versus=1980")
    page = seen(html)
    # Alpha joined in 1990 and Ałma in 2001; the others have no date, and are in both.
    assert "What changed" in page
    undated = r"\* (\d) of them without a date"
    assert re.search(rf"Change 1980 2002 World 4 {undated} 6 {undated} \+2 23\.8% 71\.4%", page)
    assert re.search(rf"Land AA 1 {undated} 3 {undated} \+2", page)
    assert '<a href="/?country=AA&amp;asof=1980">1<' in html
    # Of now nothing needs saying.
    assert re.search(rf"World 4 {undated} 6 \+2", seen(text_of(gaps_client, "/gaps?versus=1980")))


def test_of_a_date_it_is_said_first_how_many_are_counted_without_one(gaps_client):
    first = text_of(gaps_client, "/gaps?asof=1980").partition('class="glance"')[2].partition("</ul>")[0]
    assert "Of the members counted, 4 have no date and are counted at every date." in first
    assert "no date" not in text_of(gaps_client, "/gaps").partition('class="glance"')[2].partition("</ul>")[0]


def test_a_file_has_both_dates_in_rows_of_their_own(gaps_client):
    both = rows_of(gaps_client, "/gaps.csv?asof=2002&versus=1980&theme=water")
    then, now = ([row for row in both if row["asof"] == day] for day in ("1980", "2002"))
    assert now == rows_of(gaps_client, "/gaps.csv?asof=2002&theme=water")
    assert then == rows_of(gaps_client, "/gaps.csv?asof=1980&theme=water")
    assert len(both) == len(then) + len(now) == 2 * 9
    served = json.loads(gaps_client.get("/gaps.json?asof=2002&versus=1980&theme=water").data)["versus"]
    assert [str(row["n_members"]) for row in served["areas"]] == [row["n_members"] for row in then]
    both = table_of(gaps_client, "/gaps.csv?asof=2002&versus=1980&theme=water")
    book = gaps_client.get("/gaps.xlsx?asof=2002&versus=1980&theme=water").data
    assert pd.read_excel(io.BytesIO(book), engine="openpyxl", dtype=str, keep_default_na=False)[
        "asof"
    ].tolist() == [row["asof"] for row in both]


def test_every_other_figure_of_the_page_is_a_row_as_well(gaps_client):
    address = "/gaps.csv?theme=water&beyond=100"
    rows = [row for row in table_of(gaps_client, address) if row["level"] == "figure"]
    values = {(row["area"], row["figure"]): row["value"] for row in rows}
    assert len(values) == len(rows)
    served = json.loads(gaps_client.get(address.replace(".csv", ".json")).data)
    expected = {
        **{
            (one["area"], f"largest_{one['top']}_{state}"): one[state]
            for one in served["largestCentres"]
            for state in ("n_centres", *CENTRE_STATES)
        },
        **{("", f"share_within_{one['within_km']}_km"): one["share"] for one in served["access"]},
        **{(str(one["year"]), what): one[what] for one in served["years"] for what in ("joined", "left")},
        **{
            (str(one["geonameid"]), what): one[what] for one in served["far"] for what in ("population", "km")
        },
        **{(one["id"], "unmatched"): one["reason"] for one in served["unmatched"]},
    }
    assert values == {key: "" if value is None else str(value) for key, value in expected.items()}
    # By hand: water has one member that is a whole centre, and Betaville is farther than 100 km from it.
    assert values["world", "largest_100_member"] == "1"
    assert {row["name"] for row in rows if row["figure"] == "km"} == {"Betaville", "Empty"}
    assert {row["theme"] for row in rows} == {"water"}
    # Of another date the same, in rows that say so.
    both = table_of(gaps_client, address + "&asof=2002&versus=1980")
    assert {row["asof"] for row in both if row["level"] == "figure"} == {"2002", "1980"}


def test_members_that_cover_no_centre_are_listed_with_the_reason(gaps_client):
    html = text_of(gaps_client, "/gaps")
    listed = html.partition('id="unmatched"')[2].partition("</details>")[0]
    assert re.findall(r"/members/(\w+)", listed) == ["f1", "c1", "a2", "a3"]
    unmatched = json.loads(gaps_client.get("/gaps.json").data)["unmatched"]
    reasons = {row["id"]: row["reason"] for row in unmatched}
    assert reasons == {"a2": "no-centre", "a3": "no-centre", "c1": "no-place", "f1": "association"}


@pytest.mark.parametrize(
    "measure",
    ["people-share", "centre-share", "ratio", "missing", "people-short", "smoothed-rate", "rate", "chance"],
)
def test_every_measure_fills_the_map_with_a_legend_that_has_all_countries(gaps_client, measure):
    html = text_of(gaps_client, f"/gaps?measure={measure}")
    assert len(re.findall(r'<use class="[\w-]+" href="#g-\w\w"/><title>', html)) == 6
    legend = html.partition('class="key-list')[2].partition("</ul>")[0]
    assert sum(map(int, re.findall(r'class="n">(\d+)<', legend))) == 6


@pytest.mark.parametrize("sort", ["missing", "-missing", "name", "-name", "ratio", "chance", "people-share"])
def test_a_column_sorts_says_so_and_turns_round(gaps_client, sort):
    html = text_of(gaps_client, f"/gaps?sort={sort}")
    assert html.count("aria-sort=") == 1
    way = re.search(r'aria-sort="(\w+)"[^>]*><a href="([^"]+)"', html)
    other = text_of(gaps_client, way[2].partition("#")[0].replace("&amp;", "&"))
    assert re.search(r'aria-sort="(\w+)"', other)[1] != way[1]


def test_who_next_adds_the_people_that_it_says(gaps_client):
    html = text_of(gaps_client, "/gaps/who-next?min_people=0&reach_km=10&p=5")
    rows = rows_of(gaps_client, "/gaps/who-next.csv?min_people=0&reach_km=10&p=5")
    # North, of 500,000, then Empty, of 100,000; nobody else is left.
    assert [(row["name"], row["people_added"]) for row in rows] == [("North", "500000"), ("Empty", "100000")]
    assert "With 2 more places, 100% of the urban people" in seen(html)
    assert "More were asked for; no other place would add anybody." in seen(html)
    features = json.loads(gaps_client.get("/gaps/who-next.geojson?min_people=0&reach_km=10&p=5").data)[
        "features"
    ]
    assert [one["properties"]["people_added"] for one in features] == [500_000, 100_000]
    # Why, as on the page: the state of the country; and what was asked.
    assert [(row["country_state"], row["country_members"]) for row in rows] == [
        ("active", "3"),
        ("none", "0"),
    ]
    assert [one["properties"]["country_members"] for one in features] == [3, 0]
    assert (rows[0]["theme"], rows[0]["reach_km"], rows[0]["min_people"]) == ("all", "10.0", "0")
    left_out = rows_of(gaps_client, "/gaps/who-next.csv?min_people=0&reach_km=10&p=5&leave_out=west")
    assert left_out[0]["leave_out"] == "west"
    assert [row["name"] for row in left_out] == ["Empty"]


def test_a_quick_answer_says_how_much_of_the_best_one_it_is_proven_to_reach(bundled_client):
    address = "/gaps/who-next?p=5&min_people=1000000"
    html = text_of(bundled_client, address)
    said = re.search(r"proven to be at least ([\d.]+)% of what the best choice would add", html)
    rows = rows_of(bundled_client, address.replace("who-next", "who-next.csv"))
    bound = json.loads(bundled_client.get(address.replace("who-next", "who-next.geojson")).data)
    assert bound["value"] == sum(int(row["people_added"]) for row in rows)
    reached = 100 * bound["value"] / bound["bound"]
    assert (said is None and reached == 100) or reached - 0.1 <= float(said[1]) <= reached
    assert 100 * (1 - float(rows[0]["gap"])) == pytest.approx(reached)
    # And the page leads to the best one, with the same question.
    if said:
        assert f'href="{address}&exact=1"'.replace("&", "&amp;") in html


def test_an_exact_answer_says_that_it_is_proven(gaps_client):
    assert "that is proven" in seen(
        text_of(gaps_client, "/gaps/who-next?min_people=0&reach_km=10&p=1&exact=1")
    )


def calculated(text: str) -> float:
    """Return what sums, products and quotients give, as they are printed."""
    plain = text.replace(",", "").replace("·", "*").replace("−", "-")
    assert re.fullmatch(r"[\d.e+\-*/() ]+", plain), text
    return float(eval(plain, {"__builtins__": {}}))


def test_the_method_shows_its_formulas_sources_and_columns(bundled_client):
    page = seen(text_of(bundled_client, "/gaps/method"))
    for name in ("Wilson", "Choynowski", "Marshall", "Church", "Benjamini"):
        assert name in page
    assert "An example to check by hand" in page
    steps = {
        " ".join(name.split()): (numbers, result)
        for name, numbers, result in re.findall(
            r'<tr><th scope="row">(.*?)</th><td>(.*?)</td><td class="num">(.*?)</td>',
            text_of(bundled_client, "/gaps/method"),
        )
    }
    # What stands in the formula gives what stands beside it, as a reader with a pocket calculator finds it.
    for name in ("K", "C", "E", "O/E", "r", "r̄", "r̄/Ū", "q", "b/q"):
        numbers, result = steps[name]
        assert calculated(numbers) == pytest.approx(float(result), rel=2e-3), name
    for name in ("v", "w", "w·r + (1 − w)·r̄", "max(0, E − O)"):
        numbers, result = steps[name]
        assert calculated(numbers.replace("max(0, ", "(")) == pytest.approx(float(result), rel=2e-2), name
    numbers, result = steps["p"]
    power, terms = re.fullmatch(r"e\^−([\d.]+) · (\(.*\))", numbers).groups()
    assert math.exp(-float(power)) * calculated(terms) == pytest.approx(float(result), rel=2e-3)
    numbers, result = steps["K, 95 %"]
    plain = numbers.replace("²", "**2").replace("√(", "_root(")
    ends = [calculated_with_root(plain.replace("±", sign)) for sign in "−+"]
    assert ends == pytest.approx([float(one) for one in result.split(" … ")], rel=2e-3)
    assert not NO_NUMBER.search(page)


def calculated_with_root(text: str) -> float:
    """Return what `calculated` gives, where there is one root of a sum in brackets."""
    before, _, after = text.partition("_root(")
    depth, end = 1, 0
    for end, letter in enumerate(after):  # noqa: B007 – where the bracket closes
        depth += {"(": 1, ")": -1}.get(letter, 0)
        if not depth:
            break
    return calculated(f"{before}{math.sqrt(calculated(after[:end])):.12f}{after[end + 1 :]}")


def test_urban_centres_are_paged_largest_first_with_what_they_are(gaps_client):
    first = json.loads(gaps_client.get("/urban-centres.geojson?limit=3").data)
    assert [one["properties"]["state"] for one in first["features"]] == [
        "member",
        "missing",
        "in-member-region",
    ]
    assert (first["numberMatched"], first["numberReturned"]) == (4, 3)
    following = json.loads(
        gaps_client.get(next(one["href"] for one in first["links"] if one["rel"] == "next")).data
    )
    assert [one["id"] for one in following["features"]] == ["4"]
    assert json.loads(gaps_client.get("/urban-centres.geojson?offset=9").data)["features"] == []


@pytest.mark.parametrize(
    "address",
    ["/gaps.csv?foo=1", "/gaps.json?theme=nature", "/gaps.geojson?region=north", "/gaps.csv?dl=2", "/gaps?theme=wind", "/gaps?sort=beauty",
     "/gaps/themes?asof=soon", "/gaps/who-next?p=0", "/gaps/who-next.csv?leave_out=ZZ", "/gaps/who-next.geojson?theme=wind",
     "/urban-centres.geojson?limit=0", "/urban-centres.geojson?limit=1e3", "/urban-centres.geojson?state=lost", "/gaps.json?lang=xx"],
)  # fmt: skip
def test_what_cannot_be_understood_is_a_400_that_names_it(gaps_client, address):
    response = gaps_client.get(address)
    assert response.status_code == 400
    assert response.json["parameter"] in address


def odd_networks() -> dict[str, Dataset]:
    """Return networks at the ends: of nobody, of one, all in one country, without centres, with a country without."""
    usual = world.dataset(urban=SAID)
    empty = Urban(world.URBAN.centres.iloc[:0])
    return {
        "nobody": replace(usual, members=usual.members.iloc[:0], fingerprint="nobody"),
        "one": replace(usual, members=usual.members.loc[["a1"]], fingerprint="one"),
        "one-country": replace(
            usual, members=usual.members.loc[["a1", "a2", "a3"]], fingerprint="one-country"
        ),
        "no-centres": replace(usual, urban=None, fingerprint="no-centres"),
        "empty-centres": replace(usual, urban=empty, fingerprint="empty-centres"),
    }


@pytest.mark.parametrize("name", odd_networks())
def test_at_every_end_there_is_an_answer_without_a_nan(name):
    client = served(odd_networks()[name])
    for address in ("/gaps", "/gaps?theme=water&measure=chance", "/gaps?asof=1950&versus=2000", "/gaps?threshold=40000000", "/gaps?measure=missing",
                    "/gaps?measure=ratio&region=east", "/gaps/themes", "/gaps/themes?region=east", "/gaps/method", "/gaps/who-next", "/gaps/who-next?reach_km=0&p=1000&min_people=0",
                    "/gaps/who-next?equity=100&theme=air", "/gaps/who-next?exact=1"):  # fmt: skip
        assert not NO_NUMBER.search(seen(text_of(client, address))), address
    for address in (
        "/gaps.json?versus=1990",
        "/gaps.geojson",
        "/urban-centres.geojson",
        "/gaps/who-next.geojson",
    ):
        response = client.get(address)
        assert response.status_code == 200, address
        json.loads(response.data, parse_constant=pytest.fail)
    assert "nan" not in client.get("/gaps.csv").get_data(as_text=True).lower()


def test_files_are_saved_under_a_name_that_says_what_is_in_them(gaps_client):
    response = gaps_client.get("/gaps.csv?theme=water&region=west&dl=1")
    assert (
        response.headers["Content-Disposition"]
        == 'attachment; filename="squares-gaps-2026-01-02-theme-water-region-west.csv"'
    )
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert response.headers["ETag"]


def test_names_that_look_like_formulas_are_disarmed_in_the_csv():
    dataset = world.dataset(urban=replace(SAID, centres=SAID.centres.assign(name=["=1+1", "@x", "+y", "-z"])))
    names = {row["name"] for row in rows_of(served(dataset), "/gaps/who-next.csv?min_people=0&reach_km=1")}
    assert names <= {"'=1+1", "'@x", "'+y", "'-z"}
    assert names


def test_the_map_page_leads_to_the_gaps_of_its_theme_and_region(gaps_client):
    assert 'href="/gaps?theme=water&amp;region=west"' in text_of(gaps_client, "/?theme=water&region=west")
    assert 'href="/gaps"' in text_of(gaps_client, "/?theme=nature")


def test_a_region_is_looked_at_closely_and_the_world_as_a_whole(gaps_client):
    box = re.compile(r'class="world" viewBox="([^"]+)"')
    world_box = box.search(text_of(gaps_client, "/gaps"))[1]
    left, top, width, height = map(float, box.search(text_of(gaps_client, "/gaps?region=west"))[1].split())
    assert world_box.startswith("0 0 960 ")
    assert width < 480
    # Around the squares of the west, at 0° to 3° east, a little north of the equator.
    assert left < 483 < left + width
    assert top < 240 < top + height


def test_a_country_leads_to_the_gaps_of_its_region(gaps_client):
    assert 'href="/gaps?region=west"' in text_of(gaps_client, "/countries/AA")


def test_the_map_is_a_picture_that_says_what_it_rests_on(gaps_client):
    svg = gaps_client.get("/gaps.svg?theme=water&region=west")
    assert svg.status_code == 200
    assert "sandbox" in svg.headers["Content-Security-Policy"]
    text = svg.get_data(as_text=True)
    for said in (
        "Coverage gaps · Water · West",
        "Counted by hand",
        "version 1.0",
        "Members: 6 counted; 2 cover an urban centre, 4 cover none.",
        "This list is partial.",
        "Squares imply no opinion.",
    ):
        assert said in text, said
    assert "Land AA: people covered 66.7%" in text
    assert ">Member<" not in text  # the legend has no dot, for there is none on the map
    assert gaps_client.get("/gaps.png?size=square").data.startswith(b"\x89PNG")
    assert gaps_client.get("/gaps.png?measure=beauty").status_code == 400
    assert gaps_client.get("/gaps.svg?scale=2").status_code == 400
    saved = gaps_client.get("/gaps.svg?measure=chance&dl=1").headers["Content-Disposition"]
    assert saved == 'attachment; filename="squares-gaps-2026-01-02-measure-chance.svg"'


@pytest.mark.parametrize(
    "name",
    [
        "{{7*7}}",
        "100 {% off",
        "</script><img src=x onerror=alert(1)>",
        '"><svg onload=alert(1)>',
        "${alert(1)}",
    ],
)
def test_a_hostile_name_of_a_place_or_a_member_is_exactly_that_text(name):
    urban = replace(SAID, centres=SAID.centres.assign(name=[name] * 4))
    client = served(world.dataset(dict.fromkeys(world.members().index, name), urban=urban))
    for address in ("/gaps", "/gaps/who-next?min_people=0&reach_km=1", "/gaps/themes", "/gaps/method"):
        page = text_of(client, address)
        assert ">49<" not in page
        if "<" in name:
            assert name not in page
    page = text_of(client, "/gaps/who-next?min_people=0&reach_km=1")
    assert html.escape(name).replace("&quot;", "&#34;") in page
    found = json.loads(client.get("/gaps/who-next.geojson?min_people=0&reach_km=1").data)
    assert {one["properties"]["name"] for one in found["features"]} == {name}
