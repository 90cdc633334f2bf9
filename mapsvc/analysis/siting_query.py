"""Who to ask next, as an address asks for it: checked once, and written again in one form."""

import math
from collections.abc import Collection, Iterable
from urllib.parse import quote_plus

from mapsvc.analysis.siting import Question, ends_of
from mapsvc.errors import BadQuery
from mapsvc.model import ALL_THEMES, Network

PARAMETERS = ("p", "reach_km", "theme", "equity", "min_people", "leave_out", "exact")
# So long an exact answer may take for a visitor: what is proven by then is what is said.
EXACT_SECONDS = 15.0
MAX_LEFT_OUT = 50


def parse_question(
    arguments: Iterable[tuple[str, str]],
    network: Network,
    countries: Collection[str],
    *,
    also: Collection[str] = (),
    strict: bool,
) -> Question:
    """Check request parameters and return the question they ask.

    Parameters
    ----------
    arguments : iterable of (name, value)
        As they came; empty values mean that nothing is said. ``leave_out`` may repeat.
    also : collection of str
        Names that are allowed and mean nothing here.
    strict : bool
        Whether an unknown name is an error (files) or ignored (pages).

    Raises
    ------
    BadQuery
        Naming the parameter.
    """
    found: dict[str, list[str]] = {name: [] for name in PARAMETERS}
    for name, value in arguments:
        if name in found and value.strip():
            found[name].append(value.strip())
        elif name not in found and strict and name not in also:
            raise BadQuery(f"there is no parameter {name[:40]!r}", parameter=name[:40], allowed=PARAMETERS)
    for name, values in found.items():
        if len(values) > (MAX_LEFT_OUT if name == "leave_out" else 1):
            raise BadQuery(f"{name!r} is given too often", parameter=name)
    usual = Question()
    theme = _one(found["theme"]).lower()
    if theme and theme not in network.theme_ids:
        raise BadQuery(f"there is no theme {theme[:40]!r}", parameter="theme", allowed=network.theme_ids[:5])
    exact = _one(found["exact"])
    if exact not in {"", "1"}:
        raise BadQuery(f"{exact[:40]!r} is not understood", parameter="exact", allowed=("1",))
    regions = {region.id for region in network.regions}
    return Question(
        p=int(_number("p", found["p"], usual.p, whole=True)),
        reach_km=_number("reach_km", found["reach_km"], usual.reach_km),
        theme=theme or ALL_THEMES,
        equity=_number("equity", found["equity"], usual.equity),
        min_people=int(_number("min_people", found["min_people"], usual.min_people, whole=True)),
        leave_out=frozenset(_place(one, regions, countries) for one in found["leave_out"]),
        is_exact=bool(exact),
        seconds=EXACT_SECONDS,
    )


def canonical(question: Question) -> str:
    """Return the query string that stands for a question; empty for the usual one."""
    usual = Question()
    pairs = [
        (name, plain(getattr(question, name)))
        for name in ("p", "reach_km")
        if getattr(question, name) != getattr(usual, name)
    ]
    if question.theme != usual.theme:
        pairs.append(("theme", question.theme))
    if question.equity != usual.equity:
        pairs.append(("equity", plain(question.equity)))
    if question.min_people != usual.min_people:
        pairs.append(("min_people", str(question.min_people)))
    pairs += [("leave_out", one) for one in sorted(question.leave_out)]
    pairs += [("exact", "1")] if question.is_exact else []
    return "&".join(f"{name}={quote_plus(value, safe='-')}" for name, value in pairs)


def plain(value: float) -> str:
    """Return a number of a question so that it is read as the same one, without an exponent.

    Examples
    --------
    >>> plain(100.0), plain(12.5), plain(0.00000001)
    ('100', '12.5', '0.00000001')
    """
    return f"{value:.10f}".rstrip("0").rstrip(".")


def _one(values: list[str]) -> str:
    return values[0] if values else ""


def _number(name: str, values: list[str], usual: float, *, whole: bool = False) -> float:
    text = _one(values)
    if not text:
        return usual
    is_plain = text.isascii() and len(text) <= 12 and text.replace(".", "", 0 if whole else 1).isdigit()
    if not is_plain or math.isinf(float(text)):
        kind = "whole number" if whole else "number"
        raise BadQuery(
            f"{text[:40]!r} is not a {kind} that can be asked for", parameter=name, allowed=(ends_of(name),)
        )
    return float(text)


def _place(text: str, regions: Collection[str], countries: Collection[str]) -> str:
    """Return a region id or a country code; whether there is such a one is checked with the question."""
    found = next(
        (one for one in (text, text.lower(), text.upper()) if one in regions or one in countries), ""
    )
    if not found:
        raise BadQuery(
            f"there is no {text[:40]!r}", parameter="leave_out", allowed=tuple(sorted(regions))[:5]
        )
    return found
