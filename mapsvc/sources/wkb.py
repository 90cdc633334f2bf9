"""Points out of well-known binary, as GeoPackage, GeoParquet and PostGIS write them; other shapes are named."""

import math
import struct

from mapsvc.sources.tabular import Point

_SHAPES = {1: "a point", 2: "a line", 3: "a polygon", 4: "several points", 5: "several lines", 6: "several polygons",
           7: "a collection"}  # fmt: skip
_SRID = 0x20000000
_ENVELOPES = (0, 32, 48, 48, 64)


class NotAPoint(ValueError):
    """The geometry is something else, or is none at all; the message says what."""


def point_of(data: bytes) -> tuple[Point | None, int]:
    """Return the point that (extended) WKB holds, None where it is empty, and its SRID, 0 where none is stated.

    Examples
    --------
    >>> point_of(struct.pack("<BIdd", 1, 1, 10.75, 59.9))
    ((10.75, 59.9), 0)
    """
    try:
        order = "<" if data[0] == 1 else ">"
        (kind,) = struct.unpack_from(f"{order}I", data, 1)
        start, srid = 5, 0
        if kind & _SRID:
            (srid,) = struct.unpack_from(f"{order}I", data, 5)
            start = 9
        shape = (kind & 0x0FFFFFFF) % 1000
        if shape == 4 and struct.unpack_from(f"{order}I", data, start) == (1,):
            # Some programs write every layer of points as one of several points.
            return point_of(data[start + 4 :])[0], srid
        if shape != 1:
            raise NotAPoint(
                f"the geometry is {_SHAPES.get(shape, 'of a kind that is not known')}, not a point"
            )
        x, y = struct.unpack_from(f"{order}dd", data, start)
    except (struct.error, IndexError) as error:
        raise NotAPoint("the geometry is broken") from error
    # The standards write an empty point so.
    return (None if math.isnan(x) and math.isnan(y) else (x, y)), srid


def geopackage_point(data: bytes) -> Point | None:
    """Return the point of a GeoPackage's geometry blob.

    References
    ----------
    OGC 12-128r19, 2.1.3.
    """
    if len(data) < 8 or data[:2] != b"GP":
        raise NotAPoint("the geometry is broken")
    envelope = data[3] >> 1 & 0b111
    if envelope >= len(_ENVELOPES):
        raise NotAPoint("the geometry is broken")
    return point_of(data[8 + _ENVELOPES[envelope] :])[0]
