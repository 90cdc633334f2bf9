"""What leaves with a view: its files, its picture, and what is printed below a map that leaves the site."""

from flask import url_for

from mapsvc.analysis.queries import MapQuery
from mapsvc.i18n import Language, open_graph_locale
from mapsvc.model import Dataset
from mapsvc.web.filtering import chips_of
from mapsvc.web.http import absolute, service
from mapsvc.web.language import with_query
from mapsvc.web.titles import Titles
from mapsvc.web.views import Download, PagePicture


def numbers_text(n_members: int, n_countries: int, language: Language) -> str:
    """Return how many members are shown, in how many countries, as the page's headline has it."""
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
        notes.append(say("As of %(date)s") % {"date": language.date(network.compiled)})
    if network.completeness == "partial":
        notes.append(say("This list is partial."))
    notes += [network.boundary_disclaimer, f"{say('Source')}: {network.source_note}"]
    if dataset.uses_geonames:
        notes.append(f"{say('Places:')} GeoNames (CC BY 4.0)")
    if not dataset.own_boundaries:
        notes.append(f"{say('Boundaries:')} Natural Earth")
    notes.append(network.licence)
    return tuple(note for note in notes if note)


def picture_of(title: str, query: MapQuery, titles: Titles, numbers: str, language: Language) -> PagePicture:
    """Return the picture of a view for its page: in words, for print, and for sites that link to it."""
    full_title = " · ".join([*(chip.label for chip in chips_of(query, titles, language)), title])
    view = query.canonical()
    return PagePicture(
        title=full_title,
        text=f"{full_title}: {numbers}",
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
