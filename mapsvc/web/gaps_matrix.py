"""The matrix of themes and countries: four states, each cell a way to the members behind it."""

import math
from dataclasses import dataclass
from typing import Any

from flask import url_for

from mapsvc.analysis.coverage import Coverage
from mapsvc.analysis.coverage_measures import WORLD
from mapsvc.analysis.gaps_query import GapsQuery
from mapsvc.analysis.queries import MapQuery
from mapsvc.model import ALL_THEMES, STATES
from mapsvc.web.gaps_dates import Undated, undated_of
from mapsvc.web.gaps_sheet import basis_of, downloads_of
from mapsvc.web.gaps_table import SIGNIFICANT, countries_asked, probability, rounded
from mapsvc.web.gaps_texts import STATE_TITLES
from mapsvc.web.gaps_views import Basis
from mapsvc.web.heads import country_link, make_head, theme_link
from mapsvc.web.language import with_query
from mapsvc.web.measuring import coverage_of
from mapsvc.web.sheets import Head, Link
from mapsvc.web.snapshot import Snapshot
from mapsvc.web.titles import page_url
from mapsvc.web.views import Choice, Download

# Theme to country to its measures.
Grid = dict[str, dict[str, dict[str, Any]]]


@dataclass(frozen=True)
class Cell:
    """A theme in a country; `stands_out` is ``fewer`` or ``more`` where chance hardly explains its share.

    At a date, the map that a cell leads to leaves out members without one, who are counted here: `n_undated` of `n`.
    """

    state: str
    n: int
    href: str
    said: str
    stands_out: str
    n_undated: int = 0


@dataclass(frozen=True)
class MatrixRow:
    """A country, or the world: its members and one cell for each theme."""

    area: Link
    n_members: int
    n_recorded: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class MatrixPage:
    """The matrix: columns in the groups of their themes, rows in the groups of their regions."""

    head: Head
    basis: Basis
    region: str
    regions: tuple[Choice, ...]
    asof: str
    groups: tuple[tuple[Link, tuple[Link, ...]], ...]
    world: MatrixRow
    sections: tuple[tuple[Link | None, tuple[MatrixRow, ...], int], ...]
    states: tuple[tuple[str, str, int], ...]
    downloads: tuple[Download, ...]
    back: str


def compose_matrix(here: Snapshot, query: GapsQuery) -> MatrixPage:
    """Put together the matrix; without a region, countries without members are counted and not listed."""
    network, say = here.dataset.network, here.language.gettext
    coverage = coverage_of(here.dataset, query.asof, query.threshold)
    grid = {theme: coverage.records("country", theme) for theme in coverage.themes}
    undated = undated_of(coverage, network)
    codes = sorted(
        countries_asked(here, query), key=lambda code: here.language.order(here.country_name(code))
    )
    home = network.region_of_country
    sections = []
    for region in (*(one.id for one in network.regions), ""):
        inside = [code for code in codes if home.get(code, "") == region]
        listed = [code for code in inside if query.region or grid[ALL_THEMES][code]["n_members"]]
        link = Link(here.titles["region"][region], _address(query.changed(region=region))) if region else None
        rows = tuple(_row(here, code, grid, undated, query.asof) for code in listed)
        if inside:
            sections.append((link, rows, len(inside) - len(listed)))
    title = say("Themes and countries")
    region_title = here.titles["region"].get(query.region, "")
    cells = [cell for _, rows, _ in sections for row in rows for cell in row.cells]
    n_hidden = sum(n for _, _, n in sections) * len(network.theme_ids)
    counts = {state: sum(cell.state == state for cell in cells) for state in STATES}
    counts["none"] += n_hidden
    return MatrixPage(
        head=make_head(
            here, " · ".join(part for part in (title, region_title) if part),
            say("Which themes have members in which countries: active, members but none known in it, not recorded, no member."),
            url_for("gaps.matrix_page"), (Link(say("Coverage gaps"), url_for("gaps.page")),), query=query.canonical(),
        ),
        basis=basis_of(here, coverage),
        region=query.region,
        regions=tuple(Choice(one.id, one.title, 0, one.id == query.region) for one in network.regions),
        asof=query.asof,
        groups=tuple(
            (theme_link(here, group.id), tuple(theme_link(here, theme.id) for theme in group.themes))
            for group in network.groups
        ),
        world=_whole_world(here, coverage, undated),
        sections=tuple(sections),
        states=tuple((state, say(STATE_TITLES[state]), counts[state]) for state in STATES),
        downloads=downloads_of(query, say)[:2],
        back=with_query(url_for("gaps.page"), query.canonical()),
    )  # fmt: skip


def _address(query: GapsQuery) -> str:
    return with_query(url_for("gaps.matrix_page"), query.canonical())


def _row(here: Snapshot, code: str, grid: Grid, undated: Undated, asof: str) -> MatrixRow:
    n_members, n_unknown, cells, area = grid[ALL_THEMES][code]["n_members"], 0, [], country_link(here, code)
    for theme, rows in grid.items():
        if theme != ALL_THEMES:
            n_unknown = rows[code]["n_unknown"]
            view = MapQuery(theme=(theme,), country=(code,), asof=asof)
            cells.append(
                _cell(
                    here,
                    rows[code],
                    page_url(view),
                    f"{here.titles['theme'][theme]}, {area.title}",
                    undated.get((code, theme), 0),
                )
            )
    return MatrixRow(area, n_members, n_members - n_unknown, tuple(cells))


def _cell(here: Snapshot, row: dict[str, Any], href: str, name: str, n_undated: int) -> Cell:
    say, language = here.language.gettext, here.language
    state, n = str(row["state"]), int(row["n_members"])
    parts = [f"{name}: {say(STATE_TITLES[state])}"]
    clear = row["theme_chance_adjusted"] < SIGNIFICANT
    if not math.isnan(row["location_quotient"]) and state == "active":
        parts.append(
            say("%(n)s members, %(quotient)s times the world's share, adjusted p %(p)s") % {
                "n": language.number(n), "quotient": rounded(row["location_quotient"], language),
                "p": probability(row["theme_chance_adjusted"], language),
            }
        )  # fmt: skip
    if n_undated:
        parts.append(_without_date(here, n_undated))
    stands_out = ("more" if row["location_quotient"] > 1 else "fewer") if clear else ""
    return Cell(state, n, href, "; ".join(parts), stands_out, n_undated)


def _without_date(here: Snapshot, n: int) -> str:
    text = here.language.texts.ngettext("%(num)s of them without a date", "%(num)s of them without a date", n)
    return text % {"num": here.language.number(n)}


def _whole_world(here: Snapshot, coverage: Coverage, undated: Undated) -> MatrixRow:
    say = here.language.gettext
    cells = []
    for theme in coverage.themes[1:]:
        row = coverage.area("world", WORLD, theme)
        said = f"{here.titles['theme'][theme]}, {say('World')}"
        href = page_url(MapQuery(theme=(theme,), asof=coverage.asof))
        n_undated = undated.get((WORLD, theme), 0)
        if n_undated:
            said += f"; {_without_date(here, n_undated)}"
        cells.append(Cell(str(row["state"]), int(row["n_members"]), href, said, "", n_undated))
    everyone = len(coverage.members)
    recorded = int(coverage.members["themes"].notna().sum())
    return MatrixRow(
        Link(say("World"), page_url(MapQuery(asof=coverage.asof))), everyone, recorded, tuple(cells)
    )
