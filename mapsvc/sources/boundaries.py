"""Country polygons on disk: one level to draw, one to find the country of a point, and what is part of what.

``countries.csv`` names the countries, ``countries.geojson`` draws them, ``countries_10m.fgb`` locates points,
``countries_part_of.csv`` says under which country an ISO entry without a polygon of its own is drawn.
A network may bring its own; otherwise those that came with mapsvc are used, and never half of each.
"""

import re
from collections.abc import Sequence
from pathlib import Path

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import pyogrio
import shapely
from pyogrio.errors import DataLayerError, DataSourceError
from shapely import MultiPolygon

from mapsvc.errors import BadData, NoInput
from mapsvc.sources.files import is_there
from mapsvc.sources.readers import read_table

TABLE, DRAWN, DETAILED, PARTS = (
    "countries.csv",
    "countries.geojson",
    "countries_10m.fgb",
    "countries_part_of.csv",
)
REQUIRED = ("country", "iso_a3", "name")
OPTIONAL = ("m49_subregion", "m49_title")
NUMBERS = {"population": "Int64", "label_longitude": "Float64", "label_latitude": "Float64"}
_FLATGEOBUF = b"fgb\x03"
Box = tuple[float, float, float, float]
_CODE = re.compile(r"[A-Z]{2}")
_POLYGONAL = (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON)


def read_countries(folder: Path, fallback: Path | None = None) -> gpd.GeoDataFrame:
    """Read the countries and their polygons at the level to draw.

    Parameters
    ----------
    folder : Path
        The network's folder.
    fallback : Path, optional
        The folder to read instead where `folder` has no ``countries.geojson``.

    Returns
    -------
    GeoDataFrame
        Index ``country`` (ISO 3166-1 alpha-2, sorted); iso_a3, name, m49_subregion, m49_title (str, the last two
        may be missing), population (Int64), label_longitude, label_latitude (Float64, degrees); MultiPolygon,
        valid, EPSG:4326, cut at 180°.

    Raises
    ------
    NoInput
        For a file that is not there.
    BadData
        For codes that are missing, malformed, given twice or in one file only; for geometries that are missing,
        not polygons, invalid, or outside of longitude and latitude.

    Examples
    --------
    >>> from mapsvc.settings import shipped
    >>> countries = read_countries(shipped("geodata"))
    >>> countries.loc["KE", ["iso_a3", "name", "m49_title"]].tolist()
    ['KEN', 'Kenya', 'Eastern Africa']
    """
    home = home_of(folder, fallback)
    table, shapes = _read_table(home / TABLE), _read_shapes(home / DRAWN)
    for missing, file, other in (
        (table.index.difference(shapes.index), DRAWN, TABLE),
        (shapes.index.difference(table.index), TABLE, DRAWN),
    ):
        if len(missing):
            raise BadData(f"{_listed(missing)} of {other} not found", file=file, column="country")
    countries: gpd.GeoDataFrame = gpd.GeoDataFrame(table, geometry=shapes, crs=4326).sort_index()
    return countries


def read_detailed(folder: Path, bbox: Box | None = None, fallback: Path | None = None) -> gpd.GeoDataFrame:
    """Read the polygons in which points are looked up.

    A folder with boundaries of its own but without a detailed level of them gives those to draw: other
    people's more detailed borders would contradict them.

    Parameters
    ----------
    folder, fallback : Path
        As in `read_countries`.
    bbox : tuple of float, optional
        West, south, east, north in degrees: only polygons that meet it.

    Returns
    -------
    GeoDataFrame
        country (str), one or more rows for each; Polygon or MultiPolygon, EPSG:4326. The geometries are not
        checked, which takes longer than everything else at start: `check_detailed` does.

    Raises
    ------
    NoInput, BadData
        As `read_countries`, for the file itself and its codes.

    Examples
    --------
    >>> from mapsvc.settings import shipped
    >>> parts = read_detailed(shipped("geodata"), bbox=(36.8, -1.4, 36.9, -1.2))  # Nairobi
    >>> parts["country"].tolist()
    ['KE']
    """
    home = home_of(folder, fallback)
    if not is_there(home / DETAILED):
        drawn = _read_shapes(home / DRAWN)
        frame = gpd.GeoDataFrame({"country": drawn.index.astype("str")}, geometry=drawn.to_numpy(), crs=4326)
        return (
            frame if bbox is None else frame.cx[bbox[0] : bbox[2], bbox[1] : bbox[3]].reset_index(drop=True)
        )
    frame = read_layer(home / DETAILED, bbox)
    if "country" not in frame.columns:
        raise BadData("there is no column country", file=DETAILED, column="country")
    codes = frame["country"].astype("str")
    _check_codes(codes, DETAILED)
    return gpd.GeoDataFrame({"country": codes}, geometry=frame.geometry)


