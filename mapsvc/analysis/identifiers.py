"""Ids of members: readable, stable, fit for an address."""

import re
from collections import Counter
from collections.abc import Collection, Sequence
from hashlib import sha256

from mapsvc.analysis.names import slug

ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._~-]{0,119}")
_LONGEST = 60


def member_ids(members: Sequence[tuple[str, ...]], taken: Collection[str] = ()) -> list[str]:
    """Return an id for each (country, name, admin1, type), in their order.

    ``<country>-<name>``; members that would share one get their admin1, then their type, then a digest of the
    four. A name without any Latin letter is a digest.

    Examples
    --------
    >>> member_ids([("US", "Birmingham", "Michigan", "city"), ("US", "Birmingham", "Alabama", "city"),
    ...             ("KR", "Seoul", "", "city")])
    ['us-birmingham-michigan', 'us-birmingham-alabama', 'kr-seoul']
    """
    ids: list[str] = [""] * len(members)
    waiting = list(range(len(members)))
    used = set(taken)
    for form in (_plain, _with_admin1, _with_type, _with_digest):
        forms = {place: form(*members[place]) for place in waiting}
        counts = Counter(forms.values())
        # All that share a form go on to the next: no order of rows decides who keeps the short one.
        settled = [place for place in waiting if counts[forms[place]] == 1 and forms[place] not in used]
        for place in settled:
            ids[place] = forms[place]
        used.update(forms.values())
        waiting = [place for place in waiting if not ids[place]]
    return ids


def _plain(country: str, name: str, admin1: str, type_: str) -> str:
    short = slug(name)[:_LONGEST].strip("-")
    return f"{country.lower()}-{short}" if short else _with_digest(country, name, admin1, type_)


def _with_admin1(country: str, name: str, admin1: str, type_: str) -> str:
    return "-".join(filter(None, (_plain(country, name, admin1, type_), slug(admin1)[:_LONGEST].strip("-"))))


def _with_type(country: str, name: str, admin1: str, type_: str) -> str:
    return f"{_with_admin1(country, name, admin1, type_)}-{type_}"[:119]


def _with_digest(country: str, name: str, admin1: str, type_: str) -> str:
    digest = sha256(repr((country, name, admin1, type_)).encode("utf-8", "surrogatepass")).hexdigest()
    return f"{country.lower()}-{digest[:10]}"
