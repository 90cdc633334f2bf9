"""Ids of members: readable, stable, fit for an address."""

import re
from collections import Counter
from collections.abc import Collection, Sequence
from hashlib import sha256

from mapsvc.analysis.names import fold_all, slug, slug_of

ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._~-]{0,119}")
_LONGEST = 60


def member_ids(
    members: Sequence[tuple[str, ...]], taken: Collection[str] = (), folded: Sequence[str] | None = None
) -> list[str]:
    """Return an id for each (country, name, admin1, type), in their order; `folded` are the names, where that is done.

    ``<country>-<name>``; members that would share one get their admin1, then their type, then a digest of the
    four. A name without any Latin letter is a digest.

    Examples
    --------
    >>> member_ids([("US", "Birmingham", "Michigan", "city"), ("US", "Birmingham", "Alabama", "city"),
    ...             ("KR", "Seoul", "", "city")])
    ['us-birmingham-michigan', 'us-birmingham-alabama', 'kr-seoul']
    """
    names = folded if folded is not None else fold_all([name for _, name, _, _ in members])
    forms = [_short(slug_of(name), *one) for name, one in zip(names, members, strict=True)]
    ids, used = _settled(forms, set(taken))
    for form in (_with_admin1, _with_type, _with_digest):
        waiting = [place for place, id_ in enumerate(ids) if not id_]
        found, used = _settled([form(*members[place]) for place in waiting], used)
        for place, id_ in zip(waiting, found, strict=True):
            ids[place] = id_
    return ids


def _settled(forms: Sequence[str], used: set[str]) -> tuple[list[str], set[str]]:
    """Return those that are alone and not used yet, nothing for the others; and all that are used now.

    All that share a form go on to the next: no order of rows decides who keeps the short one.
    """
    different = set(forms)
    if len(different) == len(forms) and used.isdisjoint(different):
        return [*forms], different if not used else used | different
    counts = Counter(forms)
    return [form if counts[form] == 1 and form not in used else "" for form in forms], used | different


def _plain(country: str, name: str, admin1: str, type_: str) -> str:
    return _short(slug(name), country, name, admin1, type_)


def _short(slug_: str, country: str, name: str, admin1: str, type_: str) -> str:
    short = slug_[:_LONGEST].strip("-")
    return f"{country.lower()}-{short}" if short else _with_digest(country, name, admin1, type_)


def _with_admin1(country: str, name: str, admin1: str, type_: str) -> str:
    return "-".join(filter(None, (_plain(country, name, admin1, type_), slug(admin1)[:_LONGEST].strip("-"))))


def _with_type(country: str, name: str, admin1: str, type_: str) -> str:
    return f"{_with_admin1(country, name, admin1, type_)}-{type_}"[:119]


def _with_digest(country: str, name: str, admin1: str, type_: str) -> str:
    digest = sha256(repr((country, name, admin1, type_)).encode("utf-8", "surrogatepass")).hexdigest()
    return f"{country.lower()}-{digest[:10]}"
