"""The page of coverage gaps: the world at a glance, then map, table, charts, the largest centres, and what changed."""

from collections.abc import Callable, Iterator
from functools import partial

import pandas as pd
from flask import url_for

from mapsvc.analysis.coverage import METHOD_VERSION, Coverage
from mapsvc.analysis.coverage_measures import WORLD
from mapsvc.analysis.distances import WITHIN_KM, access_curve, largest_beyond, nearest_members
from mapsvc.analysis.gaps_query import MAP_MEASURES, GapsQuery
from mapsvc.analysis.near_query import NearQuery
from mapsvc.analysis.ranking import ranked
from mapsvc.analysis.top_centres import CENTRE_STATES, centre_states, top_counts
from mapsvc.web.gaps_charts import access_chart, access_rows, funnel
from mapsvc.web.gaps_dates import changes, undated_of, years
from mapsvc.web.gaps_glance import glance
from mapsvc.web.gaps_map import compose_map
from mapsvc.web.gaps_table import (
    columns_of,
    countries_asked,
    country_rows,
    said_of,
    summary_rows,
)
from mapsvc.web.gaps_texts import CENTRE_STATES as STATE_TITLES
from mapsvc.web.gaps_texts import COLUMN_NOTES, COLUMN_TITLES, MAP_NOTES, MAP_TITLES, UNMATCHED
from mapsvc.web.gaps_views import Basis, FarPlace, GapsPage, TopPart, TopRow
from mapsvc.web.heads import country_link, make_head, member_link, place_link
from mapsvc.web.language import with_query
from mapsvc.web.measuring import coverage_of
from mapsvc.web.sheets import Link
from mapsvc.web.snapshot import Snapshot
from mapsvc.web.views import Choice, Download

Say = Callable[[str], str]
N_FAR = 10
# The curve is drawn through these; the table has fewer.
CURVE_KM = (0, 10, 25, 50, 75, 100, 150, 200, 250, 300, 400, 500)
_N_MISSING = 12
# So many countries stand in the table at first, where there are more than twice as many.
N_FIRST = 30


def compose_gaps(here: Snapshot, query: GapsQuery) -> GapsPage:
    """Put together everything that the page shows."""
    say, language, network = here.language.gettext, here.language, here.dataset.network
    coverage = coverage_of(here.dataset, query.asof, query.threshold)
    codes = countries_asked(here, query)
    table = coverage.of("country", query.theme_or_all).loc[list(codes)]
    in_order = ranked(table, query.sort, lambda code: language.order(here.country_name(code)))
    states = centre_states(coverage, network, query.theme_or_all)
    near = nearest_members(coverage.members, coverage.urban.centres, query.theme_or_all)
    inside = coverage.urban.centres["country"].isin(codes)
    centres, near = coverage.urban.centres[inside], near[inside]
    curve = access_curve(near["km"], centres, CURVE_KM)
    top, undated = top_counts(states, network), undated_of(coverage, network)
    named = [
        part
        for part in (here.titles["theme"].get(query.theme, ""), here.titles["region"].get(query.region, ""))
        if part
    ]
    title = say("Coverage gaps")
    sentences = glance(here, coverage, query, countries=in_order, top=top, curve=curve)
    return GapsPage(
        head=make_head(
            here, " · ".join([title, *named]), " ".join(one.title for one in sentences[:2]), url_for("gaps.page"),
            (Link(title, url_for("gaps.page")),) if named else (), query=query.canonical(),
        ),
        basis=basis_of(here, coverage),
        asked=query.canonical(),
        theme=query.theme,
        theme_title=here.titles["theme"].get(query.theme, ""),
        region_title=here.titles["region"].get(query.region, ""),
        sentences=sentences,
        themes=tuple(
            (group.title, tuple(Choice(one.id, one.title, 0, one.id == query.theme) for one in group.themes))
            for group in network.groups
        ),
        regions=tuple(Choice(one.id, one.title, 0, one.id == query.region) for one in network.regions),
        measures=tuple(Choice(one, say(MAP_TITLES[one]), 0, one == query.measure) for one in MAP_MEASURES),
        measure_note=say(MAP_NOTES[query.measure]),
        asof=query.asof,
        versus=query.versus,
        threshold=str(query.threshold or ""),
        beyond=query.beyond,
        sort=query.sort,
        map=compose_map(here, coverage, query, said_of(here, table)),
        columns=columns_of(here, query),
        notes=tuple((say(COLUMN_TITLES[name]), say(note)) for name, note in COLUMN_NOTES.items()),
        summary=summary_rows(here, coverage, query, undated),
        rows=country_rows(here, in_order, query, undated),
        n_first=N_FIRST if len(in_order) > 2 * N_FIRST else len(in_order),
        funnel=funnel(here, table),
        access=access_rows(curve.loc[list(WITHIN_KM)], language, partial(_farther, query)),
        access_chart=access_chart(curve, language),
        far=tuple(_far(here, query, near, centres)),
        top=tuple(_top(here, top, states, query)),
        years=years(here, codes, query),
        changes=tuple(changes(here, coverage, query)),
        unmatched=tuple(_unmatched(here, coverage, codes)),
        links=_links(query, say),
        downloads=downloads_of(query, say),
    )  # fmt: skip


