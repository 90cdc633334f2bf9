"""The order of the table: checked, stable, as people look names up."""

import pytest

from mapsvc.analysis.tables import TableQuery, n_pages, parse_table_query, sort_members
from mapsvc.errors import BadQuery
from tests import world

TITLES = {
    "country": {code: f"Land {code}" for code in world.CODES},
    "type": {"city": "Zity", "county": "Anty"},
}


def sorted_ids(column: str, *, descending: bool = False) -> list[str]:
    return list(sort_members(world.members(), TableQuery(column, descending), TITLES).index)


def test_names_sort_without_accents():
    # Åbo, Alpha, Ałma (as alma), Beta, Delta, Federation, Gamma
    assert sorted_ids("name") == ["a2", "a3", "a1", "b1", "d1", "f1", "c1"]
    assert sorted_ids("name", descending=True) == ["c1", "f1", "d1", "b1", "a1", "a3", "a2"]


@pytest.mark.parametrize("descending", [False, True])
def test_empty_cells_come_last_either_way(descending):
    assert set(sorted_ids("since", descending=descending)[:2]) == {"a1", "a3"}
    assert sorted_ids("since", descending=descending)[0] == ("a3" if descending else "a1")


def test_equals_stand_by_name_even_when_the_column_runs_down():
    assert sorted_ids("country", descending=True) == ["f1", "d1", "c1", "b1", "a2", "a3", "a1"]


def test_values_sort_by_what_they_are_called():
    assert sorted_ids("type")[0] == "b1"  # called Anty here


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ([], TableQuery()),
        (
            [("sort", "-since"), ("page", "2"), ("utm_source", "x")],
            TableQuery("since", descending=True, page=2),
        ),
        ([("sort", ""), ("page", "")], TableQuery()),
    ],
)
def test_what_is_asked_for_is_understood(arguments, expected):
    assert parse_table_query(arguments) == expected


@pytest.mark.parametrize("page", ["0", "-1", "1e3", "٣", " 1", "1.5", "9999999", "x"])
def test_a_page_that_is_no_number_is_refused(page):
    with pytest.raises(BadQuery) as raised:
        parse_table_query([("page", page)])
    assert raised.value.parameter == "page"


@pytest.mark.parametrize(
    "arguments", [[("sort", "nmae")], [("sort", "--name")], [("sort", "name"), ("sort", "type")]]
)
def test_an_order_that_there_is_not_is_refused(arguments):
    with pytest.raises(BadQuery) as raised:
        parse_table_query(arguments)
    assert raised.value.parameter == "sort"


def test_the_nearest_column_is_suggested():
    with pytest.raises(BadQuery) as raised:
        parse_table_query([("sort", "nmae")])
    assert raised.value.allowed == ("name",)


def test_a_hundred_rows_fill_a_page():
    assert [n_pages(n) for n in (0, 1, 100, 101)] == [1, 1, 1, 2]
