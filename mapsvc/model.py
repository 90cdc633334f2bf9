"""The words of the field as types: Network, Theme, Region, the frames, the findings, and the Dataset.

Nothing here reads a file, a clock or a request. Everything is frozen: a Dataset is replaced, never changed.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Literal

import geopandas as gpd
import pandas as pd
from shapely.geometry.base import BaseGeometry

# Texts are Python's own whether pyarrow is installed, as the importer needs it, or not: the same frames everywhere, and to
# walk through a column of Arrow's takes ten times as long.
pd.set_option("mode.string_storage", "python")

MEMBER_TYPES = ("city", "town", "village", "district", "county", "region", "association", "other")
STATUSES = ("member", "former", "prospect", "unconfirmed")
COUNTED_STATUS = "member"
ALL_THEMES = "all"

# The four states of a country in a view; unknown is not zero, and none is not unknown.
STATES = ("active", "not-in-theme", "unknown", "none")

Severity = Literal["error", "warning", "info"]


@dataclass(frozen=True)
class Theme:
    """One of the themes that members work on."""

    id: str
    title: str
    group: str


@dataclass(frozen=True)
class ThemeGroup:
    """A group of themes; its id may stand for all of them in a query."""

    id: str
    title: str
    themes: tuple[Theme, ...]


@dataclass(frozen=True)
class Region:
    """A group of countries, by ISO 3166-1 alpha-2 code."""

    id: str
    title: str
    countries: tuple[str, ...]


# What a network says in sentences, in each of its languages.
_SAID = (
    "name", "short_name", "title", "tagline", "completeness_note", "source_note", "boundary_disclaimer",
)  # fmt: skip


@dataclass(frozen=True)
class NetworkTexts:
    """What a network says in one more language; what is empty or missing stays as in its own.

    `themes`, `theme_groups` and `regions` give titles by id, `country_names` the names that differ from the CLDR.
    """

    name: str = ""
    short_name: str = ""
    title: str = ""
    tagline: str = ""
    completeness_note: str = ""
    source_note: str = ""
    boundary_disclaimer: str = ""
    themes: Mapping[str, str] = field(default_factory=dict)
    theme_groups: Mapping[str, str] = field(default_factory=dict)
    regions: Mapping[str, str] = field(default_factory=dict)
    country_names: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Network:
    """The organisation whose members are shown: what `network.toml` and `themes.csv` say."""

    id: str
    name: str
    short_name: str
    title: str
    tagline: str
    licence: str
    licence_url: str
    contact: str
    homepage: str
    accent: str
    completeness: Literal["complete", "partial"]
    completeness_note: str
    compiled: str
    source_note: str
    boundary_disclaimer: str
    default_language: str
    groups: tuple[ThemeGroup, ...]
    regions: tuple[Region, ...]
    country_names: Mapping[str, str] = field(default_factory=dict)
    languages: Mapping[str, NetworkTexts] = field(default_factory=dict)

    def in_language(self, tag: str) -> "Network":
        """Return the network as it speaks in a language; what it says in no other stays as it is."""
        if tag == self.default_language:
            return self
        texts = self.languages.get(tag, NetworkTexts())
        said = {name: getattr(texts, name) or getattr(self, name) for name in _SAID}
        groups = tuple(
            ThemeGroup(
                group.id,
                texts.theme_groups.get(group.id, group.title),
                tuple(replace(one, title=texts.themes.get(one.id, one.title)) for one in group.themes),
            )
            for group in self.groups
        )
        regions = tuple(replace(one, title=texts.regions.get(one.id, one.title)) for one in self.regions)
        return replace(self, **said, groups=groups, regions=regions, country_names=texts.country_names)

    @property
    def themes(self) -> tuple[Theme, ...]:
        """All themes, in the order of their groups."""
        return tuple(theme for group in self.groups for theme in group.themes)

    @property
    def theme_ids(self) -> tuple[str, ...]:
        """The ids of all themes."""
        return tuple(theme.id for theme in self.themes)

    @property
    def region_of_country(self) -> Mapping[str, str]:
        """The region id of each country that is in a region."""
        return MappingProxyType({code: region.id for region in self.regions for code in region.countries})


@dataclass(frozen=True)
class Column:
    """One column of a frame: its dtype as pandas names it, whether it may be empty, and what it holds."""

    name: str
    dtype: str
    nullable: bool
    help: str


@dataclass(frozen=True)
class FrameSchema:
    """The documented shape of a frame; drives the checks, the queryables and the README's tables."""

    name: str
    index: str
    columns: tuple[Column, ...]
    geometry: str = ""

    def missing(self, frame: pd.DataFrame) -> tuple[str, ...]:
        """Return the names of the columns that `frame` lacks."""
        return tuple(column.name for column in self.columns if column.name not in frame.columns)


