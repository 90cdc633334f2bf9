"""From a member's name to a point, by rules that never guess: what they cannot tell apart is a finding, not a point.

1. A row of ``places.csv`` decides, where there is one.
2. A city, town or village is the place in its country that has its name (any name, any script), inside its admin1
   where that is known. Of several, those remain whose population is near the member's (a factor of
   `NEAR_POPULATION`). Then the largest wins if it has `DOMINANT` times the population of every other one farther
   than `SAME_PLACE_KM` away, or if it alone has the name as its main name; else there is no point. A city that
   neither admin1 nor population confirms must have `SMALL_CITY` inhabitants: a village may bear the name of a
   city that the gazetteer lacks.
3. A county or region lies at its seat: the place in it that has its name, provided it is not dwarfed by the
   largest one (`SEAT_SHARE`), else the largest place in it, with a warning. If the gazetteer knows no such area,
   it is looked for as a place. A district is taken for a second-order area first, a municipality last.
4. An association lies at the country's capital, with a warning.
"""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from mapsvc.analysis.names import fold
from mapsvc.model import Severity
from mapsvc.sources.gazetteer import Area, Gazetteer, Match, Place
from mapsvc.sources.places import KnownPlace, KnownPlaces

DOMINANT = 5.0
NEAR_POPULATION = 3.0
SAME_PLACE_KM = 10.0
SEAT_SHARE = 0.1
SMALL_CITY = 2_000

