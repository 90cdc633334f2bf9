"""A map as a document: one element for the page and one script with a digest for its name.

The document depends on the addresses and texts that it is given, never on members or counts: these come by
`fetch`. Equal inputs give equal bytes, so that its script can be cached for ever under its digest.
"""

from dataclasses import dataclass, field
from hashlib import sha256
from typing import cast

from branca.element import Element, Figure
from xyzservices import TileProvider

from mapsvc.maps.shell import Argument, Call, Shell, tiles

# The library that knows how to draw may come before this script or after it: whichever is last begins. What the page has
# fetched ahead is read meanwhile, for the library is long; what fails is asked for again.
_OPENING = """\
globalThis.mapsvcRead = {};
for (const { href } of document.querySelectorAll('link[rel="preload"][as="fetch"]'))
    mapsvcRead[href] = fetch(href).then((answer) => (answer.ok ? answer.json() : null)).catch(() => null);
(globalThis.mapsvcMaps ??= []).push((mapsvc) => {"""
_CLOSING = "});\n"


@dataclass(frozen=True)
class MapOptions:
    """What a map document is made from. All of it is ours: addresses by `url_for`, texts by translation."""

    members_url: str
    outlines_url: str
    texts: tuple[tuple[str, str], ...]
    # The module that writes names, and where it finds them; empty for a map without.
    labels_script: str = ""
    labels_url: str = ""
    # A dict, which has no hash; equality still tells two basemaps apart.
    basemap: TileProvider | None = field(default=None, hash=False)


@dataclass(frozen=True)
class MapDocument:
    """The parts of a page that make the map.

    Attributes
    ----------
    element_id : str
        The id of the element that becomes the map: a template may print it, where it may not print Folium's markup.
    script : bytes
        In UTF-8, to be served under a name that holds `digest`.
    """

    element_id: str
    script: bytes
    digest: str


def build_document(options: MapOptions) -> MapDocument:
    """Build the map with Folium, render it once, and keep the parts.

    Raises
    ------
    UnsafeText
        Where an option could be read as a template.
    """
    shell = Shell()
    for call in _calls(options):
        call.add_to(shell)
    figure = cast("Figure", shell.get_root())
    _name_elements(figure)
    figure.render()
    lines = [line.rstrip() for line in figure.script.render().splitlines() if line.strip()]
    script = "\n".join([_OPENING, *lines, _CLOSING]).encode()
    return MapDocument(shell.get_name(), script, sha256(script).hexdigest()[:20])


def _calls(options: MapOptions) -> list[Call]:
    texts: dict[str, Argument] = dict(options.texts)
    calls = [Call("prepare", **texts)]
    if options.basemap is not None:
        calls.append(tiles(options.basemap))
    calls += [
        Call("countries", url=options.outlines_url),
        Call("members", url=options.members_url),
        Call("controls"),
    ]
    if options.labels_url and options.basemap is None:  # tiles have names of their own
        calls.append(Call("labels", script=options.labels_script, url=options.labels_url))
    return [*calls, Call("start")]


def _name_elements(figure: Figure) -> None:
    """Give the elements of the tree ids that depend on their place, not on chance."""
    waiting: list[tuple[Element, str]] = [(figure, "figure")]
    while waiting:
        element, name = waiting.pop()
        element._id = name  # noqa: SLF001 – branca has no other way to name an element
        children = element._children.values()  # noqa: SLF001
        waiting.extend((child, f"{name}_{place}") for place, child in enumerate(children))
