"""The page of who to ask next: the places that would bring most people within reach of a member, each with its reasons."""

import math
from dataclasses import dataclass
from threading import BoundedSemaphore

import numpy as np
import pandas as pd
from flask import url_for

from mapsvc.analysis.coverage import Coverage
from mapsvc.analysis.distances import placed_members
from mapsvc.analysis.siting import Question, Siting, who_next
from mapsvc.analysis.siting_query import canonical, plain
from mapsvc.errors import Overloaded
from mapsvc.maps.reach import reach_path, spots
from mapsvc.model import ALL_THEMES
from mapsvc.web.gaps_map import WIDTH, box_around, drawn_paths
from mapsvc.web.gaps_sheet import basis_of
from mapsvc.web.gaps_table import share
from mapsvc.web.gaps_views import Basis
from mapsvc.web.heads import country_link, make_head, member_link, place_link
from mapsvc.web.language import with_query
from mapsvc.web.measuring import coverage_of
from mapsvc.web.sheets import Head, Link
from mapsvc.web.snapshot import Snapshot
from mapsvc.web.views import Choice, Download

# An exact answer keeps one core busy for seconds: one at a time.
_EXACT = BoundedSemaphore(1)
# A gap so small is what rounding leaves.
_PROVEN = 1e-9
# Of the map, in units: so much is seen around the places at least.
_LEAST_VIEW = 260.0


@dataclass(frozen=True)
class NextRow:
    """A place to ask, and why."""

    rank: int
    place: Link
    country: Link
    inhabitants: str
    added: str
    bar: float
    reached: str
    nearest: Link | None
    km: str
    state: str
    share_before: str
    share_after: str
    x: float
    y: float


@dataclass(frozen=True)
class NextPage:
    """The page of who to ask next, whole."""

    head: Head
    basis: Basis
    question: Question
    reach_km: str
    equity: str
    sentences: tuple[str, ...]
    rows: tuple[NextRow, ...]
    themes: tuple[tuple[str, tuple[Choice, ...]], ...]
    left_out: tuple[tuple[str, tuple[Choice, ...]], ...]
    n_left_out: int
    view_box: str
    paths: tuple[tuple[str, str], ...]
    reach: str
    reach_now: str
    prospects: tuple[Link, ...]
    exact_url: str
    downloads: tuple[Download, ...]


def siting_of(here: Snapshot, question: Question) -> tuple[Coverage, Siting]:
    """Return the answer to a question, and the coverage that it stands on.

    Raises
    ------
    Overloaded
        Where another exact answer is being searched.
    """
    coverage = coverage_of(here.dataset)
    if question.is_exact and not _EXACT.acquire(blocking=False):
        raise Overloaded("another exact answer is being searched")
    try:
        found = who_next(
            question, here.dataset.network, here.dataset.countries.index,
            members=coverage.members, centres=coverage.urban.centres, covered=coverage.covered(question.theme),
        )  # fmt: skip
    finally:
        if question.is_exact:
            _EXACT.release()
    return coverage, found


def compose_next(here: Snapshot, question: Question) -> NextPage:
    """Put together everything that the page shows."""
    say, network = here.language.gettext, here.dataset.network
    coverage, found = siting_of(here, question)
    title, path = say("Who to ask next"), url_for("gaps.next_page")
    themed = here.titles["theme"].get(question.theme, "")
    sentences = _sentences(here, found)
    placed = placed_members(coverage.members, question.theme)
    now = np.column_stack([placed.geometry.x, placed.geometry.y])
    view = canonical(question)
    return NextPage(
        head=make_head(
            here, " · ".join(part for part in (title, themed) if part), " ".join(sentences), path,
            (Link(say("Coverage gaps"), url_for("gaps.page")),), query=view,
        ),
        basis=basis_of(here, coverage),
        question=question,
        reach_km=plain(question.reach_km),
        equity=plain(question.equity),
        sentences=sentences,
        rows=_rows(here, found, coverage),
        themes=tuple(
            (group.title, tuple(Choice(one.id, one.title, 0, one.id == question.theme) for one in group.themes))
            for group in network.groups
        ),
        left_out=_left_out(here, question),
        n_left_out=len(question.leave_out),
        view_box=box_around(found.rows[["longitude", "latitude"]].to_numpy(), np.ones(len(found.rows)), _LEAST_VIEW),
        paths=tuple(drawn_paths(here.dataset).items()),
        reach=reach_path(found.rows[["longitude", "latitude"]].to_numpy(), question.reach_km, WIDTH),
        reach_now=reach_path(now, question.reach_km, WIDTH),
        prospects=_prospects(here),
        exact_url="" if question.is_exact or found.gap < _PROVEN else with_query(path, view, "exact=1"),
        downloads=(
            Download(say("Who to ask next, CSV"), with_query(url_for("gaps.next_csv"), view, "dl=1"), say("the places with all reasons")),
            Download(say("Who to ask next, GeoJSON"), with_query(url_for("gaps.next_geojson"), view, "dl=1"), say("the same as points")),
        ),
    )  # fmt: skip


