"""The ranked table of coverage: measures of areas side by side, written out, in the order that is asked for."""

import math
from collections.abc import Mapping
from typing import Any

import pandas as pd
from flask import url_for

from mapsvc.analysis.coverage import Coverage
from mapsvc.analysis.coverage_measures import WORLD
from mapsvc.analysis.gaps_query import SORTS, GapsQuery
from mapsvc.analysis.queries import MapQuery
from mapsvc.analysis.ranking import SMALL_FIRST
from mapsvc.i18n import Language
from mapsvc.web.gaps_texts import COLUMN_TITLES
from mapsvc.web.gaps_views import AreaRow
from mapsvc.web.heads import country_link
from mapsvc.web.language import with_query
from mapsvc.web.sheets import Link, TableColumn
from mapsvc.web.snapshot import Snapshot
from mapsvc.web.titles import page_url

SIGNIFICANT = 0.05
_LEAST_EXPECTED = 0.01
# In the order of the table.
SHOWN = (
    "name",
    "members",
    "expected",
    "ratio",
    "missing",
    "chance",
    "rate",
    "smoothed-rate",
    "centre-share",
    "people-share",
)


def countries_asked(here: Snapshot, query: GapsQuery) -> tuple[str, ...]:
    """Return the countries of the question: of its region, or all."""
    home = here.dataset.network.region_of_country
    return tuple(
        str(code)
        for code in here.dataset.countries.index
        if not query.region or home.get(str(code)) == query.region
    )


def columns_of(here: Snapshot, query: GapsQuery) -> tuple[TableColumn, ...]:
    """Return the columns; each sorts by itself, and turns round where it is sorted by already."""

    def column(name: str) -> TableColumn:
        turn = "-" if name == query.sorted_by and not query.sort.startswith("-") else ""
        href = with_query(url_for("gaps.page"), query.changed(sort=turn + name).canonical()) + "#table"
        rising = (name in (*SMALL_FIRST, "name")) != query.sort.startswith("-")
        way = ("ascending" if rising else "descending") if name == query.sorted_by else ""
        return TableColumn(name, here.language.gettext(COLUMN_TITLES[name]), href, way)

    return tuple(column(name) for name in SHOWN if name in SORTS)


def summary_rows(
    here: Snapshot, coverage: Coverage, query: GapsQuery, undated: Mapping[tuple[str, str], int]
) -> tuple[AreaRow, ...]:
    """Return the rows of the regions, or of the one that is asked for, and of the world.

    `undated` says of how many members of an area and theme the date is not known.
    """
    theme, themes = query.theme_or_all, themes_asked(query)
    rows = []
    for region, row in coverage.records("region", theme).items():
        if query.region in {"", region}:
            href = with_query(url_for("gaps.page"), query.changed(region=region).canonical())
            view = MapQuery(region=(region,), theme=themes, asof=query.asof)
            link, n_undated = Link(here.titles["region"][region], href), undated.get((region, theme), 0)
            rows.append(area_row(link, row, here.language, page_url(view), n_undated))
    whole = with_query(url_for("gaps.page"), query.changed(region="").canonical())
    world = coverage.area("world", WORLD, theme)
    everyone = page_url(MapQuery(theme=themes, asof=query.asof))
    link = Link(here.language.gettext("World"), whole)
    return (*rows, area_row(link, world, here.language, everyone, undated.get((WORLD, theme), 0)))


def themes_asked(query: GapsQuery) -> tuple[str, ...]:
    """Return the theme of a question as the map asks for it."""
    return (query.theme,) if query.theme else ()


def country_rows(
    here: Snapshot, table: pd.DataFrame, query: GapsQuery, undated: Mapping[tuple[str, str], int]
) -> tuple[AreaRow, ...]:
    """Return the rows of countries, in the order given; the number of members leads to them.

    `undated` says of how many members of an area and theme the date is not known.
    """
    views = {
        str(code): MapQuery(country=(str(code),), theme=themes_asked(query), asof=query.asof)
        for code in table.index
    }
    records = table.to_dict("records")
    return tuple(
        area_row(
            country_link(here, str(code)),
            record,
            here.language,
            page_url(views[str(code)]),
            undated.get((str(code), query.theme_or_all), 0),
        )
        for code, record in zip(table.index, records, strict=True)
    )


