"""What the fact sheets look things up in: computed once per snapshot, when the first of them is asked for."""

from dataclasses import dataclass
from typing import Any

from mapsvc.analysis.evidence import EvidenceBook, read_evidence
from mapsvc.analysis.surroundings import Surroundings, reading_order
from mapsvc.i18n import Language
from mapsvc.model import COUNTED_STATUS, Dataset
from mapsvc.web.http import service
from mapsvc.web.language import current_language
from mapsvc.web.titles import Titles, value_titles


@dataclass(frozen=True)
class Snapshot:
    """The running data as one visitor reads it.

    Attributes
    ----------
    titles : mapping
        What each value of each filter is called, in the visitor's language.
    order : tuple of str
        The ids of all members, by country and name.
    """

    dataset: Dataset
    language: Language
    titles: Titles
    surroundings: Surroundings
    evidence: EvidenceBook
    order: tuple[str, ...]

    def text(self, id_: str, column: str) -> str:
        """Return a text of a member; empty where there is none."""
        value: Any = self.dataset.members.at[id_, column]
        return value if isinstance(value, str) else ""

    def country_name(self, code: str) -> str:
        """Return what a country is called."""
        return self.titles["country"].get(code, code)

    @property
    def n_members(self) -> int:
        """How many members there are; only the status ``member`` counts."""
        return int((self.dataset.members["status"] == COUNTED_STATUS).sum())


# The same in every language; of the running snapshot alone, found by the frames it was made from.
_SURROUNDINGS: list[tuple[object, Surroundings]] = []
_EVIDENCE: list[tuple[object, EvidenceBook]] = []
# Of the last snapshots and languages: what takes longer than a page may.
_KEPT: dict[tuple[str, str], Snapshot] = {}
_MAX_KEPT = 16


def snapshot() -> Snapshot:
    """Return the running data in the language of the request."""
    language = current_language()
    dataset = service().store.dataset.in_language(language.tag)
    key = (dataset.fingerprint, language.tag)
    kept = _KEPT.get(key)
    if kept is None or kept.dataset.members is not dataset.members:
        titles = value_titles(dataset, language)
        kept = Snapshot(
            dataset,
            language,
            titles,
            surroundings_of(dataset),
            _evidence_of(dataset),
            reading_order(dataset.members, titles["country"], language.order),
        )
        while len(_KEPT) >= _MAX_KEPT:
            _KEPT.pop(next(iter(_KEPT)), None)
        _KEPT[key] = kept
    return kept


def surroundings_of(dataset: Dataset) -> Surroundings:
    """Return what lies around the members and countries of a snapshot."""
    kept = next((made for frame, made in _SURROUNDINGS if frame is dataset.members), None)
    if kept is None:
        kept = Surroundings(dataset.members, dataset.countries, dataset.network.theme_ids)
        _SURROUNDINGS[:] = [(dataset.members, kept)]
    return kept


def _evidence_of(dataset: Dataset) -> EvidenceBook:
    kept = next((made for frame, made in _EVIDENCE if frame is dataset.participation), None)
    if kept is None:
        kept = read_evidence(dataset.participation)
        _EVIDENCE[:] = [(dataset.participation, kept)]
    return kept
