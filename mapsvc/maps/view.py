"""What a picture is made from: the sizes it can have, the countries and members of a view, and what is said of them."""

from dataclasses import dataclass

import geopandas as gpd

from mapsvc.maps.projection import Aim, Coordinates

# In pixels. Below it the disclaimer could not be read, above it nobody prints.
MIN_SIDE, MAX_WIDTH, MAX_HEIGHT = 320, 2400, 2400
MAX_SCALE = 3
# Of what is drawn, after scaling: 8 megapixels are an A4 page at 300 dpi.
MAX_PIXELS = 8_800_000


@dataclass(frozen=True)
class Size:
    """How large a picture is, in pixels of the layout, and how many real ones are drawn for each of them."""

    width: int
    height: int
    scale: int = 1

    @property
    def n_pixels(self) -> int:
        """How many pixels a PNG of it has."""
        return self.width * self.height * self.scale**2


# `og` is what sites show of a link, `a4` a landscape page (297 × 210 mm at 96 dpi, drawn three times as fine for print).
PRESETS = {"og": Size(1200, 630), "square": Size(1080, 1080), "a4": Size(1123, 794, 3)}


@dataclass(frozen=True)
class LegendRow:
    """A look and what it means: `key` is ``0``…``5`` for a class, or the name of a state."""

    key: str
    label: str


@dataclass(frozen=True)
class Words:
    """All that a picture says, in one language.

    Attributes
    ----------
    heading : str
        What is shown: the filters in words, or the network's title.
    above : str
        The network's title where `heading` is something else, and empty otherwise.
    numbers : str
        How many members, in how many countries.
    member : str
        What a dot is; empty where there are none.
    notes : tuple of str
        Date, how whole the list is, disclaimer, sources: the first are the last to be cut.
    """

    language: str
    heading: str
    above: str
    numbers: str
    legend_title: str
    legend: tuple[LegendRow, ...]
    member: str
    notes: tuple[str, ...]
    country_labels: tuple[tuple[str, str], ...] = ()

    @property
    def title(self) -> str:
        """The view in one line, as the page's title has it."""
        return f"{self.heading} · {self.above}" if self.above else self.heading

    @property
    def description(self) -> str:
        """Everything else that is said, for those who cannot see it."""
        classes = ", ".join(row.label for row in self.legend)
        return " ".join([f"{self.numbers}.", f"{self.legend_title}: {classes}.", *self.notes])


@dataclass(frozen=True)
class View:
    """A view as it is drawn.

    Attributes
    ----------
    countries : GeoDataFrame
        All countries, index ``country``, EPSG:4326, cut at 180°.
    fingerprint : str
        Equal for equal `countries`.
    looks : dict of str to str
        For each country in the view the key of its class or state; others are outside.
    points : array (n, 2)
        Longitude and latitude of the members that have a place.
    """

    countries: gpd.GeoDataFrame
    fingerprint: str
    looks: dict[str, str]
    points: Coordinates
    aim: Aim
    accent: str
    words: Words
