"""A collection of features of one snapshot, ready to be asked: its frame, its shapes, and what is looked up in them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mapsvc.analysis.boxes import Shapes
from mapsvc.analysis.intervals import Lifetimes
from mapsvc.analysis.names import fold
from mapsvc.analysis.reference_systems import CRS84, ReferenceSystem, projected
from mapsvc.model import Column, FrameSchema


@dataclass(frozen=True, eq=False)
class Items:
    """A collection.

    Attributes
    ----------
    id : str
        As it stands in addresses.
    schema : FrameSchema
        What is published of it; its columns are the queryables.
    frame : DataFrame
        Index of texts, unique; the columns of `schema`.
    shapes : array of shapely geometries or None
        Longitude and latitude, WGS 84, in the order of the frame.
    choices : dict of str to tuple of str
        The values that a column can have, where they are few.
    extra : Series, optional
        More text that a search looks in, which is not published; folded.
    groups : mapping of str to frozenset of str
        Values that stand for several in a question of a column of lists.
    """

    id: str
    schema: FrameSchema
    frame: pd.DataFrame
    shapes: NDArray[np.object_]
    choices: dict[str, tuple[str, ...]]
    extra: pd.Series | None = None
    groups: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def column(self, name: str) -> Column | None:
        """Return the column of a name; None where there is none."""
        return next((one for one in self.schema.columns if one.name == name), None)

    @property
    def is_temporal(self) -> bool:
        """Whether its features were there from some time to another."""
        return self.column("since") is not None

    @cached_property
    def positions(self) -> dict[str, int]:
        """Where each feature is, by its id."""
        return {str(id_): place for place, id_ in enumerate(self.frame.index)}

    @cached_property
    def lifetimes(self) -> Lifetimes | None:
        """When its features were there; None where they have no dates."""
        return Lifetimes(self.frame["since"], self.frame["until"]) if self.is_temporal else None

    @cached_property
    def folded(self) -> tuple[str, ...]:
        """What a search looks in, of each feature."""
        names = [name for name in ("name", "country_name", "admin1") if self.column(name)]
        texts = zip(*(self.frame[name].fillna("").to_list() for name in names), strict=True)
        more = [""] * len(self.frame) if self.extra is None else self.extra.fillna("").to_list()
        return tuple(
            f"{fold(' '.join(text))} {also.replace(';', ' ')}" for text, also in zip(texts, more, strict=True)
        )

    def holding(self, name: str, value: str) -> NDArray[np.bool_]:
        """Say of each feature whether its list in a column holds a value, or one of those that it stands for; not to be changed."""
        found = self._held.get((name, value))
        if found is None:
            wanted = self.groups.get(value, frozenset([value]))
            lists = self.frame[name]
            found = np.array([held is not None and not wanted.isdisjoint(held) for held in lists], dtype=bool)
            # Those that can be asked for are few; any other text is looked for each time.
            if value in self.choices.get(name, ()) or value in self.groups:
                self._held[name, value] = found
        return found

    @cached_property
    def _held(self) -> dict[tuple[str, str], NDArray[np.bool_]]:
        return {}

    def shapes_in(self, system: ReferenceSystem) -> Shapes:
        """Return the shapes as boxes of a system are laid on them; all that are geographic share theirs."""
        key = CRS84.code if system.is_geographic else system.code
        if key not in self._laid:
            self._laid[key] = Shapes(projected(self.shapes, system))
        return self._laid[key]

    @cached_property
    def _laid(self) -> dict[str, Shapes]:
        return {}
