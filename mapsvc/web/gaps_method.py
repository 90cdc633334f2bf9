"""How coverage is measured: every formula with its source, and an example of the running data that can be checked by hand."""

import math
from dataclasses import dataclass

from flask import url_for

from mapsvc.analysis.coverage import Coverage
from mapsvc.analysis.coverage_measures import COVERAGE, WORLD
from mapsvc.web.gaps_sheet import basis_of
from mapsvc.web.gaps_views import Basis
from mapsvc.web.heads import country_link, make_head
from mapsvc.web.measuring import coverage_of
from mapsvc.web.sheets import Head, Link
from mapsvc.web.snapshot import Snapshot

# So many terms of a sum can be added by hand.
_MOST_TERMS = 8
_MOST_EXPECTED = 10


@dataclass(frozen=True)
class Worked:
    """The numbers of one country, as they stand in the files; `steps` are what is written in the formulas."""

    country: Link
    steps: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class MethodPage:
    """The page of the method."""

    head: Head
    basis: Basis
    worked: Worked | None
    columns: tuple[tuple[str, str], ...]


def compose_method(here: Snapshot) -> MethodPage:
    """Put together the page of the method."""
    say = here.language.gettext
    coverage = coverage_of(here.dataset)
    return MethodPage(
        head=make_head(
            here, say("How coverage is measured"),
            say("Every formula of the coverage gaps with its source, and an example that can be checked by hand."),
            url_for("gaps.method_page"), (Link(say("Coverage gaps"), url_for("gaps.page")),),
        ),
        basis=basis_of(here, coverage),
        worked=_worked(here, coverage),
        columns=tuple((one.name, one.help) for one in COVERAGE.columns),
    )  # fmt: skip


def _worked(here: Snapshot, coverage: Coverage) -> Worked | None:
    """Return the example: of the countries with few members that cover a centre, the one with most people."""
    table = coverage.of("country")
    fit = table[
        table["n_members"].between(1, _MOST_TERMS)
        & (table["covered_centres"] > 0)
        & (table["smoothing_weight"] > 0)
    ]
    fit = fit[(fit["ratio"] < 1) & (fit["expected"] < _MOST_EXPECTED)]
    if fit.empty:
        return None
    code = str(fit.sort_values("urban_people").index[-1])
    row, world = coverage.area("country", code), coverage.area("world", WORLD)
    o, e = int(row["n_members"]), float(row["expected"])
    n, k = int(row["n_centres"]), int(row["covered_centres"])
    mean, weight = float(world["rate"]), float(row["smoothing_weight"])
    # w = v / (v + r̄/U) says what v was.
    spread = weight * mean / (row["urban_people"] / 1e6) / (1 - weight)
    terms = " + ".join(f"{_short(e**i / math.factorial(i))}" for i in range(o + 1))
    steps = (
        ("U", "", f"{row['urban_people']:,}"),
        ("N", "", f"{n:,}"),
        ("O", "", f"{o}"),
        ("K", f"{k} / {n:,}", _short(row["centre_share"])),
        ("K, 95 %", f"({_short(k / n)} + 1.96²/(2·{n:,}) ± 1.96·√({_short(k / n)}·{_short(1 - k / n)}/{n:,} + 1.96²/(4·{n:,}²))) / (1 + 1.96²/{n:,})",
         f"{_short(row['centre_share_low'])} … {_short(row['centre_share_high'])}"),
        ("C", f"{row['covered_people']:,} / {row['urban_people']:,}", _short(row["people_share"])),
        ("E", f"{row['urban_people']:,} · {world['n_members']:,} / {world['urban_people']:,}", _short(e)),
        ("O/E", f"{o} / {_short(e)}", _short(row["ratio"])),
        ("max(0, E − O)", f"{_short(e)} − {o}", _short(row["missing_members"])),
        ("p", f"e^−{_short(e)} · ({terms})", _short(row["chance"])),
        ("r", f"{o} / {_short(row['urban_people'] / 1e6)}", _short(row["rate"])),
        ("r̄", f"{world['n_members']:,} / {_short(world['urban_people'] / 1e6)}", _short(mean)),
        ("v", "ΣU(r − r̄)²/ΣU − r̄/Ū", _short(spread)),
        ("w", f"{_short(spread)} / ({_short(spread)} + {_short(mean)}/{_short(row['urban_people'] / 1e6)})", _short(weight)),
        ("w·r + (1 − w)·r̄", f"{_short(weight)}·{_short(row['rate'])} + {_short(1 - weight)}·{_short(mean)}", _short(row["smoothed_rate"])),
        ("max(0, C̄ − C)·U", f"max(0, {_short(world['people_share'])} − {_short(row['people_share'])}) · {row['urban_people']:,}", f"{row['people_short']:,.0f}"),
    )  # fmt: skip
    return Worked(country_link(here, code), steps)


def _short(value: float) -> str:
    """Return four digits, which is what one can check on a pocket calculator."""
    return f"{value:.4g}"
