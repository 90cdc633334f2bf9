"""Which place the nearest members are asked for, checked once at the edge."""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote_plus

from mapsvc.analysis.queries import MAX_SEARCH
from mapsvc.errors import BadQuery
from mapsvc.model import ALL_THEMES, Network

PARAMETERS = ("place", "q", "theme")
_MAX_DIGITS = 12


@dataclass(frozen=True)
class NearQuery:
    """A checked question, and the cache key of its answer.

    Attributes
    ----------
    place : int
        GeoNames id of an urban centre; 0 for none.
    q : str
        The name of one, where its id is not given.
    theme : str
        The theme that a member must be known to work on; empty for any member.

    Examples
    --------
    >>> NearQuery(1850147, theme="water").canonical()
    'place=1850147&theme=water'
    """

    place: int = 0
    q: str = ""
    theme: str = ""

    def canonical(self) -> str:
        """Return the query string that stands for it, without a question mark."""
        pairs = [(name, str(value)) for name in PARAMETERS if (value := getattr(self, name))]
        return "&".join(f"{name}={quote_plus(value, safe='-')}" for name, value in pairs)

    @property
    def theme_or_all(self) -> str:
        """The theme's id, ``all`` where none is asked for."""
        return self.theme or ALL_THEMES


def parse_near_query(arguments: Iterable[tuple[str, str]], network: Network) -> NearQuery:
    """Check request parameters and return the question they ask; unknown names mean nothing.

    Raises
    ------
    BadQuery
        Naming the parameter.
    """
    found: dict[str, str] = {}
    for name, value in arguments:
        if name in PARAMETERS and value.strip():
            if name in found:
                raise BadQuery(f"{name!r} is given more than once", parameter=name)
            found[name] = value.strip()
    place, theme = found.get("place", ""), found.get("theme", "").lower()
    if place and not (place.isascii() and place.isdigit() and len(place) <= _MAX_DIGITS):
        raise BadQuery(f"{place[:40]!r} is not a GeoNames id", parameter="place")
    if theme and theme not in network.theme_ids:
        raise BadQuery(f"there is no theme {theme[:40]!r}", parameter="theme", allowed=network.theme_ids[:5])
    q = found.get("q", "")
    if len(q) > MAX_SEARCH:
        raise BadQuery(f"'q' needs 1 to {MAX_SEARCH} characters", parameter="q")
    return NearQuery(int(place or 0), "" if place else q, theme)
