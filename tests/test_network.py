"""A network's own description is read, and what is wrong in it is named."""

from pathlib import Path

import pytest

from mapsvc.errors import BadConfiguration, BadData, NoInput
from mapsvc.settings import shipped
from mapsvc.sources.network import read_network, read_themes

M49 = {"KE": ("eastern-africa", "Eastern Africa"), "UG": ("eastern-africa", "Eastern Africa"), "FR": ("western-europe", "Western Europe")}
TOML = """
id = "toy"
name = "Toy network"
title = "Toy members"
licence = "CC0"
contact = "mailto:toy@example.org"
completeness = "complete"
compiled = 2026-01-02
"""
THEMES = "group,group_title,id,title\nnature,Nature,water,Water\nnature,Nature,air,Air\ncity,City,mobility,Mobility\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the least that a network needs."""
    (tmp_path / "network.toml").write_text(TOML, encoding="utf-8")
    (tmp_path / "themes.csv").write_text(THEMES, encoding="utf-8")
    return tmp_path


def test_the_least_is_enough_and_the_rest_has_defaults(folder: Path):
    network = read_network(folder, M49)
    assert network.name == network.short_name == "Toy network"
    assert network.compiled == "2026-01-02"
    assert network.theme_ids == ("water", "air", "mobility")
    assert [group.title for group in network.groups] == ["Nature", "City"]


def test_without_regions_of_its_own_a_network_has_those_of_m49(folder: Path):
    regions = read_network(folder, M49).regions
    assert [(one.id, one.countries) for one in regions] == [("eastern-africa", ("KE", "UG")), ("western-europe", ("FR",))]


def test_its_own_regions_come_first(folder: Path):
    with (folder / "network.toml").open("a", encoding="utf-8") as stream:
        stream.write('[[regions]]\nid = "all"\ntitle = "All"\ncountries = ["KE", "FR"]\n')
    assert [one.countries for one in read_network(folder, M49).regions] == [("KE", "FR")]


@pytest.mark.parametrize(
    ("line", "word"),
    [
        ('nmae = "x"', "nmae"),
        ('accent = "red"', "accent"),
        ('homepage = "javascript:alert(1)"', "homepage"),
        ("tagline = 3", "tagline"),
        ("not toml", "TOML"),
        ('[[regions]]\nid = "a"\ntitle = "A"', "region"),
        ('[[regions]]\nid="a"\ntitle="A"\ncountries=["KE"]\n[[regions]]\nid="b"\ntitle="B"\ncountries=["KE"]', "KE"),
    ],
)
def test_a_wrong_line_is_named(folder: Path, line: str, word: str):
    with (folder / "network.toml").open("a", encoding="utf-8") as stream:
        stream.write(line + "\n")
    with pytest.raises(BadConfiguration, match=word) as caught:
        read_network(folder, M49)
    assert caught.value.file == "network.toml"


@pytest.mark.parametrize("key", ["id", "name", "title", "licence", "contact", "completeness", "compiled"])
def test_what_is_needed_is_needed(folder: Path, key: str):
    lines = [line for line in TOML.splitlines() if not line.startswith(f"{key} =")]
    (folder / "network.toml").write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(BadConfiguration, match=key):
        read_network(folder, M49)


def test_a_missing_file_is_no_input(tmp_path: Path):
    with pytest.raises(NoInput):
        read_network(tmp_path, M49)


@pytest.mark.parametrize(
    "row", ["nature,Nature,water,Again", "nature,Nature,all,All", "nature,Nature,Big Id,Title", "nature,Nature,empty,"]
)
def test_a_theme_that_cannot_be_told_apart_is_refused_with_its_row(folder: Path, row: str):
    with (folder / "themes.csv").open("a", encoding="utf-8") as stream:
        stream.write(row + "\n")
    with pytest.raises(BadData) as caught:
        read_themes(folder / "themes.csv")
    assert caught.value.row == 5


def test_the_bundled_network_says_that_it_is_partial_and_has_21_themes_in_four_groups():
    network = read_network(shipped("geodata"), M49)
    assert network.completeness == "partial"
    assert network.completeness_note
    assert len(network.themes) == 21
    assert len(network.groups) == 4
