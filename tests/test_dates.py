"""Dates known to the year, month or day: who was there at a date, and who joined when."""

import pandas as pd
import pytest

from mapsvc.analysis.dates import joined_between, joined_per_year, left_later, there_at


def frame(*pairs: tuple[str | None, str | None]) -> pd.DataFrame:
    """Return members that joined and left at these dates."""
    return pd.DataFrame(list(pairs), columns=["since", "until"], dtype="str")


@pytest.mark.parametrize(
    ("since", "until", "day", "there"),
    [
        ("2007", None, "2006", False),
        ("2007", None, "2007", True),
        ("2007-11-27", None, "2007", True),  # a year means its end
        ("2007-11-27", None, "2007-11", True),
        ("2007-11-27", None, "2007-11-26", False),
        ("2007-11-27", None, "2007-11-27", True),
        ("2007", None, "2007-05", True),  # known to the year: taken at its word
        ("2001", "2010", "2009", True),
        ("2001", "2010", "2010", False),
        ("2001", "2010-06", "2010-05", True),
        ("2001", "2010-06", "2010-06", False),
        (None, None, "2024", False),  # when it joined is not known
    ],
)
def test_who_was_there(since: str | None, until: str | None, day: str, there: bool):
    assert there_at(frame((since, until)), day).tolist() == [there]


def test_both_years_are_included_and_a_missing_date_is_in_no_year():
    people = frame(("1994-12-31", None), ("1995", None), ("2000-01", None), ("2001", None), (None, None))
    assert joined_between(people, 1995, 2000).tolist() == [False, True, True, False, False]
    assert joined_between(people, 1995, None).tolist() == [False, True, True, True, False]
    assert joined_between(people, None, 1994).tolist() == [True, False, False, False, False]


def test_who_left_later_is_known_of_those_who_left_alone():
    people = frame(("1990", "2010"), ("1990", None))
    assert left_later(people, "2009").tolist() == [True, False]
    assert left_later(people, "2010").tolist() == [False, False]


def test_years_in_which_nobody_joined_are_rows_with_zero():
    assert joined_per_year(frame(("1990", None), ("1992-01", None), (None, None))["since"]) == {
        1990: 1,
        1991: 0,
        1992: 1,
    }
    assert joined_per_year(frame((None, None))["since"]) == {}
