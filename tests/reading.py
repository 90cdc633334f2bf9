"""Files read back by the readers that people have, as the same plain records: id, attributes, and the place as text."""

import csv
import io
import json
import tempfile
import zipfile
from collections.abc import Callable, Iterable
from typing import Any

import openpyxl
import pandas as pd
import pyogrio
import shapely
from arro3.io import read_parquet

from mapsvc.analysis.cells import rearm

Record = dict[str, Any]
# What GDAL's reader of KML adds to every feature.
_OF_KML = {
    "description", "timestamp", "begin", "end", "altitudeMode", "tessellate", "extrude", "visibility", "drawOrder", "icon",
}  # fmt: skip


def plain(records: Iterable[Record]) -> dict[str, Record]:
    """Return records by id, with what is missing left out, and numbers as numbers."""
    return {
        str(one.pop("id")): {name: value for name, value in one.items() if _is_known(value)}
        for one in records
    }


def _is_known(value: object) -> bool:
    return value is not None and value != "" and value == value  # noqa: PLR0124 – NaN is not itself


def _place(shape: shapely.Geometry | None) -> str | None:
    if shape is None or shape.is_empty:
        return None
    multi = shapely.MultiPolygon([shape]) if shape.geom_type == "Polygon" else shape
    return shapely.to_wkt(shapely.force_2d(multi), rounding_precision=7)


def read_geojson(content: bytes) -> dict[str, Record]:
    """Read GeoJSON as RFC 7946 has it; lists and objects become the cells of flat formats."""
    records = []
    for feature in json.loads(content)["features"]:
        record: Record = {"id": feature["id"]}
        for name, value in feature["properties"].items():
            if isinstance(value, list):
                record[name] = ";".join(value) or ";"
            elif isinstance(value, dict):
                record |= {f"{name}_{key}": inner for key, inner in value.items()}
            else:
                record[name] = value
        shape = feature["geometry"]
        records.append(record | {"place": _place(shapely.geometry.shape(shape)) if shape else None})
    return plain(records)


def read_gdal(content: bytes) -> dict[str, Record]:
    """Read what GDAL reads."""
    with tempfile.NamedTemporaryFile(suffix=".gpkg" if content.startswith(b"SQLite") else "") as file:
        file.write(content)
        file.flush()
        frame = pyogrio.read_dataframe(file.name).rename(columns={"Name": "name"})
    facts = frame.drop(columns=["geometry", *(_OF_KML & set(frame.columns))])
    facts = facts.astype(object).where(facts.notna(), None)
    places = [_place(one) for one in frame.geometry]
    return plain(one | {"place": place} for one, place in zip(facts.to_dict("records"), places, strict=True))


def read_geoparquet(content: bytes) -> dict[str, Record]:
    """Read GeoParquet through Arrow."""
    table = read_parquet(io.BytesIO(content)).read_all()
    columns = {name: [one.as_py() for one in table[name]] for name in table.column_names}
    shapes = shapely.from_wkb(columns.pop("geometry"))
    rows = zip(*columns.values(), strict=True)
    return plain(
        dict(zip(columns, row, strict=True)) | {"place": _place(one)}
        for row, one in zip(rows, shapes, strict=True)
    )


def read_csv(content: bytes) -> dict[str, Record]:
    """Read CSV as text cells, the marks against formulas taken off."""
    rows = csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    return plain(_with_place({name: rearm(text) for name, text in row.items()}) for row in rows)


def read_xlsx(content: bytes) -> dict[str, Record]:
    """Read the first sheet of a workbook."""
    rows = (
        openpyxl.load_workbook(io.BytesIO(content), read_only=True).worksheets[0].iter_rows(values_only=True)
    )
    head = list(next(rows))
    records = (dict(zip(head, row, strict=True)) for row in rows)
    return plain(
        _with_place({name: rearm(one) if isinstance(one, str) else one for name, one in record.items()})
        for record in records
    )


def _with_place(record: Record) -> Record:
    if "longitude" not in record:
        return record
    x, y = record.pop("longitude"), record.pop("latitude")
    return record | {"place": _place(shapely.Point(float(x), float(y))) if _is_known(x) else None}


def read_zip(content: bytes) -> dict[str, Record]:
    """Read the GeoJSON of a package."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        name = next(one for one in package.namelist() if one.endswith(".geojson"))
        return read_geojson(package.read(name))


READERS: dict[str, Callable[[bytes], dict[str, Record]]] = {
    "geojson": read_geojson,
    "csv": read_csv,
    "xlsx": read_xlsx,
    "gpkg": read_gdal,
    "fgb": read_gdal,
    "kml": read_gdal,
    "parquet": read_geoparquet,
    "zip": read_zip,
}


def as_frame(records: dict[str, Record]) -> pd.DataFrame:
    """Return records as a frame of texts, in which a number is the same however a format writes it."""
    return pd.DataFrame.from_dict(records, orient="index").map(_as_text).sort_index().sort_index(axis=1)


def _as_text(value: object) -> str:
    if not _is_known(value):
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    try:
        return f"{float(str(value)):.9g}"
    except ValueError:
        return str(value)
