"""The map as Folium elements that hold no data: what is on it, while our static modules know how.

Branca compiles rendered text as a Jinja template a second time, so a byte of imported data in one of its
objects would be code on the server. Every argument here is a number, an enumeration, a path of our own or one
of our own texts, and `plain` refuses anything that could be read as a template or as markup.
"""

import json
import re
from urllib.parse import quote, urlsplit

import folium
import xyzservices
from branca.element import MacroElement
from folium.template import Template
from xyzservices import TileProvider

from mapsvc.errors import BadConfiguration, UnsafeText

Argument = str | int | float | bool

_PLAIN = re.compile(r"[^{}<>`$\\]*")
_FUNCTION = re.compile(r"[a-z][A-Za-z]*")


def plain(value: Argument) -> Argument:
    r"""Return `value` if it cannot be read as a template or markup.

    Raises
    ------
    UnsafeText
        For a text with one of ``{ } < > ` $ \``.

    Examples
    --------
    >>> plain("/members.geojson?theme=water")
    '/members.geojson?theme=water'
    >>> plain("{{ 7*7 }}")
    Traceback (most recent call last):
    mapsvc.errors.UnsafeText: a text for the map holds a character that templates act on
    """
    if isinstance(value, str) and not _PLAIN.fullmatch(value):
        raise UnsafeText("a text for the map holds a character that templates act on")
    return value


class Shell(folium.Map):
    """A Folium map without tiles and without foreign assets: the page brings Leaflet and our modules."""

    default_js: list[tuple[str, str]] = []  # noqa: RUF012 – the name and the kind are Folium's
    default_css: list[tuple[str, str]] = []  # noqa: RUF012

    def __init__(self) -> None:
        super().__init__(
            location=[20.0, 10.0],
            zoom_start=2,
            tiles=None,
            control_scale=True,
            zoom_control="topright",
            zoom_snap=0.5,
            world_copy_jump=True,
            attribution_control=False,
        )


class Call(MacroElement):
    """One line of script: a function of our map module, called with the map and a flat JSON configuration."""

    _template = Template(
        "{% macro script(this, kwargs) %}"
        "mapsvc.{{ this.function }}({{ this._parent.get_name() }}, {{ this.configuration }});"
        "{% endmacro %}"
    )

    def __init__(self, function: str, **configuration: Argument) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        if not _FUNCTION.fullmatch(function):
            raise UnsafeText("this is not the name of a function of the map module")
        self._name = function
        self.function = function
        self.configuration = json.dumps(
            {plain(name): plain(value) for name, value in configuration.items()}, sort_keys=True
        )


def basemap(name: str) -> TileProvider | None:
    """Return the tile provider of that name in the xyzservices catalogue; None for an empty name.

    Raises
    ------
    BadConfiguration
        For a name that is not in the catalogue, or tiles that need a key or an address we cannot write.
    """
    if not name:
        return None
    try:
        provider = xyzservices.providers.query_name(name)
        tiles(provider)
    except (ValueError, UnsafeText) as error:
        raise BadConfiguration(
            f"the basemap {name!r} cannot be used",
            column="MAPSVC_BASEMAP",
            hint="use a name of the xyzservices catalogue that needs no key",
        ) from error
    return provider


def tile_host(provider: TileProvider | None) -> str:
    """Return the origin that the tiles come from, for the Content-Security-Policy; empty for none."""
    if provider is None:
        return ""
    address = urlsplit(_tile_address(provider))
    return f"{address.scheme}://{address.netloc}"


def _tile_address(provider: TileProvider) -> str:
    # One sub-domain: since HTTP/2 several of them make nothing faster, and one is easier to allow.
    return str(provider.build_url(x="{x}", y="{y}", z="{z}", scale_factor="")).replace("{s}", "a")


def tiles(provider: TileProvider) -> Call:
    """Return the layer of a tile basemap.

    The address leaves with its braces percent-encoded, because braces may not enter a template; the module
    decodes them. OpenStreetMap's servers refuse requests without a Referer, hence the policy in the module.
    """
    address = quote(_tile_address(provider), safe=":/?=&.,-_~")
    return Call(
        "tiles",
        url=address,
        attribution=str(provider.attribution),
        maxZoom=int(provider.get("max_zoom", 18)),
    )
