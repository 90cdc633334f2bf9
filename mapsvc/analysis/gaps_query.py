"""What the pages and files of coverage are asked for, checked once at the edge."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from urllib.parse import quote_plus

from mapsvc.analysis.queries import parse_map_query
from mapsvc.analysis.ranking import SORT_COLUMNS
from mapsvc.errors import BadQuery
from mapsvc.model import ALL_THEMES, Network

# What the map of coverage can show, the first by default.
MAP_MEASURES = (
    "people-share",
    "centre-share",
    "ratio",
    "missing",
    "people-short",
    "smoothed-rate",
    "rate",
    "chance",
)
# What the table of coverage can be sorted by; a minus turns it round.
SORTS = (*SORT_COLUMNS, "name")
MAX_THRESHOLD = 50_000_000
MAX_BEYOND_KM = 20_000
PARAMETERS = ("theme", "region", "asof", "versus", "threshold", "measure", "sort", "beyond")


@dataclass(frozen=True)
class GapsQuery:
    """A checked question about coverage, and the cache key of its answer.

    Attributes
    ----------
    theme, region : str
        Id of one theme and one region; empty for all.
    asof, versus : str
        The date, empty for now; and another one to compare with, empty for none.
    threshold : int
        The least inhabitants of an urban centre; 0 for those that the denominators have anyway.
    measure : str
        One of `MAP_MEASURES`: what the map shows.
    sort : str
        One of `SORTS`, with a minus in front to turn it round. Numbers begin with the largest gap: most missing first.
    beyond : int
        From how many km on a place is said to be far from every member.

    Examples
    --------
    >>> GapsQuery(theme="water", region="africa").canonical()
    'theme=water&region=africa'
    """

    theme: str = ""
    region: str = ""
    asof: str = ""
    versus: str = ""
    threshold: int = 0
    measure: str = MAP_MEASURES[0]
    sort: str = SORTS[0]
    beyond: int = 250

    def canonical(self) -> str:
        """Return the query string that stands for it, without a question mark; empty where nothing is asked for."""
        usual = GapsQuery()
        pairs = [
            (name, getattr(self, name)) for name in PARAMETERS if getattr(self, name) != getattr(usual, name)
        ]
        return "&".join(f"{name}={quote_plus(str(value), safe='-')}" for name, value in pairs)

    def changed(self, **values: str | int) -> "GapsQuery":
        """Return the same question with other values."""
        return replace(self, **values)  # type: ignore[arg-type]

    @property
    def theme_or_all(self) -> str:
        """The theme's id, ``all`` where none is asked for."""
        return self.theme or ALL_THEMES

    @property
    def sorted_by(self) -> str:
        """The column that is sorted by."""
        return self.sort.removeprefix("-")


def parse_gaps_query(
    arguments: Iterable[tuple[str, str]],
    network: Network,
    countries: Collection[str],
    *,
    also: Collection[str] = (),
    strict: bool,
) -> GapsQuery:
    """Check request parameters and return the question they ask.

    Parameters
    ----------
    arguments : iterable of (name, value)
        As they came; empty values mean that nothing is asked for.
    also : collection of str
        Names that are allowed and mean nothing here (such as ``dl``).
    strict : bool
        Whether an unknown name is an error (files) or ignored (pages).

    Raises
    ------
    BadQuery
        Naming the parameter, with the nearest valid values.
    """
    found = _once(arguments, also, strict=strict)
    shared = [(name, found[name]) for name in ("theme", "region", "asof")]
    view = parse_map_query(shared, network, countries, strict=True)
    versus = parse_map_query([("asof", found["versus"])], network, countries, strict=True).asof
    theme = next(iter(view.theme), "")
    group = next((one for one in network.groups if one.id == theme), None)
    if group is not None and theme not in network.theme_ids:
        inside = tuple(one.id for one in group.themes)
        raise BadQuery(f"{theme!r} is a group of themes; ask for one", parameter="theme", allowed=inside)
    return GapsQuery(
        theme,
        next(iter(view.region), ""),
        view.asof,
        versus,
        _whole("threshold", found["threshold"], 0, MAX_THRESHOLD),
        _among("measure", found["measure"], MAP_MEASURES),
        _sort(found["sort"]),
        _whole("beyond", found["beyond"], GapsQuery.beyond, MAX_BEYOND_KM),
    )


def _once(arguments: Iterable[tuple[str, str]], also: Collection[str], *, strict: bool) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in arguments:
        if name not in PARAMETERS:
            if strict and name not in also:
                raise BadQuery(
                    f"there is no parameter {name[:40]!r}", parameter=name[:40], allowed=PARAMETERS
                )
            continue
        if not value.strip():
            continue
        if name in found:
            raise BadQuery(f"{name!r} is given more than once", parameter=name)
        found[name] = value.strip()
    return {name: found.get(name, "") for name in PARAMETERS}


def _whole(name: str, value: str, usual: int, most: int) -> int:
    if not value:
        return usual
    if value.isascii() and value.isdigit() and len(value) <= 8 and int(value) <= most:
        return int(value)
    raise BadQuery(
        f"{value[:40]!r} is not a whole number to {most}", parameter=name, allowed=(f"0–{most:,}",)
    )


def _among(name: str, value: str, allowed: tuple[str, ...]) -> str:
    if not value:
        return allowed[0]
    if value.lower() in allowed:
        return value.lower()
    raise BadQuery(f"there is no {name} {value[:40]!r}", parameter=name, allowed=allowed)


def _sort(value: str) -> str:
    turned = "-" if value.startswith("-") else ""
    return turned + _among("sort", value.removeprefix("-"), SORTS)
