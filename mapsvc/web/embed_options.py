"""What a site chooses for its frame, besides the view: what is shown around the map, its colours, where it looks."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlencode

from mapsvc.errors import BadQuery
from mapsvc.web.asking import single_value
from mapsvc.web.assets import ACCENT

# `map` is always shown: it is there to say that nothing else is.
PARTS = ("title", "legend", "search", "filters", "list", "download", "map")
USUAL_PARTS = ("title", "legend")
LOOKS = ("auto", "light", "dark")
# In the query of a frame; the camera stands in its fragment.
OPTION_PARAMETERS = ("show", "look", "accent")
_CAMERA = re.compile(
    r"(?P<zoom>\d{1,2}(?:\.\d{1,3})?)/(?P<lat>-?\d{1,2}(?:\.\d{1,6})?)/(?P<lng>-?\d{1,3}(?:\.\d{1,6})?)",
    re.ASCII,
)


@dataclass(frozen=True)
class EmbedOptions:
    """What is shown around the map, in which colours.

    Attributes
    ----------
    show : tuple of str
        Of `PARTS`, in their order. The way to the full map is always there.
    look : str
        One of `LOOKS`; ``auto`` follows the visitor's device.
    accent : str
        Six hexadecimal digits, or empty for the network's own.

    Examples
    --------
    >>> EmbedOptions(show=("list", "map"), look="dark").canonical()
    'show=list&look=dark'
    """

    show: tuple[str, ...] = USUAL_PARTS
    look: str = LOOKS[0]
    accent: str = ""

    def pairs(self) -> tuple[tuple[str, str], ...]:
        """Return the parameters that are set, in the one canonical order; what is usual is left out."""
        pairs = []
        if set(self.show) - {"map"} != set(USUAL_PARTS):
            pairs += [("show", one) for one in self.show if one != "map"] or [("show", "map")]
        if self.look != LOOKS[0]:
            pairs.append(("look", self.look))
        if self.accent:
            pairs.append(("accent", self.accent))
        return tuple(pairs)

    def canonical(self) -> str:
        """Return the query string that stands for these options; empty for the usual ones."""
        return urlencode(self.pairs())


def parse_options(arguments: Iterable[tuple[str, str]]) -> EmbedOptions:
    """Check the parameters of a frame and return what they ask for.

    Raises
    ------
    BadQuery
        Naming the parameter, with the values that there are.
    """
    given = [(name, value.strip().lower()) for name, value in arguments if name in OPTION_PARAMETERS]
    shown = {value for name, value in given if name == "show" and value}
    for one in sorted(shown):
        if one not in PARTS:
            raise BadQuery(f"there is nothing {one[:40]!r} to show", parameter="show", allowed=PARTS)
    look = single_value(given, "look") or LOOKS[0]
    if look not in LOOKS:
        raise BadQuery(f"there is no look {look[:40]!r}", parameter="look", allowed=LOOKS)
    accent = single_value(given, "accent").removeprefix("#")
    if accent and not ACCENT.fullmatch(accent):
        raise BadQuery(f"{accent[:40]!r} is not a colour", parameter="accent", allowed=("0b7a75",))
    show = tuple(one for one in PARTS if one in shown) if shown else USUAL_PARTS
    return EmbedOptions(show, look, accent)


def camera_of(fragment: str) -> str:
    """Return a fragment if it is a camera, ``zoom/lat/lng``; empty otherwise.

    Examples
    --------
    >>> camera_of("4/-1.3/36.8"), camera_of("4/-91/0"), camera_of("list")
    ('4/-1.3/36.8', '', '')
    """
    found = _CAMERA.fullmatch(fragment)
    if not found or abs(float(found["lat"])) > 90 or abs(float(found["lng"])) > 360:
        return ""
    return fragment
