"""A Dataset and a view become a MapPage: the numbers, filters, list and legend that the template prints."""

from collections.abc import Mapping
from functools import partial
from typing import Any

import pandas as pd
from flask import url_for

from mapsvc.analysis.filling import Filling, fill_countries
from mapsvc.analysis.measures import offered_measures
from mapsvc.analysis.queries import REPEATABLE, MapQuery, facet_counts, select_members
from mapsvc.analysis.search import SearchIndex
from mapsvc.i18n import SOURCE_LANGUAGE, catalogue, country_names, date_text, number_text
from mapsvc.maps.document import MapDocument
from mapsvc.model import ALL_THEMES, MEMBER_TYPES, STATUSES, Dataset
from mapsvc.web import looking
from mapsvc.web.http import absolute, service
from mapsvc.web.multiples import compose_multiples
from mapsvc.web.searching import said_of_place, search_index
from mapsvc.web.texts import FILTER_TITLES, STATUS_TITLES, TYPE_TITLES, translated
from mapsvc.web.timeline import compose_timeline
from mapsvc.web.views import (
    Chip,
    Choice,
    ChoiceGroup,
    CountrySection,
    Download,
    Filter,
    MapPage,
    Meant,
    MemberRow,
)

# A country is found by what it is called in these, whatever language the page is in.
SEARCHED_LANGUAGES = ("en", "es", "fr", "pt", "de", "ko", "ja", "zh")

Titles = Mapping[str, Mapping[str, str]]


def page_url(query: MapQuery) -> str:
    """Return the address of the map page for a view."""
    return _with_query(url_for("pages.index"), query)


def outlines_url() -> str:
    """Return the address of the outlines that the map draws; the numbers it has from the page."""
    return url_for("pages.map_outlines", snapshot=service().store.dataset.fingerprint)


def _with_query(path: str, query: MapQuery, *, more: str = "") -> str:
    text = "&".join(part for part in (query.canonical(), more) if part)
    return f"{path}?{text}" if text else path


def compose_map_page(dataset: Dataset, query: MapQuery, document: MapDocument) -> MapPage:
    """Put together everything that the map page shows for one view."""
    network = dataset.network
    shown = dataset.members[select_members(dataset.members, query, network)]
    filling = fill_countries(dataset, query)
    titles = value_titles(dataset)
    words = _words(titles)
    multiples = compose_multiples(dataset, query, words) if query.view == "themes" else None
    everyone = dataset.counts.xs(ALL_THEMES, level="theme")
    return MapPage(
        network=network,
        language=SOURCE_LANGUAGE,
        title=network.title,
        description=network.tagline,
        canonical_url=absolute(page_url(query)),
        query=query.canonical(),
        search=query.q,
        n_members=len(shown),
        n_countries=int(shown["country"].nunique()),
        n_all_members=int(everyone.sum()),
        n_all_countries=int((everyone > 0).sum()),
        n_themes_known=int(shown["themes"].notna().sum()),
        n_without_place=int(shown.geometry.isna().sum()),
        filters=_filters(dataset, query, titles),
        chips=_chips(query, titles),
        sections=_sections(shown, titles),
        legend=multiples.legend if multiples else looking.legend(filling, words),
        multiples=multiples,
        view=query.view,
        looks=looking.looks(query, words),
        measures=looking.measures(query, offered_measures(dataset), words),
        ranking=looking.ranking(filling, query, words) if query.view == "countries" else None,
        meant=_meant(dataset, query) if query.q and shown.empty else (),
        timeline=compose_timeline(dataset, query),
        everything_url=page_url(query.everything()),
        compiled=date_text(network.compiled, SOURCE_LANGUAGE),
        uses_geonames=dataset.uses_geonames,
        uses_bundled_boundaries=not dataset.own_boundaries,
        downloads=_downloads(query),
        document=document,
        state={"query": query.canonical(), "view": query.view, "countries": _country_state(filling, words)},
        preload=(_with_query(url_for("api.members"), query), outlines_url()),
    )


def value_titles(dataset: Dataset) -> Titles:
    """Return what each value of each filter is called, in the visitor's language."""
    network, texts = dataset.network, catalogue(SOURCE_LANGUAGE)
    given = {str(code): str(name) for code, name in dataset.countries["name"].items()}
    return {
        "theme": {one.id: one.title for one in network.themes}
        | {one.id: one.title for one in network.groups},
        "region": {one.id: one.title for one in network.regions},
        "country": country_names(given, SOURCE_LANGUAGE, network.country_names, given),
        "type": translated(TYPE_TITLES, texts),
        "status": translated(STATUS_TITLES, texts),
    }


def _filters(dataset: Dataset, query: MapQuery, titles: Titles) -> tuple[Filter, ...]:
    counts = facet_counts(dataset.members, query, dataset.network)
    names = translated(FILTER_TITLES, catalogue(SOURCE_LANGUAGE))

    def choice(name: str, value: str) -> Choice:
        chosen: tuple[str, ...] = getattr(query, name)
        return Choice(value, titles[name][value], counts[name].get(value, 0), value in chosen)

    def plain(name: str, values: tuple[str, ...]) -> Filter:
        return Filter(name, names[name], (ChoiceGroup("", tuple(choice(name, value) for value in values)),))

    themes = tuple(
        ChoiceGroup(
            group.title, tuple(choice("theme", one.id) for one in group.themes), choice("theme", group.id)
        )
        for group in dataset.network.groups
    )
    # A choice that no member has would be noise, unless it was chosen.
    present = {
        name: {*dataset.members[name].unique(), *getattr(query, name)}
        for name in ("country", "type", "status")
    }
    countries = sorted(present["country"], key=lambda code: titles["country"][code])
    return (
        Filter("theme", names["theme"], themes),
        plain("region", tuple(region.id for region in dataset.network.regions)),
        plain("country", tuple(countries)),
        plain("type", tuple(one for one in MEMBER_TYPES if one in present["type"])),
        plain("status", tuple(one for one in STATUSES if one in present["status"])),
    )