MEMBERS = FrameSchema(
    "members",
    "id",
    (
        Column("name", "str", False, "Name of the local government or association"),
        Column("type", "str", False, "One of " + ", ".join(MEMBER_TYPES)),
        Column("country", "str", False, "ISO 3166-1 alpha-2 code (XK for Kosovo)"),
        Column("admin1", "str", True, "State, province or region it lies in"),
        Column("population", "Int64", True, "Inhabitants, as the source gives them"),
        Column("since", "str", True, "Joined: YYYY, YYYY-MM or YYYY-MM-DD"),
        Column("until", "str", True, "Left: YYYY, YYYY-MM or YYYY-MM-DD"),
        Column("status", "str", False, "One of " + ", ".join(STATUSES) + "; only member counts"),
        Column("themes", "object", True, "Theme ids, sorted; nothing where it is not known"),
        Column("url", "str", True, "The member's own page"),
        Column("location_source", "str", True, "How the point was found"),
        Column("source_url", "str", True, "Where the membership is stated"),
        Column("offshore_km", "float64", True, "Computed: how far the point lies off its country, in km"),
    ),
    "Point or null, EPSG:4326",
)

PARTICIPATION = FrameSchema(
    "participation",
    "",
    (
        Column("member", "str", True, "Member id; empty where the participant is not a known member"),
        Column("member_name", "str", False, "Name as the source gives it"),
        Column("country", "str", False, "ISO 3166-1 alpha-2 code"),
        Column("programme", "str", False, "Programme, campaign or project"),
        Column("themes", "object", False, "Theme ids, sorted"),
        Column("source_url", "str", True, "Where the participation is stated"),
    ),
)

COUNTRIES = FrameSchema(
    "countries",
    "country",
    (
        Column("iso_a3", "str", False, "ISO 3166-1 alpha-3 code"),
        Column("name", "str", False, "Short English name, by the network's policy"),
        Column("region", "str", True, "Region id of the network"),
        Column("population", "Int64", True, "Inhabitants"),
    ),
    "MultiPolygon, EPSG:4326, cut at 180°",
)


@dataclass(frozen=True)
class Issue:
    """A finding about one place in the data: what is wrong, where, and the nearest valid value."""

    severity: Severity
    code: str
    message: str
    file: str = ""
    row: int | None = None
    column: str = ""
    value: str = ""
    suggestion: str = ""

    def __str__(self) -> str:
        """Return the finding as one line, place first."""
        place = ":".join(part for part in (self.file, str(self.row or ""), self.column) if part)
        tail = f" – {self.suggestion}" if self.suggestion else ""
        return f"{place}: {self.severity}: {self.message}{tail}"


@dataclass(frozen=True)
class ValidationReport:
    """What became of the rows of a file. Every row is accepted or listed."""

    n_read: int
    n_accepted: int
    n_rejected: int
    issues: tuple[Issue, ...] = ()

    def __post_init__(self) -> None:
        """Hold the invariant: rows read = rows accepted + rows rejected."""
        if self.n_read != self.n_accepted + self.n_rejected:
            raise ValueError(
                f"{self.n_read} rows read, {self.n_accepted} accepted, {self.n_rejected} rejected"
            )

    @property
    def errors(self) -> tuple[Issue, ...]:
        """The findings that must be mended."""
        return tuple(issue for issue in self.issues if issue.severity == "error")

    def merged(self, other: "ValidationReport") -> "ValidationReport":
        """Return one report of both."""
        return ValidationReport(
            self.n_read + other.n_read,
            self.n_accepted + other.n_accepted,
            self.n_rejected + other.n_rejected,
            self.issues + other.issues,
        )


