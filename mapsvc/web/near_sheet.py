"""The page of a place: what it is to the network, and the members nearest to it, of one theme and of each."""

from dataclasses import dataclass
from typing import Any

from flask import url_for

from mapsvc.analysis.coverage import Coverage
from mapsvc.analysis.near_query import NearQuery
from mapsvc.analysis.queries import MapQuery
from mapsvc.analysis.search import Entry
from mapsvc.analysis.siting import Question
from mapsvc.analysis.siting_query import canonical
from mapsvc.analysis.top_centres import centre_states
from mapsvc.errors import NotFound
from mapsvc.web.gaps_sheet import basis_of
from mapsvc.web.gaps_texts import CENTRE_STATES
from mapsvc.web.gaps_views import Basis
from mapsvc.web.heads import country_link, make_head, near_members, peers_by_theme, place_link
from mapsvc.web.language import with_query
from mapsvc.web.measuring import coverage_of
from mapsvc.web.searching import index_of
from mapsvc.web.sheets import Head, Link, NearMember
from mapsvc.web.snapshot import Snapshot
from mapsvc.web.titles import page_url
from mapsvc.web.views import Choice

N_NEAR = 10


@dataclass(frozen=True)
class Place:
    """An urban centre; `state` is what it is to the network, and `map_url` shows it."""

    name: str
    country: Link
    inhabitants: str
    rank: str
    state: str
    map_url: str


@dataclass(frozen=True)
class NearPage:
    """The members nearest to a place; `found` are the places that a name may mean."""

    head: Head
    basis: Basis
    query: NearQuery
    place: Place | None
    found: tuple[tuple[Link, str], ...]
    themes: tuple[tuple[str, tuple[Choice, ...]], ...]
    near: tuple[NearMember, ...]
    by_theme: tuple[tuple[Link, NearMember | None], ...]
    next_url: str


def compose_near(here: Snapshot, query: NearQuery) -> NearPage:
    """Put together everything that the page shows.

    Raises
    ------
    NotFound
        Where no urban centre has that id.
    """
    say, network = here.language.gettext, here.dataset.network
    coverage = coverage_of(here.dataset)
    meant = _meant(here, query)
    id_ = query.place or (int(meant[0].id) if len(meant) == 1 else 0)
    centre = _centre(here, coverage, id_, query)
    title = say("Members nearest to a place")
    place, near, by_theme = _around(here, centre, query) if centre else (None, (), ())
    named = [place.name if place else "", here.titles["theme"].get(query.theme, "")]
    shown = NearQuery(id_, "" if id_ else query.q, query.theme)
    return NearPage(
        head=make_head(
            here, " · ".join(filter(None, [*named, title])), say("The members nearest to an urban centre, of one theme and of each."),
            url_for("gaps.near_page"), (Link(say("Coverage gaps"), url_for("gaps.page")),), query=shown.canonical(),
        ),
        basis=basis_of(here, coverage),
        query=query,
        place=place,
        found=() if id_ else tuple((place_link(int(one.id), one.label, query.theme), one.note) for one in meant),
        themes=tuple(
            (group.title, tuple(Choice(one.id, one.title, 0, one.id == query.theme) for one in group.themes))
            for group in network.groups
        ),
        near=near,
        by_theme=by_theme,
        next_url=with_query(url_for("gaps.next_page"), canonical(Question(theme=query.theme_or_all))),
    )  # fmt: skip


def _meant(here: Snapshot, query: NearQuery) -> tuple[Entry, ...]:
    """Return the urban centres that a name may mean."""
    if query.place or not query.q:
        return ()
    return tuple(one for one in index_of(here.dataset, here.language).find(query.q) if one.kind == "place")


def _centre(here: Snapshot, coverage: Coverage, id_: int, query: NearQuery) -> dict[str, Any]:
    """Return an urban centre and what it is to the network; nothing where none is asked for."""
    if not id_:
        return {}
    centres = centre_states(coverage, here.dataset.network, query.theme_or_all)
    if id_ not in centres.index:
        raise NotFound(here.language.gettext("There is no urban centre of that number"))
    return {str(name): value for name, value in centres.loc[id_].to_dict().items()}


def _around(
    here: Snapshot, centre: dict[str, Any], query: NearQuery
) -> tuple[Place, tuple[NearMember, ...], tuple[tuple[Link, NearMember | None], ...]]:
    """Return a place, the members nearest to it, and the nearest known to work on each theme."""
    language, themes = here.language, here.dataset.network.theme_ids
    x, y = float(centre["longitude"]), float(centre["latitude"])
    place = Place(
        str(centre["name"]),
        country_link(here, str(centre["country"])),
        language.number(int(centre["population"])),
        language.number(int(centre["rank"])),
        language.gettext(CENTRE_STATES[str(centre["state"])]),
        f"{page_url(MapQuery())}#7/{y:.3f}/{x:.3f}",
    )
    near = here.surroundings.nearest_to_place(x, y, N_NEAR, theme=query.theme)
    closest = here.surroundings.nearest_in_themes(x, y)
    return place, near_members(here, near, frozenset(themes)), peers_by_theme(here, closest)
