"""The file formats that a view can be had in: ending, media type, and what each can carry. No heavy import: pages list them."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Kind:
    """A file format.

    Attributes
    ----------
    ending : str
        Of the file's name and its address, without the dot.
    takes_crs : bool
        Whether its coordinates may be in another reference system than longitude and latitude.
    """

    ending: str
    title: str
    media_type: str
    takes_crs: bool = False


_ALL = (
    Kind("geojson", "GeoJSON", "application/geo+json"),
    Kind("csv", "CSV", "text/csv"),
    Kind("xlsx", "Excel (XLSX)", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    Kind("gpkg", "GeoPackage", "application/geopackage+sqlite3", takes_crs=True),
    Kind("fgb", "FlatGeobuf", "application/vnd.flatgeobuf", takes_crs=True),
    Kind("kml", "KML", "application/vnd.google-earth.kml+xml"),
    Kind("parquet", "GeoParquet", "application/vnd.apache.parquet", takes_crs=True),
    Kind("zip", "ZIP", "application/zip"),
)
KINDS = {one.ending: one for one in _ALL}
# All but GeoJSON, which has a way of its own: it is what the map itself reads.
OTHERS = tuple(ending for ending in KINDS if ending != "geojson")
