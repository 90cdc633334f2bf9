"""A picture has everything in its place, in every size; PNG and SVG are one scene, and equal views give equal bytes."""

import re
from dataclasses import replace
from io import BytesIO
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from PIL import Image

from mapsvc.analysis.queries import MapQuery
from mapsvc.maps import palette as colours
from mapsvc.maps.layout import lay_out
from mapsvc.maps.palette import palette
from mapsvc.maps.picture import draw_png, draw_svg, scene_of
from mapsvc.maps.projection import Projections, aim_at
from mapsvc.maps.scene import HATCH, Dots, Shape
from mapsvc.maps.view import PRESETS, LegendRow, Size, View, Words
from tests import world

SVG = "{http://www.w3.org/2000/svg}"
LEGEND = (
    LegendRow("0", "1"),
    LegendRow("1", "2–3"),
    LegendRow("not-in-theme", "Members, none known in this theme"),
    LegendRow("unknown", "Themes not recorded"),
    LegendRow("none", "No member"),
)
WORDS = Words(
    language="en",
    heading="Water",
    above="Members of the Network of Squares",
    numbers="4 members in 2 countries",
    legend_title="Members per country",
    legend=LEGEND,
    member="Member",
    notes=("As of January 2, 2026", "Squares imply no opinion.", "Source: Counted by hand."),
)
LOOKS = {"AA": "1", "BB": "0", "CC": "unknown", "DD": "not-in-theme", "EE": "none"}
POINTS = np.array([(0.25, 0.25), (0.5, 0.5), (1.5, 0.5)])
SIZES = [*PRESETS.values(), Size(320, 320), Size(2400, 320), Size(320, 2400), Size(800, 600)]


def view_of_squares(**changes) -> View:
    """Six squares around the middle of the map, as large as the picture."""
    land = world.countries()
    view = View(
        land, "squares", LOOKS, POINTS, aim_at(land, land.index, POINTS, whole=True), "#0b7a75", WORDS
    )
    return replace(view, **changes)


def pixels(view: View, size: Size = PRESETS["og"]) -> np.ndarray:
    return np.asarray(Image.open(BytesIO(draw_png(view, size, Projections()))))


def shade(colour: str) -> list[int]:
    return [int(colour[start : start + 2], 16) for start in (1, 3, 5)]


def at(view: View, image: np.ndarray, lon: float, lat: float) -> list[int]:
    """The colour of the picture at a place, found through the dot of a member put there."""
    dots = scene_of(replace(view, points=np.array([(lon, lat)])), PRESETS["og"], Projections()).inside[-1]
    assert isinstance(dots, Dots)
    ((x, y),) = dots.centres.round().astype(int)
    return image[y, x].tolist()


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size.width}x{size.height}")
def test_a_picture_has_the_size_that_was_asked_for(size):
    image = Image.open(BytesIO(draw_png(view_of_squares(), size, Projections())))
    assert image.size == (size.width * size.scale, size.height * size.scale)
    assert image.mode == "RGB"


def test_each_state_has_a_look_of_its_own_and_the_hatching_is_drawn():
    view = view_of_squares(points=np.empty((0, 2)))
    image = pixels(view)
    pale, dark = palette("#0b7a75").classes(2)
    assert at(view, image, 0.6, 0.4) == shade(dark)
    assert at(view, image, 1.5, 0.5) == shade(pale)
    assert at(view, image, 3.5, 0.5) == shade(colours.LAND_OTHER)
    assert at(view, image, 4.5, 0.5) == shade(colours.LAND_ZERO)
    assert at(view, image, 5.5, 0.5) == shade(colours.LAND)
    row = [tuple(at(view, image, 2 + step / 40, 0.5)) for step in range(4, 36)]
    assert tuple(shade(colours.LAND_ZERO)) in row
    assert len(set(row)) > 2


def test_a_member_is_a_dot_at_its_place():
    assert at(view_of_squares(), pixels(view_of_squares()), 1.5, 0.5) == shade(colours.PIN)


