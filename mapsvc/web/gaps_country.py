"""What the page of a country says of coverage: its measures with what they mean, by theme, and who is nearest in each."""

from dataclasses import dataclass
from typing import Any

from flask import url_for

from mapsvc.analysis.coverage import Coverage
from mapsvc.analysis.gaps_query import GapsQuery
from mapsvc.analysis.surroundings import Near
from mapsvc.analysis.top_centres import centre_states
from mapsvc.web.gaps_glance import reached
from mapsvc.web.gaps_sheet import basis_of
from mapsvc.web.gaps_table import area_row
from mapsvc.web.gaps_texts import COLUMN_NOTES, COLUMN_TITLES, MAP_TITLES, STATE_TITLES
from mapsvc.web.gaps_views import AreaRow, Basis
from mapsvc.web.heads import country_link, near_members, place_link, theme_link
from mapsvc.web.language import with_query
from mapsvc.web.measuring import coverage_of
from mapsvc.web.sheets import Link, NearMember
from mapsvc.web.snapshot import Snapshot

_N_MISSING = 8
# Measures of the table of coverage, with the field of `AreaRow` that holds each.
_SHOWN = (
    ("expected", "expected"),
    ("ratio", "ratio"),
    ("missing", "missing"),
    ("chance", "chance"),
    ("rate", "rate"),
    ("smoothed-rate", "smoothed"),
    ("centre-share", "centres"),
    ("people-share", "people"),
    ("people-short", "people_short"),
)
# What has a unit that the title of a column leaves to the table.
_LONGER = {name: MAP_TITLES[name] for name in ("rate", "smoothed-rate", "people-short")}


@dataclass(frozen=True)
class CountryTheme:
    """A theme in a country; `nearest` is the nearest member elsewhere that is known to work on it, where none is here."""

    theme: Link
    state: str
    said: str
    row: AreaRow
    nearest: NearMember | None


@dataclass(frozen=True)
class CountryCoverage:
    """The coverage of one country; `measures` are title, value, what is written below it, and what it means."""

    basis: Basis
    sentence: str
    measures: tuple[tuple[str, str, str, str], ...]
    themes: tuple[tuple[Link, tuple[CountryTheme, ...]], ...]
    missing: tuple[Link, ...]
    gaps_url: str


def compose_country_coverage(here: Snapshot, code: str) -> CountryCoverage:
    """Put together what the page of a country says of coverage."""
    say, network = here.language.gettext, here.dataset.network
    coverage = coverage_of(here.dataset)
    whole = coverage.area("country", code)
    row = area_row(country_link(here, code), whole, here.language)
    below = {
        "centres": row.centres_interval,
        "chance": {"fewer": say("fewer"), "more": say("more")}.get(row.stands_out, ""),
    }
    near = here.surroundings.nearest_in_themes_to_country(code)
    region = network.region_of_country.get(code, "")
    return CountryCoverage(
        basis=basis_of(here, coverage),
        sentence=reached(here, whole, GapsQuery()) if whole["urban_people"] else row.wanting,
        measures=tuple(
            (say(_LONGER.get(name, COLUMN_TITLES[name])), value, below.get(field, ""), say(COLUMN_NOTES[name]))
            for name, field in _SHOWN
            if (value := getattr(row, field))
        ),
        themes=tuple(
            (theme_link(here, group.id), tuple(_theme(here, coverage.area("country", code, one.id), one.id, near) for one in group.themes))
            for group in network.groups
        ),
        missing=_missing(here, coverage, code),
        gaps_url=with_query(url_for("gaps.page"), GapsQuery(region=region).canonical()),
    )  # fmt: skip


def _theme(here: Snapshot, row: dict[str, Any], theme: str, near: dict[str, Near]) -> CountryTheme:
    link, state = theme_link(here, theme), str(row["state"])
    found = near_members(here, [near[theme]]) if state != "active" and theme in near else ()
    said = here.language.gettext(STATE_TITLES[state])
    return CountryTheme(link, state, said, area_row(link, row, here.language), next(iter(found), None))


def _missing(here: Snapshot, coverage: Coverage, code: str) -> tuple[Link, ...]:
    """Return the largest urban centres of the country that no member covers."""
    states = centre_states(coverage, here.dataset.network)
    found = states[(states["country"] == code) & (states["state"] == "missing")].head(_N_MISSING)
    return tuple(place_link(int(str(id_)), str(name)) for id_, name in found["name"].items())
