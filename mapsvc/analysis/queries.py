"""Request parameters, checked once at the edge: what comes out is a MapQuery, and nothing deeper sees strings."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import Any
from urllib.parse import quote_plus

from mapsvc.analysis import dates, fields
from mapsvc.errors import BadQuery
from mapsvc.model import MEMBER_TYPES, STATUSES, Network

MAX_VALUES = 50
MAX_SEARCH = 100
REPEATABLE = ("theme", "region", "country", "type", "status")
# In the order of the canonical form; what may be given once.
SINGLE = ("joined_from", "joined_to", "asof", "q", "view", "measure")
PARAMETERS = (*REPEATABLE, *SINGLE)

# The filters that ask for years.
TIME = ("joined", "asof")
VIEWS = ("members", "countries", "themes")
MEASURES = ("members", "per-million", "share", "first-year")
# A joiner parts or binds letters of some scripts without being seen; typed or not, the name is the same.
_JOINERS = str.maketrans("", "", "\u200c\u200d")


@dataclass(frozen=True)
class MapQuery:
    """A checked view: which members are on the screen, and how they are looked at. Also the cache key.

    Values of one parameter are alternatives; parameters narrow each other. A theme may be the id of a theme
    group, which stands for all its themes. No status means ``member``. `joined_from` and `joined_to` are years,
    both included; `asof` is the day (or month, or year, meaning its end) whose network is asked for. `view` and
    `measure` change what is drawn, never who is in it; a measure belongs to the view of countries.

    Examples
    --------
    >>> MapQuery(theme=("water",), region=("africa",)).canonical()
    'theme=water&region=africa'
    """

    theme: tuple[str, ...] = ()
    region: tuple[str, ...] = ()
    country: tuple[str, ...] = ()
    type: tuple[str, ...] = ()
    status: tuple[str, ...] = ()
    joined_from: int | None = None
    joined_to: int | None = None
    asof: str = ""
    q: str = ""
    view: str = VIEWS[0]
    measure: str = MEASURES[0]

    def pairs(self) -> tuple[tuple[str, str], ...]:
        """Return the parameters that are set, in the one canonical order."""
        repeated = [(name, value) for name in REPEATABLE for value in getattr(self, name)]
        usual = MapQuery.__dataclass_fields__
        single = [
            (name, str(getattr(self, name))) for name in SINGLE if getattr(self, name) != usual[name].default
        ]
        return (*repeated, *single)

    def canonical(self) -> str:
        """Return the query string that stands for this view, without a question mark; empty for the whole."""
        return "&".join(f"{name}={quote_plus(value, safe='-')}" for name, value in self.pairs())

    def without(self, name: str, value: str = "") -> "MapQuery":
        """Return the view with one filter taken off; of those that may repeat, one `value`."""
        if name in SINGLE:
            changes: dict[str, Any] = {name: MapQuery.__dataclass_fields__[name].default}
            return replace(self, **changes)
        chosen: tuple[str, ...] = getattr(self, name)
        return self._with(name, tuple(one for one in chosen if one != value))

    def only(self, name: str, *values: str) -> "MapQuery":
        """Return the view with the filter `name` set to `values`, others as they are."""
        return self._with(name, tuple(sorted(values)))

    def seen_as(self, view: str, measure: str = MEASURES[0]) -> "MapQuery":
        """Return the same members, looked at in another way."""
        return replace(self, view=view, measure=measure)

    def everything(self) -> "MapQuery":
        """Return the view without any filter, looked at in the same way."""
        return MapQuery(view=self.view, measure=self.measure)

    def _with(self, name: str, values: tuple[str, ...]) -> "MapQuery":
        changes: dict[str, Any] = {name: values}
        return replace(self, **changes)


def parse_map_query(
    arguments: Iterable[tuple[str, str]],
    network: Network,
    countries: Collection[str],
    *,
    also: Collection[str] = (),
    strict: bool,
) -> MapQuery:
    """Check request parameters and return the view they ask for.

    Parameters
    ----------
    arguments : iterable of (name, value)
        As they came. Empty values mean that the filter is not set, as a plain form sends them.
    countries : collection of str
        The ISO codes that can be asked for.
    also : collection of str
        Names that are allowed and mean nothing here (such as ``dl``).
    strict : bool
        Whether an unknown name is an error (data) or ignored (pages).

    Raises
    ------
    BadQuery
        Naming the parameter, with the nearest valid values.
    """
    allowed = _allowed_values(network, countries)
    found: dict[str, list[str]] = {name: [] for name in PARAMETERS}
    for name, value in arguments:
        if name not in found:
            if strict and name not in also:
                known = tuple(get_close_matches(name, PARAMETERS, 1)) or PARAMETERS
                raise BadQuery(f"there is no parameter {name[:40]!r}", parameter=name[:40], allowed=known)
            continue
        if value.strip():
            found[name].append(value.strip())
    for name in REPEATABLE:
        found[name] = [_checked(name, value, allowed[name]) for value in found[name]]
        if len(found[name]) > MAX_VALUES:
            raise BadQuery(f"{name!r} is given more than {MAX_VALUES} times", parameter=name)
    single = {name: _only_one(name, found[name]) for name in SINGLE}
    first, last = (_year(name, single[name]) for name in ("joined_from", "joined_to"))
    if first and last and first > last:
        raise BadQuery("'joined_to' is before 'joined_from'", parameter="joined_to", allowed=(str(first),))
    view = _one_of("view", single["view"], VIEWS)
    measure = _one_of("measure", single["measure"], MEASURES)
    return MapQuery(
        **{name: tuple(sorted(set(found[name]))) for name in REPEATABLE},
        joined_from=first,
        joined_to=last,
        asof=_day("asof", single["asof"]),
        q=_search_text(single["q"]),
        view=view,
        measure=measure if view == "countries" else MEASURES[0],
    )


def _allowed_values(network: Network, countries: Collection[str]) -> Mapping[str, Collection[str]]:
    return {
        "theme": [*network.theme_ids, *(group.id for group in network.groups)],
        "region": [region.id for region in network.regions],
        "country": countries,
        "type": MEMBER_TYPES,
        "status": STATUSES,
    }


def _checked(name: str, value: str, allowed: Collection[str]) -> str:
    canonical = value.upper() if name == "country" else value.lower()
    if canonical in allowed:
        return canonical
    near = get_close_matches(canonical, list(allowed), 3, 0.5) or sorted(allowed)[:5]
    raise BadQuery(f"there is no {name} {value[:40]!r}", parameter=name, allowed=tuple(near))


def _only_one(name: str, values: list[str]) -> str:
    if len(values) > 1:
        raise BadQuery(f"{name!r} is given more than once", parameter=name)
    return values[0] if values else ""


def _search_text(value: str) -> str:
    text = " ".join(value.translate(_JOINERS).split())
    if len(text) > MAX_SEARCH:
        raise BadQuery(f"'q' has more than {MAX_SEARCH} characters", parameter="q")
    if not text.isprintable():
        raise BadQuery("'q' has characters that cannot be printed", parameter="q")
    return text


def _one_of(name: str, value: str, allowed: tuple[str, ...]) -> str:
    if not value:
        return allowed[0]
    if value.lower() in allowed:
        return value.lower()
    raise BadQuery(f"there is no {name} {value[:40]!r}", parameter=name, allowed=allowed)


def _year(name: str, value: str) -> int | None:
    if not value:
        return None
    if len(value) == 4 and value.isascii() and value.isdigit() and _is_in_range(value):
        return int(value)
    raise BadQuery(f"{value[:40]!r} is not a year", parameter=name, allowed=_YEARS)


def _day(name: str, value: str) -> str:
    if not value or (isinstance(fields.day(value), str) and _is_in_range(value)):
        return value
    raise BadQuery(
        f"{value[:40]!r} is not a date that can be asked for", parameter=name,
        allowed=("YYYY", "YYYY-MM", "YYYY-MM-DD", *_YEARS),
    )  # fmt: skip


def _is_in_range(value: str) -> bool:
    return dates.FIRST_YEAR <= int(value[:4]) <= dates.LAST_YEAR


_YEARS = (f"{dates.FIRST_YEAR}–{dates.LAST_YEAR}",)
