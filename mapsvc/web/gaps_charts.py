"""Charts of coverage, laid out by the server: the funnel of members against what is expected, and the access curve."""

import math
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import pandas as pd
from flask import url_for

from mapsvc.analysis.small_numbers import poisson_limits
from mapsvc.i18n import Language
from mapsvc.web.gaps_table import SIGNIFICANT, one_decimal, probability, rounded
from mapsvc.web.gaps_views import AccessRow, Chart, Dot, Tick
from mapsvc.web.snapshot import Snapshot

_WIDTH, _HEIGHT, _LEFT, _RIGHT, _TOP, _FOOT = 720, 420, 56, 16, 14, 50
# Members / expected is drawn from here on; what is below, none at all among it, stands on the bottom line.
_LEAST_RATIO = 0.02
# The inner ones are where the points change their colour: `SIGNIFICANT` on either side.
_LIMITS = (("limit", SIGNIFICANT), ("limit", 1 - SIGNIFICANT), ("far-limit", 0.001), ("far-limit", 0.999))
_N_LABELS = 16
_LABEL_HEIGHT, _LETTER = 15, 6.8


def funnel(here: Snapshot, table: pd.DataFrame) -> Chart | None:
    """Return the funnel plot: a point for each country, and the limits that chance alone keeps to.

    None where no country has an expectation.
    """
    known = table[table["expected"].gt(0) & table["ratio"].notna()]
    if known.empty:
        return None
    least, most = float(known["expected"].min()), float(known["expected"].max())
    low, high = math.floor(math.log10(max(least, 1e-4))), math.ceil(math.log10(most * 1.05))
    high = max(high, low + 1)
    top = max(4.0, float(known["ratio"].max()) * 1.15)

    def x(value: float) -> float:
        part = (math.log10(max(value, 10.0**low)) - low) / (high - low)
        return round(_LEFT + part * (_WIDTH - _LEFT - _RIGHT), 1)

    def y(value: float) -> float:
        part = math.log(max(value, _LEAST_RATIO) / _LEAST_RATIO) / math.log(top / _LEAST_RATIO)
        return round(_HEIGHT - _FOOT - part * (_HEIGHT - _FOOT - _TOP), 1)

    means = np.logspace(low, math.log10(most * 1.05), 60)
    lines = [("one", f"M{x(10.0**low)} {y(1)}H{_WIDTH - _RIGHT}")]
    for look, chance in _LIMITS:
        counts = poisson_limits(means, chance)
        # Below one member an upper limit says nothing; a lower one of none is the bottom line.
        drawn = counts >= 1 if chance > 0.5 else counts > 0
        pairs = zip(means[drawn], (counts / means)[drawn], strict=True)
        points = [(x(float(mean)), y(min(float(one), top))) for mean, one in pairs]
        if points:
            lines.append((look, "M" + "L".join(f"{px} {py}" for px, py in points)))
    say = here.language.gettext
    return Chart(
        _WIDTH, _HEIGHT, _LEFT, _HEIGHT - _FOOT,
        say("Members expected, from few to many"),
        say("Members / expected"),
        tuple(Tick(x(10.0**power), here.language.rounded(10.0**power)) for power in range(low, high + 1)),
        (
            Tick(y(0), here.language.number(0)),
            *(Tick(y(one), here.language.rounded(one)) for one in (0.1, 0.3, 1, 3, 10, 30, 100, 300, 1000) if one <= top),
        ),
        tuple(lines),
        _labelled(
            [
                _dot(here, str(code), row, x(float(row["expected"])), y(float(row["ratio"])))
                for code, row in known.sort_values("chance").iterrows()
            ]
        ),
    )  # fmt: skip


def _dot(here: Snapshot, code: str, row: pd.Series, x: float, y: float) -> Dot:
    say, language = here.language.gettext, here.language
    clear = row["chance"] < SIGNIFICANT
    look = ("fewer" if row["ratio"] < 1 else "more") if clear else "usual"
    said = say("%(country)s: members %(n)s, expected %(expected)s, p %(p)s") % {
        "country": here.country_name(code), "n": language.number(int(row["n_members"])),
        "expected": one_decimal(row["expected"], language), "p": probability(row["chance"], language),
    }  # fmt: skip
    name = here.country_name(code) if clear else ""
    return Dot(x, y, look, url_for("profiles.country", code=code), said, name)