def basis_of(here: Snapshot, coverage: Coverage) -> Basis:
    """Return what the numbers rest on."""
    network, urban = here.dataset.network, coverage.urban
    n_members, n_unmatched = len(coverage.members), len(coverage.reach.unmatched)
    return Basis(
        asof=coverage.asof or network.compiled,
        threshold=urban.threshold,
        source=urban.source,
        source_date=urban.date,
        rule=urban.rule,
        method=METHOD_VERSION,
        n_members=n_members,
        n_matched=n_members - n_unmatched,
        n_unmatched=n_unmatched,
        n_undated=coverage.n_undated,
        n_without_themes=int(coverage.members["themes"].isna().sum()),
        boundaries=here.language.gettext("the network's own")
        if here.dataset.own_boundaries
        else "Natural Earth",
        disclaimer=network.boundary_disclaimer,
        partial=network.completeness_note if network.completeness == "partial" else "",
    )


def downloads_of(query: GapsQuery, say: Say) -> tuple[Download, ...]:
    """Return the files of what the page shows."""
    view = query.canonical()

    def file(title: str, endpoint: str, note: str) -> Download:
        return Download(title, with_query(url_for(endpoint), view, "dl=1"), note)

    return (
        file(say("Coverage, CSV"), "gaps.as_csv", say("every measure of every country, region and theme, a row each")),
        file(say("Coverage, JSON"), "gaps.as_json", say("the same, with all figures of this page")),
        file(say("Coverage, GeoJSON"), "gaps.as_geojson", say("the countries with their measures")),
        Download(
            say("Picture, PNG"), with_query(url_for("pictures.gaps_png"), view, "dl=1"),
            say("the map of this view, to show and to share"),
        ),
        Download(
            say("Picture, SVG"), with_query(url_for("pictures.gaps_svg"), view, "dl=1"),
            say("the same for print, sharp at any size"),
        ),
        file(say("Urban centres, GeoJSON"), "gaps.urban_centres", say("the largest places, and what each is to the network")),
    )  # fmt: skip


def _links(query: GapsQuery, say: Say) -> tuple[Link, ...]:
    shared = GapsQuery(query.theme, query.region, query.asof, "", query.threshold)
    return (
        Link(say("Who to ask next"), with_query(url_for("gaps.next_page"), GapsQuery(query.theme).canonical())),
        Link(say("Themes and countries"), with_query(url_for("gaps.matrix_page"), shared.changed(theme="").canonical())),
        Link(say("Members nearest to a place"), with_query(url_for("gaps.near_page"), NearQuery(theme=query.theme).canonical())),
        Link(say("How it is measured"), url_for("gaps.method_page")),
    )  # fmt: skip


def _farther(query: GapsQuery, km: int) -> str:
    """Return where the largest places are that are farther than a distance from every member."""
    return with_query(url_for("gaps.page"), query.changed(beyond=km).canonical()) + "#far-title"


def _far(here: Snapshot, query: GapsQuery, near: pd.DataFrame, centres: pd.DataFrame) -> Iterator[FarPlace]:
    """Return the largest places that are far from every member."""
    far = largest_beyond(near["km"], centres, query.beyond, N_FAR)
    for row in far.join(near["member"]).reset_index().to_dict("records"):
        is_near = not pd.isna(row["member"])
        yield FarPlace(
            place_link(int(row["geonameid"]), str(row["name"]), query.theme),
            country_link(here, str(row["country"])),
            here.language.number(int(row["population"])),
            member_link(here, str(row["member"])) if is_near else None,
            here.language.number(round(float(row["km"]))) if is_near else "",
        )


def _top(here: Snapshot, top: pd.DataFrame, states: pd.DataFrame, query: GapsQuery) -> Iterator[TopRow]:
    """Return how many of the largest centres are what to the network, of the world or the region that is asked for."""
    area, say = query.region or WORLD, here.language.gettext
    inside = states if area == WORLD else states[states["region"] == area]

    def centres(state: str, n: int) -> str:
        # The first so many of a state: those among the largest, for the file goes by size.
        return (
            with_query(url_for("gaps.urban_centres"), query.canonical(), f"state={state}&limit={n}")
            if n
            else ""
        )

    for row in top[top["area"] == area].to_dict("records"):
        n = int(row["n_centres"])
        missing = inside.iloc[: int(row["top"])].query("state == 'missing'")
        yield TopRow(
            area=area,
            top=int(row["top"]),
            n_centres=n,
            parts=tuple(
                TopPart(
                    state, say(STATE_TITLES[state]), int(row[state]), round(100 * row[state] / max(n, 1), 1),
                    centres(state, int(row[state])),
                )
                for state in CENTRE_STATES
            ),
            missing=tuple(
                place_link(int(id_), f"{name} ({here.country_name(code)})", query.theme)
                for id_, name, code in missing[["name", "country"]].head(_N_MISSING).itertuples(name=None)
            ),
            href=centres("missing", int(row["missing"])),
        )  # fmt: skip


def _unmatched(
    here: Snapshot, coverage: Coverage, codes: tuple[str, ...]
) -> Iterator[tuple[str, tuple[Link, ...]]]:
    """Return the members that cover no centre, under the reason."""
    homes = coverage.members["country"]
    for reason, title in UNMATCHED.items():
        found = coverage.reach.unmatched.index[coverage.reach.unmatched == reason]
        links = tuple(member_link(here, str(one)) for one in found if homes[one] in codes)
        if links:
            yield here.language.gettext(title), links
