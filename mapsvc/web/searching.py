"""What can be searched for in a snapshot, and what is said of what was found."""

from collections.abc import Iterator, Mapping
from threading import Lock

from mapsvc.analysis.names import fold
from mapsvc.analysis.queries import MapQuery
from mapsvc.analysis.search import Entry, SearchIndex
from mapsvc.i18n import Language, country_names
from mapsvc.model import ALL_THEMES, COUNTED_STATUS, Dataset
from mapsvc.web.looking import Words
from mapsvc.web.snapshot import surroundings_of
from mapsvc.web.titles import Titles, page_url, value_titles, words_of
from mapsvc.web.views import Meant

# A country is found by what it is called in these, whatever language the page is in.
SEARCHED_LANGUAGES = ("en", "es", "fr", "pt", "de", "ko", "ja", "zh")

# Smaller ones are found on the map, by zooming.
LEAST_PLACE = 50_000
_INDEXES: dict[tuple[str, str], SearchIndex] = {}
_MAKING = Lock()
_MOST_INDEXES = 16

Names = Mapping[str, tuple[str, ...]]


def search_index(dataset: Dataset, titles: Titles, words: Words, other_names: Names) -> SearchIndex:
    """Return the index of a snapshot in a language, made when it is first asked for.

    Parameters
    ----------
    titles : mapping
        What the values of each filter are called.
    other_names : mapping of str to tuple of str
        What a country is called in other languages.
    """
    key = (dataset.fingerprint, words.language.tag)
    with _MAKING:
        if key not in _INDEXES:
            if len(_INDEXES) >= _MOST_INDEXES:
                _INDEXES.clear()
            _INDEXES[key] = SearchIndex(
                [
                    *_themes(dataset, titles, words),
                    *_countries(dataset, titles, words, other_names),
                    *_members(dataset, titles),
                    *_places(dataset, titles),
                ]
            )
        return _INDEXES[key]


def _themes(dataset: Dataset, titles: Titles, words: Words) -> Iterator[Entry]:
    counts = dataset.counts.groupby(level="theme").sum()
    for group in dataset.network.groups:
        yield Entry("theme", group.id, titles["theme"][group.id], names=(fold(group.title),), weight=1e9)
        for theme in group.themes:
            n = int(counts[theme.id])
            yield Entry(
                "theme", theme.id, titles["theme"][theme.id], _members_text(n, words), n, (fold(theme.title),)
            )


def _countries(dataset: Dataset, titles: Titles, words: Words, other_names: Names) -> Iterator[Entry]:
    counts = dataset.counts.xs(ALL_THEMES, level="theme")
    for code, n in counts.items():
        names = (*(fold(name) for name in other_names.get(str(code), ())), str(code).lower())
        label = titles["country"][str(code)]
        yield Entry("country", str(code), label, _members_text(int(n), words), float(n), names)


def _members(dataset: Dataset, titles: Titles) -> Iterator[Entry]:
    members = dataset.members
    others = members["other_names"].to_list() if "other_names" in members else [None] * len(members)
    columns = (members[name].to_list() for name in ("name", "country", "status", "type"))
    for id_, point, other, name, country, status, type_ in zip(
        members.index, members.geometry, others, *columns, strict=True
    ):
        if status == COUNTED_STATUS:
            note = f"{titles['country'][country]} · {titles['type'][type_]}"
            x, y = (point.x, point.y) if point else (None, None)
            names = tuple(other.split(";")) if isinstance(other, str) else ()
            yield Entry("member", str(id_), name, note, 0.0, (), names, x, y)


def _places(dataset: Dataset, titles: Titles) -> Iterator[Entry]:
    """Yield the urban centres that are not members themselves, the larger first."""
    if dataset.urban is None:
        return
    stated = dataset.members.loc[dataset.members["status"] == COUNTED_STATUS, "location_source"]
    own = set(stated.str.extract(r"^geonames:([0-9]+)$")[0].dropna().astype("int64"))
    centres = dataset.urban.centres
    large = centres[(centres["population"] >= LEAST_PLACE) & ~centres.index.isin(own)]
    wanted = large[["name", "country", "population", "longitude", "latitude"]]
    for id_, name, country, population, x, y in wanted.itertuples(name=None):
        names = tuple(filter(None, dataset.place_names.get(id_, "").split(";")))
        note = titles["country"].get(country, country)
        yield Entry("place", str(id_), name, note, float(population), (), names, x, y)


def _members_text(n: int, words: Words) -> str:
    return words.language.texts.ngettext("%(num)s member", "%(num)s members", n) % {
        "num": words.language.number(n)
    }


def said_of_place(dataset: Dataset, entry: Entry, words: Words) -> str:
    """Return that no member is at a place, and which one is nearest."""
    say = words.language.gettext
    found = surroundings_of(dataset).nearest_to_place(entry.longitude or 0.0, entry.latitude or 0.0, 1)
    if not found:
        return say("No member here")
    name, km = dataset.members.at[found[0].id, "name"], round(found[0].km)
    if not km:
        return say("The nearest member is %(name)s, here") % {"name": name}
    away = {"name": name, "km": words.language.number(km)}
    return say("No member here; the nearest is %(name)s, %(km)s km away") % away


def index_of(dataset: Dataset, language: Language) -> SearchIndex:
    """Return what can be searched for, in the visitor's language."""
    titles = value_titles(dataset, language)
    given = {str(code): str(name) for code, name in dataset.countries["name"].items()}
    by_language = [country_names(given, one, {}, given) for one in SEARCHED_LANGUAGES]
    others = {code: tuple({names[code] for names in by_language}) for code in given}
    return search_index(dataset, titles, words_of(titles, language), others)


def meant(dataset: Dataset, query: MapQuery, words: Words) -> tuple[Meant, ...]:
    """Return what a search without a result may have meant."""
    found = index_of(dataset, words.language).find(query.q)
    return tuple(
        Meant(
            one.label, said_of_place(dataset, one, words) if one.kind == "place" else one.note, _shown_at(one)
        )
        for one in found[:6]
    )


def _shown_at(found: Entry) -> str:
    """Return the view that shows what was found."""
    if found.kind == "theme":
        return page_url(MapQuery(theme=(found.id,)))
    if found.kind == "country":
        return page_url(MapQuery(country=(found.id,)))
    if found.kind == "member":
        return page_url(MapQuery(q=found.label))
    return f"{page_url(MapQuery())}#7/{found.latitude:.3f}/{found.longitude:.3f}"