def _chips(query: MapQuery, titles: Titles) -> tuple[Chip, ...]:
    chips = [
        Chip(titles[name][value], page_url(query.without(name, value)))
        for name in REPEATABLE
        for value in getattr(query, name)
    ]
    texts = catalogue(SOURCE_LANGUAGE)
    for name, label in (
        ("joined_from", texts.gettext("joined since %s")),
        ("joined_to", texts.gettext("joined until %s")),
        ("asof", texts.gettext("as of %s")),
    ):
        if value := getattr(query, name):
            said = date_text(str(value), SOURCE_LANGUAGE)
            chips.append(Chip(label.replace("%s", said), page_url(query.without(name))))
    if query.q:
        chips.append(Chip(f"“{query.q}”", page_url(query.without("q"))))
    return tuple(chips)


def _sections(shown: pd.DataFrame, titles: Titles) -> tuple[CountrySection, ...]:
    rows: dict[str, list[MemberRow]] = {}
    for member in shown.sort_values("name", key=lambda names: names.str.casefold()).itertuples():
        rows.setdefault(str(member.country), []).append(_row(member, titles))
    sections = (CountrySection(code, titles["country"][code], tuple(found)) for code, found in rows.items())
    return tuple(sorted(sections, key=lambda section: section.name))


def _row(member: Any, titles: Titles) -> MemberRow:  # noqa: ANN401 – what `itertuples` gives has no name
    """Return a row of the frame as the list shows it."""

    def text(name: str) -> str:
        value = getattr(member, name)
        return value if isinstance(value, str) else ""

    return MemberRow(
        id=text("Index"),
        name=text("name"),
        type=text("type"),
        type_title=titles["type"][text("type")],
        admin1=text("admin1"),
        since=text("since"),
        status=text("status"),
        status_title=titles["status"][text("status")],
        themes=None if member.themes is None else tuple(titles["theme"][one] for one in member.themes),
        source_url=text("source_url"),
        located=member.geometry is not None,
    )


def words_of(dataset: Dataset) -> looking.Words:
    """Return what things are called for the visitor."""
    return _words(value_titles(dataset))


def index_of(dataset: Dataset) -> SearchIndex:
    """Return what can be searched for, in the visitor's language."""
    titles = value_titles(dataset)
    given = {str(code): str(name) for code, name in dataset.countries["name"].items()}
    by_language = [country_names(given, one, {}, given) for one in SEARCHED_LANGUAGES]
    others = {code: tuple({names[code] for names in by_language}) for code in given}
    return search_index(dataset, titles, _words(titles), others, SOURCE_LANGUAGE)


def _meant(dataset: Dataset, query: MapQuery) -> tuple[Meant, ...]:
    """Return what a search without a result may have meant."""
    found = index_of(dataset).find(query.q)
    words = words_of(dataset)
    views = {
        "theme": lambda one: page_url(MapQuery(theme=(one.id,))),
        "country": lambda one: page_url(MapQuery(country=(one.id,))),
        "member": lambda one: page_url(MapQuery(q=one.label)),
        "place": lambda one: f"{page_url(MapQuery())}#7/{one.latitude:.3f}/{one.longitude:.3f}",
    }
    return tuple(
        Meant(
            one.label,
            said_of_place(dataset, one, words) if one.kind == "place" else one.note,
            views[one.kind](one),
        )
        for one in found[:6]
    )


def _words(titles: Titles) -> looking.Words:
    number = partial(number_text, language=SOURCE_LANGUAGE)
    return looking.Words(titles["country"], catalogue(SOURCE_LANGUAGE), number, page_url)


def _country_state(filling: Filling, words: looking.Words) -> dict[str, list[object]]:
    """Return number, look and class of each country, and what is said of it where that is not its number."""
    rows: dict[str, list[object]] = {}
    columns = filling.countries[["n_members", "state", "look", "class", "value"]]
    for code, n, state, look, place, value in columns.itertuples(name=None):
        said = looking.said(filling.measure, look, value, words)
        is_filled = not pd.isna(place)
        row: list[object] = [int(n), state if is_filled else look, int(place) if is_filled else None]
        rows[str(code)] = [*row, said] if said else row
    return rows


def _downloads(query: MapQuery) -> tuple[Download, ...]:
    texts = catalogue(SOURCE_LANGUAGE)
    return (
        Download(
            texts.gettext("Members, GeoJSON"),
            _with_query(url_for("api.members"), query, more="dl=1"),
            texts.gettext("the members of this view as points"),
        ),
        Download(
            texts.gettext("Countries, GeoJSON"),
            _with_query(url_for("api.countries"), query, more="dl=1"),
            texts.gettext("the countries of this view with their numbers"),
        ),
        Download(
            texts.gettext("Themes, JSON"),
            _with_query(url_for("api.themes"), query),
            texts.gettext("the themes with the number of members in each"),
        ),
    )
