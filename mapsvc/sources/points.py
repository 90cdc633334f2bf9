"""Points that a file holds as geometry, as the two columns that a table without geometry has for them."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from mapsvc.analysis.names import fold
from mapsvc.errors import BadData
from mapsvc.sources.tabular import Finding, Point, number_text

_WGS84 = {"OGC:CRS84", "EPSG:4326"}
LONGITUDE, LATITUDE = "longitude", "latitude"


def with_points(
    frame: pd.DataFrame, points: np.ndarray, crs: str, shown: str
) -> tuple[pd.DataFrame, list[Finding]]:
    """Return the table with the columns ``longitude`` and ``latitude`` in degrees, WGS 84.

    Parameters
    ----------
    points : ndarray
        float64, shape (n, 2): x (east) and y (north), NaN where there is none.
    crs : str
        What they are in, as ``EPSG:3857``.

    Raises
    ------
    BadData
        Where the reference system is not known.
    """
    x, y = points[:, 0], points[:, 1]
    findings: list[Finding] = []
    if crs not in _WGS84:
        from pyproj import Transformer  # noqa: PLC0415 – few files need it, and a server none
        from pyproj.exceptions import CRSError  # noqa: PLC0415

        try:
            x, y = Transformer.from_crs(crs, "EPSG:4326", always_xy=True).transform(x, y)
        except CRSError as error:
            raise BadData(
                f"the reference system {crs[:40]} is not known", file=shown, hint="use EPSG:4326"
            ) from error
        findings.append(Finding("info", "reprojected", f"the points were in {crs}"))
    replaced = [name for name in frame.columns if fold(str(name)) in {LONGITUDE, LATITUDE}]
    findings += [
        Finding(
            "info",
            "unused-column",
            f"the column {str(name)[:80]!r} is not used: the geometry is",
            1,
            str(name)[:80],
        )
        for name in replaced
    ]
    # A tenth of a millimetre: more decimals are noise of the floating point.
    columns = {LONGITUDE: _texts(x), LATITUDE: _texts(y)}
    return frame.drop(columns=replaced).assign(**columns), findings


def _texts(values: np.ndarray) -> np.ndarray:
    return np.array([*(number_text(float(value)) for value in np.round(values, 9)), ""], dtype=object)[:-1]


def point_array(points: Sequence[Point | None]) -> np.ndarray:
    """Return points as float64, shape (n, 2), NaN where there is none."""
    nowhere = (np.nan, np.nan)
    return np.array([point or nowhere for point in points], dtype="float64").reshape(-1, 2)
