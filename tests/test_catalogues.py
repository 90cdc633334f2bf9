"""The check of the translations finds what it is there to find: each fault is planted once."""

import re
from pathlib import Path

import pytest

import catalogues

CODES = ("es", "fr", "ja", "ko", "pt", "zh")


def path_of(code: str) -> Path:
    return catalogues.TRANSLATIONS / code / "LC_MESSAGES" / "messages.po"


@pytest.fixture(scope="module")
def wanted():
    """What the sources hold."""
    return catalogues.extract()


def found(folder: Path, wanted, pattern: str, instead: str, code: str = "fr") -> str:
    """Plant a fault in a copy and return what the check says."""
    text, times = re.subn(pattern, instead, path_of(code).read_text(encoding="utf-8"), count=1)
    assert times == 1
    copy = folder / code / "LC_MESSAGES" / "messages.po"
    copy.parent.mkdir(parents=True)
    copy.write_text(text, encoding="utf-8")
    return "\n".join(catalogues.findings(catalogues.read(copy), wanted, catalogues.plurals_of(code)))


@pytest.mark.parametrize("code", CODES)
def test_every_text_is_translated(wanted, code: str):
    assert len(wanted) > 100
    assert (
        list(catalogues.findings(catalogues.read(path_of(code)), wanted, catalogues.plurals_of(code))) == []
    )


@pytest.mark.parametrize(
    ("pattern", "instead", "said"),
    [
        (r'msgid "Zoom in"\nmsgstr ".*"\n', "", "lacks 'Zoom in'"),
        (r'msgid "Zoom in"\nmsgstr ".*"', 'msgid "Zoom in"\nmsgstr ""', "leaves 'Zoom in' empty"),
        (r'msgid "Zoom in"', '#, fuzzy\nmsgid "Zoom in"', "not sure of 'Zoom in'"),
        (r'msgid "Zoom in"', 'msgid "Zoom inn"', "not used: 'Zoom inn'"),
        (r"\Z", '\n#~ msgid "Gone"\n#~ msgstr "Parti"\n', "obsolete text: 'Gone'"),
        (r'"%\(num\)s membres"', '"%(n)s membres"', "other placeholders in '%(num)s member'"),
        (r'"%n membres"', '"membres"', "other placeholders in '%n member'"),
        (r'"(%n membre.*) %p"', r'"\1"', "other placeholders in '%n member in %p'"),
        (r"nplurals=2; plural=\(n > 1\)", "nplurals=1; plural=0", "plural forms"),
        (r'msgstr\[1\] "%\(num\)s membres"\n', "", "forms of '%(num)s member'|leaves '%(num)s member' empty"),
    ],
)  # fmt: skip
def test_a_fault_is_found_and_named(tmp_path: Path, wanted, pattern: str, instead: str, said: str):
    text = found(tmp_path, wanted, pattern, instead)
    assert any(one in text for one in said.split("|")), text


def test_an_update_adds_what_is_new_empty_takes_out_what_is_gone_and_keeps_the_rest(tmp_path: Path, wanted):
    folder = tmp_path / "ko" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    text = path_of("ko").read_text(encoding="utf-8")
    folder.joinpath("messages.po").write_text(
        text.replace('msgid "Zoom in"', 'msgid "Gone"'), encoding="utf-8"
    )
    catalogues.update(folder / "messages.po", wanted)
    updated = catalogues.read(folder / "messages.po")
    assert not updated.get("Zoom in").string
    assert updated.get("Gone") is None
    assert updated.get("Zoom out").string == "축소"
    assert (
        (folder / "messages.po").read_text(encoding="utf-8").startswith("# Screen texts of mapsvc in Korean")
    )


def test_an_update_without_news_changes_nothing(tmp_path: Path, wanted):
    folder = tmp_path / "fr" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    before = path_of("fr").read_bytes()
    (folder / "messages.po").write_bytes(before)
    catalogues.update(folder / "messages.po", wanted)
    assert (folder / "messages.po").read_bytes() == before


def test_french_has_its_spaces_and_no_language_has_the_wrong_ones():
    for message in catalogues.read(path_of("fr")):
        forms = message.string if isinstance(message.string, tuple) else (message.string,)
        if message.id:
            assert not any(re.search(r"(?<!\u202f)[;:!?»]|«(?!\u202f)|[\"']", one) for one in forms), forms
    for code in ("ja", "zh"):
        for message in catalogues.read(path_of(code)):
            if message.id and isinstance(message.string, str):
                assert not re.search(r"[\u3040-\u9fff][,.;:!?]", message.string), message.string