def _sentences(here: Snapshot, found: Siting) -> tuple[str, ...]:
    say, language = here.language.gettext, here.language
    everybody = max(found.urban_people, 1)
    if found.rows.empty:
        return (
            say(
                "Nobody is left to be reached by a place that may be asked: ask for smaller places, or a shorter distance."
            ),
        )
    after = int(found.rows["reached_people"].iloc[-1])
    said = [
        language.texts.ngettext(
            "With %(num)s more place, %(after)s of the urban people would live within %(km)s km of a member, or in one; now it is %(before)s.",
            "With %(num)s more places, %(after)s of the urban people would live within %(km)s km of a member, or in one; now it is %(before)s.",
            len(found.rows),
        ) % {
            "num": language.number(len(found.rows)), "after": share(after / everybody, language),
            "before": share(found.reached_people / everybody, language), "km": language.rounded(found.question.reach_km),
        },
        say("%(n)s places could have been chosen.") % {"n": language.number(found.n_candidates)},
    ]  # fmt: skip
    if len(found.rows) < found.question.p:
        said.append(say("More were asked for; no other place would add anybody."))
    if found.gap < _PROVEN:
        said.append(say("No other choice would add more: that is proven."))
    elif found.question.is_exact:
        said.append(
            say("The time was too short to prove it; no choice adds more than %(gap)s more than this one.")
            % {"gap": share(found.gap / (1 - found.gap), language)}
        )
    else:
        said.append(
            say("Each step takes the place that adds most. This is proven to be at least %(share)s of what the best choice would add.")
            % {"share": share(math.floor(1000 * (1 - found.gap)) / 1000, language)}
        )  # fmt: skip
    return tuple(said)


def _rows(here: Snapshot, found: Siting, coverage: Coverage) -> tuple[NextRow, ...]:
    language, say = here.language, here.language.gettext
    countries = coverage.records("country", found.question.theme)
    places = spots(found.rows[["longitude", "latitude"]].to_numpy(), WIDTH)
    top = max(int(found.rows["people_added"].max()), 1) if len(found.rows) else 1
    rows = []
    theme = "" if found.question.theme == ALL_THEMES else found.question.theme
    for row, (x, y) in zip(found.rows.reset_index().to_dict("records"), places, strict=True):
        there = countries.get(str(row["country"]))
        n, is_near = there["n_members"] if there else 0, not pd.isna(row["nearest_km"])
        state = (
            say("no member yet")
            if not n
            else language.texts.ngettext("%(num)s member", "%(num)s members", n) % {"num": language.number(n)}
        )
        if there and there["state"] == "unknown":
            state = say("themes not recorded")
        rows.append(
            NextRow(
                int(row["rank"]), place_link(int(row["geonameid"]), str(row["name"]), theme), country_link(here, str(row["country"])),
                language.number(int(row["population"])), language.number(int(row["people_added"])),
                round(100 * int(row["people_added"]) / top, 1), share(float(row["reached_share"]), language),
                member_link(here, str(row["nearest_member"])) if is_near else None,
                language.number(round(float(row["nearest_km"]))) if is_near else "",
                state, share(float(row["country_share"]), language), share(float(row["country_share_after"]), language),
                x, y,
            )
        )  # fmt: skip
    return tuple(rows)


def _left_out(here: Snapshot, question: Question) -> tuple[tuple[str, tuple[Choice, ...]], ...]:
    say, out = here.language.gettext, question.leave_out
    regions = tuple(Choice(one.id, one.title, 0, one.id in out) for one in here.dataset.network.regions)
    codes = sorted(
        map(str, here.dataset.countries.index), key=lambda code: here.language.order(here.country_name(code))
    )
    countries = tuple(Choice(code, here.country_name(code), 0, code in out) for code in codes)
    return ((say("Regions"), regions), (say("Countries"), countries))


def _prospects(here: Snapshot) -> tuple[Link, ...]:
    """Return those whom the network hopes for already: shown beside the answer, never counted in it."""
    members = here.dataset.members
    return tuple(member_link(here, str(one)) for one in members.index[members["status"] == "prospect"])


def next_frame(coverage: Coverage, found: Siting) -> pd.DataFrame:
    """Return the rows of an answer with the state of each country: ``country_state``, one of `STATES`, ``country_members``."""
    countries = coverage.of("country", found.question.theme)[["state", "n_members"]]
    there = countries.reindex(found.rows["country"]).set_axis(found.rows.index)
    return found.rows.assign(country_state=there["state"], country_members=there["n_members"].astype("Int64"))


def answer_about(found: Siting) -> dict[str, object]:
    """Return what the files say of an answer."""
    question = found.question
    return {
        "p": question.p,
        "reach_km": question.reach_km,
        "theme": question.theme,
        "equity": question.equity,
        "min_people": question.min_people,
        "leave_out": sorted(question.leave_out),
        "exact": question.is_exact,
        "candidates": found.n_candidates,
        "urbanPeople": found.urban_people,
        "peopleReachedNow": found.reached_people,
        "value": round(found.value, 3),
        "bound": round(found.bound, 3),
        "gap": round(found.gap, 9),
    }
