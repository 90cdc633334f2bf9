"""mapsvc as a library: the same numbers as the service, and a map that a notebook can show without asking anybody."""

import html
import re

import pytest

from mapsvc.errors import BadData, BadQuery, NoInput
from mapsvc.library import Dataset
from tests import world
from tests.reading import READERS


@pytest.fixture(scope="module")
def squares_library() -> Dataset:
    """The six squares with urban centres."""
    return Dataset(world.dataset(urban=world.URBAN))


def test_filters_narrow_each_other_and_replace_themselves(squares_library: Dataset):
    assert list(squares_library.members.index) == ["a1", "a2", "a3", "b1", "c1", "f1"]
    water = squares_library.filter(theme="water")
    assert list(water.filter(type="town").members.index) == ["a2"]
    assert list(water.filter(theme=("air", "mobility")).members.index) == ["a1", "b1"]
    assert len(squares_library) == 6
    assert len(squares_library.filter(q="nobody")) == 0


@pytest.mark.parametrize("asked", [{"theme": "wind"}, {"themes": "water"}, {"asof": "soon"}])
def test_what_is_not_understood_is_said(squares_library: Dataset, asked: dict[str, str]):
    with pytest.raises(BadQuery):
        squares_library.filter(**asked)


def test_frames_are_those_of_the_files(squares_library: Dataset):
    view = squares_library.filter(theme="water")
    assert set(READERS["geojson"](view.to_bytes("geojson"))) == set(view.members.index)
    assert list(view.countries["n_members"]) == [2, 0, 0, 0, 0, 0]
    assert list(view.countries["n_by_theme_water"]) == [2, 0, 0, 0, 0, 0]


def test_coverage_and_gaps_are_those_of_the_files(squares_library: Dataset):
    coverage = squares_library.coverage()
    # Alpha of 1.0 million of the 1.5 million of AA; b1 is a county and covers the only centre of BB.
    assert coverage.loc["AA", "people_share"] == pytest.approx(2 / 3)
    assert squares_library.find_gaps(region="east").index[0] == "EE"
    assert set(squares_library.find_gaps("water", by="-people-share").index) == set(world.CODES)
    with pytest.raises(BadQuery):
        squares_library.find_gaps(by="beauty")
    with pytest.raises(BadData):
        Dataset(world.dataset()).coverage()


def test_the_map_of_a_notebook_is_one_document_that_asks_nobody(squares_library: Dataset):
    hostile = Dataset(world.dataset({"a1": '"><script>alert(1)</script>'}))
    shown = hostile.map(height=300)._repr_html_()
    frame = re.fullmatch(
        r'<iframe srcdoc="([^"<>]*)" sandbox="([^"]*)" title="Map" width="100%" height="300" [^<>]*></iframe>',
        shown,
    )
    assert frame, shown[:200]
    assert "allow-same-origin" not in frame[2]
    document = html.unescape(frame[1])
    assert document == hostile.map().html
    assert "<script>alert" not in document
    assert re.findall(r'<(?:link|script|img)[^>]*(?:href|src)="(?!data:|#)[^"]*"', document) == []


def test_a_file_is_written_in_the_format_of_its_ending(squares_library: Dataset, tmp_path):
    path = tmp_path / "view.fgb"
    squares_library.filter(country="AA").save(path)
    assert set(READERS["fgb"](path.read_bytes())) == {"a1", "a2", "a3"}
    with pytest.raises(NoInput):
        squares_library.save(tmp_path / "view.shp")
    with pytest.raises(BadQuery):
        squares_library.save(tmp_path / "view.csv", crs="EPSG:3857")
