"""Classes of a filled map: round, few, and without a hole."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapsvc.analysis.choropleth import MAX_CLASSES, classify, classify_counts


@pytest.mark.parametrize(
    ("top", "labels"),
    [
        (0, ()),
        (1, ("1",)),
        (6, ("1", "2", "3", "4", "5", "6")),
        (7, ("1", "2–4", "5–7")),
        (79, ("1", "2–4", "5–9", "10–19", "20–49", "50–79")),
        (500, ("1–2", "3–9", "10–29", "30–99", "100–299", "300–500")),
        (50, ("1", "2–4", "5–9", "10–19", "20–50")),
        (1000, ("1–2", "3–9", "10–29", "30–99", "100–299", "300–1000")),
        (5000, ("1–9", "10–99", "100–999", "1000–5000")),
    ],
)
def test_classes_are_in_round_steps(top: int, labels: tuple[str, ...]):
    assert classify_counts([0, top]).labels() == labels


def test_zero_has_a_look_of_its_own_and_no_class():
    assert classify_counts([0, 5]).class_of(0) is None


@given(st.lists(st.integers(0, 999_999), min_size=1))
def test_every_count_falls_in_one_class_and_larger_counts_never_in_a_lower_one(values: list[int]):
    classes = classify_counts(values)
    found = [classes.class_of(value) for value in sorted(values) if value]
    assert None not in found
    assert found == sorted(found)
    assert len(classes.lows) <= MAX_CLASSES


@given(
    st.sampled_from(["per-million", "first-year", "share"]),
    st.lists(st.integers(1, 2000), min_size=1),
    st.floats(0.001, 10),
)
def test_every_value_of_a_measure_falls_in_one_class(measure: str, numbers: list[int], scale: float):
    values = [1900 + n % 200 for n in numbers] if measure == "first-year" else [n * scale for n in numbers]
    if measure == "share":
        values = [value % 100 for value in values]
    classes = classify(measure, values)
    found = [classes.class_of(value) for value in sorted(values, reverse=measure == "first-year")]
    assert None not in found
    assert found == sorted(found)
    assert len(classes.labels()) == len(classes.lows) <= MAX_CLASSES


def test_the_earliest_year_is_the_darkest():
    classes = classify("first-year", [1990, 2025])
    assert classes.class_of(1990) == len(classes.lows) - 1
    assert classes.class_of(2025) == 0
    assert classes.labels()[0] == "2020–2025"


def test_a_country_that_covers_nobody_is_in_the_lowest_class_of_shares():
    assert classify("share", [0.0]).class_of(0.0) == 0
    assert classify("share", [0.0]).class_of(100.0) == 5
