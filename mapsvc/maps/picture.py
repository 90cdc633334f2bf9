"""The same view as a picture: title, map, legend, date, source and disclaimer, in any size, as PNG or SVG."""

import numpy as np

from mapsvc.maps import palette as colours
from mapsvc.maps.layout import Layout, lay_out
from mapsvc.maps.palette import Palette, palette
from mapsvc.maps.projection import Projected, Projections, points_in, window
from mapsvc.maps.raster import png
from mapsvc.maps.scene import HATCH, Coordinates, Dots, Mark, Scene, Shape, lines, polygons, rectangle
from mapsvc.maps.vector import svg
from mapsvc.maps.view import Size, View

# A country whose square would be smaller than this is marked with a dot of its look.
TINY_PX = 4.5


def draw_png(view: View, size: Size, projections: Projections) -> bytes:
    """Return a picture of a view as PNG.

    Parameters
    ----------
    projections : Projections
        Remembers what was projected for other pictures of the same snapshot.
    """
    return png(scene_of(view, size, projections), size.scale)


def draw_svg(view: View, size: Size, projections: Projections) -> bytes:
    """Return a picture of a view as SVG, see `draw_png`."""
    return svg(scene_of(view, size, projections))


def scene_of(view: View, size: Size, projections: Projections) -> Scene:
    """Put everything in its place."""
    shades = palette(view.accent)
    world = projections.of(view.fingerprint, view.countries, view.aim)
    west, south, east, north = window(view.aim, world)
    layout = lay_out(view.words, size, shades, (east - west) / (north - south), is_world=view.aim.is_world)
    place = _Place(layout, (west, south, east, north))
    inside = (*_ground(view, world, place, layout), *_countries(view, world, place, layout, shades))
    return Scene(
        size.width,
        size.height,
        colours.PAPER,
        layout.frame,
        (*inside, *_members(view, place, layout)),
        layout.marks,
        (colours.LAND_ZERO, colours.HATCH),
        view.words.title,
        view.words.description,
        view.words.language,
    )


class _Place:
    """Metres of the projection to pixels: the window as large as the frame allows, in its middle."""

    def __init__(self, layout: Layout, box: tuple[float, float, float, float]) -> None:
        left, top, right, bottom = layout.frame
        west, south, east, north = box
        self.scale = min((right - left) / (east - west), (bottom - top) / (north - south))
        self.left = (left + right) / 2 - (west + east) / 2 * self.scale
        self.top = (top + bottom) / 2 + (south + north) / 2 * self.scale

    def xy(self, metres: Coordinates) -> Coordinates:
        """Return metres as pixels."""
        return metres * [self.scale, -self.scale] + [self.left, self.top]

    @property
    def three(self) -> tuple[float, float, float]:
        """The numbers that `scene.polygons` wants."""
        return self.scale, self.left, self.top


def _ground(view: View, world: Projected, place: _Place, layout: Layout) -> list[Mark]:
    if view.aim.is_world:
        sea = Shape(*polygons(world.outline, *place.three), fill=colours.SEA)
    else:
        sea = Shape(*rectangle(*layout.frame), fill=colours.SEA)
    net = lines(world.graticule, *place.three)
    return [sea, Shape(*net, stroke=colours.SEA_LINE, width=0.8 * layout.unit)]


def _countries(view: View, world: Projected, place: _Place, layout: Layout, shades: Palette) -> list[Mark]:
    n_classes = sum(row.key.isdecimal() for row in view.words.legend)
    fills = {str(number): colour for number, colour in enumerate(shades.classes(n_classes))}
    fills |= {"none": colours.LAND_ZERO, "not-in-theme": colours.LAND_OTHER, "unknown": HATCH}
    said = dict(view.words.country_labels)
    border = max(0.4, 0.6 * layout.unit)
    # Those of one look together: less to write in an SVG.
    codes = sorted(world.shapes, key=lambda code: (view.looks.get(code, ""), code))
    shapes: list[Mark] = []
    small: dict[str, list[Coordinates]] = {}
    for code in codes:
        look = view.looks.get(code, "")
        outline = _cut(polygons(world.shapes[code], *place.three), layout)
        if len(outline[0]):
            shapes.append(
                Shape(
                    *outline,
                    fill=fills.get(look, colours.LAND),
                    stroke=colours.BORDER,
                    width=border,
                    opacity=colours.BORDER_OPACITY,
                    title=said.get(code, ""),
                )
            )
        if look and world.areas_m2[code] ** 0.5 * place.scale < TINY_PX * layout.unit:
            small.setdefault(look, []).append(place.xy(np.array([world.anchors[code]])))
    dots = [
        Dots(
            np.concatenate(found),
            2.4 * layout.unit,
            colours.HATCH if fills[look] == HATCH else fills[look],
            colours.INK_SOFT,
            0.7 * layout.unit,
        )
        for look, found in small.items()
    ]
    return [*shapes, *dots]


def _cut(outline: tuple[Coordinates, np.ndarray], layout: Layout) -> tuple[Coordinates, np.ndarray]:
    """Leave out an outline of which nothing is in the frame."""
    left, top, right, bottom = layout.frame
    xy = outline[0]
    if len(xy):
        (west, north), (east, south) = xy.min(axis=0), xy.max(axis=0)
        if east < left or west > right or south < top or north > bottom:
            return np.empty((0, 2)), np.empty(0, dtype=np.uint8)
    return outline


def _members(view: View, place: _Place, layout: Layout) -> list[Mark]:
    if not len(view.points):
        return []
    centres = place.xy(points_in(view.aim, view.points))
    return [Dots(centres, layout.dot, colours.PIN, colours.PIN_INK, 0.8 * layout.unit)]
