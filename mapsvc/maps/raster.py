"""A scene as PNG, by matplotlib's Agg alone: no pyplot, no figure, nothing that outlives its request."""

from io import BytesIO

import numpy as np
from matplotlib.backend_bases import GraphicsContextBase
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.colors import to_rgb
from matplotlib.path import Path
from matplotlib.transforms import Affine2D, Bbox, TransformedPath
from PIL import Image

from mapsvc.maps.scene import HATCH, LINE, MOVE, Coordinates, Dots, Mark, Scene, Shape, rectangle

# A point is a pixel, so that the widths of lines are what the scene says.
_DPI = 72
_HATCH_STEP, _HATCH_WIDTH = 6.0, 1.2
_COMPRESSION = 6
_INCH = 0.0254


def png(scene: Scene, scale: float = 1.0) -> bytes:
    """Return the scene as PNG, `scale` pixels for each of its own; equal scenes give equal bytes."""
    pixels = RendererAgg(round(scene.width * scale), round(scene.height * scale), _DPI)
    brush = _Brush(pixels, scene, scale)
    brush.draw(Shape(*rectangle(0, 0, scene.width, scene.height), fill=scene.background))
    for mark in scene.inside:
        brush.draw(mark, inside=True)
    for mark in scene.over:
        brush.draw(mark)
    buffer = BytesIO()
    # What is drawn covers everything: no transparency to keep.
    Image.fromarray(np.ascontiguousarray(np.asarray(pixels.buffer_rgba())[:, :, :3])).save(
        buffer, "PNG", compress_level=_COMPRESSION, dpi=(96 * scale, 96 * scale)
    )
    return buffer.getvalue()


class _Brush:
    """Draws marks with Agg."""

    def __init__(self, pixels: RendererAgg, scene: Scene, scale: float) -> None:
        self._pixels = pixels
        self._scene = scene
        self._scale = scale
        # Agg's y runs up.
        self._place = Affine2D().scale(scale, -scale).translate(0, pixels.height)
        left, top, right, bottom = scene.frame
        self._frame = Bbox(self._place.transform([(left, bottom), (right, top)]))

    def draw(self, mark: Mark, *, inside: bool = False) -> None:
        """Draw a mark; what is inside is cut off at the frame of the map."""
        style = self._style(mark.stroke, mark.width, mark.opacity if isinstance(mark, Shape) else 1.0)
        if inside:
            style.set_clip_rectangle(self._frame)
        if isinstance(mark, Dots):
            self._dots(mark, style)
        elif len(mark.vertices):
            self._shape(mark, style)

    def _shape(self, mark: Shape, style: GraphicsContextBase) -> None:
        path = Path(mark.vertices, mark.codes)
        if mark.fill == HATCH:
            ground, line = self._scene.hatch
            self._pixels.draw_path(self._style("", 0, 1, like=style), path, self._place, to_rgb(ground))
            self._hatch(mark, line, style)
            self._pixels.draw_path(style, path, self._place, None)
            return
        face = to_rgb(mark.fill) if mark.fill else None
        if mark.opacity < 1 and face is not None:
            # The opacity is the stroke's alone.
            self._pixels.draw_path(self._style("", 0, 1, like=style), path, self._place, face)
            face = None
        self._pixels.draw_path(style, path, self._place, face)

    def _dots(self, mark: Dots, style: GraphicsContextBase) -> None:
        circle = Path.circle((0, 0), mark.radius * self._scale)
        centres = Path(mark.centres)
        face = to_rgb(mark.fill)
        self._pixels.draw_markers(style, circle, Affine2D(), centres, self._place, face)

    def _hatch(self, mark: Shape, colour: str, like: GraphicsContextBase) -> None:
        """Draw slanting lines over the box of a path, cut off at its edge."""
        (left, top), (right, bottom) = mark.vertices.min(axis=0), mark.vertices.max(axis=0)
        frame = self._scene.frame
        if like.get_clip_rectangle() is not None:
            left, top = max(left, frame[0]), max(top, frame[1])
            right, bottom = min(right, frame[2]), min(bottom, frame[3])
        if left >= right or top >= bottom:
            return
        style = self._style(colour, _HATCH_WIDTH, 1, like=like)
        style.set_clip_path(TransformedPath(Path(mark.vertices, mark.codes), self._place))
        vertices = slanted(left, top, right, bottom)
        codes = np.tile(np.array([MOVE, LINE], dtype=np.uint8), len(vertices) // 2)
        self._pixels.draw_path(style, Path(vertices, codes), self._place, None)

    def _style(
        self, stroke: str, width: float, opacity: float, like: GraphicsContextBase | None = None
    ) -> GraphicsContextBase:
        style = self._pixels.new_gc()
        style.set_linewidth(width * self._scale if stroke else 0.0)
        if stroke:
            style.set_foreground((*to_rgb(stroke), 1.0), isRGBA=True)
        style.set_alpha(opacity)
        style.set_joinstyle("round")
        style.set_antialiased(True)
        style.set_snap(False)
        if like is not None:
            style.set_clip_rectangle(like.get_clip_rectangle())
        return style


def slanted(left: float, top: float, right: float, bottom: float) -> Coordinates:
    """Return the ends of lines at 45° that cover a box; they start at the same places for every box."""
    step = _HATCH_STEP * 2**0.5
    first, last = np.floor((left - bottom) / step), np.ceil((right - top) / step)
    offsets = np.arange(first, last + 1) * step
    starts = np.column_stack([offsets + top, np.full_like(offsets, top)])
    ends = np.column_stack([offsets + bottom, np.full_like(offsets, bottom)])
    return np.stack([starts, ends], axis=1).reshape(-1, 2)
