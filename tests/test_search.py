"""What is typed finds what is meant: by beginnings, in any script, and by likeness."""

import pytest

from mapsvc.analysis.names import fold
from mapsvc.analysis.search import KINDS, MOST, Entry, SearchIndex
from mapsvc.analysis.surroundings import Surroundings
from tests import world

ENTRIES = [
    Entry("theme", "water", "Water"),
    Entry("country", "PL", "Poland", weight=3, names=("polska", "폴란드")),
    Entry("member", "pl-wroclaw", "Wrocław", spellings=("breslau", "vratislav")),
    Entry("member", "kr-seoul", "Seoul", spellings=("서울", "서울시")),
    Entry("place", "1", "São Paulo", weight=12),
    Entry("place", "2", "Paulista", weight=1),
    Entry("place", "3", "Waterford", weight=2),
]
INDEX = SearchIndex(ENTRIES)


def found(text: str) -> list[str]:
    """Return the labels of what is found."""
    return [one.label for one in INDEX.find(text)]


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ("wroclaw", ["Wrocław"]),
        ("WROCŁ", ["Wrocław"]),
        ("Sao Paulo", ["São Paulo"]),
        ("서울", ["Seoul"]),
        ("서", ["Seoul"]),
        ("폴란", ["Poland"]),
        ("pols", ["Poland"]),
        ("bresla", ["Wrocław"]),
        ("bre", []),  # of a spelling in our letters the better part must be typed
        ("paul", ["Paulista", "São Paulo"]),  # a first word before a later one, whatever the size
        ("wat", ["Water", "Waterford"]),  # themes before places
        ("watre", ["Water"]),  # nothing begins so
        ("xyzzy", []),
        ("?!", []),
        ("", []),
    ],
)
def test_what_is_typed_finds(text: str, labels: list[str]):
    assert found(text) == labels


def test_no_kind_crowds_out_another_and_the_larger_come_first():
    crowd = [Entry("place", str(n), f"Santa {n}", weight=n) for n in range(50)]
    result = SearchIndex([*crowd, Entry("member", "m", "Santa Fe")]).find("santa")
    assert [one.kind for one in result] == ["member", *["place"] * MOST["place"]]
    assert [one.weight for one in result[1:]] == [49, 48, 47, 46, 45]
    assert set(MOST) == set(KINDS)


def test_the_nearest_member_is_found_across_the_date_line_and_not_among_those_without_a_place():
    def around(people):
        return Surroundings(people, world.countries(), world.NETWORK.theme_ids)

    (nearest,) = around(world.members()).nearest_to_place(1.6, 0.5, 1)
    assert (nearest.id, round(nearest.km)) == ("b1", 11)
    (across,) = around(world.members()).nearest_to_place(-358.4, 0.5, 1)
    assert (across.id, round(across.km)) == ("b1", 11)
    assert around(world.members().loc[["c1"]]).nearest_to_place(0, 0, 1) == ()


def test_the_bundled_members_are_found_by_their_names_in_other_scripts(bundled):
    others = bundled.members["other_names"]
    assert "서울" in others["kr-seoul"].split(";")
    assert all(fold(name) == name for name in others["kr-seoul"].split(";"))
    # Karlsruhe's names are not those of an association that has its seat somewhere.
    seats = bundled.members["location_source"].fillna("").str.endswith("seat")
    assert others[seats].isna().all()
