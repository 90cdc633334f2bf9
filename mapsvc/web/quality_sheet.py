"""What we know of our own data: how complete each fact is, where it is thin, who has no place, and what the checks found."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import pandas as pd
from flask import Response, render_template, url_for

from mapsvc.analysis.completeness import ALL, FACTS, measure_completeness
from mapsvc.analysis.rows import ranges
from mapsvc.errors import BadData, NoInput
from mapsvc.i18n import Language
from mapsvc.model import COUNTED_STATUS, Issue
from mapsvc.sources.snapshots import Generation, read_report
from mapsvc.web import looking
from mapsvc.web.assets import asset
from mapsvc.web.gaps_map import WIDTH, drawn_height, drawn_paths
from mapsvc.web.gaps_views import CoverageMap, Shape
from mapsvc.web.heads import country_link, make_head, member_link
from mapsvc.web.http import respond, service
from mapsvc.web.language import check_language, respond_page
from mapsvc.web.sheets import Head, Link
from mapsvc.web.snapshot import Snapshot, snapshot
from mapsvc.web.titles import words_of

_ = str  # marks a text for the catalogue; the translation happens in `compose_quality`

FACT_TITLES = {
    "place": _("Place"),
    "themes": _("Themes"),
    "since": _("Joined"),
    "population": _("Inhabitants"),
    "admin1": _("State or province"),
    "url": _("Own page"),
    "source_url": _("Source"),
}
SEVERITY_TITLES = {"error": _("Error"), "warning": _("Warning"), "info": _("Remark")}
# Where a class of the map begins, as a share of the facts.
_STEPS = (0.0, 0.3, 0.4, 0.5, 0.6)
# Of a kind of finding, as many rows are named; of the history, as many snapshots.
_MOST_ROWS, _MOST_SNAPSHOTS = 200, 20


@dataclass(frozen=True)
class Known:
    """Of how many members a fact is known, in words and as a share in per cent."""

    title: str
    n: int
    said: str
    share: float


@dataclass(frozen=True)
class CountryRow:
    """What is known of the members of a country: a share for each fact, and over all of them."""

    country: Link
    n_members: int
    shares: tuple[str, ...]
    whole: str


@dataclass(frozen=True)
class FindingKind:
    """Findings of one kind: how grave, how many, in which rows, and the first of them as an example."""

    severity: str
    title: str
    code: str
    file: str
    n: int
    rows: str
    example: str
    suggestion: str


@dataclass(frozen=True)
class PastState:
    """A generation of the history, and where it can be looked at; no address where it is no longer kept."""

    id: str
    date: str
    n_members: int
    n_changes: int
    href: str
    is_running: bool


@dataclass(frozen=True)
class QualityPage:
    """The page. `trouble` is why a newer state of the data is not served; empty where it is."""

    head: Head
    trouble: str
    n_members: int
    facts: tuple[Known, ...]
    map: CoverageMap
    countries: tuple[CountryRow, ...]
    unplaced: tuple[tuple[Link, str], ...]
    rows: tuple[int, ...]
    findings: tuple[FindingKind, ...]
    past: tuple[PastState, ...]


def respond_quality() -> Response:
    """Answer with the page."""
    here, trouble = snapshot(), service().store.running.trouble
    return respond_page(
        ("quality", here.dataset.generation, trouble),
        lambda: render_template("quality.html", page=compose_quality(here, trouble), asset=asset).encode(),
    )


def respond_quality_json() -> Response:
    """Answer with the same for programs."""
    check_language()
    here, trouble = snapshot(), service().store.running.trouble

    def make() -> bytes:
        known = measure_completeness(here.dataset.members)
        rows, issues = _report_of(here)
        body = {
            "snapshot": here.dataset.fingerprint,
            "generation": here.dataset.generation or None,
            "refused": trouble or None,
            "rows": dict(zip(("read", "accepted", "rejected"), rows, strict=True)),
            "completeness": {
                str(code): {name: round(float(value), 4) for name, value in row.items()}
                for code, row in known.iterrows()
            },
            "withoutPlace": _unplaced(here),
            "findings": [vars(one) for one in issues],
        }
        return json.dumps(body, ensure_ascii=False, default=str).encode()

    return respond(
        ("quality.json", here.dataset.generation, trouble), make, "application/json", public=not trouble,
        language=here.language.tag,
    )  # fmt: skip


def compose_quality(here: Snapshot, trouble: str) -> QualityPage:
    """Put together the page."""
    say, known = here.language.gettext, measure_completeness(here.dataset.members)
    whole = {str(name): int(value) for name, value in known.loc[ALL, ["n_members", *FACTS]].to_dict().items()}
    n = whole["n_members"]
    rows, issues = _report_of(here)
    return QualityPage(
        head=make_head(
            here, say("Data quality"), say("What is known of the members and what is not, and what the checks found."),
            url_for("quality.page"), (Link(say("About the data"), url_for("pages.about")),),
        ),
        trouble=trouble,
        n_members=n,
        facts=facts_of(here.language, whole),
        map=_map(here, known.drop(index=ALL)),
        countries=tuple(_country_row(here, str(code), row) for code, row in known.drop(index=ALL).iterrows()),
        unplaced=tuple(
            (member_link(here, id_), here.country_name(here.text(id_, "country"))) for id_ in _unplaced(here)
        ),
        rows=rows,
        findings=tuple(kinds_of(here.language, issues)),
        past=tuple(_past(here)),
    )  # fmt: skip


def facts_of(language: Language, whole: Mapping[str, int]) -> tuple[Known, ...]:
    """Return of how many members each fact is known: `whole` has those numbers, and ``n_members``."""
    n = whole["n_members"]
    return tuple(
        Known(
            language.gettext(FACT_TITLES[fact]), whole[fact], language.percent(whole[fact] / n) if n else "",
            100 * whole[fact] / max(n, 1),
        )
        for fact in FACTS
    )  # fmt: skip


def _percent(here: Snapshot, part: float, whole: float) -> str:
    return here.language.percent(part / whole) if whole else ""


def _country_row(here: Snapshot, code: str, row: Any) -> CountryRow:  # noqa: ANN401 – a row of a frame
    n = int(row["n_members"])
    return CountryRow(
        country_link(here, code), n, tuple(_percent(here, row[fact], n) for fact in FACTS),
        here.language.percent(row["share"]),
    )  # fmt: skip


def _unplaced(here: Snapshot) -> list[str]:
    members = here.dataset.members
    without = set(members.index[members.geometry.isna() & (members["status"] == COUNTED_STATUS)])
    return [id_ for id_ in here.order if id_ in without]


def _map(here: Snapshot, known: pd.DataFrame) -> CoverageMap:
    """Return the world, each country the darker the more is known of its members."""
    say, paths = here.language.gettext, drawn_paths(here.dataset)
    percent = here.language.percent
    between = [f"{percent(low)} – {percent(high)}" for low, high in pairwise(_STEPS[1:])]
    labels = [f"< {percent(_STEPS[1])}", *between, f"≥ {percent(_STEPS[-1])}"]
    shares: dict[str, float] = {str(code): float(share) for code, share in known["share"].to_dict().items()}
    looks = {str(code): _look(shares.get(str(code))) for code in here.dataset.countries.index}
    said = {code: here.country_name(code) for code in looks}
    said |= {code: f"{here.country_name(code)}: {percent(share)}" for code, share in shares.items()}
    return CoverageMap(
        view_box=f"0 0 {WIDTH} {drawn_height()}",
        paths=tuple(paths.items()),
        shapes=tuple(
            Shape(code, look, url_for("profiles.country", code=code), said[code])
            for code, look in looks.items()
            if code in paths
        ),
        outside=(),
        legend=looking.legend_of(
            say("Share of the facts that are known"), labels, {"none": say("No member")},
            pd.Series(looks, dtype="str").rename_axis("country"), words_of(here.titles, here.language),
        ),
        stamps=(),
        inside=tuple(code for code in looks if code in paths),
    )  # fmt: skip


def _look(share: float | None) -> str:
    return "none" if share is None else f"class-{sum(share >= step for step in _STEPS) - 1}"


def _report_of(here: Snapshot) -> tuple[tuple[int, ...], tuple[Issue, ...]]:
    """Return the numbers of rows and the findings: of the file that was imported, and of reading what was published."""
    report = here.dataset.report
    rows: tuple[int, ...] = (report.n_read, report.n_accepted, report.n_rejected)
    imported: tuple[Issue, ...] = ()
    for one in service().store.running.history():
        # What was undone or found in the folder has no file that it was imported from.
        if one.id == here.dataset.generation and one.about.rows:
            rows, imported = one.about.rows, _imported(one)
    return rows, (*imported, *report.issues)


def _imported(generation: Generation) -> tuple[Issue, ...]:
    try:
        findings = json.loads(read_report(generation)).get("findings", ())
        return tuple(Issue(**one) for one in findings)
    except (NoInput, BadData, ValueError, TypeError):
        return ()  # one that is no longer kept, or damaged, says nothing


def kinds_of(language: Language, issues: Iterable[Issue]) -> Iterable[FindingKind]:
    """Yield findings by their kind, the gravest first."""
    found: dict[tuple[str, str, str], list[Issue]] = {}
    for issue in issues:
        found.setdefault((issue.severity, issue.code, issue.file), []).append(issue)
    order = list(SEVERITY_TITLES)
    for (severity, code, file), same in sorted(
        found.items(), key=lambda pair: (order.index(pair[0][0]), -len(pair[1]))
    ):
        rows = sorted({one.row for one in same if one.row})
        told = ranges(rows[:_MOST_ROWS])
        yield FindingKind(
            severity, language.gettext(SEVERITY_TITLES[severity]), code, file, len(same),
            f"{told} …" if len(rows) > _MOST_ROWS else told, same[0].message, same[0].suggestion,
        )  # fmt: skip


def _past(here: Snapshot) -> Iterable[PastState]:
    for one in service().store.running.history()[:_MOST_SNAPSHOTS]:
        yield PastState(
            one.id, one.published[:10], one.about.n_members, len(one.about.changes),
            url_for("pages.index", snapshot=one.id) if one.is_kept else "", one.id == here.dataset.generation,
        )  # fmt: skip
