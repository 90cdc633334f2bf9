"""The page of one member: what is known of it, how we know, and who is near."""

import re

import pandas as pd
from flask import url_for

from mapsvc.analysis.evidence import Evidence
from mapsvc.analysis.queries import MapQuery
from mapsvc.analysis.surroundings import beside
from mapsvc.model import COUNTED_STATUS
from mapsvc.web.drawing import small_map
from mapsvc.web.heads import (
    country_link,
    make_head,
    member_link,
    near_members,
    peers_by_theme,
    rows_of,
    theme_link,
)
from mapsvc.web.language import with_query
from mapsvc.web.linked_data import member_document
from mapsvc.web.sheets import KnownTheme, Link, MemberSheet, Programme
from mapsvc.web.snapshot import Snapshot
from mapsvc.web.titles import page_url
from mapsvc.web.views import Download, MemberRow

N_NEAR = 5
_ZOOM = 7
_GEONAMES = re.compile(r"geonames:(\d+)( seat)?")


def compose_member(here: Snapshot, id_: str) -> MemberSheet:
    """Put together everything that the page of a member shows."""
    members = here.dataset.members
    member = members.loc[id_]
    row = rows_of(here, [id_])[0]
    code = str(member["country"])
    point = (float(member.geometry.y), float(member.geometry.x)) if row.located else None
    query = MapQuery(
        country=(code,),
        status=() if row.status == COUNTED_STATUS else tuple(sorted({COUNTED_STATUS, row.status})),
    )
    source = here.text(id_, "location_source")
    geonames = _GEONAMES.fullmatch(source)
    themes = frozenset(member["themes"] or ())
    around = here.surroundings
    peers = around.nearest(id_, N_NEAR, themes=themes) if themes else ()
    population, offshore = member["population"], member["offshore_km"]
    path = url_for("profiles.member", id=id_)
    document = member_document(
        here.dataset.network, row.name, row.type, here.country_name(code), path, here.text(id_, "url"), point
    )
    turn = beside(here.order, id_)
    return MemberSheet(
        head=make_head(
            here, row.name, _described(here, row, code), path, (country_link(here, code),),
            beside=(_page(here, turn[0]), _page(here, turn[1])), linked_data=(document,),
        ),
        id=id_,
        row=row,
        country=country_link(here, code),
        population=None if pd.isna(population) else int(population),
        until=here.text(id_, "until"),
        url=here.text(id_, "url"),
        latitude=point[0] if point else None,
        longitude=point[1] if point else None,
        geonames_id=geonames[1] if geonames else "",
        location_source="" if geonames else source.removesuffix(" seat"),
        at_seat=source.endswith("seat"),
        offshore_km=None if pd.isna(offshore) else float(offshore),
        themes=None if member["themes"] is None else _known_themes(here, id_, tuple(member["themes"])),
        peers=near_members(here, peers, themes),
        by_theme=peers_by_theme(here, around.nearest_in_themes(point[1], point[0], but=id_)) if point else (),
        neighbours=near_members(here, around.nearest(id_, N_NEAR)),
        companions=() if point else _companions(here, id_, code),
        map_url=page_url(query) + (f"#{_ZOOM}/{point[0]:.3f}/{point[1]:.3f}" if point else ""),
        map=small_map(here, query, focus=id_) if point else None,
        downloads=(_download(here, query, code),),
    )  # fmt: skip


def _described(here: Snapshot, row: MemberRow, code: str) -> str:
    say = here.language.gettext
    parts = [f"{row.name}: {row.type_title}", row.admin1, here.country_name(code)]
    text = ", ".join(part for part in parts if part) + f" · {row.status_title}, {here.dataset.network.name}"
    if row.since:
        text += " · " + say("since %(date)s") % {"date": here.language.date(row.since)}
    if row.themes:
        text += " · " + here.language.listed(row.themes)
    return text


def _page(here: Snapshot, id_: str | None) -> Link | None:
    return member_link(here, id_) if id_ else None


def _known_themes(here: Snapshot, id_: str, themes: tuple[str, ...]) -> tuple[KnownTheme, ...]:
    evidence = here.evidence.by_member.get(id_, ())
    network = here.dataset.network
    groups = {theme.id: group.title for group in network.groups for theme in group.themes}
    # In the order of the network, as everywhere.
    return tuple(
        KnownTheme(
            theme_link(here, one),
            groups.get(one, ""),
            programmes([row for row in evidence if one in row.themes]),
        )
        for one in network.theme_ids
        if one in themes
    )


def programmes(evidence: list[Evidence]) -> tuple[Programme, ...]:
    """Return the programmes of these participations, largest first, with where they are stated."""
    found: dict[str, list[Evidence]] = {}
    for row in evidence:
        found.setdefault(row.programme, []).append(row)
    listed = [
        Programme(
            title,
            tuple(dict.fromkeys(row.source_url for row in rows if row.source_url)),
            len({row.member for row in rows if row.member}),
            len({row.member_name for row in rows if not row.member}),
        )
        for title, rows in found.items()
    ]
    return tuple(sorted(listed, key=lambda one: (-one.n_members - one.n_others, one.title)))


def _companions(here: Snapshot, id_: str, code: str) -> tuple[Link, ...]:
    """Return the other members of the country, for one whose place is not known."""
    members = here.dataset.members
    others = members.index[
        (members["country"] == code) & (members["status"] == COUNTED_STATUS) & (members.index != id_)
    ]
    return tuple(member_link(here, str(one)) for one in others[:8])


def _download(here: Snapshot, query: MapQuery, code: str) -> Download:
    say = here.language.gettext
    return Download(
        say("%(country)s, GeoJSON") % {"country": here.country_name(code)},
        with_query(url_for("api.members"), query.canonical(), "dl=1"),
        say("the members of this country, this one among them"),
    )
