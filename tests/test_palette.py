"""The pictures have the colours of the page: what the style sheets say, and what `maps/palette.py` computes."""

import re
from pathlib import Path

import pytest

from mapsvc.maps import palette as colours
from mapsvc.maps.palette import RAMP, SPREAD, palette

CSS = Path(__file__).resolve().parent.parent / "mapsvc/static/css"
SITE = (CSS / "site.css").read_text(encoding="utf-8")
LIGHT, COMPUTED = SITE.split(":root {")[1].split("}")[0], SITE.split("@supports")[1].split("@media")[0]


def said(sheet: str, name: str) -> str:
    return re.search(rf"--{name}: ([^;]+);", sheet)[1]


@pytest.mark.parametrize(
    ("name", "colour"),
    [
        ("paper", colours.PAPER),
        ("paper-raised", colours.PAPER_RAISED),
        ("ink", colours.INK),
        ("ink-soft", colours.INK_SOFT),
        ("sea", colours.SEA),
        ("sea-line", colours.SEA_LINE),
        ("land", colours.LAND),
        ("land-zero", colours.LAND_ZERO),
        ("land-other", colours.LAND_OTHER),
        ("hatch", colours.HATCH),
        ("pin", colours.PIN),
        ("pin-ink", colours.PIN_INK),
    ],
)
def test_a_colour_of_the_light_theme_is_the_pictures_too(name, colour):
    assert said(LIGHT, name) == colour


def test_borders_are_as_light_as_on_the_page():
    red, green, blue = (int(colours.BORDER[start : start + 2], 16) for start in (1, 3, 5))
    assert said(LIGHT, "border") == f"rgb({red} {green} {blue} / {colours.BORDER_OPACITY:.0%})"


def test_the_ramp_is_computed_from_the_same_numbers():
    stated = re.findall(
        r"--c(\d): oklch\(from var\(--accent, #\w+\) ([\d.]+) min\(c, ([\d.]+)\) h\)", COMPUTED
    )
    assert [(int(place), float(level), float(most)) for place, level, most in stated] == [
        (place, *one) for place, one in enumerate(RAMP)
    ]
    assert f"min(l, {colours.ACCENT_INK_LIGHTNESS})" in said(COMPUTED, "accent-ink")


def test_fewer_classes_spread_over_the_ramp_as_on_the_page():
    sheet = (CSS / "map.css").read_text(encoding="utf-8")
    for n_classes in range(1, 7):
        rule = re.search(rf"\.k-{n_classes} {{([^}}]+)}}", sheet)[1]
        assert tuple(int(one) for one in re.findall(r"var\(--c(\d)\)", rule)) == SPREAD[n_classes]


def test_the_classes_get_darker_for_any_accent():
    for accent in ("#0b7a75", "#c8102e", "#ffd100", "#005eb8", "#777777"):
        sums = [sum(int(one[at : at + 2], 16) for at in (1, 3, 5)) for one in palette(accent).ramp]
        assert sums == sorted(sums, reverse=True)
