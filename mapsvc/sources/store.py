"""A folder becomes a Dataset: read, validate, find the countries, count, fingerprint. And the running Dataset."""

import os
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import replace
from email.utils import formatdate
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from threading import Lock
from typing import TypeVar

import geopandas as gpd
import numpy as np
import pandas as pd

from mapsvc import __version__
from mapsvc.analysis.covering import AREA_TYPES
from mapsvc.analysis.membership import assign_country, count_members, country_findings
from mapsvc.analysis.validation import validate_members, validate_participation
from mapsvc.errors import NoInput, StorageFailure
from mapsvc.model import Dataset, Network, ValidationReport
from mapsvc.settings import shipped
from mapsvc.sources.boundaries import (
    DETAILED,
    DRAWN,
    PARTS,
    TABLE,
    home_of,
    read_countries,
    read_detailed,
    read_parts,
)
from mapsvc.sources.files import is_there, read_bytes
from mapsvc.sources.languages import language_files
from mapsvc.sources.member_areas import area_findings, read_member_areas
from mapsvc.sources.network import read_network
from mapsvc.sources.placenames import FILE as PLACE_NAMES
from mapsvc.sources.placenames import other_names, read_place_names
from mapsvc.sources.readers import read_table
from mapsvc.sources.snapshots import MEMBERS, OWN, Generation, find, history, read_file
from mapsvc.sources.urban import CENTRES, FILES, read_urban

PARTICIPATION = "participation.csv"
_ATTEMPTS = 3
# How many snapshots that were served before are remembered, and how many that are asked for by their number.
_RECENT, _PINNED = 3, 4

T = TypeVar("T")


def load_dataset(folder: Path, home: Path | None = None) -> Dataset:
    """Read a network's folder into a Dataset.

    Parameters
    ----------
    folder : Path
        With ``network.toml``, ``themes.csv``, ``members.csv`` and, where there is evidence for themes,
        ``participation.csv``. Boundaries that it does not bring are the bundled ones.
    home : Path, optional
        Where boundaries and urban centres are instead, if not in `folder`: a snapshot has none of its own.

    Raises
    ------
    NoInput, BadData, BadConfiguration
        Where it cannot be read at all. What is wrong with single rows is in the Dataset's report.
    StorageFailure
        Where its files change again and again while they are read.

    Examples
    --------
    >>> dataset = load_dataset(shipped("geodata"))
    >>> int(dataset.counts.xs("all", level="theme").sum()) == int((dataset.members["status"] == "member").sum())
    True
    """
    if not folder.is_dir():
        raise NoInput("there is no such folder", file=str(folder), hint="name the folder of a network")
    atlas = home_of(home or folder, shipped("geodata"))
    centres = _home_of_centres(home or folder, atlas)
    for _ in range(_ATTEMPTS):
        fingerprint, modified = _state(folder, atlas, centres)
        dataset = _load(folder, atlas, centres, fingerprint, modified)
        # What was read is what the fingerprint says only if it was the same before and after.
        if _state(folder, atlas, centres)[0] == fingerprint:
            return dataset
    raise StorageFailure(
        "the files change while they are read", file=str(folder), hint="try again when the writer has ended"
    )


def _load(folder: Path, atlas: Path, home: Path, fingerprint: str, modified: str) -> Dataset:
    countries = _read_once(read_countries, atlas, _stamps([atlas / name for name in (TABLE, DRAWN)]))
    m49 = {
        str(code): (str(id_), str(title))
        for code, id_, title in zip(
            countries.index, countries["m49_subregion"], countries["m49_title"], strict=True
        )
        if isinstance(id_, str)
    }
    network = read_network(folder, m49)
    countries = _named(countries, network)
    members, participation, report = _read_members(folder, network, countries, atlas)
    located = assign_country(members, read_detailed(atlas))
    findings = country_findings(members, located, MEMBERS)
    areas = read_member_areas(folder)
    findings = (*findings, *area_findings(areas, members, AREA_TYPES))
    urban = _read_once(read_urban, home, _stamps([home / name for name in FILES]))
    names = _read_once(read_place_names, home, _stamps([home / PLACE_NAMES]))
    codes, themes = list(countries.index), list(network.theme_ids)
    return Dataset(
        network=network,
        members=members.assign(
            offshore_km=located["offshore_km"].where(located["offshore_km"] > 0),
            other_names=other_names(members, names),
        ),
        participation=participation,
        countries=countries,
        counts=count_members(members, codes, themes),
        report=replace(report, issues=(*report.issues, *findings)),
        fingerprint=fingerprint,
        modified=modified,
        own_boundaries=atlas != shipped("geodata"),
        urban=replace(urban, member_areas=dict(areas.items())) if urban and len(areas) else urban,
        place_names=names,
    )


Stamps = tuple[tuple[str, int, int, int] | None, ...]


def _stamps(paths: Iterable[Path]) -> Stamps:
    """Return what tells without reading whether files have changed: when each was written, its size and its number."""
    return tuple(
        (path.name, status.st_mtime_ns, status.st_size, status.st_ino)
        if (status := _status(path)) is not None
        else None
        for path in paths
    )


def _status(path: Path) -> os.stat_result | None:
    try:
        return path.stat()
    except OSError:
        return None


@lru_cache(maxsize=6)
def _read_once(read: Callable[[Path], T], home: Path, stamps: Stamps) -> T:  # noqa: ARG001 – they are the key
    """Read what does not change with the members, and share it between snapshots: frames are never changed in place."""
    return read(home)