def check_detailed(parts: gpd.GeoDataFrame) -> None:
    """Check the geometries that `read_detailed` gave: polygons, valid, within longitude and latitude.

    Raises
    ------
    BadData
        For the first kind of fault that is found; it names the countries.
    """
    check_shapes(parts.geometry, parts["country"], DETAILED)


def read_parts(folder: Path, fallback: Path | None = None) -> dict[str, str]:
    """Read which ISO entries are drawn as part of another country; none where there is no such file.

    Examples
    --------
    >>> from mapsvc.settings import shipped
    >>> read_parts(shipped("geodata"))["GF"]  # French Guiana
    'FR'
    """
    path = home_of(folder, fallback) / PARTS
    if not is_there(path):
        return {}
    table = _read_csv(path, ("country", "part_of"))
    for column in ("country", "part_of"):
        _check_codes(table[column], PARTS, column)
    _check_unique(table["country"], PARTS)
    return dict(zip(table["country"], table["part_of"], strict=True))


def home_of(folder: Path, fallback: Path | None) -> Path:
    """Return the folder whose boundaries count: that of a network with its own ``countries.geojson``, else `fallback`.

    Raises
    ------
    NoInput
        Where ``countries.geojson`` is something else than a file: it was meant to count.
    """
    return folder if fallback is None or is_there(folder / DRAWN) else fallback


def _read_table(path: Path) -> pd.DataFrame:
    """Read countries.csv, indexed by country."""
    table = _read_csv(path, REQUIRED)
    _check_codes(table["country"], path.name)
    _check_unique(table["country"], path.name)
    for column in ("iso_a3", "name"):
        if (empty := table[column].eq("")).any():
            raise BadData(f"{column} is empty", file=path.name, row=_line(empty, path.name), column=column)
    texts = {column: _texts(table, column) for column in (*REQUIRED[1:], *OPTIONAL)}
    numbers = {column: _numbers(table, column, path.name) for column in NUMBERS}
    return pd.DataFrame(texts | numbers).set_index(pd.Index(table["country"].astype("str"), name="country"))


def _texts(table: pd.DataFrame, column: str) -> pd.Series:
    """Return a column of texts, missing where it is empty or not there."""
    texts = table.get(column, pd.Series("", index=table.index)).astype("str")
    return texts.mask(texts.eq(""))


def _read_csv(path: Path, required: Sequence[str]) -> pd.DataFrame:
    """Read a table of texts, indexed by line. Nothing is taken for "not available": NA is Namibia."""
    raw = read_table(path)
    if raw.report.errors:
        first = raw.report.errors[0]
        raise BadData(first.message, file=path.name, row=first.row, column=first.column)
    for column in required:
        if column not in raw.frame.columns:
            raise BadData(f"there is no column {column}", file=path.name, row=1, column=column)
    return raw.frame


def _numbers(table: pd.DataFrame, column: str, file: str) -> pd.Series:
    """Return a column of numbers, missing where it is empty or not there."""
    texts = _texts(table, column)
    whole = NUMBERS[column] == "Int64"
    values = pd.to_numeric(texts, errors="coerce").astype("float64")
    wrong = texts.notna() & (values.mod(1).ne(0) if whole else values.isna())
    if wrong.any():
        kind = "whole number" if whole else "number"
        line = _line(wrong, file)
        raise BadData(f"{texts[wrong].iloc[0]!r} is not a {kind}", file=file, row=line, column=column)
    return values.astype(pd.Int64Dtype() if whole else pd.Float64Dtype())


