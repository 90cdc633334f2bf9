"""Coverage at a glance, in plain sentences: what is reached, where the largest gap is, and how sure that is."""

import math
from typing import Any

import pandas as pd

from mapsvc.analysis.coverage import Coverage
from mapsvc.analysis.coverage_measures import WORLD
from mapsvc.analysis.gaps_query import GapsQuery
from mapsvc.analysis.queries import MapQuery
from mapsvc.web.gaps_table import SIGNIFICANT, one_decimal, probability, rounded
from mapsvc.web.heads import country_link
from mapsvc.web.sheets import Link
from mapsvc.web.snapshot import Snapshot
from mapsvc.web.titles import page_url


def glance(
    here: Snapshot,
    coverage: Coverage,
    query: GapsQuery,
    *,
    countries: pd.DataFrame,
    top: pd.DataFrame,
    curve: pd.DataFrame,
) -> tuple[Link, ...]:
    """Return what is to be known first, one sentence each, and where it leads; a sentence without a number is not said.

    Parameters
    ----------
    countries, top, curve : DataFrame
        The countries of the question, from `Coverage.of`; from `top_counts`; and from `access_curve`.
    """
    level, area = ("region", query.region) if query.region else ("world", WORLD)
    row = coverage.area(level, area, query.theme_or_all)
    regions, themes = (query.region,) if query.region else (), (query.theme,) if query.theme else ()
    members = page_url(MapQuery(theme=themes, region=regions, asof=query.asof))
    found = (
        Link(reached(here, row, query), members if row["n_members"] else ""),
        Link(_undated(here, coverage), "#basis-title"),
        Link(_countries(here, countries), "#table-title"),
        Link(_unknown(here, countries), "#map-title"),
        _largest_gap(here, countries),
        Link(_largest_centres(here, top[top["area"] == area]), "#top-title"),
        Link(_access(here, curve), "#access-title"),
    )
    return tuple(one for one in found if one.title)


def reached(here: Snapshot, row: dict[str, Any], query: GapsQuery) -> str:
    """Return what share of the urban people is covered, as a sentence."""
    say, language = here.language.gettext, here.language
    share, people = row["people_share"], row["urban_people"]
    if math.isnan(share):
        return say(
            "Nothing is known of the people that are reached: there is no urban centre, or no theme is recorded."
        )
    values = {
        "theme": here.titles["theme"].get(query.theme, ""),
        "share": language.share(share),
        "covered": rounded(row["covered_people"] / 1e6, language),
        "all": rounded(people / 1e6, language),
        "through": rounded(row["region_people"] / 1e6, language),
    }
    if query.theme:
        return say("Members known to work on %(theme)s cover %(share)s of the people in urban centres: %(covered)s of %(all)s million.") % values  # fmt: skip
    if not row["region_people"]:
        return say("Members cover %(share)s of the people in urban centres: %(covered)s of %(all)s million.") % values  # fmt: skip
    return say("Members cover %(share)s of the people in urban centres: %(covered)s of %(all)s million, of which %(through)s million through regions alone.") % values  # fmt: skip


def _undated(here: Snapshot, coverage: Coverage) -> str:
    """Return of how many it is not known whether they were there at a date; they are why no date has nobody."""
    if not coverage.asof or not coverage.n_undated:
        return ""
    text = here.language.texts.ngettext(
        "Of the members counted, %(num)s has no date and is counted at every date.",
        "Of the members counted, %(num)s have no date and are counted at every date.",
        coverage.n_undated,
    )
    return text % {"num": here.language.number(coverage.n_undated)}


def _countries(here: Snapshot, countries: pd.DataFrame) -> str:
    language = here.language
    values = {
        "num": language.number(int((countries["n_members"] > 0).sum())),
        "all": language.number(len(countries)),
    }
    n = int((countries["n_members"] > 0).sum())
    text = language.texts.ngettext(
        "There are members in %(num)s of %(all)s countries and territories.",
        "There are members in %(num)s of %(all)s countries and territories.",
        n,
    )
    return text % values


def _unknown(here: Snapshot, countries: pd.DataFrame) -> str:
    n = int((countries["state"] == "unknown").sum())
    if not n:
        return ""
    text = here.language.texts.ngettext(
        "In %(num)s country with members nobody is known to work on it, and the themes of some are not recorded: it is hatched.",
        "In %(num)s countries with members nobody is known to work on it, and the themes of some are not recorded: they are hatched.",
        n,
    )
    return text % {"num": here.language.number(n)}


def _largest_gap(here: Snapshot, countries: pd.DataFrame) -> Link:
    """Return the country with most members missing, where chance hardly explains it."""
    language = here.language
    clear = countries[(countries["chance"] < SIGNIFICANT) & (countries["ratio"] < 1)]
    if clear.empty:
        return Link(language.gettext("No country has fewer members than chance explains."), "#table-title")
    row = clear.sort_values("missing_members", ascending=False).iloc[0]
    n = int(row["n_members"])
    text = language.texts.ngettext(
        "The largest gap is %(country)s, with %(num)s member where %(expected)s would be expected (p %(p)s).",
        "The largest gap is %(country)s, with %(num)s members where %(expected)s would be expected (p %(p)s).",
        n,
    )
    said = text % {
        "country": here.country_name(str(row.name)), "num": language.number(n),
        "expected": one_decimal(row["expected"], language), "p": probability(row["chance"], language),
    }  # fmt: skip
    return Link(said, country_link(here, str(row.name)).href)


def _largest_centres(here: Snapshot, sizes: pd.DataFrame) -> str:
    row = sizes.to_dict("records")[0]
    n = int(row["n_centres"])
    if not n:
        return ""
    number = here.language.number
    return here.language.gettext(
        "Of the %(top)s largest urban centres: members %(members)s, in a member region %(regions)s more."
    ) % {
        "top": number(n),
        "members": number(int(row["member"])),
        "regions": number(int(row["in-member-region"])),
    }


def _access(here: Snapshot, curve: pd.DataFrame) -> str:
    share = curve["share"].get(100)
    if share is None or pd.isna(share):
        return ""
    return here.language.gettext("%(share)s of the urban people live within 100 km of a member.") % {
        "share": here.language.share(float(share))
    }
