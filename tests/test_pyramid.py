"""Every urban centre is in one tile, the larger above the smaller, and no tile holds more than it may."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapsvc.analysis.pyramid import LEVELS, Tile, centres_of, parse_tile
from mapsvc.model import Dataset
from tests import world

TOP = Tile(0, 0, 0)


def walk(centres: pd.DataFrame, tile: Tile = TOP):
    """Yield each tile that can be reached, with what it holds and what is below it."""
    rows, below = centres_of(centres, tile)
    yield tile, rows, below
    for one in below:
        yield from walk(centres, one)


def at(*places: tuple[float, float]) -> pd.DataFrame:
    """Return centres at these longitudes and latitudes."""
    return pd.DataFrame(places, columns=["longitude", "latitude"], dtype="float64")


def test_few_centres_are_all_at_the_top():
    rows, below = centres_of(world.URBAN.centres, TOP)
    assert rows["name"].to_list() == ["Alpha", "North", "Betaville", "Empty"]
    assert below == []


def test_what_has_no_room_at_the_top_is_where_it_lies():
    # 300 are at the top; then one in the north-west of the world, and one in the south-east.
    centres = at(*[(0.0, 0.0)] * 300, (-100.0, 70.0), (100.0, -70.0))
    rows, below = centres_of(centres, TOP)
    assert rows.index.to_list() == list(range(300))
    assert below == [Tile(2, 0, 0), Tile(2, 3, 3)]
    assert centres_of(centres, below[0])[0].index.to_list() == [300]
    assert centres_of(centres, below[1])[0].index.to_list() == [301]


def test_no_centres_are_an_empty_tile():
    rows, below = centres_of(at(), TOP)
    assert (len(rows), below) == (0, [])


@given(st.lists(st.tuples(st.floats(-180, 180), st.floats(-90, 90)), max_size=40))
def test_every_place_of_the_world_has_a_tile_of_each_level(places):
    # Copies, so many that the upper levels are full.
    centres = at(*(place for place in places for _ in range(1500 // max(1, len(places)))))
    found = [id_ for _, rows, _ in walk(centres) for id_ in rows.index]
    assert sorted(found) == centres.index.to_list()


def test_all_real_centres_are_found_and_the_larger_ones_first(bundled: Dataset):
    centres = bundled.urban.centres
    # Russia and its neighbours, from the top to the lowest level.
    east = centres[centres["longitude"].between(90, 180) & (centres["latitude"] > 0)]
    found = set()
    for tile, rows, below in walk(east):
        assert len(rows) <= LEVELS[tile.level]
        assert not found & set(rows.index)
        found |= set(rows.index)
        for one in below:
            assert centres_of(east, one)[0]["population"].max() <= rows["population"].min()
    assert found == set(east.index)


@pytest.mark.parametrize("text", ["", "0", "0-0", "0-0-1", "2-4-0", "1-0-0", "8-0-0", "-0-0-0", "0-0-0-0", "2-01-0",
                                  "٠-0-0", "2-1-1 ", "../0-0-0"])  # fmt: skip
def test_what_is_no_tile_is_refused(text: str):
    assert parse_tile(text) is None


def test_the_name_of_a_tile_leads_back_to_it():
    assert parse_tile(str(Tile(6, 63, 10))) == Tile(6, 63, 10)
