"""Coverage at a date, beside the map of that date: who has no date, what changed between two, who came and went by year.

Coverage counts members without a date at every date, the map leaves them out: wherever a number leads to the map, how many
of it are not there is said with it.
"""

from collections.abc import Iterator, Mapping

from flask import url_for

from mapsvc.analysis.coverage import Coverage
from mapsvc.analysis.coverage_measures import WORLD
from mapsvc.analysis.dates import changes_per_year
from mapsvc.analysis.gaps_query import GapsQuery
from mapsvc.analysis.queries import MapQuery
from mapsvc.model import COUNTED_STATUS, Network
from mapsvc.web.gaps_table import countries_asked, share, themes_asked
from mapsvc.web.gaps_views import ChangeRow, Counted, YearRow
from mapsvc.web.heads import country_link
from mapsvc.web.language import with_query
from mapsvc.web.measuring import coverage_of
from mapsvc.web.sheets import Link
from mapsvc.web.snapshot import Snapshot
from mapsvc.web.titles import page_url

# Of an area (country, region or world) and a theme, how many members the map of the date leaves out.
Undated = Mapping[tuple[str, str], int]
_EVER = (COUNTED_STATUS, "former")


def undated_of(coverage: Coverage, network: Network) -> Undated:
    """Return how many of the members of each area and theme the map of the date leaves out; none where it is now."""
    if not coverage.asof:
        return {}
    found: dict[tuple[str, str], int] = {}
    home = network.region_of_country
    for theme, column in coverage.undated().items():
        for code, n in column.items():
            for area in {str(code), home.get(str(code), WORLD), WORLD}:
                found[area, str(theme)] = found.get((area, str(theme)), 0) + int(n)
    return found


def years(here: Snapshot, codes: tuple[str, ...], query: GapsQuery) -> tuple[YearRow, ...]:
    """Return who joined and who left in each year in which anybody did."""
    members = here.dataset.members
    ever = members[members["status"].isin(_EVER) & members["country"].isin(codes)]
    region = (query.region,) if query.region else ()

    def members_of(year: int) -> str:
        return page_url(MapQuery(region=region, status=_EVER, joined_from=year, joined_to=year))

    return tuple(
        YearRow(int(str(year)), joined, left, members_of(int(str(year))) if joined else "")
        for year, joined, left in changes_per_year(ever).itertuples(name=None)
        if joined or left
    )


def changes(here: Snapshot, coverage: Coverage, query: GapsQuery) -> Iterator[ChangeRow]:
    """Return the areas that differ between the two dates, the largest change in members first."""
    if not query.versus:
        return
    language, codes = here.language, countries_asked(here, query)
    then, theme = coverage_of(here.dataset, query.versus, query.threshold), query.theme_or_all
    undated = {one.asof: undated_of(one, here.dataset.network) for one in (then, coverage)}

    def counted(of: Coverage, level: str, area: str, n: int) -> Counted:
        view = _view(level, area, query, of.asof)
        return Counted(
            language.number(n), page_url(view) if n else "", undated[of.asof].get((area, theme), 0)
        )

    for level in ("world", "region", "country"):
        before, after = then.records(level, theme), coverage.records(level, theme)
        change = {area: after[area]["n_members"] - before[area]["n_members"] for area in after}
        for area in sorted(change, key=lambda area: -abs(change[area])):
            if level == "country" and (not change[area] or area not in codes):
                continue
            if level == "region" and query.region not in {"", area}:
                continue
            yield ChangeRow(
                _area_link(here, level, area, query),
                counted(then, level, area, before[area]["n_members"]),
                counted(coverage, level, area, after[area]["n_members"]),
                ("+" if change[area] > 0 else "") + language.number(change[area]),
                share(before[area]["people_share"], language),
                share(after[area]["people_share"], language),
            )


def _view(level: str, area: str, query: GapsQuery, asof: str) -> MapQuery:
    """Return the view of the members of an area at a date."""
    countries, regions = ((area,) if level == one else () for one in ("country", "region"))
    return MapQuery(theme=themes_asked(query), region=regions, country=countries, asof=asof)


def _area_link(here: Snapshot, level: str, area: str, query: GapsQuery) -> Link:
    """Return the page of a country; of a region or the world, its gaps with both dates."""
    if level == "country":
        return country_link(here, area)
    title = here.titles["region"][area] if level == "region" else here.language.gettext("World")
    asked = query.changed(region=area if level == "region" else "")
    return Link(title, with_query(url_for("gaps.page"), asked.canonical()))
