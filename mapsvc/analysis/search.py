"""One search over members, countries, themes and places: what is typed becomes suggestions, nearest first.

A name is found by its beginning or that of any of its words, folded; where nothing begins so, by likeness.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from mapsvc.analysis.names import fold, other_name_fits

KINDS = ("theme", "country", "member", "place")
MOST = {"theme": 4, "country": 4, "member": 6, "place": 5}
_LEAST_LIKENESS = 75
_LEAST_LETTERS = 3
# How well something is found: by a name, by a later word of one (one more), by a spelling.
_OWN, _SPELLING = 1, 3


@dataclass(frozen=True)
class Entry:
    """Something that can be found. `weight` orders those that are found alike.

    `names` are others that it has, folded; `spellings` too, but of those the better part must be typed.
    """

    kind: str
    id: str
    label: str
    note: str = ""
    weight: float = 0.0
    names: tuple[str, ...] = ()
    spellings: tuple[str, ...] = ()
    longitude: float | None = None
    latitude: float | None = None


class SearchIndex:
    """Entries by the beginnings of the words of their names.

    Examples
    --------
    >>> index = SearchIndex([Entry("place", "1", "São Paulo"), Entry("member", "2", "Wrocław", spellings=("breslau",))])
    >>> [one.label for text in ("sao p", "PAULO", "Bresl", "wroclav") for one in index.find(text)]
    ['São Paulo', 'São Paulo', 'Wrocław', 'Wrocław']
    """

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._entries = list(entries)
        keys: list[tuple[str, int, int]] = []
        self._whole: dict[str, list[int]] = {}
        for place, one in enumerate(self._entries):
            own = fold(one.label)
            for rank, names in ((_OWN, (own, *one.names)), (_SPELLING, one.spellings)):
                for name in dict.fromkeys(names):
                    self._whole.setdefault(name, []).append(place)
                    starts = _word_starts(name) if rank == _OWN else (0,)
                    keys.extend((name[start:], rank + min(start, 1), place) for start in starts)
        keys.sort()
        self._keys = [key for key, _, _ in keys]
        self._found = [(rank, place) for _, rank, place in keys]

    def find(self, text: str) -> tuple[Entry, ...]:
        """Return what fits, by kind in the order of `KINDS`, the best of each first, at most `MOST` of each."""
        typed = fold(text)
        ranks = self._beginning_with(typed) or self._alike(typed)
        found = sorted(ranks, key=lambda place: (ranks[place], -self._entries[place].weight, place))
        return tuple(
            one
            for kind in KINDS
            for one in [self._entries[place] for place in found if self._entries[place].kind == kind][
                : MOST[kind]
            ]
        )

    def _beginning_with(self, typed: str) -> dict[int, float]:
        """Return the entries that begin so, with how well: the whole name first, then its beginning, then a word's."""
        ranks: dict[int, float] = {}
        if not typed:
            return ranks
        for at in range(bisect_left(self._keys, typed), len(self._keys)):
            key = self._keys[at]
            if not key.startswith(typed):
                break
            rank, place = self._found[at]
            if rank < _SPELLING or other_name_fits(key, typed):
                better = rank - (0.5 if key == typed else 0.0)
                ranks[place] = min(better, ranks.get(place, better))
        return ranks

    def _alike(self, typed: str) -> dict[int, float]:
        if len(typed) < _LEAST_LETTERS:
            return {}
        from rapidfuzz import fuzz, process  # noqa: PLC0415 – slow to import, and needed for what is misspelt only

        found: Sequence[tuple[str, float, int]] = process.extract(
            typed, list(self._whole), scorer=fuzz.ratio, limit=20, score_cutoff=_LEAST_LIKENESS
        )
        ranks: dict[int, float] = {}
        for name, likeness, _ in found:
            for place in self._whole[name]:
                ranks[place] = min(100.0 - likeness, ranks.get(place, 100.0))
        return ranks


def _word_starts(name: str) -> Iterator[int]:
    yield 0
    at = name.find(" ")
    while at >= 0:
        yield at + 1
        at = name.find(" ", at + 1)
