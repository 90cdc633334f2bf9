"""Which member took part: a participant's name and country against the members', a city never for its county."""

import re

import pandas as pd
from rapidfuzz import process

from mapsvc.analysis.fields import MAX_TEXT, UNPRINTABLE
from mapsvc.analysis.names import fold
from mapsvc.model import Issue

# Words that say that a name is an area's, and the types of member that may be meant then.
_AREA_WORDS = re.compile(
    r"\b(county|regency|region|province|state|prefecture|metropolitan (?:area|region|city))$"
)
_AREA_TYPES = {"county", "region", "district"}
_MAX_COMPARISONS = 2_000_000


def join_members(raw: pd.DataFrame, members: pd.DataFrame, file: str) -> tuple[pd.DataFrame, list[Issue]]:
    """Fill the column ``member`` with the id of the member that each row names.

    The whole name must be a member's in that country. *Wakatobi Regency* is also the county or region called
    *Wakatobi*, but *Nakuru County* is not the city of Nakuru. Where several members fit, or none does, the
    cell stays empty.

    Parameters
    ----------
    raw : DataFrame
        Text cells ``member_name`` and ``country``; rows that have a ``member`` keep it.
    members : DataFrame
        Index ``id``; ``name``, ``type``, ``country``.
    file : str
        Name of the file, for the findings.

    Returns
    -------
    DataFrame
        A copy of `raw` with the column ``member``.
    list of Issue
        Where several fit, and where a member is spelt much the same.

    Examples
    --------
    >>> members = pd.DataFrame({"name": ["Nakuru"], "type": ["city"], "country": ["KE"]}, index=["ke-nakuru"])
    >>> raw = pd.DataFrame({"member_name": ["Nakuru", "Nakuru County"], "country": ["KE", "KE"]})
    >>> join_members(raw, members, "p.csv")[0]["member"].tolist()
    ['ke-nakuru', '']
    """
    if not {"member_name", "country"} <= set(raw.columns):
        return raw, []
    whole: dict[tuple[str, str], list[str]] = {}
    areas: dict[tuple[str, str], list[str]] = {}
    for id_, name, type_, country in zip(
        members.index, members["name"], members["type"], members["country"], strict=True
    ):
        key = (str(country), fold(str(name)))
        whole.setdefault(key, []).append(str(id_))
        if type_ in _AREA_TYPES:
            areas.setdefault((key[0], _base(key[1])), []).append(str(id_))
    alike = _Alike(whole)
    stated = raw["member"].tolist() if "member" in raw else [""] * len(raw)
    found, issues = [], []
    for row, given, name, country in zip(raw.index, stated, raw["member_name"], raw["country"], strict=True):
        key = (country.strip(), fold(name[:MAX_TEXT]))
        shown = UNPRINTABLE.sub("\N{REPLACEMENT CHARACTER}", name[:80])
        base = _base(key[1])
        fits = whole.get(key) or (areas.get((key[0], base), []) if base != key[1] else [])
        found.append(given or (fits[0] if len(fits) == 1 else ""))
        if not given and len(fits) > 1:
            issues.append(Issue("warning", "ambiguous-member", f"{shown!r} may be several members", file, int(row),
                                "member_name", shown, " or ".join(fits)))  # fmt: skip
        elif not given and not fits and (best := alike(key)):
            message = f"no member is called that; {best} is spelt much the same"
            issues.append(
                Issue("info", "similar-member", message, file, int(row), "member_name", shown, best)
            )
    return raw.assign(member=pd.Series(found, index=raw.index, dtype=object)), issues


def _base(name: str) -> str:
    """Return a folded name without the word that says that it is an area."""
    return _AREA_WORDS.sub("", name).strip()


class _Alike:
    """Looks for the member of a country whose name is spelt much the same, for each name once."""

    def __init__(self, whole: dict[tuple[str, str], list[str]]) -> None:
        self._names: dict[str, dict[str, str]] = {}
        for (country, name), ids in whole.items():
            self._names.setdefault(country, {}).update(dict.fromkeys(ids, name))
        self._found: dict[tuple[str, str], str] = {}
        self._left = _MAX_COMPARISONS

    def __call__(self, key: tuple[str, str]) -> str:
        """Return the id of the member, or an empty string; always that one once too many were compared."""
        names = self._names.get(key[0], {})
        if key not in self._found and len(names) <= self._left:
            self._left -= len(names)
            best = process.extractOne(key[1], names, score_cutoff=86)
            self._found[key] = str(best[2]) if best else ""
        return self._found.get(key, "")
