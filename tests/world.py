"""The six-square world: small enough to count by hand, with one of everything that goes wrong.

Six countries are unit squares in a row, from west to east: AA BB CC | DD EE FF. The first three are the region
``west``, the others ``east``. Two theme groups: ``nature`` (air, water) and ``city`` (mobility).

=====  ==========================================================================================
AA     three members: a1 (air, water), a2 (water), a3 (themes unknown)
BB     one member: b1 (mobility)
CC     one member without a place: c1 (themes unknown)
DD     one former member: d1 (water)
EE     nobody
FF     one association: f1 (themes stated as none)
=====  ==========================================================================================
"""

from collections.abc import Mapping
from hashlib import sha256

import geopandas as gpd
import numpy as np
import pandas as pd
from shapely import MultiPolygon, Point, box

from mapsvc.analysis.membership import count_members
from mapsvc.model import Dataset, Network, Region, Theme, ThemeGroup, Urban, ValidationReport

CODES = ("AA", "BB", "CC", "DD", "EE", "FF")

NETWORK = Network(
    id="squares",
    name="Network of Squares",
    short_name="Squares",
    title="Members of the Network of Squares",
    tagline="Towns on a very small world.",
    licence="CC0 1.0",
    licence_url="https://creativecommons.org/publicdomain/zero/1.0/",
    contact="mailto:squares@example.org",
    homepage="https://squares.example.org/",
    accent="#0b7a75",
    completeness="partial",
    completeness_note="Some members are missing on purpose.",
    compiled="2026-01-02",
    source_note="Counted by hand.",
    boundary_disclaimer="Squares imply no opinion.",
    default_language="en",
    groups=(
        ThemeGroup("nature", "Nature", (Theme("air", "Air", "nature"), Theme("water", "Water", "nature"))),
        ThemeGroup("city", "City", (Theme("mobility", "Mobility", "city"),)),
    ),
    regions=(Region("west", "West", ("AA", "BB", "CC")), Region("east", "East", ("DD", "EE", "FF"))),
)

_MEMBERS: tuple[tuple[object, ...], ...] = (
    ("a1", "Alpha", "city", "AA", "member", ("air", "water"), (0.25, 0.25)),
    ("a2", "Åbo", "town", "AA", "member", ("water",), (0.5, 0.5)),
    ("a3", "Ałma", "city", "AA", "member", None, (0.75, 0.75)),
    ("b1", "Beta", "county", "BB", "member", ("mobility",), (1.5, 0.5)),
    ("c1", "Gamma", "city", "CC", "member", None, None),
    ("d1", "Delta", "city", "DD", "former", ("water",), (3.5, 0.5)),
    ("f1", "Federation", "association", "FF", "member", (), (5.5, 0.5)),
)

# Alpha and a northern neighbour in AA, the only centre of BB, one in EE where nobody is; a suburb of Alpha.
URBAN = Urban(
    pd.DataFrame(
        {
            "name": ["Alpha", "North", "Betaville", "Empty"],
            "country": ["AA", "AA", "BB", "EE"],
            "admin1": ["01", "01", "01", "01"],
            "population": [1_000_000, 500_000, 500_000, 100_000],
            "longitude": [0.25, 0.1, 1.5, 4.5],
            "latitude": [0.25, 0.9, 0.5, 0.5],
        },
        index=pd.Index([1, 2, 3, 4], name="geonameid"),
    ),
    {11: 40_000},
    {("AA", "northern shore"): "01"},
)


def countries() -> gpd.GeoDataFrame:
    """Return the six squares."""
    squares = [MultiPolygon([box(left, 0, left + 1, 1)]) for left in range(6)]
    return gpd.GeoDataFrame(
        {
            "iso_a3": [code + "X" for code in CODES],
            "name": [f"Land {code}" for code in CODES],
            "region": ["west"] * 3 + ["east"] * 3,
            "population": pd.array([1000] * 6, dtype="Int64"),
        },
        geometry=squares,
        index=pd.Index(CODES, name="country"),
        crs=4326,
    )


def members(names: Mapping[str, str] | None = None) -> gpd.GeoDataFrame:
    """Return the seven members; `names` replaces the names of some."""
    n = len(_MEMBERS)
    themes = np.empty(n, dtype=object)
    themes[:] = [row[5] for row in _MEMBERS]
    empty = pd.Series([None] * n, dtype="str")
    frame = pd.DataFrame(
        {
            "name": [(names or {}).get(str(row[0]), row[1]) for row in _MEMBERS],
            "type": [row[2] for row in _MEMBERS],
            "country": [row[3] for row in _MEMBERS],
            "admin1": empty,
            "population": pd.array([None] * n, dtype="Int64"),
            "since": pd.Series(["1990", None, "2001-05-04", *[None] * (n - 3)], dtype="str"),
            "until": empty,
            "status": [row[4] for row in _MEMBERS],
            "themes": themes,
            "url": empty,
            "location_source": ["given" if row[6] else None for row in _MEMBERS],
            "source_url": ["https://squares.example.org/members"] * n,
            "offshore_km": [float("nan")] * n,
        }
    ).set_axis(pd.Index([row[0] for row in _MEMBERS], name="id"), axis=0)
    points = [Point(*row[6]) if row[6] else None for row in _MEMBERS]  # type: ignore[misc]
    return gpd.GeoDataFrame(frame, geometry=points, crs=4326)


def dataset(names: Mapping[str, str] | None = None, urban: Urban | None = None) -> Dataset:
    """Return the six-square world as a Dataset; without urban centres, unless they are given."""
    people, land = members(names), countries()
    return Dataset(
        network=NETWORK,
        members=people,
        participation=pd.DataFrame({"member": [], "themes": []}),
        countries=land,
        counts=count_members(people, CODES, NETWORK.theme_ids),
        report=ValidationReport(len(people), len(people), 0),
        fingerprint=sha256(repr((names, urban is None)).encode()).hexdigest()[:16],
        modified="Fri, 02 Jan 2026 00:00:00 GMT",
        urban=urban,
    )
