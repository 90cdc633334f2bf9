"""The page of one theme or theme group: who works on it, where, and which programmes say so; and all themes."""

from flask import url_for

from mapsvc.analysis.queries import MapQuery
from mapsvc.analysis.selection import select_members
from mapsvc.analysis.surroundings import beside
from mapsvc.model import Network, ThemeGroup
from mapsvc.web.drawing import small_map
from mapsvc.web.heads import country_link, index_sheet, make_head, member_link, theme_link
from mapsvc.web.language import with_query
from mapsvc.web.linked_data import item_list
from mapsvc.web.listing import MAX_LISTED
from mapsvc.web.member_sheet import programmes
from mapsvc.web.outputs import downloads_of
from mapsvc.web.sheets import CountryMembers, IndexSheet, Link, ThemeCount, ThemeSheet
from mapsvc.web.snapshot import Snapshot
from mapsvc.web.titles import page_url


def theme_ids(network: Network) -> tuple[str, ...]:
    """Return the ids of all groups and themes, each group before its own."""
    return tuple(
        dict.fromkeys(one for group in network.groups for one in (group.id, *(t.id for t in group.themes)))
    )


def compose_theme(here: Snapshot, id_: str) -> ThemeSheet:
    """Put together everything that the page of a theme or a theme group shows."""
    dataset, network = here.dataset, here.dataset.network
    query = MapQuery(theme=(id_,))
    shown = dataset.members[select_members(dataset.members, query, network)]
    everyone = dataset.members[select_members(dataset.members, MapQuery(), network)]
    own = next((group for group in network.groups if group.id == id_), None)
    above = next(
        (group for group in network.groups if own is None and id_ in {t.id for t in group.themes}), None
    )
    wanted = {theme.id for theme in own.themes} if own else {id_}
    title, path = here.titles["theme"][id_], url_for("profiles.theme", id=id_)
    order = theme_ids(network)
    before, after = beside(order, id_)
    evidence = dict.fromkeys(row for theme in wanted for row in here.evidence.by_theme.get(theme, ()))
    countries = _countries(here, set(shown.index))
    links = [one.country for one in countries]
    return ThemeSheet(
        head=make_head(
            here, title, _described(here, title, len(shown), len(countries)), path,
            (Link(here.language.gettext("Themes"), url_for("profiles.themes")), *((theme_link(here, above.id),) if above else ())),
            beside=(theme_link(here, before) if before else None, theme_link(here, after) if after else None),
            linked_data=(item_list(title, links),),
        ),
        group=theme_link(here, above.id) if above else None,
        themes=_themes_of(here, own or above, len(everyone)),
        n_members=len(shown),
        n_countries=len(countries),
        n_known=int(everyone["themes"].notna().sum()),
        n_all=len(everyone),
        countries=countries,
        programmes=programmes(list(evidence)),
        map_url=page_url(query),
        table_url=with_query(url_for("profiles.table"), query.canonical()),
        map=small_map(here, query),
        downloads=downloads_of(query, here.language),
    )  # fmt: skip


def _countries(here: Snapshot, ids: set[str]) -> tuple[CountryMembers, ...]:
    """Return the members with these ids by country, in the order of reading."""
    homes = here.dataset.members["country"]
    found: dict[str, list[str]] = {}
    for one in here.order:
        if one in ids:
            found.setdefault(str(homes[one]), []).append(one)
    rows, left = [], MAX_LISTED
    for code, members in found.items():
        left -= len(members)
        listed = tuple(member_link(here, one) for one in members) if left >= 0 else ()
        rows.append(CountryMembers(country_link(here, code), code, len(members), listed))
    return tuple(rows)


def _themes_of(here: Snapshot, group: ThemeGroup | None, n_all: int) -> tuple[ThemeCount, ...]:
    if group is None:
        return ()
    totals = here.dataset.counts.groupby(level="theme").sum()
    return tuple(
        ThemeCount(
            theme_link(here, one.id), int(totals[one.id]), round(100 * int(totals[one.id]) / max(1, n_all))
        )
        for one in group.themes
    )


def _described(here: Snapshot, title: str, n: int, n_countries: int) -> str:
    text = here.language.gettext(
        "%(theme)s in %(network)s: known of members %(n)s, in countries %(countries)s; programmes and sources."
    )
    return text % {
        "theme": title, "network": here.dataset.network.name, "n": here.language.number(n),
        "countries": here.language.number(n_countries),
    }  # fmt: skip


def compose_themes(here: Snapshot) -> IndexSheet:
    """Put together the page of all themes, by group."""
    say = here.language.gettext
    totals = here.dataset.counts.groupby(level="theme").sum()
    top = max([1, *(int(totals[one]) for one in here.dataset.network.theme_ids)])
    groups = tuple(
        (
            theme_link(here, group.id),
            tuple(
                ThemeCount(
                    theme_link(here, one.id), int(totals[one.id]), round(100 * int(totals[one.id]) / top)
                )
                for one in group.themes
            ),
        )
        for group in here.dataset.network.groups
    )
    known = int((here.dataset.members["themes"].notna() & (here.dataset.members["status"] == "member")).sum())
    lead = say("What members work on. Themes are recorded for %(n)s of %(all)s members; of the others we do not know.") % {
        "n": here.language.number(known), "all": here.language.number(here.n_members),
    }  # fmt: skip
    title, path = say("Themes"), url_for("profiles.themes")
    links = [row.link for _, rows in groups for row in rows]
    return index_sheet(here, Link(title, path), lead, groups, links)
