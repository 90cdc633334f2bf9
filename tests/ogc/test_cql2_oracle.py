"""Filters against two others: a plain evaluation of the same predicate, one member at a time, and another reader of CQL2."""

import json
import operator
import re
from typing import Any

import cql2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mapsvc.analysis.cql2 import parse_filter
from mapsvc.analysis.cql2_masks import filter_mask, is_like
from mapsvc.analysis.cql2_text import read_text
from mapsvc.analysis.items import Items
from mapsvc.analysis.items_collections import member_items
from mapsvc.analysis.reference_systems import CRS84
from mapsvc.errors import BadQuery
from tests import world

OPERATORS = {
    "=": operator.eq,
    "<>": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
TEXTS = ("name", "type", "country", "since", "status", "admin1")
NUMBERS = ("population", "offshore_km")

words = st.sampled_from(
    ["Alpha", "Beta", "city", "AA", "CC", "1990", "2001-05-04", "member", "O'Higgins", ""]
)
numbers = st.sampled_from([0, 1, 1000, -2.5, 1e9])


def comparisons() -> st.SearchStrategy[dict[str, Any]]:
    """Comparisons of texts with texts and numbers with numbers, of columns and values."""

    def compared(scalars: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
        return st.builds(
            lambda op, left, right: {"op": op, "args": [left, right]},
            st.sampled_from(list(OPERATORS)),
            scalars,
            scalars,
        )

    def column(names: tuple[str, ...]) -> st.SearchStrategy[dict[str, str]]:
        return st.builds(lambda name: {"property": name}, st.sampled_from(names))

    missing = st.builds(
        lambda name: {"op": "isNull", "args": [{"property": name}]},
        st.sampled_from((*TEXTS, *NUMBERS, "themes")),
    )
    return compared(column(TEXTS) | words) | compared(column(NUMBERS) | numbers) | missing


predicates = st.recursive(
    comparisons(),
    lambda inner: (
        st.builds(lambda one: {"op": "not", "args": [one]}, inner)
        | st.builds(
            lambda op, args: {"op": op, "args": args},
            st.sampled_from(["and", "or"]),
            st.lists(inner, min_size=2, max_size=3),
        )
    ),
    max_leaves=8,
)


def truth(node: dict[str, Any], row: dict[str, Any]) -> bool | None:
    """Return whether a predicate is true of one member; None where that is not known."""
    op, args = node["op"], node["args"]
    if op == "isNull":
        return row[args[0]["property"]] is None
    if op == "not":
        inner = truth(args[0], row)
        return None if inner is None else not inner
    if op in {"and", "or"}:
        found = [truth(one, row) for one in args]
        decisive = op == "or"
        if decisive in found:
            return decisive
        return None if None in found else not decisive
    left, right = (row[one["property"]] if isinstance(one, dict) else one for one in args)
    return None if left is None or right is None else bool(OPERATORS[op](left, right))


@pytest.fixture(scope="module")
def items() -> Items:
    dataset = world.dataset()
    members = dataset.members.copy()
    members["population"] = [1000, None, 0, 1, None, 2000, 1_000_000_000]
    members["offshore_km"] = [0.5, None, None, 1.0, None, None, -2.5]
    members["admin1"] = [None, "AA", None, "Alpha", None, "", None]
    held = world.dataset()
    object.__setattr__(held, "members", members.astype({"population": "Int64", "admin1": "str"}))
    return member_items(held, {})


def rows(items: Items) -> list[dict[str, Any]]:
    """Return the members as plain records."""
    frame = items.frame
    return frame.astype("object").where(frame.notna(), None).to_dict("records")


@settings(max_examples=150)
@given(node=predicates)
def test_a_filter_is_true_of_whom_a_plain_evaluation_says(items: Items, node: dict[str, Any]):
    try:
        predicate = parse_filter(json.dumps(node), "cql2-json", items, CRS84)
    except BadQuery as error:
        assert "parts" in str(error) or "bytes" in str(error)  # noqa: PT017 – too much is refused, nothing else
        return
    expected = [truth(node, row) is True for row in rows(items)]
    assert filter_mask(predicate, items).tolist() == expected


@settings(max_examples=100)
@given(node=predicates)
def test_another_reader_writes_text_that_ours_reads_as_the_same(items: Items, node: dict[str, Any]):
    text = cql2.parse_json(json.dumps(node)).to_text()
    try:
        ours = parse_filter(json.dumps(read_text(text)), "cql2-json", items, CRS84)
        theirs = parse_filter(json.dumps(node), "cql2-json", items, CRS84)
    except BadQuery as error:
        assert any(word in str(error) for word in ("parts", "bytes", "brackets"))  # noqa: PT017
        return
    assert filter_mask(ours, items).tolist() == filter_mask(theirs, items).tolist()


@pytest.mark.parametrize(
    "text",
    [
        "name = 'Alpha' AND population > 5.5 OR NOT type = 'city'",
        "a = 1 AND b = 2 AND c = 3",
        "(a = 1 OR b = 2) AND NOT c <> 'x'",
        "since IS NULL",
        "since IS NOT NULL",
        "name LIKE 'A%'",
        "name NOT LIKE 'A%'",
        "population BETWEEN 1 AND 2",
        "country IN ('KE', 'TZ')",
        "since < DATE('2020-01-01')",
        "since >= TIMESTAMP('2020-01-01T00:00:00Z')",
        "S_INTERSECTS(geometry, BBOX(170, -10, -170, 10))",
        "S_INTERSECTS(geometry, POINT(1 2))",
        "clipped = TRUE",
        "name = 'O''Higgins'",
        "population = -1.5e3",
    ],
)
def test_ours_reads_text_as_another_reader_does(text: str):
    assert read_text(text) == cql2.parse_text(text).to_json()


def test_a_pattern_means_what_it_means_to_a_regular_expression():
    @given(st.text("ab%_", max_size=8), st.text("ab", max_size=8))
    def agree(pattern: str, text: str) -> None:
        expression = "".join({"%": ".*", "_": "."}.get(one, one) for one in pattern)
        assert is_like(text, pattern) == bool(re.fullmatch(expression, text))

    agree()
