"""CQL2: what is understood, what is refused, and that it is true of what a person would say it is true of."""

import json
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient

ITEMS = "/collections/members/items?limit=100&f=json"


def ids(client: FlaskClient, filter_: str, language: str = "cql2-text") -> list[str]:
    """Return the ids of the members that a filter is true of."""
    response = client.get(f"{ITEMS}&filter-lang={language}&filter={quote(filter_)}")
    assert response.status_code == 200, response.data
    return [one["id"] for one in response.get_json(force=True)["features"]]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("name = 'Alpha'", ["a1"]),
        ("country = 'AA' AND NOT type = 'city'", ["a2"]),
        ("country = 'BB' OR country = 'CC'", ["b1", "c1"]),
        ("country <> 'AA' and (type = 'city' or status = 'former')", ["c1", "d1"]),
        ("since IS NULL AND country = 'AA'", ["a2"]),
        ("since IS NOT NULL", ["a1", "a3"]),
        ("since > DATE('2000-01-01')", ["a3"]),
        ("since < TIMESTAMP('2000-01-01T00:00:00Z')", ["a1"]),
        # What is not known is neither more nor less, nor not more.
        ("NOT since > '2000'", ["a1"]),
        ("population > 5 OR NOT population > 5", []),
        ("name LIKE 'A%' AND name NOT LIKE '_l%'", ["a3"]),
        ("name LIKE '%a_e%'", []),
        ("country IN ('BB', 'CC')", ["b1", "c1"]),
        ("country NOT BETWEEN 'AA' AND 'CC'", ["d1", "f1"]),
        ("S_INTERSECTS(geometry, BBOX(1, 0, 4, 1))", ["b1", "d1"]),
        ("S_INTERSECTS(geometry, POINT(0.5 0.5))", ["a2"]),
        ("geometry IS NULL", ["c1"]),
        ("TRUE", ["a1", "a2", "a3", "b1", "c1", "d1", "f1"]),
        ("name = 'O''Higgins'", []),
    ],
)
def test_a_filter_shows_what_it_is_true_of(client: FlaskClient, text: str, expected: list[str]):
    assert ids(client, text) == expected


def test_a_filter_in_json_says_the_same(client: FlaskClient):
    said = {
        "op": "and",
        "args": [
            {"op": "=", "args": [{"property": "country"}, "AA"]},
            {"op": "not", "args": [{"op": "isNull", "args": [{"property": "since"}]}]},
        ],
    }
    assert ids(client, json.dumps(said), "cql2-json") == ["a1", "a3"]


@pytest.mark.parametrize(
    "text",
    [
        "name =",
        "name = 'Alpha' AND (",
        "name @ 'x'",
        "'",
        "",
        "nobody = 1",
        "population > 'many'",
        "themes = 'water'",
        "name = 1",
        "since > DATE('soon')",
        "S_INTERSECTS(geometry, BBOX(1, 2, 3))",
        "S_INTERSECTS(geometry, BBOX(0, 95, 1, 96))",
        "S_INTERSECTS(name, POINT(1 1))",
        "__import__('os').system('true') = 1",
        "NOT " * 25 + "name = 'a'",
        "(" * 400,
        "(" * 400 + "name = 'a'" + ")" * 400,
        " AND ".join(["name = 'a'"] * 60),
        "population > 1e999",
        "name = '" + "x" * 2000 + "'",
    ],
)
def test_what_cannot_be_understood_or_is_too_much_is_refused(client: FlaskClient, text: str):
    response = client.get(f"{ITEMS}&filter={quote(text)}")
    assert response.status_code == 400
    assert response.headers["Content-Type"] == "application/problem+json"
    assert json.loads(response.data)["parameter"] == "filter"


@pytest.mark.parametrize(
    "text",
    [
        "[" * 1000,
        '{"op":"not","args":[' * 40 + "true" + "]}" * 40,
        '{"op":"=","args":[{"property":"population"},NaN]}',
        '{"op":"=","args":[{"property":"population"},1e999]}',
        '{"op":"=","args":[{"property":"\\ud800"},1]}',
        '{"op":"casei","args":["a"]}',
        '{"op":["="],"args":[]}',
        '{"op":"not","args":[]}',
        '{"op":"in","args":[{"property":"name"},[]]}',
        '{"op":"like","args":[{"property":"name"},5]}',
        '{"op":"s_intersects","args":[{"property":"geometry"},{"bbox":["a"]}]}',
        "1",
        "null",
    ],
)
def test_json_that_is_no_filter_is_refused(client: FlaskClient, text: str):
    response = client.get(f"/collections/members/items?filter-lang=cql2-json&filter={quote(text)}")
    assert response.status_code == 400
    assert json.loads(response.data)["parameter"] == "filter"
