"""A network's own description is read, and what is wrong in it is named."""

import os
from pathlib import Path

import pytest

from mapsvc.errors import BadConfiguration, BadData, NoInput
from mapsvc.settings import shipped
from mapsvc.sources.network import read_network, read_themes

M49 = {
    "KE": ("eastern-africa", "Eastern Africa"),
    "UG": ("eastern-africa", "Eastern Africa"),
    "FR": ("western-europe", "Western Europe"),
}
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
    assert [(one.id, one.countries) for one in regions] == [
        ("eastern-africa", ("KE", "UG")),
        ("western-europe", ("FR",)),
    ]


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
        (
            '[[regions]]\nid="a"\ntitle="A"\ncountries=["KE"]\n[[regions]]\nid="b"\ntitle="B"\ncountries=["KE"]',
            "KE",
        ),
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
    "row",
    [
        "nature,Nature,water,Again",
        "nature,Nature,all,All",
        "nature,Nature,Big Id,Title",
        "nature,Nature,empty,",
    ],
)
def test_a_theme_that_cannot_be_told_apart_is_refused_with_its_row(folder: Path, row: str):
    with (folder / "themes.csv").open("a", encoding="utf-8") as stream:
        stream.write(row + "\n")
    with pytest.raises(BadData) as caught:
        read_themes(folder / "themes.csv")
    assert caught.value.row == 5


def described(folder: Path, *lines: str, instead: str = "") -> Path:
    """Write a description with some lines more, of which one may stand for that of a key."""
    kept = [line for line in TOML.splitlines() if not (instead and line.startswith(f"{instead} ="))]
    (folder / "network.toml").write_text("\n".join([*kept, *lines]), encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("line", "word"),
    [
        ("regions = 5", "regions"),
        ("regions = 0", "regions"),
        ('regions = ["KE"]', "regions"),
        ('country_names = "x"', "country_names"),
        ("country_names = {KE = 5}", "country_names"),
        ('country_names = {Kenya = "Kenya"}', "'Kenya' is not a country code"),
        ('regions = [{id = "a", title = "A", countries = 5}]', "must be a list"),
        ('regions = [{id = "a", title = "A", countries = "KE"}]', "must be a list"),
        ('regions = [{id = "a", title = "A", countries = [["KE"]]}]', "two capital letters"),
        ('regions = [{id = "a", title = "A", countries = ["ke"]}]', "perhaps KE"),
        ('regions = [{id = "a", title = "A", countries = ["KE", "KE"]}]', "KE is in a and in a"),
        ('regions = [{id = "a", title = "", countries = ["KE"]}]', "empty"),
        ('regions = [{id = "a", title = "A\\u0000", countries = ["KE"]}]', r"U\+0000"),
        ('regions = [{id = ["a"], title = "A", countries = ["KE"]}]', "must be a text"),
        ('regions = [{id = "a", titel = "A", title = "A", countries = []}]', "titel"),
        (
            'regions = [{id = "a", title = "A", countries = ["KE"]}, {id = "a", title = "B", countries = ["UG"]}]',
            "'a' stands twice",
        ),
        ("n = " + "1" * 5_000, "TOML"),
        ("n = " + "[" * 2_000, "nested too deeply"),
        ('tagline = "\\u001b[31m"', r"U\+001B"),
        (f'short_name = "{"x" * 501}"', "501 characters"),
        ('default_language = "pt_BR"', "default_language"),
        ('default_language = ""', "default_language"),
    ],
)
def test_a_value_of_the_wrong_kind_is_refused_with_its_key(folder: Path, line: str, word: str):
    with pytest.raises(BadConfiguration, match=word) as caught:
        read_network(described(folder, line), M49)
    assert caught.value.file == "network.toml"


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("title", '""'), ("title", '"  "'), ("title", '"\\u200b"'), ("title", '"a\\u0007"'), ("contact", '""'),
        ("contact", '"mailto:"'), ("contact", '"https://"'), ("name", "true"), ("compiled", '"2026-13-45"'),
        ("compiled", '"yesterday"'), ("compiled", "2026-01-02T10:00:00"), ("compiled", "true"),
        ("compiled", '["2026"]'), ("compiled", '""'), ("compiled", "20260102"),
    ],
)  # fmt: skip
def test_what_is_needed_must_say_something(folder: Path, key: str, value: str):
    with pytest.raises(BadConfiguration) as caught:
        read_network(described(folder, f"{key} = {value}", instead=key), M49)
    assert caught.value.column == key


@pytest.mark.parametrize("value", ['"2026"', "2026", '"2026-01"', '"2026-01-02"'])
def test_when_it_was_compiled_may_be_a_year_a_month_or_a_day(folder: Path, value: str):
    network = read_network(described(folder, f"compiled = {value}", instead="compiled"), M49)
    assert network.compiled == value.strip('"')


def test_a_code_that_no_boundary_has_is_allowed_if_it_is_one(folder: Path):
    line = 'regions = [{id = "a", title = "A", countries = ["QZ"]}]'
    assert read_network(described(folder, line), M49).region_of_country == {"QZ": "a"}


def test_a_byte_order_mark_and_a_note_on_several_lines_are_no_fault(folder: Path):
    text = TOML + 'source_note = """Public\n  pages"""\n'
    (folder / "network.toml").write_bytes(text.encode("utf-8-sig"))
    assert read_network(folder, M49).source_note == "Public pages"


@pytest.mark.parametrize("name", ["network.toml", "themes.csv"])
def test_a_pipe_or_a_folder_is_named_and_not_waited_for(folder: Path, name: str):
    (folder / name).unlink()
    os.mkfifo(folder / name)
    with pytest.raises(NoInput, match="a pipe"):
        read_network(folder, M49)
    (folder / name).unlink()
    (folder / name).mkdir()
    with pytest.raises(NoInput, match="a folder"):
        read_network(folder, M49)


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (THEMES + 'nature,Nature,soil,"Soil\n', "quotation mark"),
        (THEMES.replace("group_title", "group"), "two columns"),
        (THEMES + "nature,Nature,soil," + "x" * 131_073 + "\n", "131,072"),
        (THEMES + "nature,Nature,soil," + "x" * 501 + "\n", "500"),
        (THEMES + "nature,Nature,soil,So\x07il\n", "cannot be shown"),
        (THEMES + "nature,Nature,soil,So\0il\n", "NUL"),
        (THEMES + "nature,Nature\n", "2 cells under 4"),
        (THEMES + "nature,Nature,soil,\u200b\n", "are needed"),
    ],
)
def test_themes_that_cannot_be_read_for_certain_are_refused(folder: Path, content: str, word: str):
    (folder / "themes.csv").write_text(content, encoding="utf-8")
    with pytest.raises(BadData, match=word) as caught:
        read_themes(folder / "themes.csv")
    assert "themes.csv" in caught.value.file


def test_the_bundled_network_says_that_it_is_partial_and_has_21_themes_in_four_groups():
    network = read_network(shipped("geodata"), M49)
    assert network.completeness == "partial"
    assert network.completeness_note
    assert len(network.themes) == 21
    assert len(network.groups) == 4
