"""A Dataset and a view become a MapPage: the numbers, filters, list and legend that the template prints."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

import pandas as pd
from flask import url_for

from mapsvc.analysis.choropleth import Classes, classify_counts
from mapsvc.analysis.membership import country_states
from mapsvc.analysis.queries import REPEATABLE, MapQuery, facet_counts, select_members
from mapsvc.i18n import SOURCE_LANGUAGE, catalogue, country_names, date_text, open_graph_locale
from mapsvc.maps.document import MapDocument
from mapsvc.model import ALL_THEMES, MEMBER_TYPES, STATUSES, Dataset
from mapsvc.web.http import absolute, service
from mapsvc.web.texts import FILTER_TITLES, STATUS_TITLES, TYPE_TITLES, translated
from mapsvc.web.views import (
    Chip,
    Choice,
    ChoiceGroup,
    CountrySection,
    Download,
    Filter,
    LegendClass,
    MapPage,
    MemberRow,
    PagePicture,
)

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
    states = country_states(dataset.members, query, network, dataset.countries.index)
    classes = classify_counts(states["n_members"])
    titles = value_titles(dataset)
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
        chips=chips_of(query, titles),
        sections=_sections(shown, titles),
        legend=legend_of(states, classes),
        compiled=date_text(network.compiled, SOURCE_LANGUAGE),
        uses_geonames=dataset.uses_geonames,
        uses_bundled_boundaries=not dataset.own_boundaries,
        downloads=_downloads(query),
        picture=_picture(network.title, query, titles, len(shown), int(shown["country"].nunique())),
        document=document,
        state={"query": query.canonical(), "countries": _country_state(states, classes)},
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


def chips_of(query: MapQuery, titles: Titles) -> tuple[Chip, ...]:
    """Return the filters that are on, in words, each with the view without it."""
    chips = [
        Chip(titles[name][value], page_url(query.without(name, value)))
        for name in REPEATABLE
        for value in getattr(query, name)
    ]
    if query.q:
        chips.append(Chip(f"“{query.q}”", page_url(query.without("q", query.q))))
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


def legend_of(states: pd.DataFrame, classes: Classes) -> tuple[LegendClass, ...]:
    """Return the classes of the filled map, palest first, and the states that a country may be in."""
    numbers = Counter(map(classes.class_of, states["n_members"].to_list()))
    rows = [LegendClass(str(place), label, numbers[place]) for place, label in enumerate(classes.labels())]
    in_state = Counter(states["state"].to_list())
    texts = catalogue(SOURCE_LANGUAGE)
    for key, label in (
        ("not-in-theme", texts.gettext("Members, none known in this theme")),
        ("unknown", texts.gettext("Themes not recorded")),
        ("none", texts.gettext("No member")),
    ):
        n_countries = in_state[key]
        if n_countries or key == "none":
            rows.append(LegendClass(key, label, n_countries))
    return tuple(rows)


def _country_state(states: pd.DataFrame, classes: Classes) -> dict[str, list[object]]:
    return {
        str(code): [int(n), state, classes.class_of(int(n))]
        for code, n, state in zip(states.index, states["n_members"], states["state"], strict=True)
    }


def numbers_text(n_members: int, n_countries: int, language: str) -> str:
    """Return how many members there are, in how many countries, as the page's headline has it."""
    texts = catalogue(language)
    if not n_members:
        return texts.gettext("No member matches")
    members = texts.ngettext("%(num)s member", "%(num)s members", n_members) % {"num": n_members}
    countries = texts.ngettext("in %(num)s country", "in %(num)s countries", n_countries)
    return f"{members} {countries % {'num': n_countries}}"


def notes_of(dataset: Dataset, language: str) -> tuple[str, ...]:
    """Return what is printed below a map that leaves the site: the first are the last to be cut."""
    network, texts = dataset.network, catalogue(language)
    notes = []
    if network.compiled:
        notes.append(texts.gettext("As of %(date)s") % {"date": date_text(network.compiled, language)})
    if network.completeness == "partial":
        notes.append(texts.gettext("This list is partial."))
    notes += [network.boundary_disclaimer, f"{texts.gettext('Source')}: {network.source_note}"]
    if dataset.uses_geonames:
        notes.append(f"{texts.gettext('Places:')} GeoNames (CC BY 4.0)")
    if not dataset.own_boundaries:
        notes.append(f"{texts.gettext('Boundaries:')} Natural Earth")
    notes.append(network.licence)
    return tuple(note for note in notes if note)


def _picture(title: str, query: MapQuery, titles: Titles, n_members: int, n_countries: int) -> PagePicture:
    full_title = " · ".join([*(chip.label for chip in chips_of(query, titles)), title])
    return PagePicture(
        title=full_title,
        text=f"{full_title}: {numbers_text(n_members, n_countries, SOURCE_LANGUAGE)}",
        svg=_with_query(url_for("pictures.svg"), query, more="size=a4"),
        # Other sites want a whole address; where none is configured, there is none to be had.
        og=absolute(_with_query(url_for("pictures.png"), query, more="size=og"))
        if service().base_url
        else "",
        locale=open_graph_locale(SOURCE_LANGUAGE),
    )


def _downloads(query: MapQuery) -> tuple[Download, ...]:
    texts = catalogue(SOURCE_LANGUAGE)
    return (
        Download(
            texts.gettext("Picture, PNG"),
            _with_query(url_for("pictures.png"), query, more="dl=1"),
            texts.gettext("the map of this view, to show and to share"),
        ),
        Download(
            texts.gettext("Picture, SVG"),
            _with_query(url_for("pictures.svg"), query, more="dl=1"),
            texts.gettext("the same for print, sharp at any size"),
        ),
        Download(
            texts.gettext("Map in one file, HTML"),
            _with_query(url_for("single.single_file"), query, more="dl=1"),
            texts.gettext("the map and the list, to be opened without a network"),
        ),
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
