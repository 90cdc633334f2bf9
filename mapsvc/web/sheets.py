"""What the fact sheets and the table are given: frozen dataclasses whose fields are all that their templates may use."""

from dataclasses import dataclass, field

from mapsvc.maps.document import MapDocument
from mapsvc.model import Network
from mapsvc.web.views import Chip, Download, Emptiness, Filter, MemberRow


@dataclass(frozen=True)
class Link:
    """A page of ours."""

    title: str
    href: str


@dataclass(frozen=True)
class Head:
    """What every sheet begins and ends with: how it is called, where it stands, and what lies beside it."""

    network: Network
    title: str
    description: str
    path: str
    canonical_query: str
    crumbs: tuple[Link, ...] = ()
    previous: Link | None = None
    following: Link | None = None
    linked_data: tuple[dict[str, object], ...] = ()
    uses_geonames: bool = False
    uses_bundled_boundaries: bool = False


@dataclass(frozen=True)
class SmallMap:
    """A map beside the facts; `state` is read by its modules, `preload` is what they fetch first.

    `picture` is the address of the same view as SVG, for those without scripts.
    """

    document: MapDocument
    state: dict[str, object]
    preload: tuple[str, ...]
    picture: str


@dataclass(frozen=True)
class Programme:
    """A programme as evidence, with the addresses that state it and how many members take part."""

    title: str
    sources: tuple[str, ...] = ()
    n_members: int = 0
    n_others: int = 0


@dataclass(frozen=True)
class KnownTheme:
    """A theme of a member; without a programme it is the network that states it."""

    theme: Link
    group: str
    programmes: tuple[Programme, ...]


@dataclass(frozen=True)
class NearMember:
    """A member near the one that is shown, in km; `shared` are the themes that both work on."""

    member: Link
    country: str
    km: float
    shared: tuple[str, ...] = ()


@dataclass(frozen=True)
class MemberSheet:
    """The page of one member. `themes` is None where they are not known."""

    head: Head
    id: str
    row: MemberRow
    country: Link
    population: int | None
    until: str
    url: str
    latitude: float | None
    longitude: float | None
    geonames_id: str
    location_source: str
    at_seat: bool
    offshore_km: float | None
    themes: tuple[KnownTheme, ...] | None
    peers: tuple[NearMember, ...]
    by_theme: tuple[tuple[Link, NearMember | None], ...]
    neighbours: tuple[NearMember, ...]
    companions: tuple[Link, ...]
    map_url: str
    map: SmallMap | None
    downloads: tuple[Download, ...]


@dataclass(frozen=True)
class ThemeCount:
    """A theme of a country, or a country's share in it; zero is a row."""

    link: Link
    n: int
    share: int
    group: Link | None = None


@dataclass(frozen=True)
class CountrySheet:
    """The page of one country, with members or without."""

    head: Head
    code: str
    region: Link | None
    n_members: int
    n_themes_known: int
    n_without_place: int
    first_year: str
    n_dated: int
    members: tuple[tuple[str, tuple[MemberRow, ...]], ...]
    themes: tuple[tuple[Link, tuple[ThemeCount, ...]], ...]
    lacking: tuple[Link, ...]
    borders: tuple[tuple[Link, int], ...]
    nearest: tuple[NearMember, ...]
    map_url: str
    map: SmallMap
    downloads: tuple[Download, ...]


@dataclass(frozen=True)
class CountryMembers:
    """The members of one country in a theme; `n` of them, of whom a long list shows none."""

    country: Link
    code: str
    n: int
    members: tuple[Link, ...]


@dataclass(frozen=True)
class ThemeSheet:
    """The page of one theme, or of a group of themes."""

    head: Head
    group: Link | None
    themes: tuple[ThemeCount, ...]
    n_members: int
    n_countries: int
    n_known: int
    n_all: int
    countries: tuple[CountryMembers, ...]
    programmes: tuple[Programme, ...]
    map_url: str
    table_url: str
    map: SmallMap
    downloads: tuple[Download, ...]


# What a group is called, where that has a page, and what is in it.
IndexGroup = tuple[Link | None, tuple[ThemeCount, ...]]


@dataclass(frozen=True)
class IndexSheet:
    """All countries or all themes, in their groups, with the number of members of each."""

    head: Head
    lead: str
    groups: tuple[IndexGroup, ...]


@dataclass(frozen=True)
class TableColumn:
    """A column; `href` sorts by it where that is possible, `sorted` is its ``aria-sort``."""

    id: str
    title: str
    href: str = ""
    sorted: str = ""


@dataclass(frozen=True)
class TableRow:
    """A member as the table shows it."""

    row: MemberRow
    href: str
    country: Link


@dataclass(frozen=True)
class TableSheet:
    """One page of the table of a view."""

    head: Head
    query: str
    kept: tuple[tuple[str, str], ...]
    sort: str
    search: str
    filters: tuple[Filter, ...]
    chips: tuple[Chip, ...]
    here: str
    columns: tuple[TableColumn, ...]
    rows: tuple[TableRow, ...]
    n_members: int
    n_countries: int
    n_themes_known: int
    first: int
    last: int
    page: int
    pages: tuple[tuple[int, str], ...]
    n_pages: int
    previous: str
    following: str
    map_url: str
    map: SmallMap
    downloads: tuple[Download, ...]
    empty: Emptiness | None = None
    # For the form of the map page, which this page shares.
    everything: str = ""
    hidden: dict[str, str] = field(default_factory=dict)