def _labelled(dots: list[Dot]) -> tuple[Dot, ...]:
    """Return the points with names at those that stand out most, as far as there is room: the first come first."""
    taken: list[_Box] = []
    result = []
    for dot in dots:
        if dot.label and len(taken) < _N_LABELS:
            fits = (one for one in _places(dot) if _is_free(one, dot, dots, taken))
            found = next(fits, None)
        else:
            found = None
        if found is None:
            result.append(replace(dot, label=""))
        else:
            taken.append(found)
            result.append(replace(dot, label_x=found.at, label_y=found.y, anchor=found.anchor))
    return tuple(result)


class _Box(NamedTuple):
    """Where a name would stand: from left to right, on a line; written at `at` with an anchor."""

    left: float
    right: float
    y: float
    anchor: str
    at: float


def _places(dot: Dot) -> Iterator[_Box]:
    """Return where the name of a point can stand: behind it, before it, above it."""
    width = sum(_LETTER * (2 if ord(letter) > 0x2E7F else 1) for letter in dot.label)
    line = round(dot.y + 4, 1)
    yield _Box(dot.x + 8, dot.x + 8 + width, line, "start", round(dot.x + 8, 1))
    yield _Box(dot.x - 8 - width, dot.x - 8, line, "end", round(dot.x - 8, 1))
    yield _Box(dot.x - width / 2, dot.x + width / 2, round(dot.y - 9, 1), "middle", dot.x)


def _is_free(box: _Box, dot: Dot, dots: list[Dot], taken: list[_Box]) -> bool:
    """Say whether a name would stand inside of the chart, on no point and on no other name."""
    inside = box.left >= _LEFT and box.right <= _WIDTH
    points = any(
        one is not dot and box.left - 4 < one.x < box.right + 4 and abs(one.y - box.y + 4) < 8 for one in dots
    )
    names = any(
        abs(box.y - one.y) < _LABEL_HEIGHT and box.left < one.right + 4 and one.left < box.right + 4
        for one in taken
    )
    return inside and not points and not names


def access_rows(
    curve: pd.DataFrame, language: Language, address: Callable[[int], str]
) -> tuple[AccessRow, ...]:
    """Return the rows of the access curve, as `access_curve` gives it, written out.

    `address` says where the places are that are farther than a distance in km; a row beyond which there are none leads nowhere.
    """
    rows = []
    for within, people, share in curve[["people", "share"]].itertuples():
        known = not pd.isna(share)
        rows.append(
            AccessRow(
                language.number(within),
                address(int(within)) if known and share < 1 else "",
                language.share(float(share)) if known else "",
                rounded(people / 1e6, language),
                round(100 * float(share), 1) if known else 0.0,
            )
        )
    return tuple(rows)


def access_chart(curve: pd.DataFrame, language: Language) -> Chart | None:
    """Return the access curve: what share of the people lives within each distance; None where there are no people."""
    if curve.empty or curve["share"].isna().any():
        return None
    width, tall, left, foot = 480, 250, 48, 48
    most = float(curve.index.max())

    def x(km: float) -> float:
        return round(left + km / most * (width - left - _RIGHT), 1)

    def y(share: float) -> float:
        return round(tall - foot - share * (tall - foot - _TOP), 1)

    pairs = zip(curve.index.tolist(), curve["share"].tolist(), strict=True)
    points = [(x(float(km)), y(float(share))) for km, share in pairs]
    path = "M" + "L".join(f"{px} {py}" for px, py in points)
    say = language.gettext
    marks = (0, 50, 100, 250, 500)
    return Chart(
        width, tall, left, tall - foot,
        say("Distance to the nearest member, km"), say("Share of urban people"),
        tuple(Tick(x(km), language.number(km)) for km in marks if km <= most),
        tuple(Tick(y(one), language.percent(one)) for one in (0, 0.25, 0.5, 0.75, 1)),
        (("area", f"{path}V{tall - foot}H{points[0][0]}z"), ("curve", path)),
        (),
    )  # fmt: skip
