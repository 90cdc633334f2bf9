"""Participation as evidence: which programme, stated where, lets us say that a member works on a theme."""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd


@dataclass(frozen=True)
class Evidence:
    """One participation: a member, or someone who is not one, in a programme that works on themes."""

    member: str
    member_name: str
    country: str
    programme: str
    themes: tuple[str, ...]
    source_url: str


@dataclass(frozen=True)
class EvidenceBook:
    """All participations of a network, in the order of the table, found by member and by theme."""

    by_member: Mapping[str, tuple[Evidence, ...]]
    by_theme: Mapping[str, tuple[Evidence, ...]]


def read_evidence(participation: pd.DataFrame) -> EvidenceBook:
    """Return the participations as a book.

    Parameters
    ----------
    participation : DataFrame
        `PARTICIPATION`; a network without any has a frame without rows, whose other columns may be missing.

    Examples
    --------
    >>> frame = pd.DataFrame({"member": ["ke-kisumu"], "member_name": ["Kisumu"], "country": ["KE"],
    ...                       "programme": ["Urban-LEDS"], "themes": [("energy",)], "source_url": [None]})
    >>> read_evidence(frame).by_theme["energy"][0].programme
    'Urban-LEDS'
    """
    by_member: dict[str, list[Evidence]] = {}
    by_theme: dict[str, list[Evidence]] = {}
    for row in participation.to_dict("records"):
        text = {str(name): value if isinstance(value, str) else "" for name, value in row.items()}
        one = Evidence(
            text.get("member", ""),
            text.get("member_name", ""),
            text.get("country", ""),
            text.get("programme", ""),
            tuple(row["themes"]),
            text.get("source_url", ""),
        )
        if one.member:
            by_member.setdefault(one.member, []).append(one)
        for theme in one.themes:
            by_theme.setdefault(theme, []).append(one)
    return EvidenceBook(
        {member: tuple(rows) for member, rows in by_member.items()},
        {theme: tuple(rows) for theme, rows in by_theme.items()},
    )
