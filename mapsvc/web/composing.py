"""A Dataset and a view become a MapPage: the numbers, filters, list and legend that the template prints."""

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd
from flask import url_for

from mapsvc.analysis.filling import Filling, fill_countries
from mapsvc.analysis.measures import offered_measures
from mapsvc.analysis.queries import REPEATABLE, MapQuery, facet_counts, select_members
from mapsvc.analysis.search import Entry, SearchIndex
from mapsvc.i18n import Language, country_names, open_graph_locale
from mapsvc.maps.document import MapDocument
from mapsvc.model import ALL_THEMES, MEMBER_TYPES, STATUSES, Dataset
from mapsvc.web import looking
from mapsvc.web.http import absolute, service
from mapsvc.web.language import with_query
from mapsvc.web.linked_data import dataset_document
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
    PagePicture,
)

# A country is found by what it is called in these, whatever language the page is in.
SEARCHED_LANGUAGES = ("en", "es", "fr", "pt", "de", "ko", "ja", "zh")

Titles = Mapping[str, Mapping[str, str]]
# So many members the list on the map page holds at most: more would be megabytes that nobody reads to the end.
MAX_LISTED = 600
# Stands for an id in the addresses that scripts complete.
PLACEHOLDER = "__id__"


def page_url(query: MapQuery) -> str:
    """Return the address of the map page for a view."""
    return with_query(url_for("pages.index"), query.canonical())


def outlines_url() -> str:
    """Return the address of the outlines that the map draws; the numbers it has from the page."""
    return url_for("pages.map_outlines", snapshot=service().store.dataset.fingerprint)


def compose_map_page(dataset: Dataset, query: MapQuery, document: MapDocument, language: Language) -> MapPage:
    """Put together everything that the map page shows for one view, in one language."""
    dataset = dataset.in_language(language.tag)
    network = dataset.network
    address = page_url(query)
    shown = dataset.members[select_members(dataset.members, query, network)]
    filling = fill_countries(dataset, query)
    titles = value_titles(dataset, language)
    words = words_of(titles, language)
    multiples = compose_multiples(dataset, query, words) if query.view == "themes" else None
    everyone = dataset.counts.xs(ALL_THEMES, level="theme")
    return MapPage(
        network=network,
        title=network.title,
        description=network.tagline,
        canonical_query=query.canonical(),
        query=address.partition("?")[2],
        search=query.q,
        n_members=len(shown),
        n_countries=int(shown["country"].nunique()),
        n_all_members=int(everyone.sum()),
        n_all_countries=int((everyone > 0).sum()),
        n_themes_known=int(shown["themes"].notna().sum()),
        n_without_place=int(shown.geometry.isna().sum()),
        filters=filters_of(dataset, query, titles, language),
        chips=chips_of(query, titles, language),
        sections=_sections(shown, titles, language),
        legend=multiples.legend if multiples else looking.legend(filling, words),
        multiples=multiples,
        view=query.view,
        looks=looking.looks(query, words),
        measures=looking.measures(query, offered_measures(dataset), words),
        ranking=looking.ranking(filling, query, words) if query.view == "countries" else None,
        meant=_meant(dataset, query, words) if query.q and shown.empty else (),
        timeline=compose_timeline(dataset, query),
        everything_url=page_url(query.everything()),
        uses_geonames=dataset.uses_geonames,
        uses_bundled_boundaries=not dataset.own_boundaries,
        downloads=downloads_of(query, language),
        picture=_picture(
            network.title, query, titles, (len(shown), int(shown["country"].nunique())), language
        ),
        document=document,
        state={
            "query": address.partition("?")[2],
            "view": query.view,
            "countries": country_state(filling, words),
            "links": page_links(),
        },
        table_url=with_query(url_for("profiles.table"), query.canonical()),
        linked_data=(dataset_document(dataset, network.title, network.tagline),),
        preload=(with_query(url_for("api.members"), query.canonical()), outlines_url()),
    )


