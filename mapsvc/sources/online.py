"""Places looked up at an online service, where an operator has named one; never else.

It is asked for what could not be found offline alone, one member a second, and says who asks. What it finds is marked with its
source and is a warning to look at; what it cannot tell apart is a finding, as it is offline.
"""

import logging
from collections.abc import Iterable, Mapping
from dataclasses import replace
from importlib.util import find_spec
from typing import Any
from urllib.parse import urlsplit

from mapsvc import __version__
from mapsvc.errors import BadConfiguration, Unavailable
from mapsvc.sources.gazetteer import Place
from mapsvc.sources.geocoding import SAME_PLACE_KM, Located, Remark, Wanted, distance_km

NOMINATIM = "nominatim"
# What the public service asks of those who use it: https://operations.osmfoundation.org/policies/nominatim/
_PUBLIC = "https://nominatim.openstreetmap.org"
_PAUSE_S, _TIMEOUT_S, _MOST = 1.0, 10.0, 5
_AGENT = f"mapsvc/{__version__} (member map; imports by hand)"


class OnlineGeocoder:
    """A service that speaks as Nominatim does.

    Parameters
    ----------
    name : str
        `NOMINATIM`, the public one of OpenStreetMap; or the address of another, ``https://…``.
    pause : float
        Seconds from one question to the next.

    Raises
    ------
    BadConfiguration
        Where it is neither, or the package that asks it is not installed.

    Examples
    --------
    >>> OnlineGeocoder("somebody")
    Traceback (most recent call last):
    mapsvc.errors.BadConfiguration: --geocoder: there is no geocoder 'somebody' – use nominatim, or the https:// address of one
    """

    def __init__(self, name: str, *, pause: float = _PAUSE_S) -> None:
        parts = urlsplit(_PUBLIC if name == NOMINATIM else name)
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username is not None:
            raise BadConfiguration(
                f"there is no geocoder {name[:60]!r}",
                column="--geocoder",
                hint="use nominatim, or the https:// address of one",
            )
        if find_spec("geopy") is None:
            raise BadConfiguration(
                "asking online needs the package 'geopy'", hint="pip install 'mapsvc[online]'"
            )
        from geopy.extra.rate_limiter import RateLimiter  # noqa: PLC0415 – few imports ask anybody
        from geopy.geocoders import Nominatim  # noqa: PLC0415

        # What goes wrong is told in one line by who called; without a handler it would be printed as well.
        logging.getLogger("geopy").addHandler(logging.NullHandler())
        self.host = parts.netloc
        service = Nominatim(
            domain=f"{parts.netloc}{parts.path}".rstrip("/"),
            scheme=parts.scheme,
            user_agent=_AGENT,
            timeout=_TIMEOUT_S,
        )
        # A service that is busy is asked again after a while, not at once.
        self._ask = RateLimiter(
            service.geocode,
            min_delay_seconds=pause,
            max_retries=2,
            error_wait_seconds=5 * pause,
            swallow_exceptions=False,
        )

    def locate(self, wanted: Wanted, offline: Located) -> Located:
        """Return where a member lies that was not found offline, or `offline` with what the service says.

        Raises
        ------
        Unavailable
            Where the service does not answer.
        """
        found = _apart(self._places(wanted))
        if not found:
            remark = Remark("info", "not-found-online", f"{self.host} knows no such place either")
            return replace(offline, remarks=(*offline.remarks, remark))
        if len(found) > 1:
            listed = "; ".join(
                f"{place.name} ({place.latitude:.4f}, {place.longitude:.4f})" for place, _ in found
            )
            remark = Remark(
                "error", "ambiguous-online", f"{self.host} knows {len(found)} places of this name",
                f"write the coordinates of one: {listed}",
            )  # fmt: skip
            return replace(offline, remarks=(*offline.remarks, remark))
        place, source = found[0]
        said = Remark(
            "warning", "found-online", f"found by {self.host}, not offline: {place.name}", "look at the map"
        )
        return Located(place, remarks=(said,), found_by=source)

    def _places(self, wanted: Wanted) -> Iterable[tuple[Place, str]]:
        from geopy.exc import GeopyError  # noqa: PLC0415 – as above

        try:
            answers = self._ask(
                ", ".join(filter(None, (wanted.name, wanted.admin1))),
                exactly_one=False, limit=_MOST, country_codes=wanted.country.lower(), addressdetails=True,
            )  # fmt: skip
        except (GeopyError, ValueError, TypeError, AttributeError) as error:
            # The last three are what an answer of another kind than Nominatim's ends in.
            raise Unavailable(
                f"the geocoder {self.host} does not answer as it should ({type(error).__name__})",
                hint="try again later, or without --geocoder",
            ) from error
        return [one for answer in answers or () if (one := _place(answer.raw, wanted.country)) is not None]


def _place(raw: Mapping[str, Any], country: str) -> tuple[Place, str] | None:
    """Return a place and its source; None where it is in another country, or nowhere on earth."""
    address = raw.get("address")
    code = str(address.get("country_code", "")) if isinstance(address, Mapping) else ""
    try:
        x, y = float(raw["lon"]), float(raw["lat"])
    except (KeyError, TypeError, ValueError):
        return None
    if code.upper() != country or not (abs(x) <= 180 and abs(y) <= 90):
        return None
    name = "".join(filter(str.isprintable, str(raw.get("display_name", ""))))[:120]
    number = f"{raw.get('osm_type', '')}/{raw.get('osm_id', '')}"
    known = number if number.isascii() and number.replace("/", "").isalnum() else ""
    return Place(0, name, country, "", 0, x, y), f"osm:{known[:40]}"


def _apart(found: Iterable[tuple[Place, str]]) -> list[tuple[Place, str]]:
    """Return the places that are not the same as one before: a town, its limits and its station are one."""
    kept: list[tuple[Place, str]] = []
    for place, source in found:
        if all(distance_km(place, other) > SAME_PLACE_KM for other, _ in kept):
            kept.append((place, source))
    return kept
