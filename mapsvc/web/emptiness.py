"""Help where no member matches: what was asked, what may have been meant, and which one filter stands in the way."""

from collections.abc import Callable

from mapsvc.analysis.queries import REPEATABLE, MapQuery
from mapsvc.analysis.selection import select_members
from mapsvc.i18n import Language
from mapsvc.model import ALL_THEMES, Dataset
from mapsvc.web.filtering import chips_of
from mapsvc.web.searching import meant
from mapsvc.web.titles import Titles, page_url, words_of
from mapsvc.web.views import Emptiness, WayOut


def emptiness_of(
    dataset: Dataset,
    query: MapQuery,
    titles: Titles,
    language: Language,
    address: Callable[[MapQuery], str] = page_url,
) -> Emptiness:
    """Return what helps in a view without members; `address` says where another view is."""
    filters = query.seen_as("members").pairs()
    return Emptiness(
        asked=tuple(chip.label for chip in chips_of(query, titles, language)),
        meant=meant(dataset, query, words_of(titles, language)) if query.q else (),
        ways=_ways_out(dataset, query, titles, language, address),
        n_filters=len({name for name, _ in filters}),
        everything_url=address(query.everything()),
        n_all=int(dataset.counts.xs(ALL_THEMES, level="theme").sum()),
    )


def _ways_out(
    dataset: Dataset, query: MapQuery, titles: Titles, language: Language, address: Callable[[MapQuery], str]
) -> tuple[WayOut, ...]:
    """Return the views with one filter less that hold somebody, most first.

    The values of one parameter are alternatives: one of them less shows nobody more, so they are taken off together.
    """
    names = dict.fromkeys(name for name, _ in query.seen_as("members").pairs())
    if len(names) < 2:
        return ()  # without the only one, it is everything
    ways = []
    for name in names:
        wider = query.only(name) if name in REPEATABLE else query.without(name)
        n = int(select_members(dataset.members, wider, dataset.network).sum())
        if n:
            kept = {chip.label for chip in chips_of(wider, titles, language)}
            taken = [chip.label for chip in chips_of(query, titles, language) if chip.label not in kept]
            ways.append(WayOut(language.listed(taken), n, address(wider)))
    return tuple(sorted(ways, key=lambda one: -one.n))