def value_titles(dataset: Dataset, language: Language) -> Titles:
    """Return what each value of each filter is called in a language."""
    network = dataset.network.in_language(language.tag)
    given = {str(code): str(name) for code, name in dataset.countries["name"].items()}
    return {
        "theme": {one.id: one.title for one in network.themes}
        | {one.id: one.title for one in network.groups},
        "region": {one.id: one.title for one in network.regions},
        "country": country_names(given, language.tag, network.country_names, given),
        "type": translated(TYPE_TITLES, language),
        "status": translated(STATUS_TITLES, language),
    }


def filters_of(dataset: Dataset, query: MapQuery, titles: Titles, language: Language) -> tuple[Filter, ...]:
    """Return the filters of a view as the form shows them."""
    counts = facet_counts(dataset.members, query, dataset.network)
    names = translated(FILTER_TITLES, language)

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
    countries = sorted(present["country"], key=lambda code: language.order(titles["country"][code]))
    return (
        Filter("theme", names["theme"], themes),
        plain("region", tuple(region.id for region in dataset.network.regions)),
        plain("country", tuple(countries)),
        plain("type", tuple(one for one in MEMBER_TYPES if one in present["type"])),
        plain("status", tuple(one for one in STATUSES if one in present["status"])),
    )


def chips_of(
    query: MapQuery, titles: Titles, language: Language, address: Callable[[MapQuery], str] = page_url
) -> tuple[Chip, ...]:
    """Return the filters that are on; `address` says where the view without one is."""
    chips = [
        Chip(titles[name][value], address(query.without(name, value)))
        for name in REPEATABLE
        for value in getattr(query, name)
    ]
    for name, label in (
        ("joined_from", language.gettext("joined since %(date)s")),
        ("joined_to", language.gettext("joined until %(date)s")),
        ("asof", language.gettext("as of %(date)s")),
    ):
        if value := getattr(query, name):
            chips.append(Chip(label % {"date": language.date(str(value))}, address(query.without(name))))
    if query.q:
        chips.append(Chip(language.gettext("“%(text)s”") % {"text": query.q}, address(query.without("q"))))
    return tuple(chips)


def _sections(shown: pd.DataFrame, titles: Titles, language: Language) -> tuple[CountrySection, ...]:
    rows: dict[str, list[MemberRow]] = {}
    for member in shown.sort_values("name", key=lambda names: names.str.casefold()).itertuples():
        rows.setdefault(str(member.country), []).append(member_row(member, titles))
    sections, left = [], MAX_LISTED
    for code in sorted(rows, key=lambda code: language.order(titles["country"][code])):
        found = tuple(rows[code])
        left -= len(found)
        # A list of thousands is a table: the countries that come late have their number and lead there.
        listed = found if left >= 0 else ()
        sections.append(
            CountrySection(
                code, titles["country"][code], listed, len(found), url_for("profiles.country", code=code)
            )
        )
    return tuple(sections)


def member_row(member: Any, titles: Titles) -> MemberRow:  # noqa: ANN401 – what `itertuples` gives has no name
    """Return a row of the frame, as `itertuples` gives it, as the list shows it."""

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
        href=url_for("profiles.member", id=text("Index")),
    )


def page_links() -> dict[str, str]:
    """Return the addresses of the pages of a member and a country, for scripts to complete."""
    return {
        "member": url_for("profiles.member", id=PLACEHOLDER),
        "country": url_for("profiles.country", code=PLACEHOLDER),
    }


def index_of(dataset: Dataset, language: Language) -> SearchIndex:
    """Return what can be searched for, in the visitor's language."""
    titles = value_titles(dataset, language)
    given = {str(code): str(name) for code, name in dataset.countries["name"].items()}
    by_language = [country_names(given, one, {}, given) for one in SEARCHED_LANGUAGES]
    others = {code: tuple({names[code] for names in by_language}) for code in given}
    return search_index(dataset, titles, words_of(titles, language), others)


