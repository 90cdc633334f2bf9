"""How coverage is measured: every formula with its source, and an example of the running data that can be checked by hand."""

import math
from dataclasses import dataclass

import pandas as pd
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
_TIE = 1e-7  # equal on paper


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
    weight, (mean, around, noise) = float(row["smoothing_weight"]), _spread(table)
    spread = max(0.0, around - noise)
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
        ("ΣU(r − r̄)²/ΣU", "", _short(around)),
        ("r̄/Ū", f"{_short(mean)} / {_short(mean / noise)}", _short(noise)),
        ("v", f"max(0, {_short(around)} − {_short(noise)})", _short(spread)),
        ("w", f"{_short(spread)} / ({_short(spread)} + {_short(mean)}/{_short(row['urban_people'] / 1e6)})", _short(weight)),
        ("w·r + (1 − w)·r̄", f"{_short(weight)}·{_short(row['rate'])} + {_short(1 - weight)}·{_short(mean)}", _short(row["smoothed_rate"])),
        ("max(0, C̄ − C)·U", f"max(0, {_short(world['people_share'])} − {_short(row['people_share'])}) · {row['urban_people']:,}", f"{row['people_short']:,.0f}"),
        *_theme_steps(here, coverage, code),
    )  # fmt: skip
    return Worked(country_link(here, code), steps)


def _spread(table: pd.DataFrame) -> tuple[float, float, float]:
    """Return r̄, ΣU(r − r̄)²/ΣU and r̄/Ū of all countries, per million."""
    some = table[table["urban_people"] > 0]
    people, count = some["urban_people"] / 1e6, some["n_members"]
    mean = float(count.sum() / people.sum())
    around = float((people * (count / people - mean) ** 2).sum() / people.sum())
    return mean, around, mean / float(people.mean())


def _theme_steps(here: Snapshot, coverage: Coverage, code: str) -> tuple[tuple[str, str, str], ...]:
    """Return the steps of the first theme that members of the country are known to work on."""
    for theme in here.dataset.network.theme_ids:
        row, world = coverage.area("country", code, theme), coverage.area("world", WORLD, theme)
        if row["state"] != "active":
            continue
        o, share, q = int(row["n_members"]), float(row["theme_share"]), float(world["theme_share"])
        n = round(o / share)
        chances = [math.comb(n, k) * q**k * (1 - q) ** (n - k) for k in range(n + 1)]
        terms = " + ".join(_short(one) for one in chances if one <= chances[o] * (1 + _TIE))
        title = here.titles["theme"][theme]
        return (
            (f"b, {title}", f"{o} / {n}", _short(share)),
            ("q", f"{world['n_members']:,} / {round(world['n_members'] / q):,}", _short(q)),
            ("b/q", f"{_short(share)} / {_short(q)}", _short(row["location_quotient"])),
            (f"p, {title}", terms, _short(row["theme_chance"])),
        )
    return ()


def _short(value: float) -> str:
    """Return four digits, which is what one can check on a pocket calculator."""
    return f"{value:.4g}"
