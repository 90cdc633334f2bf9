"""Every number of coverage as files: the grid as CSV, JSON and GeoJSON, and the urban centres behind it."""

from collections.abc import Sequence
from typing import NamedTuple

from flask import Response, request, url_for

from mapsvc.analysis.distances import nearest_members
from mapsvc.analysis.gaps_query import GapsQuery
from mapsvc.analysis.top_centres import CENTRE_STATES, centre_states
from mapsvc.errors import BadQuery
from mapsvc.formats import coverage as formats
from mapsvc.formats import geojson
from mapsvc.formats.coverage_figures import figure_rows, figures_of
from mapsvc.web.asking import single_value
from mapsvc.web.describing import links_of, with_links
from mapsvc.web.gaps_asked import asked_file
from mapsvc.web.gaps_table import countries_asked
from mapsvc.web.http import absolute, respond
from mapsvc.web.language import with_query
from mapsvc.web.measuring import area_names, areas_asked, coverage_of
from mapsvc.web.snapshot import Snapshot

CENTRE_PARAMETERS = ("limit", "offset", "state")
DEFAULT_LIMIT, MAX_LIMIT = 1_000, 10_000
_FAR_TOO_MANY = 10**7


def as_csv() -> Response:
    """Serve the grid of coverage and every other figure of the page as CSV."""
    asked = asked_file()

    def make() -> bytes:
        return formats.coverage_csv([table_records(asked.here, one) for one in dates_asked(asked.query)])

    return respond(
        ("gaps.csv", asked.query), make, formats.CSV_TYPE, public=True, filename=asked.file_name("gaps", "csv"),
        language=asked.here.language.tag,
    )  # fmt: skip


def as_json() -> Response:
    """Serve the grid of coverage and every other figure of the page as JSON."""
    asked = asked_file()

    def make() -> bytes:
        here, query, _ = asked
        (rows, said), *others = (grid_records(here, one) for one in dates_asked(query))
        figures = figures_of(here.dataset, coverage_of(here.dataset, query.asof, query.threshold), query)
        versus = [{"versus": {"asof": query.versus, "areas": areas}} for areas, _ in others]
        return formats.document({"about": said, "areas": rows, **figures} | dict(*versus))

    return respond(
        ("gaps.json", asked.query), make, "application/json", public=True, filename=asked.file_name("gaps", "json"),
        language=asked.here.language.tag,
    )  # fmt: skip


def as_geojson() -> Response:
    """Serve the countries as polygons with the measures of one theme, or overall."""
    asked = asked_file()
    here, query, _ = asked

    def make() -> bytes:
        return countries_collection(here, query)

    response = respond(
        ("gaps.geojson", query), make, geojson.MEDIA_TYPE, public=True, filename=asked.file_name("gaps", "geojson"),
        language=here.language.tag,
    )  # fmt: skip
    return with_links(response, here.dataset, "")


def country_records(here: Snapshot, query: GapsQuery) -> tuple[list[formats.Row], formats.Row]:
    """Return the measures of the countries in one theme, or overall, with ``country`` first; and what they rest on."""
    coverage = coverage_of(here.dataset, query.asof, query.threshold)
    codes = list(countries_asked(here, query))
    index = coverage.areas.index
    wanted = index.get_level_values("area").isin(codes) & (index.get_level_values("level") == "country")
    wanted &= index.get_level_values("theme") == query.theme_or_all
    rows = formats.rows_of(coverage.areas[wanted], area_names(here))
    named = [
        {"country": row["area"], **{name: row[name] for name in row if name not in {"level", "area"}}}
        for row in rows
    ]
    return named, formats.about(here.dataset, coverage)


def countries_collection(here: Snapshot, query: GapsQuery) -> bytes:
    """Return the countries as polygons with the measures of one theme, or overall."""
    rows, said = country_records(here, query)
    shapes = geojson.geometry_texts(here.dataset.countries.loc[[row["country"] for row in rows]])
    properties = tuple(name for name in rows[0] if name != "country") if rows else ()
    features = geojson.country_features(shapes, rows, properties)
    counts = {"numberMatched": len(features), "numberReturned": len(features)}
    links = {"links": links_of(here.dataset, "gaps", query.canonical())}
    return geojson.collection(features, said | counts | links)


def dates_asked(query: GapsQuery) -> tuple[GapsQuery, ...]:
    """Return the question at its date and, where two are compared, at the other one."""
    return (query, *((query.changed(asof=query.versus),) if query.versus else ()))


