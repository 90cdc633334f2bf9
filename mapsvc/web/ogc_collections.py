"""The collections of the running snapshot: what each is called, and its features, made when first asked for and kept."""

from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock

import numpy as np
import pandas as pd
import shapely

from mapsvc.analysis import items_collections as made
from mapsvc.analysis.items import Items
from mapsvc.errors import NotFound
from mapsvc.formats.features import FeatureTexts
from mapsvc.web.measuring import coverage_of
from mapsvc.web.snapshot import Snapshot

_ = str  # marks a text for the catalogue; the translation happens in `about`

# By id: what it is called, what it holds, and the properties that a page shows of it.
_TEXTS = {
    "members": (
        _("Members"),
        _(
            "Every member with its place, type, themes and dates. Those who left or may join say so in their status."
        ),
        ("name", "type", "country_name", "status", "since", "themes"),
    ),
    "countries": (
        _("Countries"),
        _("Every country as a polygon with its number of members; zero is a row as well."),
        ("name", "iso_a3", "region", "n_members"),
    ),
    "coverage": (
        _("Coverage of the countries"),
        _("Every country as a polygon with its measures: members, urban people covered, members expected."),
        ("name", "region", "n_members", "urban_people", "people_share", "expected"),
    ),
    "gaps": (
        _("Coverage gaps"),
        _(
            "Every country and theme in which no member is known to be active, at a point inside of the country."
        ),
        ("name", "theme", "state", "n_unknown", "urban_people", "expected"),
    ),
    "urban-centres": (
        _("Urban centres"),
        _("The places that coverage is measured by, largest first, and what each is to the network."),
        ("name", "country", "population", "state", "rank"),
    ),
}
IDS = tuple(_TEXTS)
_MAX_KEPT = 20


@dataclass(frozen=True, eq=False)
class Served:
    """The features of a collection, and their texts."""

    items: Items
    texts: FeatureTexts


@dataclass(frozen=True)
class About:
    """What a collection is, without its features.

    Attributes
    ----------
    shown : tuple of str
        The properties that a page has room for.
    box : tuple of float, optional
        West, south, east and north of everything in it.
    since : str
        The first day that is known of its features; empty where they have none.
    """

    id: str
    title: str
    description: str
    shown: tuple[str, ...]
    box: tuple[float, float, float, float] | None
    since: str

    @property
    def is_temporal(self) -> bool:
        """Whether its features have dates."""
        return any(one.name == "since" for one in made.SCHEMAS[self.id].columns)


_KEPT: OrderedDict[tuple[str, str, str], tuple[object, Served]] = OrderedDict()
_LOCK = Lock()


def check_collection(id_: str) -> str:
    """Return the id of a collection.

    Raises
    ------
    NotFound
        Where there is none of that name.
    """
    if id_ not in IDS:
        raise NotFound(f"there is no collection {id_[:40]!r}; there are {', '.join(IDS)}")
    return id_


def title_of(here: Snapshot, id_: str) -> str:
    """Return what a collection is called; unlike `about`, it looks at no feature."""
    return here.language.gettext(_TEXTS[id_][0])


def about(here: Snapshot, id_: str) -> About:
    """Return what a collection is, in the language of the visitor."""
    title, description, shown = _TEXTS[id_]
    say = here.language.gettext
    return About(id_, say(title), say(description), shown, _box(here, id_), _since(here, id_))


def served(here: Snapshot, id_: str) -> Served:
    """Return the features of a collection; they are made once per snapshot and language."""
    dataset = here.dataset
    key = (dataset.fingerprint, here.language.tag, id_)
    with _LOCK:
        kept = _KEPT.get(key)
        if kept is None or kept[0] is not dataset.members:
            items = _make(here, id_)
            kept = (dataset.members, Served(items, FeatureTexts(items)))
            _KEPT[key] = kept
            while len(_KEPT) > _MAX_KEPT:
                _KEPT.popitem(last=False)
        _KEPT.move_to_end(key)
        return kept[1]


def _make(here: Snapshot, id_: str) -> Items:
    dataset, names = here.dataset, here.titles["country"]
    if id_ == "members":
        return made.member_items(dataset, names)
    if id_ == "countries":
        return made.country_items(dataset, names)
    coverage = coverage_of(dataset)
    makers = {"coverage": made.coverage_items, "gaps": made.gap_items, "urban-centres": made.centre_items}
    return makers[id_](dataset, names, coverage)


def _box(here: Snapshot, id_: str) -> tuple[float, float, float, float] | None:
    """Return the extent of a collection; that of those that are measured is known before they are."""
    dataset = here.dataset
    if id_ == "urban-centres":
        places = dataset.urban.centres if dataset.urban is not None else pd.DataFrame()
        if places.empty:
            return None
        xy = places[["longitude", "latitude"]].to_numpy(dtype="float64")
        bounds = np.concatenate([xy.min(axis=0), xy.max(axis=0)])
    else:
        frame = dataset.members if id_ == "members" else dataset.countries
        bounds = shapely.total_bounds(np.asarray(frame.geometry.array, dtype=object))
    if not np.isfinite(bounds).all():
        return None
    west, south, east, north = (round(float(one), 5) for one in bounds)
    return west, south, east, north


def _since(here: Snapshot, id_: str) -> str:
    days = here.dataset.members["since"].dropna() if id_ == "members" else []
    return min(days, default="")
