"""Simplifies a coverage so that shared borders stay shared, finer around small countries than around large ones."""

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely
from shapely import MultiPolygon, box

from geodata.atlas import Polygons, cleaned, polygons_of

WORLD = box(-180, -90, 180, 90)

# To draw: a country up to so many square degrees is simplified with this tolerance in degrees (about the square
# root of the area of the corners that are cut off). Chosen by eye within the budget of bytes.
DRAWN = ((2.0, 0.05), (100.0, 0.13), (500.0, 0.18), (np.inf, 0.27))
DRAWN_POLAR, DRAWN_ANTARCTICA = 0.5, 0.9
# For point in country: of the order of the quantisation, and coarse where no local government is.
DETAILED, DETAILED_POLAR, DETAILED_ANTARCTICA = 0.005, 0.05, 0.3
POLAR_LATITUDE = 66.0

# An island smaller than this (square degrees) is not drawn, except the largest of each country.
SMALLEST, SMALLEST_POLAR, SMALLEST_OF_SMALL = 0.02, 0.25, 0.0015
LARGEST_KEPT, LARGEST_KEPT_OF_SMALL = 1, 6
SMALL_COUNTRY = 2.0


def drawn(countries: gpd.GeoSeries) -> gpd.GeoSeries:
    """Return `countries` at the level to draw: two decimals, a valid coverage, no country lost."""
    parts = _without_islets(countries)
    area = shapely.area(countries.to_numpy())
    by_country = {
        country: next(tolerance for limit, tolerance in DRAWN if size < limit)
        for country, size in zip(countries.index, area, strict=True)
    }
    tolerances = _tolerances(parts, by_country, DRAWN_POLAR, DRAWN_ANTARCTICA)
    shapes = gpd.GeoSeries(simplified(parts.to_numpy(), tolerances), parts.index, crs=4326)
    whole = shapes.groupby(level=0).agg(lambda group: MultiPolygon(list(group)))
    return gpd.GeoSeries(snapped(whole.to_numpy(), 2), whole.index, crs=4326)


def detailed(countries: gpd.GeoSeries) -> gpd.GeoSeries:
    """Return the polygons of `countries`, one a row, simplified no more than point in country allows."""
    parts = countries.explode()
    tolerances = _tolerances(
        parts, dict.fromkeys(countries.index, DETAILED), DETAILED_POLAR, DETAILED_ANTARCTICA
    )
    return gpd.GeoSeries(simplified(parts.to_numpy(), tolerances), parts.index, crs=4326)


def _without_islets(countries: gpd.GeoSeries) -> gpd.GeoSeries:
    """Return the polygons that are large enough to draw, one a row, the largest of each country first."""
    kept = []
    for country, shape in countries.items():
        small = shape.area < SMALL_COUNTRY
        n_kept = LARGEST_KEPT_OF_SMALL if small else LARGEST_KEPT
        for rank, part in enumerate(sorted(shapely.get_parts(shape), key=lambda one: -one.area)):
            limit = SMALLEST_OF_SMALL if small else SMALLEST
            if abs(part.centroid.y) > POLAR_LATITUDE:
                limit = SMALLEST_POLAR
            if rank < n_kept or part.area >= limit:
                kept.append((country, part))
    return gpd.GeoSeries([part for _, part in kept], [country for country, _ in kept], crs=4326)


def _tolerances(
    parts: gpd.GeoSeries, by_country: dict[str, float], polar: float, antarctica: float
) -> npt.NDArray[np.float64]:
    """Return the tolerance of each polygon."""
    base = np.array([by_country[country] for country in parts.index])
    latitude = np.abs(shapely.get_y(shapely.centroid(parts.to_numpy())))
    base = np.where(latitude > POLAR_LATITUDE, np.maximum(base, polar), base)
    return np.where(parts.index == "AQ", antarctica, base)


def simplified(parts: Polygons, tolerances: npt.NDArray[np.float64]) -> Polygons:
    """Simplify a coverage with a tolerance for each polygon; a shared border follows its finer side.

    `coverage_simplify` knows one tolerance for all. So: everything with the finest, then all but the finest
    polygons with the next, and so on, each time without the outer boundary, which is what lies against finished
    polygons. The sea takes part as one more polygon, so that coasts are not an outer boundary.
    """
    parts = parts.copy()
    sea = shapely.difference(WORLD, shapely.coverage_union_all(parts))
    for tolerance in np.unique(tolerances):
        rows = np.flatnonzero(tolerances >= tolerance)
        coverage = np.array([*parts[rows], sea], dtype=object)
        *parts[rows], sea = shapely.coverage_simplify(coverage, tolerance, simplify_boundary=False)
    return parts


def snapped(shapes: Polygons, decimals: int) -> Polygons:
    """Round the coordinates of a coverage so that it stays one.

    Rounding alone may make rings touch themselves and neighbours overlap; mending that makes new vertices off
    the grid. The two in turn come to rest after a few rounds.
    """
    for _ in range(20):
        shapes = shapely.transform(shapes, lambda xy: np.round(xy, decimals))
        if shapely.is_valid(shapes).all() and shapely.coverage_is_valid(shapes):
            return shapes
        mended = np.array([MultiPolygon(polygons_of(shape)) for shape in shapes], dtype=object)
        shapes = cleaned(mended)
    raise SystemExit(f"rounding to {decimals} decimals does not come to rest")
