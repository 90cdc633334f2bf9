"""The members of a view as a table: in which order, and which page of it. Checked once, like every other parameter.

A value that cannot be understood is refused with the nearest valid ones, as for filters: a table in another order than
its address says would be wrong without anybody noticing. A page past the end is the last page, because lists shrink.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import Any

import pandas as pd

from mapsvc.analysis.names import collation_key
from mapsvc.errors import BadQuery

ROWS_PER_PAGE = 100
SORT_COLUMNS = ("name", "type", "country", "admin1", "since")
TABLE_PARAMETERS = ("sort", "page")
_MAX_DIGITS = 6


@dataclass(frozen=True)
class TableQuery:
    """A checked order and page.

    Examples
    --------
    >>> TableQuery("since", descending=True, page=2).canonical()
    'sort=-since&page=2'
    >>> TableQuery().canonical()
    ''
    """

    column: str = "name"
    descending: bool = False
    page: int = 1

    @property
    def sort(self) -> str:
        """The value of the parameter ``sort``."""
        return f"-{self.column}" if self.descending else self.column

    def canonical(self) -> str:
        """Return the parameters that are not as they would be without."""
        parts = [f"sort={self.sort}"] if self.sort != "name" else []
        return "&".join([*parts, *([f"page={self.page}"] if self.page > 1 else [])])

    def by(self, column: str) -> "TableQuery":
        """Return the first page sorted by `column`; the other way round where it is sorted by it already."""
        return TableQuery(column, descending=column == self.column and not self.descending)

    def at(self, page: int) -> "TableQuery":
        """Return the same table at another page."""
        return replace(self, page=page)


def parse_table_query(arguments: Iterable[tuple[str, str]]) -> TableQuery:
    """Check ``sort`` and ``page``; other parameters are not looked at, empty values mean the default.

    Raises
    ------
    BadQuery
        For a value that is not one of a table, or a parameter given twice.
    """
    given: dict[str, str] = {}
    for name, value in arguments:
        if name in TABLE_PARAMETERS and value:
            if name in given:
                raise BadQuery(f"{name!r} is given more than once", parameter=name)
            given[name] = value
    sort, page = given.get("sort", "name"), given.get("page", "1")
    column = sort.removeprefix("-")
    if column not in SORT_COLUMNS:
        near = get_close_matches(column, SORT_COLUMNS, 1) or SORT_COLUMNS
        raise BadQuery(f"the table cannot be sorted by {sort[:40]!r}", parameter="sort", allowed=tuple(near))
    if not (page.isascii() and page.isdigit() and len(page) <= _MAX_DIGITS and int(page)):
        raise BadQuery(f"there is no page {page[:40]!r}", parameter="page", allowed=("1",))
    return TableQuery(column, sort.startswith("-"), int(page))


def n_pages(n_rows: int) -> int:
    """Return how many pages so many rows fill; an empty table has one."""
    return max(1, -(-n_rows // ROWS_PER_PAGE))


def sort_members(
    members: pd.DataFrame,
    query: TableQuery,
    titles: Mapping[str, Mapping[str, str]],
    by: Callable[[str], Any] = str,
) -> pd.DataFrame:
    """Return the members in the order of `query`: as the words on the page are sorted, empty cells last.

    Parameters
    ----------
    members : DataFrame
        `MEMBERS`.
    titles : mapping
        What each ``type`` and ``country`` is called on the page.
    by : callable
        What a language sorts a word by.

    Examples
    --------
    >>> frame = pd.DataFrame({"name": ["Zürich", "Ávila", "Bonn"], "since": [None, "1992", "1991"]}, index=list("zab"))
    >>> list(sort_members(frame, TableQuery("name"), {}).index), list(sort_members(frame, TableQuery("since"), {}).index)
    (['a', 'b', 'z'], ['b', 'a', 'z'])
    """
    named = titles.get(query.column, {})
    values = [named.get(one, one) if isinstance(one, str) else "" for one in members[query.column]]
    names = [collation_key(name, by) for name in members["name"]]
    order = sorted(range(len(members)), key=lambda row: names[row])
    order.sort(key=lambda row: collation_key(values[row], by), reverse=query.descending)
    order.sort(key=lambda row: values[row] == "")
    return members.iloc[order]
