"""A network speaks more languages by a file for each; what is wrong in one is named by file and key."""

from pathlib import Path

import pytest

from mapsvc.errors import BadConfiguration, NoInput
from mapsvc.settings import shipped
from mapsvc.sources.network import read_network
from tests.test_network import THEMES, TOML

REGIONS = '[[regions]]\nid = "north"\ntitle = "North"\ncountries = ["FR"]\n[[regions]]\nid = "south"\ntitle = "South"\ncountries = ["KE"]\n'
GERMAN = """
title = "Mitglieder"
tagline = '''Städte
  und Gemeinden'''
[themes]
water = "Wasser"
[theme_groups]
nature = "Natur"
[regions]
north = "Norden"
[country_names]
TR = "Türkiye"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the least that a network needs, and regions."""
    (tmp_path / "network.toml").write_text(
        TOML + '[country_names]\nTR = "Turkey"\n' + REGIONS, encoding="utf-8"
    )
    (tmp_path / "themes.csv").write_text(THEMES, encoding="utf-8")
    (tmp_path / "languages").mkdir()
    return tmp_path


def test_a_language_is_added_by_adding_its_file(folder: Path):
    assert read_network(folder, {}).languages == {}
    (folder / "languages" / "de.toml").write_text(GERMAN, encoding="utf-8")
    german = read_network(folder, {}).in_language("de")
    assert german.title == "Mitglieder"
    assert german.tagline == "Städte und Gemeinden"
    assert [group.title for group in german.groups] == ["Natur", "City"]
    assert [theme.title for theme in german.themes] == ["Wasser", "Air", "Mobility"]
    assert [region.title for region in german.regions] == ["Norden", "South"]
    assert german.country_names == {"TR": "Türkiye"}


def test_what_it_does_not_say_stays_as_in_its_own_language_but_for_names_of_countries(folder: Path):
    network = read_network(folder, {})
    french = network.in_language("fr")
    assert french.title == network.title
    assert french.themes == network.themes
    assert network.country_names == {"TR": "Turkey"}
    assert french.country_names == {}  # the CLDR's are better than those of another language
    assert network.in_language("en") is network


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("titel = 'x'", "unknown key 'titel'"),
        ("title = 3", "'title' must be a text"),
        ('title = "a\\u0007"', "U\\+0007"),
        (f"title = '{'x' * 501}'", "501 characters"),
        (f"tagline = '{'x' * 2001}'", "2,001 characters"),
        ("themes = 'x'", "'themes' must be a table"),
        ("[themes]\nwatr = 'x'", "no 'watr' among the themes"),
        ("[themes]\nnature = 'x'", "no 'nature' among the themes"),
        ("[theme_groups]\nwater = 'x'", "no 'water' among the theme groups"),
        ("[regions]\nwest = 'x'", "no 'west' among the regions"),
        ("[country_names]\nTurkey = 'x'", "no 'Turkey' among the country names"),
        ("[themes]\nwater = ''", "'themes.water' is empty"),
        ("[themes]\nwater = ['x']", "'themes.water' must be a text"),
        ("not toml", "is not TOML"),
    ],
)
def test_what_is_wrong_is_named_by_its_file(folder: Path, text: str, said: str):
    (folder / "languages" / "de.toml").write_text(text, encoding="utf-8")
    with pytest.raises(BadConfiguration, match=said) as caught:
        read_network(folder, {})
    assert caught.value.file == "languages/de.toml"


@pytest.mark.parametrize("name", ["german.toml", "de_AT.toml", "xx.toml", "en.toml"])
def test_a_file_must_be_called_after_another_language(folder: Path, name: str):
    (folder / "languages" / name).write_text("title = 'x'", encoding="utf-8")
    with pytest.raises(BadConfiguration) as caught:
        read_network(folder, {})
    assert caught.value.file == f"languages/{name}"


def test_too_many_or_too_large_files_are_refused(folder: Path):
    (folder / "languages" / "de.toml").write_bytes(b"#" * 1_000_001)
    with pytest.raises(BadConfiguration, match="1,000,000"):
        read_network(folder, {})
    for number in range(101):
        (folder / "languages" / f"de-x{number}.toml").touch()
    with pytest.raises(BadConfiguration, match="more than 100"):
        read_network(folder, {})


def test_other_things_in_the_place_of_the_folder_or_a_file_are_named(folder: Path):
    (folder / "languages" / "de.toml").mkdir()
    with pytest.raises(NoInput, match="a folder"):
        read_network(folder, {})
    (folder / "languages" / "de.toml").rmdir()
    (folder / "languages").rmdir()
    (folder / "languages").touch()
    with pytest.raises(NoInput):
        read_network(folder, {})


@pytest.mark.parametrize("tag", ["es", "fr", "ja", "ko", "pt", "zh"])
def test_the_bundled_network_says_everything_in_every_language(tag: str):
    network = read_network(shipped("geodata"), {})
    said = network.languages[tag]
    assert set(said.themes) == set(network.theme_ids)
    assert set(said.theme_groups) == {group.id for group in network.groups}
    assert set(said.regions) == {region.id for region in network.regions}
    assert set(said.country_names) == set(network.country_names)
    assert all(
        [
            said.name,
            said.title,
            said.tagline,
            said.completeness_note,
            said.source_note,
            said.boundary_disclaimer,
        ]
    )
