"""Small worlds: every country is there once, islands too, and each theme is coloured as its own map."""

import re

import pytest

from mapsvc.analysis.membership import country_states
from mapsvc.analysis.queries import MapQuery
from mapsvc.analysis.theme_grid import theme_states
from mapsvc.maps.miniatures import WIDTH, height, miniature_paths


def test_every_country_but_the_one_of_ice_has_a_path_that_can_be_seen(bundled):
    paths = miniature_paths(bundled.countries)
    assert set(bundled.countries.index) - set(paths) == {"AQ"}
    assert all(re.fullmatch(r"(M[-\d. hvlaz]+z)+", path) for path in paths.values())
    # The Maldives are a dot, and a dot is round.
    assert "a1.2 1.2" in paths["MV"]


def test_a_country_lies_where_it_is(bundled):
    x, y = map(int, re.match(r"M(\d+) (\d+)", miniature_paths(bundled.countries)["NZ"]).groups())
    assert WIDTH * 0.8 < x < WIDTH
    assert height() * 0.7 < y < height()


@pytest.mark.parametrize("query", [MapQuery(), MapQuery(region=("west",)), MapQuery(type=("city",))])
def test_one_pass_gives_what_each_theme_alone_gives(squares, query: MapQuery):
    grid = theme_states(squares, query)
    assert list(grid) == ["air", "water", "mobility"]
    for theme, states in grid.items():
        alone = country_states(
            squares.members, query.only("theme", theme), squares.network, squares.countries.index
        )
        assert states.equals(alone), theme


def test_a_group_leaves_its_themes_alone(squares):
    assert list(theme_states(squares, MapQuery(theme=("nature",)))) == ["air", "water"]
