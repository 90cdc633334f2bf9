"""What a page is given: frozen dataclasses whose fields are all that the templates may use."""

from dataclasses import dataclass, field

from mapsvc.maps.document import MapDocument
from mapsvc.model import Network


@dataclass(frozen=True)
class Choice:
    """One value of a filter; `n` members would be shown by it alone, under the other filters."""

    value: str
    title: str
    n: int
    selected: bool


@dataclass(frozen=True)
class ChoiceGroup:
    """Choices under a heading; `head` selects all of them where that is possible (a theme group)."""

    title: str
    choices: tuple[Choice, ...]
    head: Choice | None = None

    @property
    def n_selected(self) -> int:
        """How many of the choices, the head among them, are selected."""
        return sum(one.selected for one in (*self.choices, *((self.head,) if self.head else ())))


@dataclass(frozen=True)
class Filter:
    """One parameter of the address as a part of the form."""

    name: str
    title: str
    groups: tuple[ChoiceGroup, ...]

    @property
    def n_selected(self) -> int:
        """How many of its choices are selected."""
        return sum(group.n_selected for group in self.groups)


@dataclass(frozen=True)
class Chip:
    """A filter that is on, and the view without it."""

    label: str
    href: str


@dataclass(frozen=True)
class MemberRow:
    """A member as the list shows it. `themes` is None where they are not known."""

    id: str
    name: str
    type: str
    type_title: str
    admin1: str
    since: str
    status: str
    status_title: str
    themes: tuple[str, ...] | None
    source_url: str
    located: bool
    href: str = ""


@dataclass(frozen=True)
class CountrySection:
    """The `n` members of one country in the view; where the list would be too long, `members` holds none of them."""

    code: str
    name: str
    members: tuple[MemberRow, ...]
    n: int
    href: str


@dataclass(frozen=True)
class LegendClass:
    """A class of the filled map: `look` is ``class-0``…``class-5``, or what a country without a class is."""

    look: str
    label: str
    n_countries: int
    names: tuple[str, ...]
    n_others: int


@dataclass(frozen=True)
class Legend:
    """The classes of the filled map, in order, and what it shows."""

    title: str
    classes: tuple[LegendClass, ...]
    others: tuple[LegendClass, ...]
    note: str = ""


@dataclass(frozen=True)
class Look:
    """One way to look at the same members."""

    title: str
    href: str
    current: bool


@dataclass(frozen=True)
class Ranked:
    """A country in the order of the measure; `length` is its value in per cent of the largest."""

    rank: int
    code: str
    name: str
    value: str
    said: str
    n_members: int
    length: float
    href: str


@dataclass(frozen=True)
class Ranking:
    """The countries by the measure, and those without a value by what they lack."""

    title: str
    note: str
    rows: tuple[Ranked, ...]
    without: tuple[LegendClass, ...]


@dataclass(frozen=True)
class Stamp:
    """The small world of one theme; `looks` are the countries of each look."""

    title: str
    href: str
    n_members: int
    n_countries: int
    looks: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True)
class Multiples:
    """Small worlds on one scale: the outlines once, and one stamp per theme. `inside` are the view's countries."""

    width: int
    height: int
    paths: tuple[tuple[str, str], ...]
    inside: tuple[str, ...]
    stamps: tuple[Stamp, ...]
    legend: Legend


@dataclass(frozen=True)
class Meant:
    """What a search that found no member may have meant."""

    label: str
    note: str
    href: str


@dataclass(frozen=True)
class WayOut:
    """An empty view with one filter less: what is taken off, and the `n` members that it shows."""

    label: str
    n: int
    href: str


@dataclass(frozen=True)
class Emptiness:
    """What helps in a view without members; `ways` are none where more than one filter would have to go."""

    asked: tuple[str, ...]
    meant: tuple[Meant, ...]
    ways: tuple[WayOut, ...]
    n_filters: int
    n_all: int
    everything_url: str


@dataclass(frozen=True)
class Year:
    """A bar of the years: how many joined, and whether the view reaches it."""

    year: int
    n: int
    height: float
    reached: bool


@dataclass(frozen=True)
class Timeline:
    """The years that the network has dates for. `asof` is as the address has it."""

    first: int
    last: int
    years: tuple[Year, ...]
    asof: str
    joined_from: str
    joined_to: str
    n_without_date: int


@dataclass(frozen=True)
class Download:
    """A file of exactly this view."""

    title: str
    href: str
    help: str


@dataclass(frozen=True)
class FileChoice:
    """A file of the members of a view."""

    ending: str
    title: str
    href: str
    size: str
    help: str


@dataclass(frozen=True)
class Offer:
    """All files of a view: of its members, the same of its countries, and where it is said how to use them."""

    members: tuple[FileChoice, ...]
    countries: tuple[Download, ...]
    guide_url: str


@dataclass(frozen=True)
class PagePicture:
    """The picture of the view, for print, for those without scripts, and for sites that link here.

    `og` is the absolute address of a PNG of 1200 × 630; empty where the service does not know its own address.
    """

    title: str
    text: str
    svg: str
    og: str
    locale: str


@dataclass(frozen=True)
class MapPage:
    """The map page, whole: it works without JavaScript, and JavaScript reads `state` from it.

    `view` is the canonical query of what is shown; `query` also has the language, where the address asks for one.
    """

    network: Network
    title: str
    description: str
    canonical_query: str
    query: str
    search: str
    n_members: int
    n_countries: int
    n_all_members: int
    n_all_countries: int
    n_themes_known: int
    n_without_place: int
    filters: tuple[Filter, ...]
    chips: tuple[Chip, ...]
    sections: tuple[CountrySection, ...]
    legend: Legend
    view: str
    looks: tuple[Look, ...]
    measures: tuple[Choice, ...]
    ranking: Ranking | None
    multiples: Multiples | None
    empty: Emptiness | None
    timeline: Timeline | None
    everything_url: str
    uses_geonames: bool
    uses_bundled_boundaries: bool
    downloads: tuple[Download, ...]
    offer: Offer
    picture: PagePicture
    document: MapDocument
    # Read by the map: the query, and [number, state, class] of each country in the view.
    state: dict[str, object] = field(default_factory=dict)
    # What the map fetches first: the page asks for it before the map's script is there.
    preload: tuple[str, ...] = ()
    table_url: str = ""
    gaps_url: str = ""
    # For search engines: schema.org as JSON-LD.
    linked_data: tuple[dict[str, object], ...] = ()
