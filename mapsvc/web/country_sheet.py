"""The page of one country: its members, the themes they work on and those that nobody is known for; and all countries."""

from flask import url_for

from mapsvc.analysis.names import collation_key
from mapsvc.analysis.queries import MapQuery
from mapsvc.analysis.surroundings import beside
from mapsvc.model import ALL_THEMES, COUNTED_STATUS
from mapsvc.web.drawing import small_map
from mapsvc.web.heads import by_type, country_link, index_sheet, make_head, near_members, rows_of, theme_link
from mapsvc.web.linked_data import country_document, item_list
from mapsvc.web.outputs import downloads_of
from mapsvc.web.sheets import CountrySheet, IndexSheet, Link, ThemeCount
from mapsvc.web.snapshot import Snapshot
from mapsvc.web.titles import page_url

N_NEAR = 6


def compose_country(here: Snapshot, code: str) -> CountrySheet:
    """Put together everything that the page of a country shows."""
    dataset, network = here.dataset, here.dataset.network
    counted = dataset.members[
        (dataset.members["status"] == COUNTED_STATUS) & (dataset.members["country"] == code)
    ]
    ids = [one for one in here.order if one in counted.index]
    rows = rows_of(here, ids)
    years = sorted(value[:4] for value in counted["since"].dropna())
    query = MapQuery(country=(code,))
    # Where there is nobody, the map shows who is next door.
    around = query if rows else MapQuery(country=tuple(sorted({code, *here.surroundings.borders[code]})))
    name, path = here.country_name(code), url_for("profiles.country", code=code)
    order = countries_in_order(here)
    before, after = beside(order, code)
    counts = dataset.counts.loc[code]
    n_known = int(counted["themes"].notna().sum())
    links = [Link(row.name, row.href) for row in rows]
    return CountrySheet(
        head=make_head(
            here, name, _described(here, name, len(rows), n_known), path, _above(here, code),
            beside=(country_link(here, before) if before else None, country_link(here, after) if after else None),
            linked_data=(country_document(name, code, path), *((item_list(name, links),) if links else ())),
        ),
        code=code,
        region=next(iter(_above(here, code)[1:]), None),
        n_members=len(rows),
        n_themes_known=n_known,
        n_without_place=int(counted.geometry.isna().sum()),
        first_year=years[0] if years else "",
        n_dated=len(years),
        members=by_type(rows),
        themes=tuple(
            (
                theme_link(here, group.id),
                tuple(_share(here, theme.id, int(counts[theme.id]), len(rows)) for theme in group.themes),
            )
            for group in network.groups
        ),
        lacking=tuple(theme_link(here, theme) for theme in network.theme_ids if not counts[theme]),
        borders=tuple(
            (country_link(here, other), int(dataset.counts[other, ALL_THEMES]))
            for other in sorted(here.surroundings.borders[code], key=lambda other: collation_key(here.country_name(other), here.language.order))
        ),
        nearest=() if rows else near_members(here, here.surroundings.nearest_to_country(code, N_NEAR)),
        map_url=page_url(query),
        map=small_map(here, around, box=here.surroundings.box(code)),
        downloads=downloads_of(query, here.language)[:2],
    )  # fmt: skip


def countries_in_order(here: Snapshot) -> tuple[str, ...]:
    """Return the codes of all countries by what they are called."""
    codes = [str(code) for code in here.dataset.countries.index]
    return tuple(sorted(codes, key=lambda code: collation_key(here.country_name(code), here.language.order)))


def _above(here: Snapshot, code: str) -> tuple[Link, ...]:
    say = here.language.gettext
    region = here.dataset.network.region_of_country.get(code)
    links = [Link(say("Countries"), url_for("profiles.countries"))]
    if region:
        links.append(Link(here.titles["region"][region], page_url(MapQuery(region=(region,)))))
    return tuple(links)


def _share(here: Snapshot, theme: str, n: int, n_all: int) -> ThemeCount:
    return ThemeCount(theme_link(here, theme), n, round(100 * n / n_all) if n_all else 0)


def _described(here: Snapshot, name: str, n: int, n_known: int) -> str:
    say = here.language.gettext
    if not n:
        return say("%(country)s: no member of %(network)s yet. The nearest members, and the countries around it.") % {
            "country": name, "network": here.dataset.network.name,
        }  # fmt: skip
    return say("%(country)s in %(network)s: members %(n)s, with recorded themes %(known)s, one by one with their sources.") % {
        "country": name, "network": here.dataset.network.name, "n": here.language.number(n),
        "known": here.language.number(n_known),
    }  # fmt: skip


def compose_countries(here: Snapshot) -> IndexSheet:
    """Put together the page of all countries, by region."""
    say = here.language.gettext
    everyone = here.dataset.counts.xs(ALL_THEMES, level="theme")
    top = max(1, int(everyone.max()))
    region_of = here.dataset.network.region_of_country
    groups: dict[str, list[ThemeCount]] = {region.id: [] for region in here.dataset.network.regions}
    for code in countries_in_order(here):
        n = int(everyone[code])
        groups.setdefault(region_of.get(code, ""), []).append(
            ThemeCount(country_link(here, code), n, round(100 * n / top))
        )
    n_home = int((everyone > 0).sum())
    lead = say("Members live in %(n)s of %(all)s countries and territories; those without any have a page as well.") % {
        "n": here.language.number(n_home), "all": here.language.number(len(everyone)),
    }  # fmt: skip
    listed = tuple(
        (
            Link(here.titles["region"][region], page_url(MapQuery(region=(region,)))) if region else None,
            tuple(rows),
        )
        for region, rows in groups.items()
        if rows
    )
    title, path = say("Countries"), url_for("profiles.countries")
    links = [row.link for _, rows in listed for row in rows if row.n]
    return index_sheet(here, Link(title, path), lead, listed, links)