def test_a_country_too_small_to_be_seen_is_marked_in_its_look():
    land = world.countries()
    land.geometry = land.geometry.where(land.index != "BB", land.geometry.scale(0.001, 0.001))
    scene = scene_of(view_of_squares(countries=land, points=np.empty((0, 2))), PRESETS["og"], Projections())
    marks = [mark for mark in scene.inside if isinstance(mark, Dots)]
    assert [(len(mark.centres), mark.fill) for mark in marks] == [(1, palette("#0b7a75").classes(2)[0])]
    unseen = scene_of(
        view_of_squares(countries=land, looks={"AA": "1"}, points=np.empty((0, 2))),
        PRESETS["og"],
        Projections(),
    )
    assert not [mark for mark in unseen.inside if isinstance(mark, Dots)]


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size.width}x{size.height}")
@pytest.mark.parametrize(
    "heading", ["Water", "x" * 500, "Urban nature-based solutions · " * 20, "東京" * 120]
)
def test_words_stay_on_the_picture_and_off_the_map_and_each_other(size, heading):
    words = replace(WORDS, heading=heading)
    layout = lay_out(words, size, palette("#0b7a75"), 2.0, is_world=True)
    left, top, right, bottom = layout.frame
    assert right - left > 0.25 * size.width
    assert bottom - top > 0.1 * size.height
    boxes = []
    for mark in layout.marks:
        if not isinstance(mark, Shape):
            continue
        (west, north), (east, south) = mark.vertices.min(axis=0), mark.vertices.max(axis=0)
        assert west >= 0
        assert north >= 0
        assert east <= size.width
        assert south <= size.height
        assert east <= left or west >= right or south <= top or north >= bottom
        boxes.append((west, north, east, south))
    for place, (west, north, east, south) in enumerate(boxes):
        for other in boxes[place + 1 :]:
            apart = east <= other[0] or other[2] <= west or south <= other[1] + 2 or other[3] <= north + 2
            assert apart


def test_the_disclaimer_is_not_cut_on_the_smallest_picture():
    words = replace(
        WORDS, notes=("As of November 23, 2026", "Boundaries imply no opinion on any territory. " * 4)
    )
    cut = lay_out(words, Size(320, 320), palette("#0b7a75"), 2.0, is_world=True)
    whole = lay_out(
        replace(words, notes=(*words.notes, "more")), Size(320, 320), palette("#0b7a75"), 2.0, is_world=True
    )
    letters = [
        sum(len(mark.vertices) for mark in one.marks if isinstance(mark, Shape)) for one in (cut, whole)
    ]
    assert letters[1] > letters[0]


def test_equal_views_give_equal_bytes_and_a_member_more_does_not():
    for draw in (draw_png, draw_svg):
        one = draw(view_of_squares(), PRESETS["og"], Projections())
        assert draw(view_of_squares(), PRESETS["og"], Projections()) == one
        assert draw(view_of_squares(points=POINTS[:2]), PRESETS["og"], Projections()) != one
    assert b"Software" not in draw_png(view_of_squares(), PRESETS["og"], Projections())


def test_the_svg_is_one_scene_with_the_png():
    view = view_of_squares()
    root = ET.fromstring(draw_svg(view, PRESETS["og"], Projections()))
    assert root.get("viewBox") == "0 0 12000 6300"
    fills = {one.get("fill") for one in root.iter()}
    assert set(palette("#0b7a75").classes(2)) <= fills
    assert f"url(#{HATCH})" in fills
    scene = scene_of(view, PRESETS["og"], Projections())
    dots = scene.inside[-1]
    drawn = [(int(one.get("cx")), int(one.get("cy"))) for one in root.iter(f"{SVG}circle")]
    assert [(round(x * 10), round(y * 10)) for x, y in dots.centres] == drawn[:3]


def test_the_svg_says_what_it_shows_and_holds_nothing_that_acts():
    text = draw_svg(view_of_squares(), PRESETS["og"], Projections()).decode()
    root = ET.fromstring(text)
    assert root.get("role") == "img"
    assert root.find(f"{SVG}title").text == "Water · Members of the Network of Squares"
    said = root.find(f"{SVG}desc").text
    for word in (WORDS.numbers, "2–3", "Themes not recorded", *WORDS.notes):
        assert word in said
    assert not re.search(r"<(?!/?(svg|title|desc|defs|clipPath|pattern|path|circle|g)\b)", text)
    assert not re.search(r"style=|href|\son|http(?!://www.w3.org/2000/svg)", text)


@pytest.mark.parametrize(
    "hostile", ["</svg><script>alert(1)</script>", "]]>", "a\x00\x1b\ufffeb", "&lt;", "$\\frac{1}{2}$"]
)
def test_what_is_said_is_text_in_the_svg(hostile):
    words = replace(WORDS, heading=hostile, notes=(hostile,))
    root = ET.fromstring(draw_svg(view_of_squares(words=words), PRESETS["og"], Projections()))
    said = "".join(one if one.isprintable() else "\ufffd" for one in hostile)
    assert root.find(f"{SVG}title").text.startswith(said)
    assert not list(root.iter(f"{SVG}script"))


def test_the_world_of_the_bundled_network_is_a_small_svg(bundled_client):
    assert len(bundled_client.get("/map.svg").data) < 300_000
    assert MapQuery().canonical() == ""
