"""What was meant by a word that is nobody's id: the nearest ids and names."""

from collections.abc import Mapping

from rapidfuzz import fuzz, process

from mapsvc.analysis.names import fold

_LEAST = 72.0
_LONGEST = 120


def nearest_ids(text: str, names: Mapping[str, str], n: int = 5) -> tuple[str, ...]:
    """Return the ids whose id or name is spelt much like `text`, best first; none where nothing is near.

    Examples
    --------
    >>> nearest_ids("nairoby", {"ke-nairobi": "Nairobi", "ke-mombasa": "Mombasa"})
    ('ke-nairobi',)
    """
    wanted = fold(text[:_LONGEST])
    if not wanted:
        return ()
    best: dict[str, float] = {}
    for choices in (
        {id_: fold(id_) for id_ in names},
        {id_: fold(name[:_LONGEST]) for id_, name in names.items()},
    ):
        found = process.extract(wanted, choices, scorer=fuzz.ratio, limit=n, score_cutoff=_LEAST)
        for _, score, id_ in found:
            best[id_] = max(score, best.get(id_, 0.0))
    return tuple(sorted(best, key=lambda id_: (-best[id_], id_))[:n])
