"""A folder becomes a Dataset: read, validate, find the countries, count, fingerprint. And the running Dataset."""

from dataclasses import replace
from email.utils import formatdate
from hashlib import sha256
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd

from mapsvc import __version__
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
from mapsvc.sources.network import read_network
from mapsvc.sources.placenames import FILE as PLACE_NAMES
from mapsvc.sources.placenames import other_names, read_place_names
from mapsvc.sources.readers import read_table
from mapsvc.sources.urban import CENTRES, FILES, read_urban

MEMBERS, PARTICIPATION = "members.csv", "participation.csv"
_OWN = ("network.toml", "themes.csv", MEMBERS, PARTICIPATION)
_ATTEMPTS = 3


def load_dataset(folder: Path) -> Dataset:
    """Read a network's folder into a Dataset.

    Parameters
    ----------
    folder : Path
        With ``network.toml``, ``themes.csv``, ``members.csv`` and, where there is evidence for themes,
        ``participation.csv``. Boundaries that it does not bring are the bundled ones.

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
    atlas = home_of(folder, shipped("geodata"))
    for _ in range(_ATTEMPTS):
        fingerprint, modified = _state(folder, atlas)
        dataset = _load(folder, atlas, fingerprint, modified)
        # What was read is what the fingerprint says only if it was the same before and after.
        if _state(folder, atlas)[0] == fingerprint:
            return dataset
    raise StorageFailure(
        "the files change while they are read", file=str(folder), hint="try again when the writer has ended"
    )


def _load(folder: Path, atlas: Path, fingerprint: str, modified: str) -> Dataset:
    countries = read_countries(atlas)
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
    home = _home_of_centres(folder, atlas)
    names = read_place_names(home)
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
        own_boundaries=atlas == folder and atlas != shipped("geodata"),
        urban=read_urban(home),
        place_names=names,
    )


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


def _state(folder: Path, atlas: Path) -> tuple[str, str]:
    """Return the fingerprint of the files as they are now, and when the newest was written."""
    paths = (
        [folder / name for name in _OWN]
        + language_files(folder)
        + [atlas / name for name in (TABLE, DRAWN, DETAILED, PARTS)]
        + [_home_of_centres(folder, atlas) / name for name in (*FILES, PLACE_NAMES)]
    )
    digest, newest = sha256(__version__.encode()), 0.0
    for path in paths:
        if is_there(path):
            digest.update(path.name.encode() + b"\0" + sha256(read_bytes(path)).digest())
            newest = max(newest, path.stat().st_mtime)
    return digest.hexdigest()[:16], formatdate(newest, usegmt=True)


class Store:
    """Holds the Dataset that is served. A new one replaces the old one whole, or not at all."""

    def __init__(self, dataset: Dataset) -> None:
        self._dataset = dataset

    @property
    def dataset(self) -> Dataset:
        """The snapshot that answers are made from now."""
        return self._dataset

    def replace(self, dataset: Dataset) -> None:
        """Serve another snapshot from now on. Requests that have begun end with the one they began with."""
        self._dataset = dataset
