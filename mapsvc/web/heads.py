"""What the sheets share: heads, links to pages of ours, rows of members, and who is near."""

from collections.abc import Iterable, Sequence

from flask import url_for

from mapsvc.analysis.surroundings import Near
from mapsvc.model import MEMBER_TYPES
from mapsvc.web.linked_data import Document, breadcrumbs, item_list
from mapsvc.web.listing import member_row
from mapsvc.web.sheets import Head, IndexGroup, IndexSheet, Link, NearMember
from mapsvc.web.snapshot import Snapshot
from mapsvc.web.views import MemberRow

_LONGEST_DESCRIPTION = 300


def make_head(
    here: Snapshot,
    title: str,
    description: str,
    path: str,
    crumbs: Sequence[Link],
    *,
    query: str = "",
    beside: tuple[Link | None, Link | None] = (None, None),
    linked_data: Iterable[Document] = (),
) -> Head:
    """Return the head of a sheet; the crumbs are those above it, without the map and itself."""
    network = here.dataset.network
    trail = (Link(here.language.gettext("Map"), url_for("pages.index")), *crumbs)
    return Head(
        network=network,
        title=title,
        description=" ".join(description.split())[:_LONGEST_DESCRIPTION],
        path=path,
        canonical_query=query,
        crumbs=trail,
        previous=beside[0],
        following=beside[1],
        linked_data=(*linked_data, breadcrumbs((*trail, Link(title, path)))),
        uses_geonames=here.dataset.uses_geonames,
        uses_bundled_boundaries=not here.dataset.own_boundaries,
    )


def index_sheet(
    here: Snapshot, page: Link, lead: str, groups: tuple[IndexGroup, ...], links: Iterable[Link]
) -> IndexSheet:
    """Return the page of all countries, or of all themes; `links` are those that search engines are told of."""
    described = f"{here.dataset.network.title}: {lead}"
    found = (item_list(page.title, links),)
    return IndexSheet(make_head(here, page.title, described, page.href, (), linked_data=found), lead, groups)


def member_link(here: Snapshot, id_: str) -> Link:
    """Return the page of a member."""
    return Link(here.text(id_, "name"), url_for("profiles.member", id=id_))


def country_link(here: Snapshot, code: str) -> Link:
    """Return the page of a country."""
    return Link(here.country_name(code), url_for("profiles.country", code=code))


def theme_link(here: Snapshot, id_: str) -> Link:
    """Return the page of a theme or a theme group."""
    return Link(here.titles["theme"].get(id_, id_), url_for("profiles.theme", id=id_))


def rows_of(here: Snapshot, ids: Iterable[str]) -> tuple[MemberRow, ...]:
    """Return members as the list shows them, in the order given."""
    frame = here.dataset.members.loc[list(ids)]
    return tuple(member_row(one, here.titles) for one in frame.itertuples())


def by_type(rows: Iterable[MemberRow]) -> tuple[tuple[str, tuple[MemberRow, ...]], ...]:
    """Return members under the title of their type, in the order of the types."""
    groups: dict[str, list[MemberRow]] = {}
    for row in rows:
        groups.setdefault(row.type, []).append(row)
    return tuple((groups[kind][0].type_title, tuple(groups[kind])) for kind in MEMBER_TYPES if kind in groups)


def near_members(
    here: Snapshot, near: Iterable[Near], themes: frozenset[str] = frozenset()
) -> tuple[NearMember, ...]:
    """Return who is near as the sheets show it, with what is shared of `themes`."""
    members = here.dataset.members
    return tuple(
        NearMember(
            member_link(here, one.id),
            here.country_name(str(members.at[one.id, "country"])),
            one.km,
            tuple(
                here.titles["theme"][theme]
                for theme in (members.at[one.id, "themes"] or ())
                if theme in themes
            ),
        )
        for one in near
    )