def _home_of_centres(folder: Path, atlas: Path) -> Path:
    """Return where the urban centres are: in the folder, or beside the boundaries whose countries they are in."""
    return folder if is_there(folder / CENTRES) else atlas


def _named(countries: gpd.GeoDataFrame, network: Network) -> gpd.GeoDataFrame:
    regions = network.region_of_country
    return countries.assign(
        name=[network.country_names.get(code, name) for code, name in countries["name"].items()],
        region=pd.Series(
            [regions.get(str(code)) for code in countries.index], index=countries.index, dtype="str"
        ),
    )


def _read_members(
    folder: Path, network: Network, countries: gpd.GeoDataFrame, atlas: Path
) -> tuple[gpd.GeoDataFrame, pd.DataFrame, ValidationReport]:
    known = {str(code): str(name) for code, name in countries["name"].items()}
    raw = read_table(folder / MEMBERS)
    members, report = validate_members(
        raw.frame, countries=known, part_of=read_parts(atlas), themes=network.theme_ids, file=MEMBERS
    )
    report = raw.report.merged(report)
    participation = pd.DataFrame({"member": [], "themes": []})
    if is_there(folder / PARTICIPATION):
        evidence = read_table(folder / PARTICIPATION)
        participation, more = validate_participation(
            evidence.frame,
            member_ids=members.index,
            themes=network.theme_ids,
            countries=known,
            file=PARTICIPATION,
        )
        report = report.merged(evidence.report).merged(more)
    return members.assign(themes=_themes(members, participation)), participation, report


def _themes(members: pd.DataFrame, participation: pd.DataFrame) -> pd.Series:
    """Return each member's themes, stated or evidenced, sorted; None where nothing is known."""
    evidence: dict[str, set[str]] = {}
    for member, themes in zip(participation["member"], participation["themes"], strict=True):
        if isinstance(member, str) and member:
            evidence.setdefault(member, set()).update(themes)
    values = np.empty(len(members), dtype=object)
    for place, (id_, stated) in enumerate(zip(members.index, members["themes"], strict=True)):
        found = evidence.get(str(id_), set()) | set(stated or ())
        values[place] = tuple(sorted(found)) if found or stated is not None else None
    return pd.Series(values, index=members.index, name="themes")


def _files(folder: Path, atlas: Path, centres: Path) -> list[Path]:
    return (
        [folder / name for name in OWN]
        + language_files(folder)
        + [atlas / name for name in (TABLE, DRAWN, DETAILED, PARTS)]
        + [centres / name for name in (*FILES, PLACE_NAMES)]
    )


def _state(folder: Path, atlas: Path, centres: Path) -> tuple[str, str]:
    """Return the fingerprint of the files as they are now, and when the newest was written."""
    digest, newest = sha256(__version__.encode()), 0.0
    for path in _files(folder, atlas, centres):
        if is_there(path):
            digest.update(path.name.encode() + b"\0" + sha256(read_bytes(path)).digest())
            newest = max(newest, path.stat().st_mtime)
    return digest.hexdigest()[:16], formatdate(newest, usegmt=True)


def stamps_of(folder: Path) -> Stamps:
    """Return what tells whether a network's folder has changed, without reading a file.

    Raises
    ------
    NoInput
        Where something else has the name of one of its files.
    """
    atlas = home_of(folder, shipped("geodata"))
    return _stamps(_files(folder, atlas, _home_of_centres(folder, atlas)))


class Store:
    """Holds the Dataset that is served. A new one replaces the old one whole, or not at all.

    Parameters
    ----------
    dataset : Dataset
        What is served first.
    folder : Path, optional
        Where its history is; without it there is none.
    trouble : str
        Why it is not what stands in the folder; empty where it is.
    """

    def __init__(self, dataset: Dataset, folder: Path | None = None, trouble: str = "") -> None:
        self._dataset = dataset
        self._folder = folder
        self._pinned: OrderedDict[str, Dataset] = OrderedDict()
        self._recent: tuple[Dataset, ...] = (dataset,)
        self._loading = Lock()
        self.trouble = trouble

    @property
    def dataset(self) -> Dataset:
        """The snapshot that answers are made from now."""
        return self._dataset

    def replace(self, dataset: Dataset, trouble: str = "") -> None:
        """Serve another snapshot from now on. Requests that have begun end with the one they began with."""
        self._recent = (dataset, *self._recent)[:_RECENT]
        self._dataset = dataset
        self.trouble = trouble

    def recent(self, fingerprint: str) -> Dataset | None:
        """Return one of the last snapshots that were served: pages of it may still be loading."""
        return next((one for one in self._recent if one.fingerprint == fingerprint), None)

    def history(self) -> tuple[Generation, ...]:
        """Return the generations of the folder, newest first."""
        return history(self._folder) if self._folder else ()

    def pinned(self, name: str) -> Dataset:
        """Return a generation by its number or id.

        Raises
        ------
        NoInput, BadData
            Where there is none of that name, it is no longer kept, or damaged.
        """
        if name and name == self._dataset.generation:
            return self._dataset
        one = find(self.history(), name)
        with self._loading:
            if one.id not in self._pinned:
                for file in one.files:
                    read_file(one, file)
                loaded = load_dataset(one.folder, self._folder)
                self._pinned[one.id] = replace(loaded, generation=one.id)
                if len(self._pinned) > _PINNED:
                    self._pinned.popitem(last=False)
            self._pinned.move_to_end(one.id)
            return self._pinned[one.id]