def _meant(dataset: Dataset, query: MapQuery, words: looking.Words) -> tuple[Meant, ...]:
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


def words_of(titles: Titles, language: Language) -> looking.Words:
    """Return what the ways to look at a view are said with."""
    return looking.Words(titles["country"], language, page_url)


def country_state(filling: Filling, words: looking.Words) -> dict[str, list[object]]:
    """Return number, look and class of each country, and what is said of it where that is not its number."""
    rows: dict[str, list[object]] = {}
    columns = filling.countries[["n_members", "state", "look", "class", "value"]]
    for code, n, state, look, place, value in columns.itertuples(name=None):
        said = looking.said(filling.measure, look, value, words)
        is_filled = not pd.isna(place)
        row: list[object] = [int(n), state if is_filled else look, int(place) if is_filled else None]
        rows[str(code)] = [*row, said] if said else row
    return rows


def numbers_text(n_members: int, n_countries: int, language: Language) -> str:
    """Return how many members there are, in how many countries, as the page's headline has it."""
    if not n_members:
        return language.gettext("No member matches")
    ngettext = language.texts.ngettext
    members = ngettext("%(num)s member", "%(num)s members", n_members) % {"num": language.number(n_members)}
    countries = ngettext("in %(num)s country", "in %(num)s countries", n_countries)
    return f"{members} {countries % {'num': language.number(n_countries)}}"


def notes_of(dataset: Dataset, language: Language) -> tuple[str, ...]:
    """Return what is printed below a map that leaves the site: the first are the last to be cut."""
    network, say = dataset.network, language.gettext
    notes = []
    if network.compiled:
        notes.append(f"{say('As of')} {language.date(network.compiled)}")
    if network.completeness == "partial":
        notes.append(say("This list is partial."))
    notes += [network.boundary_disclaimer, f"{say('Source')}: {network.source_note}"]
    if dataset.uses_geonames:
        notes.append(f"{say('Places:')} GeoNames (CC BY 4.0)")
    if not dataset.own_boundaries:
        notes.append(f"{say('Boundaries:')} Natural Earth")
    notes.append(network.licence)
    return tuple(note for note in notes if note)


def _picture(
    title: str, query: MapQuery, titles: Titles, numbers: tuple[int, int], language: Language
) -> PagePicture:
    full_title = " · ".join([*(chip.label for chip in chips_of(query, titles, language)), title])
    view = query.canonical()
    return PagePicture(
        title=full_title,
        text=f"{full_title}: {numbers_text(*numbers, language)}",
        svg=with_query(url_for("pictures.svg"), view, "size=a4"),
        # Other sites want a whole address; where none is configured, there is none to be had.
        og=absolute(with_query(url_for("pictures.png"), view, "size=og")) if service().base_url else "",
        locale=open_graph_locale(language.tag),
    )


def downloads_of(query: MapQuery, language: Language) -> tuple[Download, ...]:
    """Return the files of exactly this view."""
    view, say = query.canonical(), language.gettext
    return (
        Download(
            say("Members, GeoJSON"),
            with_query(url_for("api.members"), view, "dl=1"),
            say("the members of this view as points"),
        ),
        Download(
            say("Countries, GeoJSON"),
            with_query(url_for("api.countries"), view, "dl=1"),
            say("the countries of this view with their numbers"),
        ),
        Download(
            say("Themes, JSON"),
            with_query(url_for("api.themes"), view),
            say("the themes with the number of members in each"),
        ),
        Download(
            say("Picture, PNG"),
            with_query(url_for("pictures.png"), view, "dl=1"),
            say("the map of this view, to show and to share"),
        ),
        Download(
            say("Picture, SVG"),
            with_query(url_for("pictures.svg"), view, "dl=1"),
            say("the same for print, sharp at any size"),
        ),
        Download(
            say("Map in one file, HTML"),
            with_query(url_for("single.single_file"), view, "dl=1"),
            say("the map and the list, to be opened without a network"),
        ),
    )
