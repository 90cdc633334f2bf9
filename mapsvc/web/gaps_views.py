"""What the pages of coverage are given: frozen dataclasses whose fields are all that their templates may use."""

from dataclasses import dataclass

from mapsvc.web.sheets import Head, Link, TableColumn
from mapsvc.web.views import Choice, Download, Legend, Stamp


@dataclass(frozen=True)
class Basis:
    """What the numbers rest on, as it stands on every page of coverage and in every file."""

    asof: str
    threshold: int
    source: str
    source_date: str
    rule: str
    method: str
    n_members: int
    n_matched: int
    n_unmatched: int
    n_undated: int
    n_without_themes: int
    boundaries: str
    disclaimer: str
    partial: str


@dataclass(frozen=True)
class AreaRow:
    """The measures of a country, a region or the world, written out; empty where there is no number.

    `wanting` says why there is none. `stands_out` is ``fewer`` or ``more`` where chance hardly explains the number.
    `n_undated` of the members have no date, so that the map of a date, to which their number leads, leaves them out.
    """

    area: Link
    wanting: str
    members: str
    expected: str
    ratio: str
    missing: str
    chance: str
    stands_out: str
    rate: str
    smoothed: str
    centres: str
    centres_interval: str
    people: str
    people_bar: float
    people_through_regions: str
    people_short: str
    clipped: bool
    members_href: str = ""
    n_undated: int = 0


@dataclass(frozen=True)
class Shape:
    """A country on the map of coverage: its look, its page, and what is said of it."""

    code: str
    look: str
    href: str
    said: str


@dataclass(frozen=True)
class CoverageMap:
    """The filled map: the outlines once, a shape for each country, the legend, and small maps by theme.

    `view_box` is the part of it that is looked at.
    """

    view_box: str
    paths: tuple[tuple[str, str], ...]
    shapes: tuple[Shape, ...]
    outside: tuple[str, ...]
    legend: Legend
    stamps: tuple[Stamp, ...]
    inside: tuple[str, ...]


@dataclass(frozen=True)
class Tick:
    """A mark of an axis."""

    at: float
    label: str


@dataclass(frozen=True)
class Dot:
    """A point of a chart; `label` is written where it is not empty, its anchor one of ``start``, ``middle`` and ``end``."""

    x: float
    y: float
    look: str
    href: str
    said: str
    label: str = ""
    label_x: float = 0.0
    label_y: float = 0.0
    anchor: str = "start"


@dataclass(frozen=True)
class Chart:
    """A chart drawn by the server: axes, lines (class and path) and points, in units of `width` and `height`."""

    width: int
    height: int
    left: int
    bottom: int
    x_title: str
    y_title: str
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]
    lines: tuple[tuple[str, str], ...]
    dots: tuple[Dot, ...]


@dataclass(frozen=True)
class AccessRow:
    """What share of the people lives within a distance of a member; `href` leads to the places that are farther."""

    within: str
    href: str
    share: str
    people: str
    bar: float


@dataclass(frozen=True)
class FarPlace:
    """A large place that is far from every member."""

    place: Link
    country: Link
    people: str
    nearest: Link | None
    km: str


@dataclass(frozen=True)
class TopPart:
    """How many of the largest centres are one thing to the network, in per cent too; `href` leads to these centres."""

    state: str
    title: str
    n: int
    percent: float
    href: str


@dataclass(frozen=True)
class TopRow:
    """How many of the largest centres are what to the network; `href` leads to those that are missing."""

    area: str
    top: int
    n_centres: int
    parts: tuple[TopPart, ...]
    missing: tuple[Link, ...]
    href: str


@dataclass(frozen=True)
class YearRow:
    """Who joined and who left in a year."""

    year: int
    joined: int
    left: int
    joined_href: str


@dataclass(frozen=True)
class Counted:
    """A number of members that leads to them on the map of its date, which leaves out `n_undated` of them."""

    n: str
    href: str
    n_undated: int


@dataclass(frozen=True)
class ChangeRow:
    """An area at two dates: members and people covered, and how they changed."""

    area: Link
    members_then: Counted
    members_now: Counted
    members_change: str
    people_then: str
    people_now: str


@dataclass(frozen=True)
class GapsPage:
    """The page of coverage gaps, whole."""

    head: Head
    basis: Basis
    asked: str
    theme: str
    theme_title: str
    region_title: str
    sentences: tuple[Link, ...]
    themes: tuple[tuple[str, tuple[Choice, ...]], ...]
    regions: tuple[Choice, ...]
    measures: tuple[Choice, ...]
    measure_note: str
    asof: str
    versus: str
    threshold: str
    beyond: int
    sort: str
    map: CoverageMap
    columns: tuple[TableColumn, ...]
    notes: tuple[tuple[str, str], ...]
    summary: tuple[AreaRow, ...]
    rows: tuple[AreaRow, ...]
    n_first: int
    funnel: Chart | None
    access: tuple[AccessRow, ...]
    access_chart: Chart | None
    far: tuple[FarPlace, ...]
    top: tuple[TopRow, ...]
    years: tuple[YearRow, ...]
    changes: tuple[ChangeRow, ...]
    unmatched: tuple[tuple[str, tuple[Link, ...]], ...]
    links: tuple[Link, ...]
    downloads: tuple[Download, ...]
