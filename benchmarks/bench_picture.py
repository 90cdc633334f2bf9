"""/map.png at 1200 × 630, never asked for before and from memory, beside a bare matplotlib figure with the same polygons.

The bare figure is what one writes first: a Figure of that size, the countries as one PathCollection, saved as PNG. Its
polygons are given to it projected, it has no text, no legend, no points and no hatching. Ours is asked for through the
application, and projects the countries when the first picture of a snapshot is drawn: that one is shown apart.
"""

import statistics
from functools import partial
from io import BytesIO

import numpy as np
import shapely
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import PathCollection
from matplotlib.figure import Figure
from matplotlib.path import Path

from benchmarks.timing import seconds
from mapsvc.maps import picture
from mapsvc.maps.projection import WORLD, project
from mapsvc.settings import Settings, shipped
from mapsvc.sources.store import Store, load_dataset
from mapsvc.web.app import create_app

BOUND, ROUNDS = 1.5, 9
INCHES, DPI = (12.0, 6.3), 100


def bare(shapes: list[shapely.Geometry]) -> bytes:
    """Draw polygons as plainly as matplotlib can, and save them as PNG."""
    figure = Figure(figsize=INCHES, dpi=DPI)
    FigureCanvasAgg(figure)
    axes = figure.add_axes((0, 0, 1, 1))
    paths = [
        Path.make_compound_path(
            *(
                Path(np.asarray(ring.coords), closed=True)
                for part in shapely.get_parts(shape)
                for ring in (part.exterior, *part.interiors)
            )
        )
        for shape in shapes
    ]
    axes.add_collection(PathCollection(paths, facecolor="#8fccc5", edgecolor="#17212b", linewidth=0.5))
    axes.set_aspect("equal")
    axes.autoscale_view()
    buffer = BytesIO()
    figure.savefig(buffer, format="png")
    return buffer.getvalue()


def main() -> None:
    """Print the ratios."""
    dataset = load_dataset(shipped("geodata"))
    shapes = list(project(dataset.countries, WORLD).shapes.values())
    bare(shapes)  # what is loaded once, by both
    client = create_app(Settings(), Store(dataset)).test_client()
    themes = [f"/map.png?theme={theme}" for theme in dataset.network.theme_ids]
    first, beside = seconds(lambda: client.get("/map.png")), seconds(lambda: bare(shapes))
    pairs = [(seconds(partial(client.get, path)), seconds(partial(bare, shapes))) for path in themes[:ROUNDS]]
    again = statistics.median(seconds(lambda: client.get(themes[0])) for _ in range(100))
    ours, plain = (statistics.median(column) for column in zip(*pairs, strict=True))
    ratio = statistics.median(mine / other for mine, other in pairs)
    print(
        f"  drawn by {picture.__name__}; the polygons have {shapely.get_num_coordinates(shapes).sum()} corners"
    )
    print(
        f"  the first picture of a snapshot, fonts and projecting included: {first * 1000:.0f} ms, {first / beside:.2f} of it"
    )
    print(f"  from memory {again * 1000:.2f} ms, {again / plain:.4f} of it")
    print(
        f"a new picture {ours * 1000:.0f} ms, a bare figure {plain * 1000:.0f} ms: {ratio:.2f} (bound {BOUND})"
    )


if __name__ == "__main__":
    main()
