"""Every word that a picture may have to say is drawn by a font that has it, and fits where it stands."""

import unicodedata

import pytest
from babel import Locale

from mapsvc.maps.lettering import ELLIPSIS, REPLACEMENT, Lettering, fitted, has_glyph, printable, typefaces
from mapsvc.settings import shipped

NAMES = "서울 東京 上海 臺北 香港 成都 수원 창원 さいたま ヨコハマ 広島 São Paulo Wrocław İstanbul Đà Nẵng Ōtautahi Qɪʟ Αθήνα Київ"


@pytest.mark.parametrize("language", ["en", "es", "fr", "pt", "ko", "ja", "zh"])
def test_every_character_of_country_names_is_in_a_font(language):
    paths = typefaces(language, bold=True)
    words = " ".join([*Locale.parse(language).territories.values(), NAMES])
    assert not [one for one in set(words) if not has_glyph(paths, one)]


def test_every_character_of_the_bundled_members_and_themes_is_in_a_font():
    files = ("members.csv", "themes.csv", "network.toml")
    texts = [(shipped("geodata") / name).read_text(encoding="utf-8") for name in files]
    characters = {one for one in "".join(texts) if one.isprintable()}
    assert len(characters) > 90
    assert not [one for one in characters if not has_glyph(typefaces("en", bold=False), one)]


@pytest.mark.parametrize(
    ("language", "first"), [("ko", "NotoSansKR"), ("ja", "NotoSansJP"), ("zh-Hans", "NotoSansSC")]
)
def test_ones_own_script_is_drawn_in_ones_own_forms(language, first):
    assert first in typefaces(language, bold=False)[1]


def test_no_outline_is_that_of_a_missing_character():
    letters = Lettering(20)
    # What no font has would be an empty box: none of ours can be drawn the same.
    missing = letters.outline("\ue000", 0, 0)[0].tolist()
    assert missing
    for one in sorted(set(NAMES.replace(" ", ""))):
        assert letters.outline(one, 0, 0)[0].tolist() != missing, unicodedata.name(one)


def test_what_no_font_has_is_one_mark_that_says_so():
    assert printable("नमस्ते") == REPLACEMENT
    assert printable("a नमस्ते b") == f"a {REPLACEMENT} b"
    assert has_glyph(typefaces("en", bold=True), REPLACEMENT)


def test_control_and_direction_marks_leave_nothing_behind():
    assert printable("a\u202eb\u2066c\n\td") == "abc d"
    assert printable("a\x00b") == f"a{REPLACEMENT}b"


def test_text_that_looks_like_a_formula_is_text():
    # Mathtext would drop the dollars, and fail at the unclosed brace.
    for text in ("$x$", r"$\frac{1}{2}$", r"$\frac{", "100 %", "a_b^c", "{{7*7}}"):
        assert printable(text) == text
        vertices, _ = Lettering(20).outline(text, 0, 0)
        assert vertices[:, 0].max() > 0.7 * Lettering(20).width(text)


@pytest.mark.parametrize(
    "text", ["word " * 100, "x" * 500, "東京" * 150, "서울 " * 100, "مدينة الاختبار " * 40]
)
def test_a_long_text_is_wrapped_and_never_wider_than_its_box(text):
    letters, lines = fitted(text, 400, 2, 38, 20, language="en", bold=True)
    assert len(lines) == 2
    assert lines[-1].endswith(ELLIPSIS)
    assert all(letters.outline(line, 0, 0)[0][:, 0].max() <= 404 for line in lines)


def test_a_text_that_nearly_fits_is_made_smaller_not_cut():
    short, _ = fitted("Members", 400, 1, 38, 20, language="en")
    assert short.size == 38
    letters, lines = fitted("Members of the Network of Squares", 400, 1, 38, 18, language="en")
    assert lines == ["Members of the Network of Squares"]
    assert 18 <= letters.size < 38


def test_chinese_and_japanese_break_anywhere_but_not_before_a_comma():
    letters = Lettering(20)
    lines = letters.lines("東京、" * 10, letters.width("東京、東京"), 20)
    assert len(lines) > 1
    assert not any(line.startswith("、") for line in lines)
    assert "".join(lines) == "東京、" * 10
