"""What the values of a view are called in a language, and where its page is."""

from collections.abc import Mapping

from flask import url_for

from mapsvc.analysis.queries import MapQuery
from mapsvc.i18n import Language, country_names
from mapsvc.model import Dataset
from mapsvc.web import looking
from mapsvc.web.language import with_query
from mapsvc.web.texts import STATUS_TITLES, TYPE_TITLES, translated

Titles = Mapping[str, Mapping[str, str]]


def page_url(query: MapQuery) -> str:
    """Return the address of the map page for a view."""
    return with_query(url_for("pages.index"), query.canonical())


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


def words_of(titles: Titles, language: Language) -> looking.Words:
    """Return what the ways to look at a view are said with."""
    return looking.Words(titles["country"], language, page_url)