# Which orders of areas a member of a type may be, likeliest first.
_LEVELS = {"county": (2, 1), "region": (1, 2)}
_CITIES = {"city", "district"}
_EARTH_KM = 6371.0088
# Words that say what kind of area it is; they are no part of its name.
_KIND = re.compile(
    r"^(?:greater|city of|town of|municipality of|province of|state of|region of|county of|district of"
    r"|metropolitan city of)\s+"
    r"|\s+(?:county|regency|region|province|state|prefecture|department|district|municipality|city"
    r"|metropolitan (?:city|area|region|municipality)|metropolis|european metropolis|eurometropolis|métropole"
    r"|urban community|capital region)$",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Wanted:
    """What is known of a member that has no coordinates."""

    name: str
    type: str
    country: str
    admin1: str = ""
    population: int | None = None


@dataclass(frozen=True)
class Remark:
    """What there is to say about how a member was placed; becomes a finding of its row."""

    severity: Severity
    code: str
    message: str
    suggestion: str = ""


@dataclass(frozen=True)
class Located:
    """The place that stands for a member, or none, and what there is to say about it; `found_by`, where not by the gazetteer."""

    place: Place | None = None
    is_seat: bool = False
    remarks: tuple[Remark, ...] = ()
    found_by: str = ""

    @property
    def source(self) -> str:
        """How the point was found, as `members.csv` writes it."""
        if self.place is None:
            return ""
        if self.found_by:
            return self.found_by
        return f"geonames:{self.place.id} seat" if self.is_seat else f"geonames:{self.place.id}"


def locate(wanted: Wanted, gazetteer: Gazetteer, known: KnownPlaces) -> Located:
    """Find the place that stands for a member.

    Examples
    --------
    >>> towns = [Place(1, "Newark", "US", "US.CA", 47_000, -122.04, 37.53),
    ...          Place(2, "Newark", "US", "US.NJ", 311_000, -74.17, 40.74)]
    >>> areas = lambda: [Area("US.CA", 1, ("California",)), Area("US.NJ", 1, ("New Jersey",))]
    >>> locate(Wanted("Newark", "city", "US", "California"), Gazetteer(towns, areas), KnownPlaces()).source
    'geonames:1'
    """
    row = known.of(wanted.country, wanted.name, wanted.admin1)
    if row is not None:
        return _as_known(row, wanted, gazetteer)
    states, doubts = _states(wanted, gazetteer, known)
    if wanted.type == "association":
        found = _at_capital(wanted, gazetteer)
    elif wanted.type in _LEVELS:
        found = _at_seat(wanted, _LEVELS[wanted.type], states, gazetteer) or _as_seat(
            _as_place(wanted, states, gazetteer)
        )
    elif wanted.type == "district":
        found = _at_seat(wanted, (2,), states, gazetteer) or _as_place(wanted, states, gazetteer)
    else:
        found = _as_place(wanted, states, gazetteer)
        if found.place is None and not any(remark.code == "ambiguous-place" for remark in found.remarks):
            found = _at_seat(wanted, (2,), states, gazetteer) or found
    return replace(found, remarks=(*doubts, *found.remarks))


def names_of(name: str) -> tuple[str, ...]:
    """Return the forms under which a place may be listed, the name itself first.

    Examples
    --------
    >>> names_of("Lagos State"), names_of("Lefkoşa (Nicosia Turkish Municipality)")
    (('Lagos State', 'Lagos'), ('Lefkoşa (Nicosia Turkish Municipality)', 'Lefkoşa'))
    """
    outside = re.sub(r"\s*\([^()]*\)", "", name).strip()
    bare = _KIND.sub("", outside).strip()
    return tuple(dict.fromkeys(form for form in (name, outside, bare) if form))


def _states(
    wanted: Wanted, gazetteer: Gazetteer, known: KnownPlaces
) -> tuple[frozenset[str], tuple[Remark, ...]]:
    """Return the codes of the first-order areas that the member's admin1 may name, and a doubt if there is none."""
    if not wanted.admin1:
        return frozenset(), ()
    named = known.area(wanted.country, wanted.admin1)
    area = gazetteer.area(named) if named else None
    areas = (area,) if area else gazetteer.areas(wanted.country, wanted.admin1, 1)
    if areas:
        return frozenset(one.code for one in areas), ()
    message = f"{wanted.admin1!r} is no first-order area of {wanted.country} in the gazetteer: not used"
    return frozenset(), (Remark("warning", "unknown-admin1", message, "add it to places.csv as an area"),)


def _as_known(row: KnownPlace, wanted: Wanted, gazetteer: Gazetteer) -> Located:
    place = gazetteer.place(row.geonameid)
    if place is None:
        message = f"places.csv names the place {row.geonameid}, which the gazetteer does not hold"
        return Located(remarks=(Remark("error", "unknown-geonameid", message, "use another geonameid"),))
    kind = "placed at its seat" if row.is_seat else "found as"
    remarks = [Remark("info", "known-place", f"{kind} {place.name}: {row.reason}")]
    if place.country != wanted.country:
        message = (
            f"{place.name} lies in {place.country}, the row says {wanted.country}: {place.country} is used"
        )
        remarks.append(Remark("warning", "country-changed", message))
    return Located(place, row.is_seat, tuple(remarks))


def _at_capital(wanted: Wanted, gazetteer: Gazetteer) -> Located:
    place = gazetteer.capital(wanted.country)
    if place is None:
        return _nowhere(wanted, gazetteer)
    message = f"an association has no place of its own: placed at the capital, {place.name}"
    return Located(place, True, (Remark("warning", "at-capital", message, "add its seat to places.csv"),))


def _as_seat(found: Located) -> Located:
    if found.place is None:
        return found
    message = f"no such area in the gazetteer: placed at {found.place.name}, the place of its name"
    return Located(found.place, True, (Remark("info", "seat-by-name", message), *found.remarks))


def _at_seat(
    wanted: Wanted, levels: Sequence[int], states: frozenset[str], gazetteer: Gazetteer
) -> Located | None:
    """Return the seat of the area that has the member's name; None where no area of that name holds a place."""
    areas = _areas_of(wanted, levels, states, gazetteer)
    if len(areas) > 1:
        listed = ", ".join(f"{area.names[0]} ({area.code})" for area in areas[:5])
        message = f"{len(areas)} areas have this name"
        return Located(
            remarks=(Remark("error", "ambiguous-area", message, f"add to places.csv one of: {listed}"),)
        )
    inside = gazetteer.inside(areas[0]) if areas else ()
    if not inside:
        return None
    forms = {fold(form) for form in names_of(wanted.name)}
    namesake = next((place for place in inside if fold(place.name) in forms), None)
    if namesake is not None and namesake.population >= SEAT_SHARE * inside[0].population:
        message = f"placed at {namesake.name}, the place in it that has its name"
        return Located(namesake, True, (Remark("info", "seat-by-name", message),))
    message = f"placed at {inside[0].name}, the largest place in {areas[0].names[0]}"
    return Located(
        inside[0], True, (Remark("warning", "seat-largest", message, "add its seat to places.csv"),)
    )


def _areas_of(
    wanted: Wanted, levels: Sequence[int], states: frozenset[str], gazetteer: Gazetteer
) -> tuple[Area, ...]:
    """Return the areas that have the member's name: at the first level, and under the first form, that has any."""
    for level in levels:
        for form in names_of(wanted.name):
            within = sorted(states) if level == 2 and states else [""]
            found = [area for code in within for area in gazetteer.areas(wanted.country, form, level, code)]
            if found:
                return tuple(dict.fromkeys(found))
    return ()


def _as_place(wanted: Wanted, states: frozenset[str], gazetteer: Gazetteer) -> Located:
    matches = next(filter(None, (gazetteer.find(wanted.country, form) for form in names_of(wanted.name))), ())
    if not matches:
        return _nowhere(wanted, gazetteer)
    pool: Sequence[Match] = [match for match in matches if match.place.area in states] if states else matches
    if not pool:
        message = f"no place of this name lies in {wanted.admin1!r}"
        return _refused("not-in-admin1", message, matches, gazetteer)
    near = [match for match in pool if _near(match.place.population, wanted.population)]
    place = _dominant(near or pool)
    if place is None:
        message = f"{len(near or pool)} places have this name and none stands out"
        return _refused("ambiguous-place", message, near or pool, gazetteer)
    if wanted.type in _CITIES and place.population < SMALL_CITY and not (states or near):
        message = (
            f"the only place of this name has {place.population:,} inhabitants: little for a {wanted.type}"
        )
        return _refused("small-place", message, pool, gazetteer)
    remarks: tuple[Remark, ...] = ()
    if wanted.population and not near:
        message = (
            f"{place.name} has {place.population:,} inhabitants in the gazetteer, {wanted.population:,} here"
        )
        remarks = (Remark("info", "population-differs", message),)
    return Located(place, False, remarks)


def _dominant(pool: Sequence[Match]) -> Place | None:
    """Return the place that stands out among `pool` (largest first), or none."""
    first = pool[0]
    rivals = [match for match in pool[1:] if distance_km(first.place, match.place) > SAME_PLACE_KM]
    if all(first.place.population >= DOMINANT * max(rival.place.population, 1) for rival in rivals):
        return first.place
    if first.by_main_name and not any(rival.by_main_name for rival in rivals):
        return first.place
    return None


def _near(population: int, expected: int | None) -> bool:
    return expected is not None and expected / NEAR_POPULATION <= population <= expected * NEAR_POPULATION


def _nowhere(wanted: Wanted, gazetteer: Gazetteer) -> Located:
    similar = gazetteer.similar(wanted.country, names_of(wanted.name)[-1])
    hint = f"perhaps {', '.join(similar)}; else add it to places.csv" if similar else "add it to places.csv"
    return Located(
        remarks=(Remark("error", "place-not-found", f"no place of this name in {wanted.country}", hint),)
    )


def _refused(code: str, message: str, matches: Sequence[Match], gazetteer: Gazetteer) -> Located:
    places = [match.place for match in matches[:5]]
    listed = [
        f"{place.name}, {gazetteer.area_name(place)} ({place.population:,}; geonames:{place.id})"
        for place in places
    ]
    return Located(
        remarks=(Remark("error", code, message, f"add to places.csv one of: {'; '.join(listed)}"),)
    )


def distance_km(one: Place, other: Place) -> float:
    """Return the great-circle distance (haversine) in km."""
    phi, psi = math.radians(one.latitude), math.radians(other.latitude)
    half = math.sin((psi - phi) / 2) ** 2
    half += math.cos(phi) * math.cos(psi) * math.sin(math.radians(other.longitude - one.longitude) / 2) ** 2
    return 2 * _EARTH_KM * math.asin(min(1.0, math.sqrt(half)))
