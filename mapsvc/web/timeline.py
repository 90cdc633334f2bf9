"""The years of a network: who joined when, and the slider that shows it as it was."""

from mapsvc.analysis.dates import joined_per_year
from mapsvc.analysis.queries import MapQuery
from mapsvc.analysis.selection import at_any_time, without_date
from mapsvc.model import COUNTED_STATUS, Dataset
from mapsvc.web.views import Timeline, Year


def compose_timeline(dataset: Dataset, query: MapQuery) -> Timeline | None:
    """Return the years for a view; None where fewer than two years are known.

    The years are the same for every view, so that the slider stays where it is; the bars count the view's.
    """
    since = dataset.members["since"].to_numpy()
    known = joined_per_year(since[dataset.members["status"].to_numpy() == COUNTED_STATUS])
    if len(known) < 2:
        return None
    first, last = min(known), max(*known, _year(dataset.network.compiled))
    found = joined_per_year(since[at_any_time(dataset.members, query, dataset.network).to_numpy()])
    most = max(found.values(), default=1)
    reach = _year(query.asof) if query.asof else last
    return Timeline(
        first=first,
        last=last,
        years=tuple(
            Year(year, found.get(year, 0), round(100 * found.get(year, 0) / most, 1), year <= reach)
            for year in range(first, last + 1)
        ),
        asof=query.asof,
        joined_from=str(query.joined_from or ""),
        joined_to=str(query.joined_to or ""),
        n_without_date=without_date(dataset.members, query, dataset.network),
    )


def _year(day: str) -> int:
    return int(day[:4])