def area_row(
    area: Link, row: Mapping[Any, Any], language: Language, members_url: str = "", n_undated: int = 0
) -> AreaRow:
    """Return the measures of one area, written out; `members_url` is where its members are, but those without a date."""
    say = language.gettext
    wanting = ""
    if row["state"] == "unknown":
        wanting = say("themes not recorded")
    elif not row["urban_people"]:
        wanting = say("no urban people counted")
    chance = row["chance"]
    stands_out = ""
    if chance < SIGNIFICANT:
        stands_out = "fewer" if row["ratio"] < 1 else "more"
    low, high = row["centre_share_low"], row["centre_share_high"]
    through = row["region_people"] / row["urban_people"] if row["urban_people"] else 0.0
    return AreaRow(
        area=area,
        wanting=wanting,
        members=language.number(int(row["n_members"])) if row["state"] != "unknown" else "",
        expected=one_decimal(row["expected"], language),
        ratio=rounded(row["ratio"], language),
        missing=one_decimal(row["missing_members"], language),
        chance=probability(chance, language),
        stands_out=stands_out,
        rate=rounded(row["rate"], language),
        smoothed=rounded(row["smoothed_rate"], language),
        centres=share(row["centre_share"], language),
        centres_interval="" if math.isnan(low) else f"{share(low, language)}–{share(high, language)}",
        people=share(row["people_share"], language),
        people_bar=0.0 if math.isnan(row["people_share"]) else round(100 * row["people_share"], 1),
        people_through_regions=share(through, language) if through else "",
        people_short=rounded(row["people_short"] / 1e6, language),
        clipped=bool(row["clipped"]),
        members_href=members_url if row["n_members"] else "",
        n_undated=n_undated,
    )


def said_of(here: Snapshot, table: pd.DataFrame) -> dict[str, str]:
    """Return what the map says of each country: shares with their interval, and what is expected."""
    language, say = here.language, here.language.gettext
    said = {}
    for code, row in table.iterrows():
        parts = []
        if row["state"] == "unknown":
            parts.append(say("themes not recorded"))
        elif not row["urban_people"]:
            parts.append(say("no urban people counted"))
        else:
            parts.append(say("people covered %(share)s") % {"share": share(row["people_share"], language)})
            parts.append(
                say("centres covered %(share)s (%(low)s–%(high)s)") % {
                    "share": share(row["centre_share"], language), "low": share(row["centre_share_low"], language),
                    "high": share(row["centre_share_high"], language),
                }
            )  # fmt: skip
            parts.append(
                say("members %(n)s, expected %(expected)s, p %(p)s") % {
                    "n": language.number(int(row["n_members"])), "expected": rounded(row["expected"], language),
                    "p": probability(row["chance"], language),
                }
            )  # fmt: skip
        said[str(code)] = f"{here.country_name(str(code))}: {'; '.join(parts)}"
    return said


def rounded(value: float, language: Language) -> str:
    """Return a number with two or three digits; empty where there is none."""
    if math.isnan(value):
        return ""
    return language.rounded(float(f"{value:.2g}") if abs(value) < 100 else round(value))


def one_decimal(value: float, language: Language) -> str:
    """Return a number of members that is an expectation, small ones with two digits; empty where there is none."""
    if math.isnan(value):
        return ""
    if 0 < value < _LEAST_EXPECTED:
        return f"<\u00a0{language.number(_LEAST_EXPECTED)}"
    return language.rounded(float(f"{value:.2g}") if value < 1 else round(value, 1))


def share(value: float, language: Language) -> str:
    """Return a share as a percentage; empty where there is none."""
    return "" if math.isnan(value) else language.share(value)


def probability(value: float, language: Language) -> str:
    """Return a probability; none is said to be zero."""
    if math.isnan(value):
        return ""
    if value < 0.001:
        return f"<\u00a0{language.number(0.001)}"
    return language.number(round(value, 3 if value < 0.1 else 2))
