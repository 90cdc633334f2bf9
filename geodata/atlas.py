"""Reads Natural Earth as world-atlas packs it: rings stitched over 180°, clockwise, quantised, some without a code.

The result is a coverage: valid polygons, cut at 180°, each with its country, borders shared vertex by vertex.
"""

from pathlib import Path

import antimeridian
import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import pycountry
import pyogrio
import shapely
from shapely import LinearRing, MultiPolygon, Point, Polygon, box
from shapely.affinity import translate
from shapely.geometry.base import BaseGeometry

from geodata.country_rules import FEATURES, TRANSFERS

DECIMALS = 6  # 0.1 m: far below the quantisation (0.0036°), and the same number on both sides of a border
Polygons = npt.NDArray[np.object_]


def read_atlas(package: Path, scale: str) -> gpd.GeoDataFrame:
    """Return the polygons of world-atlas at `scale` ("50m" or "10m"): country, geometry; a valid coverage."""
    raw = pyogrio.read_dataframe(package / f"countries-{scale}.json", layer="countries").set_crs(4326)
    raw = raw.assign(
        country=[_country(code, name) for code, name in zip(raw["id"], raw["name"], strict=True)]
    )
    rows = [
        (country, part)
        for country, shape in zip(raw["country"], raw.geometry, strict=True)
        if country
        for polygon in shapely.get_parts(shape)
        for piece in cut(polygon)
        for part in polygons_of(shapely.transform(piece, lambda xy: np.round(xy, DECIMALS)))
    ]
    parts = np.array([part for _, part in rows], dtype=object)
    # Quantisation let a few borders overlap by some metres.
    parts = cleaned(parts)
    frame = gpd.GeoDataFrame({"country": [country for country, _ in rows]}, geometry=parts, crs=4326)
    return _transferred(frame[~frame.is_empty].reset_index(drop=True))


def _country(code: object, name: str) -> str:
    """Return the alpha-2 code of a feature; "" where our rule is to leave it out."""
    entry = pycountry.countries.get(numeric=code) if isinstance(code, str) and code else None
    if entry:
        return str(entry.alpha_2)
    if name not in FEATURES:
        raise SystemExit(
            f"world-atlas has a feature without ISO code that country_rules.py does not know: {name!r}"
        )
    return FEATURES[name].country


def _transferred(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Give the land of TRANSFERS to its countries."""
    for transfer in TRANSFERS:
        here = (frame["country"] == transfer.given_to) & frame.contains(Point(transfer.point))
        if here.sum() != 1:
            raise SystemExit(
                f"{transfer.name}: expected one polygon of {transfer.given_to}, found {here.sum()}"
            )
        shape = frame.geometry[here].iloc[0]
        south = box(-180, -90, 180, round(transfer.south_of, DECIMALS))
        pieces = [(transfer.country, part) for part in polygons_of(shape.intersection(south))]
        pieces += [(transfer.given_to, part) for part in polygons_of(shape.difference(south))]
        given = gpd.GeoDataFrame(pieces, columns=["country", "geometry"], geometry="geometry", crs=4326)
        frame = pd.concat([frame[~here], given], ignore_index=True)
    # A cut makes vertices that the neighbours lack.
    return frame.set_geometry(cleaned(frame.geometry.to_numpy()), crs=4326)


def polygons_of(shape: BaseGeometry) -> list[Polygon]:
    """Return the polygons of `shape` made valid, without what has collapsed."""
    valid = shapely.make_valid(shape, method="structure", keep_collapsed=False)
    parts = shapely.get_parts(shapely.get_parts(valid))
    return [part for part in parts if isinstance(part, Polygon) and part.area > 0]


def cleaned(shapes: Polygons, merge: str = "longest_border") -> Polygons:
    """Return polygons as a coverage: no overlaps, and the same vertices on both sides of a border.

    `merge` says who gets an overlap. No vertex is moved.
    """
    # New in shapely 2.2, and not yet in its stubs.
    clean: Polygons = shapely.coverage_clean(shapes, snapping_distance=0, merge_strategy=merge)  # type: ignore[attr-defined]
    return clean


def cut(polygon: Polygon) -> list[Polygon]:
    """Cut at 180° a polygon whose rings jump from one edge of the map to the other.

    A ring that goes round the pole (Antarctica) is the `antimeridian` package's work. The others are unwrapped
    to longitudes that run on beyond 180°, made valid there and divided: several have spikes of no width along
    180°, of which `antimeridian` makes invalid polygons.
    """
    rings = [polygon.exterior, *polygon.interiors]
    if not any(_jumps(ring) for ring in rings):
        return polygons_of(polygon)
    unwrapped = [_unwrapped(ring) for ring in rings]
    if any(abs(ring[-1, 0] - ring[0, 0]) > 180 for ring in unwrapped):
        # Exteriors run clockwise in world-atlas, as d3 wants them; the package reads the side from that.
        return polygons_of(antimeridian.fix_polygon(polygon.reverse(), fix_winding=False, great_circle=False))
    whole = MultiPolygon(polygons_of(Polygon(unwrapped[0], unwrapped[1:])))
    pieces = []
    for turn in (-360, 0, 360):
        piece = whole.intersection(box(turn - 180, -90, turn + 180, 90))
        pieces += polygons_of(translate(piece, -turn))
    return pieces


def _jumps(ring: LinearRing) -> bool:
    return bool((np.abs(np.diff(shapely.get_coordinates(ring)[:, 0])) > 180).any())


def _unwrapped(ring: LinearRing) -> npt.NDArray[np.float64]:
    xy = shapely.get_coordinates(ring)
    return np.column_stack([np.unwrap(xy[:, 0], period=360), xy[:, 1]])


def dissolved(frame: gpd.GeoDataFrame) -> gpd.GeoSeries:
    """Return one MultiPolygon per country, sorted by code; the frame must be a coverage."""
    shapes = {
        str(country): MultiPolygon(list(shapely.get_parts(shapely.coverage_union_all(part.to_numpy()))))
        for country, part in frame.geometry.groupby(frame["country"])
    }
    return gpd.GeoSeries(shapes, crs=4326).rename_axis("country").sort_index()
