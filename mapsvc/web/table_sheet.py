"""The members of a view as a table that sorts, pages and prints: the same query as the map, and an order."""

from flask import url_for

from mapsvc.analysis.queries import MapQuery
from mapsvc.analysis.selection import select_members
from mapsvc.analysis.tables import ROWS_PER_PAGE, SORT_COLUMNS, TableQuery, n_pages, sort_members
from mapsvc.web.drawing import small_map
from mapsvc.web.emptiness import emptiness_of
from mapsvc.web.filtering import chips_of, filters_of
from mapsvc.web.heads import country_link, make_head, rows_of
from mapsvc.web.language import with_query
from mapsvc.web.linked_data import item_list
from mapsvc.web.outputs import downloads_of
from mapsvc.web.sheets import Link, TableColumn, TableRow, TableSheet
from mapsvc.web.snapshot import Snapshot
from mapsvc.web.texts import COLUMN_TITLES
from mapsvc.web.titles import page_url

# Of the view, what the form on this page has no field for.
_KEPT = ("joined_from", "joined_to", "asof")
# So many pages on each side of this one are offered.
_AROUND = 2


def compose_table(here: Snapshot, query: MapQuery, table: TableQuery) -> TableSheet:
    """Put together everything that one page of the table shows; a page past the end is the last one."""
    dataset, say = here.dataset, here.language.gettext
    shown = dataset.members[select_members(dataset.members, query, dataset.network)]
    n_all = n_pages(len(shown))
    table = table.at(min(table.page, n_all))
    first = (table.page - 1) * ROWS_PER_PAGE
    ids = sort_members(shown, table, here.titles, here.language.order).index[first : first + ROWS_PER_PAGE]
    homes = dataset.members["country"]
    listed = tuple(
        TableRow(row, row.href, country_link(here, str(homes[row.id])))
        for row in rows_of(here, map(str, ids))
    )
    path = url_for("profiles.table")

    def address(one: MapQuery, order: TableQuery) -> str:
        return with_query(path, one.canonical(), order.canonical())

    chips = chips_of(query, here.titles, here.language, lambda one: address(one, table.at(1)))
    title, manner = say("Members as a table"), say("sorted and paged")
    named = " · ".join([title, *(chip.label for chip in chips)])
    links = [Link(one.row.name, one.href) for one in listed]
    # One address for each page of a view; how it is sorted makes no other page.
    plain = TableQuery(page=table.page if table.sort == "name" else 1)
    return TableSheet(
        head=make_head(
            here, named, f"{dataset.network.title}: {named}, {manner}", path, (),
            query="&".join(part for part in (query.canonical(), plain.canonical()) if part),
            linked_data=(item_list(named, links),),
        ),
        query=query.canonical(),
        kept=tuple((name, value) for name, value in query.pairs() if name in _KEPT),
        sort=table.sort,
        search=query.q,
        filters=filters_of(dataset, query, here.titles, here.language),
        chips=chips,
        here=path,
        columns=tuple(_column(here, name, query, table) for name in (*SORT_COLUMNS, "themes", "source")),
        rows=listed,
        n_members=len(shown),
        n_countries=int(shown["country"].nunique()),
        n_themes_known=int(shown["themes"].notna().sum()),
        first=first + 1 if listed else 0,
        last=first + len(listed),
        page=table.page,
        pages=tuple((one, address(query, table.at(one))) for one in _pages(table.page, n_all)),
        n_pages=n_all,
        previous=address(query, table.at(table.page - 1)) if table.page > 1 else "",
        following=address(query, table.at(table.page + 1)) if table.page < n_all else "",
        map_url=page_url(query),
        map=small_map(here, query),
        downloads=downloads_of(query, here.language)[:1],
        empty=None if listed else emptiness_of(
            dataset, query, here.titles, here.language, lambda one: address(one, table.at(1))
        ),
    )  # fmt: skip


def _column(here: Snapshot, name: str, query: MapQuery, table: TableQuery) -> TableColumn:
    title = here.language.gettext(COLUMN_TITLES[name])
    if name not in SORT_COLUMNS:
        return TableColumn(name, title)
    href = with_query(url_for("profiles.table"), query.canonical(), table.by(name).canonical())
    way = ("descending" if table.descending else "ascending") if name == table.column else ""
    return TableColumn(name, title, href, way)


def _pages(page: int, n_all: int) -> tuple[int, ...]:
    near = range(max(1, page - _AROUND), min(n_all, page + _AROUND) + 1)
    return tuple(sorted({1, *near, n_all}))
