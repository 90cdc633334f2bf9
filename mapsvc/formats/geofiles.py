"""A layer as a file for GIS: GeoPackage, FlatGeobuf, KML and GeoParquet. Written to memory, equal bytes for equal data."""

import io
import json
from collections.abc import Mapping
from typing import Any

import geopandas as gpd
import pandas as pd
import pyogrio
import pyproj
import shapely
from arro3.core import Array, DataType, Table
from arro3.io import write_parquet
from pandas.api.types import is_bool_dtype, is_float_dtype, is_integer_dtype

from mapsvc.formats.layers import Layer, cells, facts_of, is_of_points

# Longitude and latitude in this order, which is how every format here has them.
PLAIN = "OGC:CRS84"
_DECIMALS_METRES = 2
_SHORT = 2**31


def reprojected(frame: gpd.GeoDataFrame, crs: str) -> gpd.GeoDataFrame:
    """Return a frame in a coordinate reference system, such as ``EPSG:3857``; empty or `PLAIN` leaves it as it is.

    Where the system cannot hold a place (Mercator at a pole), that place is missing.
    """
    if crs in {"", PLAIN}:
        return frame
    moved = frame.to_crs(crs)
    whole = moved.geometry.map(_is_finite)
    digits = 10.0**-_DECIMALS_METRES if moved.crs.is_projected else 1e-7
    snapped = shapely.set_precision(moved.geometry.to_numpy(), digits, mode="pointwise")
    return moved.set_geometry(gpd.GeoSeries(snapped, index=moved.index, crs=moved.crs).where(whole, None))


def as_geopackage(layer: Layer, crs: str = "") -> bytes:
    """Return a layer as a GeoPackage, which holds what it says of itself as metadata."""
    return _by_gdal(
        layer,
        crs,
        "GPKG",
        {"IDENTIFIER": layer.description.title, "DESCRIPTION": layer.description.citation},
        layer_metadata=dict(layer.description.pairs()),
    )


def as_flatgeobuf(layer: Layer, crs: str = "") -> bytes:
    """Return a layer as FlatGeobuf; with a spatial index where every feature has a place, which is what the index asks for."""
    index = "YES" if layer.places.geometry.notna().all() and len(layer.places) else "NO"
    said = {"TITLE": layer.description.title, "DESCRIPTION": layer.description.citation}
    return _by_gdal(
        layer,
        crs,
        "FlatGeobuf",
        {**said, "SPATIAL_INDEX": index},
        layer_metadata=dict(layer.description.pairs()),
    )


def as_kml(layer: Layer) -> bytes:
    """Return a layer as KML, in which the name of a feature is what the globe shows."""
    said = {"NAME": layer.description.title, "DESCRIPTION": layer.description.citation}
    return _by_gdal(layer, "", "LIBKML", {}, dataset_options=said)


def _by_gdal(layer: Layer, crs: str, driver: str, layer_options: Mapping[str, str], **more: object) -> bytes:
    frame = reprojected(layer.places.reset_index(), crs)
    whole = {name: "Int64" for name in frame.columns if is_integer_dtype(frame[name].dtype)}
    if driver == "LIBKML":
        # It knows no longer numbers: they would be texts.
        whole = {name: "Int32" for name in whole if frame[name].abs().fillna(0).lt(_SHORT).all()}
    frame = frame.astype(whole)
    # Formats that carry the time of writing get that of the data.
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": layer.made.strftime("%Y-%m-%dT%H:%M:%S.000Z")})
    stream = io.BytesIO()
    pyogrio.write_dataframe(
        frame, stream, driver=driver, layer=layer.name, layer_options=dict(layer_options),
        geometry_type="Point" if is_of_points(frame) else "MultiPolygon", promote_to_multi=not is_of_points(frame), **more,
    )  # fmt: skip
    return stream.getvalue()


def as_geoparquet(layer: Layer, crs: str = "") -> bytes:
    """Return a layer as GeoParquet 1.1, geometry as WKB.

    Written by arro3 and not by pyarrow: pandas would import that at every start, and keep its texts in it.
    """
    frame = reprojected(layer.places, crs)
    facts = facts_of(frame)
    columns: dict[str, Any] = {
        str(name): Array(cells(facts[name]), _arrow_type(facts[name])) for name in facts.columns
    }
    shapes = frame.geometry.to_numpy()
    columns["geometry"] = Array(list(shapely.to_wkb(shapes)), DataType.binary())
    # One key alone: of several, arro3 does not keep the order, and equal data would not give equal bytes.
    about = {"geo": json.dumps(_geo(frame, crs) | {"description": dict(layer.description.pairs())})}
    stream = io.BytesIO()
    write_parquet(
        Table.from_pydict(columns),
        stream,
        key_value_metadata=about,
        compression="zstd(3)",
        skip_arrow_metadata=True,
    )
    return stream.getvalue()


def _geo(frame: gpd.GeoDataFrame, crs: str) -> dict[str, object]:
    """Return the ``geo`` metadata of GeoParquet; without ``crs`` it is longitude and latitude."""
    shapes = frame.geometry[frame.geometry.notna()]
    column: dict[str, Any] = {"encoding": "WKB", "geometry_types": sorted(set(shapes.geom_type))}
    if not is_of_points(frame):
        column["orientation"] = "counterclockwise"
    if len(shapes):
        column["bbox"] = [float(one) for one in shapes.total_bounds]
    if crs not in {"", PLAIN}:
        column["crs"] = pyproj.CRS.from_user_input(crs).to_json_dict()
    return {"version": "1.1.0", "primary_column": "geometry", "columns": {"geometry": column}}


def _arrow_type(column: pd.Series) -> DataType:
    dtype = column.dtype
    if is_bool_dtype(dtype):
        return DataType.bool()
    if is_integer_dtype(dtype):
        return DataType.int64()
    return DataType.float64() if is_float_dtype(dtype) else DataType.string()


def _is_finite(shape: shapely.Geometry | None) -> bool:
    return shape is not None and all(map(_is_number, shapely.bounds(shape)))


def _is_number(value: float) -> bool:
    return abs(value) < float("inf")