URBAN_CENTRES = FrameSchema(
    "urban_centres",
    "geonameid",
    (
        Column("name", "str", False, "Name of the place"),
        Column("country", "str", False, "ISO 3166-1 alpha-2 code of the country that is drawn"),
        Column("admin1", "str", False, "GeoNames code of the first-order area it lies in"),
        Column("population", "int64", False, "Inhabitants"),
        Column("longitude", "float64", False, "Degrees, WGS 84"),
        Column("latitude", "float64", False, "Degrees, WGS 84"),
    ),
)


@dataclass(frozen=True)
class Urban:
    """The places that count in the denominators of coverage.

    Attributes
    ----------
    centres : DataFrame
        `URBAN_CENTRES`, largest first.
    parts : mapping of int to int
        The inhabitants of the places that lie inside of a centre, by geonameid.
    areas : mapping of (str, str) to str
        Country and folded name of a first-order area to its GeoNames code.
    names : mapping of str to mapping of int to str
        What centres are called in a language, by its tag and the geonameid, where that is not their name.
    source, date, rule : str
        Where the places come from, of when they are, and by what rule they are centres, in one sentence each.
    threshold : int
        The least inhabitants of a centre, but for seats of government.
    member_areas : mapping of str to Polygon or MultiPolygon
        The boundary of a county or a region by its member id, EPSG:4326, where the network gives one.
    """

    centres: pd.DataFrame
    parts: Mapping[int, int] = field(default_factory=dict)
    areas: Mapping[tuple[str, str], str] = field(default_factory=dict)
    names: Mapping[str, Mapping[int, str]] = field(default_factory=dict)
    source: str = ""
    date: str = ""
    rule: str = ""
    threshold: int = 0
    member_areas: Mapping[str, BaseGeometry] = field(default_factory=dict)

    def at_least(self, threshold: int) -> "Urban":
        """Return the same with only the centres of so many inhabitants."""
        if threshold <= self.threshold:
            return self
        kept = self.centres[self.centres["population"] >= threshold]
        return replace(self, centres=kept, threshold=threshold)


@dataclass(frozen=True)
class Dataset:
    """One snapshot of a network: everything that is served comes from it.

    Attributes
    ----------
    members : GeoDataFrame
        `MEMBERS`, index ``id``, EPSG:4326, in the order of country and id; every status is in it.
    participation : DataFrame
        `PARTICIPATION`.
    countries : GeoDataFrame
        `COUNTRIES`, index ``country``, the level of detail to draw.
    counts : Series
        ``n_members`` int64 over the full (country, theme) grid, theme includes ``all``; status member only.
    report : ValidationReport
        What was found while it was read.
    fingerprint : str
        Equal for equal data: a hash of the files that it was read from.
    own_boundaries : bool
        Whether the network brings its own boundaries; otherwise they are the bundled ones.
    modified : str
        When the newest of its files was written, as an HTTP date.
    urban : Urban, optional
        Its urban centres; without them there is no measure per inhabitant.
    place_names : mapping of int to str
        Other names of places, folded and parted by semicolons, by geonameid; the members' own are their column
        ``other_names``, which is for searching and is not published.
    generation : str
        The id under which this state stands in the history of its folder; empty where it does not.
    """

    network: Network
    members: gpd.GeoDataFrame
    participation: pd.DataFrame
    countries: gpd.GeoDataFrame
    counts: pd.Series
    report: ValidationReport
    fingerprint: str
    modified: str
    own_boundaries: bool = False
    urban: Urban | None = None
    place_names: Mapping[int, str] = field(default_factory=dict)
    generation: str = ""

    def in_language(self, tag: str) -> "Dataset":
        """Return the same data with the network speaking a language."""
        return replace(self, network=self.network.in_language(tag))

    @property
    def uses_geonames(self) -> bool:
        """Whether points or urban centres come from GeoNames, which asks to be named."""
        return self.urban is not None or bool(
            self.members["location_source"].str.startswith("geonames:").any()
        )