def grid_records(here: Snapshot, query: GapsQuery) -> tuple[list[formats.Row], formats.Row]:
    """Return the rows of the grid that are asked for, and what they rest on."""
    coverage = coverage_of(here.dataset, query.asof, query.threshold)
    areas = areas_asked(coverage, query, dict(here.dataset.network.region_of_country))
    themes = (query.theme,) if query.theme else coverage.themes
    access = formats.access_of(coverage, here.dataset.network.region_of_country, themes)
    rows = formats.with_access(formats.rows_of(areas, area_names(here)), access)
    return rows, formats.about(here.dataset, coverage)


def table_records(here: Snapshot, query: GapsQuery) -> tuple[list[formats.Row], formats.Row]:
    """Return the rows of the grid and, as rows of the same table, the other figures of the page; and what they rest on."""
    rows, said = grid_records(here, query)
    figures = figures_of(here.dataset, coverage_of(here.dataset, query.asof, query.threshold), query)
    members = dict(zip(map(str, here.dataset.members.index), here.dataset.members["name"], strict=True))
    return [*rows, *figure_rows(figures, query.theme_or_all, area_names(here), members)], said


def urban_centres() -> Response:
    """Serve the urban centres of the question as points, largest first, and what each is to the network."""
    asked = asked_file(CENTRE_PARAMETERS)
    here, query, _ = asked
    page = centres_page(list(request.args.items(multi=True)), DEFAULT_LIMIT)

    def make() -> bytes:
        return centres_collection(here, query, page)

    response = respond(
        ("urban-centres", query, page), make, geojson.MEDIA_TYPE, public=True,
        filename=asked.file_name("urban-centres", "geojson"), language=here.language.tag,
    )  # fmt: skip
    return with_links(response, here.dataset, "")


class CentresPage(NamedTuple):
    """Which of the urban centres are asked for."""

    limit: int
    offset: int
    state: str


def centres_page(arguments: Sequence[tuple[str, str]], usual: int) -> CentresPage:
    """Check which of the urban centres are asked for.

    Raises
    ------
    BadQuery
        Naming the parameter.
    """
    limit = min(_whole(single_value(arguments, "limit"), "limit", usual, 1), MAX_LIMIT)
    offset = _whole(single_value(arguments, "offset"), "offset", 0, 0)
    state = single_value(arguments, "state")
    if state and state not in CENTRE_STATES:
        raise BadQuery(f"there is no state {state[:40]!r}", parameter="state", allowed=CENTRE_STATES)
    return CentresPage(limit, offset, state)


class Centres(NamedTuple):
    """Urban centres as records, how many there are in all, and what they rest on."""

    rows: list[formats.Row]
    n_found: int
    said: formats.Row


def centre_records(here: Snapshot, query: GapsQuery, page: CentresPage) -> Centres:
    """Return the urban centres of a question, largest first, with their nearest members."""
    coverage = coverage_of(here.dataset, query.asof, query.threshold)
    found = centre_states(coverage, here.dataset.network, query.theme_or_all)
    if query.region:
        found = found[found["region"] == query.region]
    if page.state:
        found = found[found["state"] == page.state]
    shown = found.iloc[page.offset : page.offset + page.limit]
    near = nearest_members(coverage.members, shown, query.theme_or_all)
    named = shown.assign(
        region=shown["region"].replace("", None), nearest_member=near["member"], nearest_km=near["km"]
    )
    return Centres(formats.place_rows(named), len(found), formats.about(here.dataset, coverage))


def centres_collection(here: Snapshot, query: GapsQuery, page: CentresPage) -> bytes:
    """Return urban centres as points, with the address of those that follow."""
    rows, n_found, said = centre_records(here, query, page)
    links = links_of(here.dataset, "urban-centres", query.canonical())
    if page.offset + len(rows) < n_found:
        pairs = (
            f"limit={page.limit}",
            f"offset={page.offset + len(rows)}",
            f"state={page.state}" if page.state else "",
        )
        following = absolute(with_query(url_for("gaps.urban_centres"), query.canonical(), *pairs))
        links.append({"rel": "next", "type": geojson.MEDIA_TYPE, "href": following})
    counts: dict[str, object] = {"numberMatched": n_found, "numberReturned": len(rows), "links": links}
    return geojson.collection(geojson.place_features(rows), said | counts)


def _whole(value: str, name: str, usual: int, least: int) -> int:
    if not value:
        return usual
    if value.isascii() and value.isdigit() and len(value) < 8 and least <= int(value) < _FAR_TOO_MANY:
        return int(value)
    ends = f"{least}–{_FAR_TOO_MANY - 1:,}"
    raise BadQuery(
        f"{value[:40]!r} is not a whole number that can be asked for", parameter=name, allowed=(ends,)
    )