def _read_shapes(path: Path) -> gpd.GeoSeries:
    """Read countries.geojson: MultiPolygons, indexed by the features' ids."""
    frame = read_layer(path)
    if "id" not in frame.columns:
        raise BadData("the features have no id", file=path.name, hint="use the ISO 3166-1 alpha-2 code as id")
    codes = frame["id"].astype("str")
    _check_codes(codes, path.name)
    _check_unique(codes, path.name)
    check_shapes(frame.geometry, codes, path.name)
    many = [shape if isinstance(shape, MultiPolygon) else MultiPolygon([shape]) for shape in frame.geometry]
    return gpd.GeoSeries(many, index=pd.Index(codes, name="country"), crs=4326)


def read_layer(path: Path, bbox: Box | None = None) -> gpd.GeoDataFrame:
    """Read the features of a GeoJSON or FlatGeobuf file, and of nothing else that might lie under its name."""
    if not path.is_file():
        raise NoInput("there is no such file", file=path.name)
    with path.open("rb") as stream:
        flat = stream.read(len(_FLATGEOBUF)) == _FLATGEOBUF
    try:
        frame = pyogrio.read_dataframe(path if flat else f"GeoJSON:{path}", bbox=bbox)
    except (DataSourceError, DataLayerError) as error:
        raise BadData("the file cannot be read as features", file=path.name) from error
    if not isinstance(frame, gpd.GeoDataFrame):
        raise BadData("the features have no geometry", file=path.name)
    if frame.crs is not None and not frame.crs.equals("EPSG:4326", ignore_axis_order=True):
        raise BadData(f"the coordinates are in {frame.crs.name}", file=path.name, hint="use EPSG:4326")
    return frame.set_crs(4326, allow_override=True)


def _check_codes(codes: "pd.Series[str]", file: str, column: str = "country") -> None:
    wrong = ~codes.str.fullmatch(_CODE).fillna(value=False).astype("bool")
    if wrong.any():
        text: object = codes[wrong].iloc[0]
        found = f"{text!r} is not a country code" if isinstance(text, str) and text else "a code is missing"
        row = _line(wrong, file)
        raise BadData(
            found, file=file, row=row, column=column, hint="use two capital letters as in ISO 3166-1"
        )


def _check_unique(codes: "pd.Series[str]", file: str) -> None:
    if (again := codes.duplicated()).any():
        raise BadData(
            f"{_listed(codes[again])} given twice", file=file, row=_line(again, file), column="country"
        )


def check_shapes(shapes: gpd.GeoSeries, codes: "pd.Series[str]", file: str) -> None:
    """Check that every geometry is a valid polygon on the globe."""
    values = shapes.to_numpy()
    x_min, y_min, x_max, y_max = shapely.bounds(values).T
    inside = (x_min >= -180) & (y_min >= -90) & (x_max <= 180) & (y_max <= 90)
    faults = {
        "have no geometry": shapely.is_missing(values) | shapely.is_empty(values),
        "are not polygons": ~pd.Series(shapely.get_type_id(values)).isin(_POLYGONAL).to_numpy(),
        "reach beyond 180° or 90°": ~inside,
        "cross 180° and are not cut there": _crossing(values),
        "are not valid": ~shapely.is_valid(values),
    }
    for fault, where in faults.items():
        if (named := codes[where]).size:
            raise BadData(f"{_listed(named)}: the polygons {fault}", file=file, column="geometry")


def _crossing(shapes: npt.NDArray[np.object_]) -> npt.NDArray[np.bool_]:
    """Say of each shape whether an edge jumps from one side of the map to the other, other than along a pole."""
    rings, shape = shapely.get_rings(shapes, return_index=True)
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    jumps = (np.abs(np.diff(xy[:, 0])) > 180) & (ring[1:] == ring[:-1]) & (np.abs(xy[1:, 1]) < 90)
    crossing = np.zeros(len(shapes), dtype=np.bool_)
    crossing[shape[ring[1:][jumps]]] = True
    return crossing


def _listed(codes: "pd.Index[str] | pd.Series[str]") -> str:
    """Return the first few codes as text."""
    first = ", ".join(codes[:5])
    return f"{first} and {len(codes) - 5} more" if len(codes) > 5 else first


def _line(wrong: "pd.Series[bool]", file: str) -> int | None:
    """Return the line of a CSV file where the first fault stands: the table's index. Features have no lines."""
    return int(wrong[wrong].index[0]) if file.endswith(".csv") else None
