"""How well and how fast places without coordinates are found.

The truth is not the gazetteer's: ``zone.tab`` of the IANA time zone database names a place for each of 400 zones, with its
country and coordinates to the minute; the Unicode CLDR names the same places in other languages. Ambiguous names are those
that several places of a country share, none of them much larger than the others: there the only right answer is a finding.
"""

import importlib.resources
import random
import re
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from babel import Locale

from mapsvc.analysis.names import fold
from mapsvc.sources.gazetteer import Gazetteer, Place
from mapsvc.sources.geocoding import DOMINANT, SMALL_CITY, Located, Wanted, distance_km, locate
from mapsvc.sources.places import KnownPlaces

NEAR_KM, N_ROWS, BOUND = 10.0, 10_000, 2_000
_LANGUAGES = ("es", "fr", "pt", "de")
_SCRIPTS = ("ko", "ja", "zh", "ru", "ar", "el")
# What a zone is called is not always a place: islands, provinces, and stations on the ice.
_NO_PLACES = {"AQ", "TF", "GS", "UM", "BV", "HM"}


@dataclass(frozen=True)
class Known:
    """A place with its coordinates, from another source than the gazetteer."""

    zone: str
    name: str
    country: str
    truth: Place


def zones() -> list[Known]:
    """Return the places of ``zone.tab``."""
    text = importlib.resources.files("tzdata").joinpath("zoneinfo", "zone.tab").read_text("utf-8")
    found = []
    for line in text.splitlines():
        if line.startswith("#"):
            continue
        country, where, zone, *_ = line.split("\t")
        if country in _NO_PLACES:
            continue
        name = zone.rpartition("/")[2].replace("_", " ")
        latitude, longitude = (_degrees(part) for part in re.findall(r"[+-]\d+", where))
        found.append(Known(zone, name, country, Place(0, name, country, "", 0, longitude, latitude)))
    return found


def _degrees(text: str) -> float:
    """Return ±DDMM, ±DDDMM, ±DDMMSS or ±DDDMMSS in degrees."""
    digits = text[1:]
    whole = 2 if len(digits) in {4, 6} else 3
    parts = (digits[:whole], digits[whole : whole + 2], digits[whole + 2 :] or "0")
    value: float = sum(int(part) / 60.0**n for n, part in enumerate(parts))
    return -value if text[0] == "-" else value


def in_languages(known: Iterable[Known], tags: Iterable[str]) -> list[Known]:
    """Return the places under their names in other languages, where those differ."""
    found = []
    for tag in tags:
        names = Locale(tag).time_zones
        for one in known:
            name = str(names.get(one.zone, {}).get("city", ""))
            if name and fold(name) != fold(one.name):
                found.append(Known(one.zone, name, one.country, one.truth))
    return found


def misspelt(known: Iterable[Known]) -> list[Known]:
    """Return the places with two neighbouring letters of their names exchanged."""
    chance = random.Random(5)
    found = []
    for one in known:
        places = [n for n in range(1, len(one.name) - 1) if one.name[n].lower() != one.name[n + 1].lower()]
        if len(one.name) >= 5 and places:
            n = chance.choice(places)
            name = one.name[:n] + one.name[n + 1] + one.name[n] + one.name[n + 2 :]
            found.append(Known(one.zone, name, one.country, one.truth))
    return found


def judge(title: str, known: list[Known], gazetteer: Gazetteer) -> Counter[str]:
    """Print what became of the places."""
    counts: Counter[str] = Counter()
    far = []
    for one in known:
        found = locate(Wanted(one.name, "city", one.country), gazetteer, KnownPlaces())
        counts[_verdict(one, found)] += 1
        if found.place is not None and distance_km(found.place, one.truth) > NEAR_KM:
            far.append(f"{one.name} ({one.country}, {distance_km(found.place, one.truth):.0f} km)")
    parts = ", ".join(f"{name} {counts[name]} ({counts[name] / len(known):.1%})" for name in
                      ("within 10 km", "farther", "wrong country", "refused with the right candidate", "refused"))  # fmt: skip
    print(f"{title}: {len(known)} places: {parts}")
    if far:
        print(f"  farther: {', '.join(far[:12])}{', …' if len(far) > 12 else ''}")
    return counts


def _verdict(one: Known, found: Located) -> str:
    if found.place is None:
        said = " ".join(remark.suggestion for remark in found.remarks)
        right = fold(one.truth.name) in fold(said)
        return "refused with the right candidate" if right else "refused"
    if found.place.country != one.country:
        return "wrong country"
    return "within 10 km" if distance_km(found.place, one.truth) <= NEAR_KM else "farther"


def ambiguous(gazetteer: Gazetteer, n: int = 500) -> list[Wanted]:
    """Return names that several places of a country share as their main name, far apart and nearly as large."""
    found = []
    for country, name in sorted({(place.country, place.name) for place in gazetteer.all_places()}):
        first, *others = gazetteer.find(country, name)
        rivals = [one for one in others if one.by_main_name and distance_km(first.place, one.place) > NEAR_KM]
        large = first.by_main_name and first.place.population >= SMALL_CITY
        if large and any(DOMINANT * one.place.population > first.place.population for one in rivals):
            found.append(Wanted(name, "city", country))
    return random.Random(2).sample(found, n)


def main() -> None:
    """Print quality, what is ambiguous, and speed."""
    start = time.perf_counter()
    gazetteer = Gazetteer.load()
    print(f"the gazetteer is loaded in {time.perf_counter() - start:.1f} s")
    known = zones()
    judge("Places of the time zones", known, gazetteer)
    judge("in Spanish, French, Portuguese, German", in_languages(known, _LANGUAGES), gazetteer)
    judge("in other scripts (ko, ja, zh, ru, ar, el)", in_languages(known, _SCRIPTS), gazetteer)
    judge("with two letters exchanged", misspelt(known), gazetteer)
    unclear = ambiguous(gazetteer)
    guessed = [one for one in unclear if locate(one, gazetteer, KnownPlaces()).place is not None]
    print(
        f"Ambiguous names: {len(unclear)}, of which {len(guessed)} were placed and {len(unclear) - len(guessed)} are findings"
    )
    places = sorted(gazetteer.all_places(), key=lambda place: place.id)
    rows = [Wanted(one.name, "city", one.country) for one in random.Random(3).sample(places, N_ROWS)]
    locate(rows[0], gazetteer, KnownPlaces())
    start = time.perf_counter()
    for row in rows:
        locate(row, gazetteer, KnownPlaces())
    rate = N_ROWS / (time.perf_counter() - start)
    print(
        f"{N_ROWS:,} rows of {len({row.country for row in rows})} countries: {rate:,.0f} rows/s (bound {BOUND:,})"
    )


if __name__ == "__main__":
    main()
