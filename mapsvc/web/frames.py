"""What the templates of the frame, its builder and the share panel are given: frozen dataclasses."""

from dataclasses import dataclass

from mapsvc.analysis.queries import MapQuery
from mapsvc.model import Network
from mapsvc.web.views import ChoiceGroup, Download, Filter, MapPage

# Of a frame, in pixels, where nothing else is said.
USUAL_HEIGHT = 520


@dataclass(frozen=True)
class Narrowing:
    """A filter that the visitor of a frame may set: one choice of it."""

    name: str
    title: str
    groups: tuple[ChoiceGroup, ...]


@dataclass(frozen=True)
class EmbedPage:
    """The map of a view in the frame of another site.

    Attributes
    ----------
    here, full_url : str
        Where its own form leads, and where the map page of the view is.
    narrowing : tuple of Narrowing
        What the visitor may set; `kept` is all that stays as the site chose it, as fields of the form.
    id : str
        What the frame calls itself in its messages: the same for the same view and options.
    """

    map: MapPage
    show: tuple[str, ...]
    look: str
    network_css: str
    here: str
    full_url: str
    narrowing: tuple[Narrowing, ...]
    kept: tuple[tuple[str, str], ...]
    id: str
    notes: tuple[str, ...]
    oembed: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class FrameCode:
    """What the code of a frame is made from: the title is read aloud, the link stands where no frame is shown.

    Without a `width` the frame is as wide as the text around it, and the link follows it. `ratio`, such as ``16/9``,
    takes the place of the height.
    """

    title: str
    src: str
    link: str
    height: int = USUAL_HEIGHT
    width: int = 0
    ratio: str = ""


@dataclass(frozen=True)
class Sharing:
    """What the share panel gives away of a view.

    Attributes
    ----------
    code : str
        The markup of the frame; empty where nobody may embed.
    sites : tuple of str
        Where the code works; empty for everywhere.
    oembed : tuple of (media type, address)
        Where editors find how to embed the view; empty where they could not.
    """

    link: str
    code: str
    sites: tuple[str, ...]
    builder_url: str
    oembed: tuple[tuple[str, str], ...]
    pictures: tuple[Download, ...]
    files: tuple[Download, ...]


@dataclass(frozen=True)
class Code:
    """One way to put the map into another site: the text to copy, and what it is for."""

    id: str
    title: str
    note: str
    text: str


@dataclass(frozen=True)
class Place:
    """Where a code is pasted in a system that makes sites; `line` is what its owner writes once, empty for nothing."""

    system: str
    code: str
    where: str
    line: str = ""


@dataclass(frozen=True)
class Option:
    """A choice of the builder: its value, what it is called, whether it is chosen."""

    value: str
    title: str
    chosen: bool


@dataclass(frozen=True)
class BuilderPage:
    """The builder of a frame: what can be chosen, the preview, and the codes.

    Attributes
    ----------
    canonical_query : str
        The whole choice: the builder's own address holds it.
    preview : str
        The frame as it is chosen, at an address of this host.
    contrast : str
        What is to be said of the accent; empty where none is chosen.
    pin_url : str
        The same, pinned to the day of the data; empty where it is pinned, or the data has no day.
    keep_url, live_url : str
        The same, of the running snapshot for ever; and back to the newest, where it is kept so.
    """

    network: Network
    canonical_query: str
    query: MapQuery
    filters: tuple[Filter, ...]
    views: tuple[Option, ...]
    measures: tuple[Option, ...]
    languages: tuple[Option, ...]
    parts: tuple[Option, ...]
    looks: tuple[Option, ...]
    ratios: tuple[Option, ...]
    accent: str
    contrast: str
    height: int
    camera: str
    preview: str
    title: str
    codes: tuple[Code, ...]
    places: tuple[Place, ...]
    sites: tuple[str, ...]
    is_allowed: bool
    map_url: str
    pin_url: str
    pin_date: str
    keep_url: str
    live_url: str
