"""The members as lists and files write them: made once per snapshot and language, and picked from for each view."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt
from flask import url_for

from mapsvc.analysis.dates import Mask
from mapsvc.analysis.names import collation_key
from mapsvc.formats import geojson
from mapsvc.i18n import Language
from mapsvc.model import Dataset
from mapsvc.web.titles import Titles, value_titles
from mapsvc.web.views import CountrySection, MemberRow

# So many members the list on the map page holds at most: more would be megabytes that nobody reads to the end.
MAX_LISTED = 600
# A larger network is written anew for each view, rather than kept in every language.
MAX_KEPT_MEMBERS = 20_000
_MAX_KEPT = 8
_MAX_CHOICES = 4


class Listing:
    """All members of a snapshot, as one language writes them. What was written for one view is there for the next.

    Attributes
    ----------
    titles : mapping
        What each value of each filter is called.
    """

    def __init__(self, dataset: Dataset, language: Language) -> None:
        self.members = dataset.members
        self.titles: Titles = value_titles(dataset, language)
        self._regions = dataset.network.region_of_country
        self._codes: list[str] = dataset.members["country"].tolist()
        self._order = self._reading_order(language)
        self._rows: dict[int, MemberRow] = {}
        self._features: dict[tuple[str, ...], dict[int, str]] = {}
        self._keeps = len(dataset.members) <= MAX_KEPT_MEMBERS

    def sections(self, selected: Mask) -> tuple[CountrySection, ...]:
        """Return the members that are selected by country, as people look names up."""
        found: dict[str, list[int]] = {}
        for place in self._order[selected[self._order]].tolist():
            found.setdefault(self._codes[place], []).append(place)
        sections, left = [], MAX_LISTED
        for code, places in found.items():
            left -= len(places)
            # A list of thousands is a table: the countries that come late have their number and lead there.
            listed = self.rows(places) if left >= 0 else ()
            name, href = self.titles["country"][code], url_for("profiles.country", code=code)
            sections.append(CountrySection(code, name, listed, len(places), href))
        return tuple(sections)

    def rows(self, places: Sequence[int]) -> tuple[MemberRow, ...]:
        """Return members as the list shows them, by their places in the frame."""
        kept = self._rows if self._keeps else {}
        missing = [place for place in places if place not in kept]
        if missing:
            made = self.members.iloc[missing].itertuples()
            kept |= {place: member_row(one, self.titles) for place, one in zip(missing, made, strict=True)}
        return tuple(kept[place] for place in places)

    def features(self, selected: Mask, properties: tuple[str, ...]) -> list[str]:
        """Return the members that are selected as the texts of GeoJSON Features, in the order of the frame."""
        places = np.flatnonzero(selected).tolist()
        kept = self._features.get(properties, {})
        missing = [place for place in places if place not in kept]
        if missing:
            made = geojson.member_features(
                self.members.iloc[missing], self.titles["country"], self._regions, properties
            )
            kept = kept | dict(zip(missing, made, strict=True))
            if self._keeps and (properties in self._features or len(self._features) < _MAX_CHOICES):
                self._features[properties] = kept
        return [kept[place] for place in places]

    def _reading_order(self, language: Language) -> npt.NDArray[np.int64]:
        """Return the places of all members by country and name."""
        key: Callable[[str], Any] = partial(collation_key, order=language.order)
        of_country = {code: key(self.titles["country"][code]) for code in set(self._codes)}
        names = self.members["name"].tolist()
        keys = [
            (of_country[code], key(name), place)
            for place, (code, name) in enumerate(zip(self._codes, names, strict=True))
        ]
        return np.array([place for _, _, place in sorted(keys)], dtype=np.int64)


# Of the last snapshots and languages; where the links lead is part of what is written.
_KEPT: dict[tuple[str, str, str], Listing] = {}


def listing_of(dataset: Dataset, language: Language) -> Listing:
    """Return the members of a snapshot as one language writes them; made once."""
    key = (dataset.fingerprint, language.tag, url_for("pages.index"))
    kept = _KEPT.get(key)
    if kept is None or kept.members is not dataset.members:
        kept = Listing(dataset.in_language(language.tag), language)
        while len(_KEPT) >= _MAX_KEPT:
            _KEPT.pop(next(iter(_KEPT)), None)
        _KEPT[key] = kept
    return kept


def member_row(member: Any, titles: Titles) -> MemberRow:  # noqa: ANN401 – what `itertuples` gives has no name
    """Return a row of the frame, as `itertuples` gives it, as the list shows it."""

    def text(name: str) -> str:
        value = getattr(member, name)
        return value if isinstance(value, str) else ""

    return MemberRow(
        id=text("Index"),
        name=text("name"),
        type=text("type"),
        type_title=titles["type"][text("type")],
        admin1=text("admin1"),
        since=text("since"),
        status=text("status"),
        status_title=titles["status"][text("status")],
        themes=None if member.themes is None else tuple(titles["theme"][one] for one in member.themes),
        source_url=text("source_url"),
        located=member.geometry is not None,
        href=url_for("profiles.member", id=text("Index")),
    )
