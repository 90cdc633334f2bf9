"""Which sites may show the map in a frame: a list as the operator writes it, checked once, in the words of a browser.

A site is a scheme and a host, with a port where it is not the usual one. ``https://*.example.org`` stands for every
sub-domain of ``example.org`` and not for itself; a lone ``*`` stands for everybody, an empty list for nobody.
"""

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from mapsvc.errors import BadConfiguration

EVERYBODY = "*"
# Longer ones would not fit into a header that every proxy takes.
MAX_SITES = 100
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_SITE = re.compile(rf"(https?)://((?:\*\.)?{_LABEL}(?:\.{_LABEL})*)(?::([0-9]{{1,5}}))?/?")
_USUAL_PORT = {"http": 80, "https": 443}


def check_sites(written: Iterable[str], setting: str) -> tuple[str, ...]:
    """Return the sites in the spelling of ``frame-ancestors``, each once.

    Raises
    ------
    BadConfiguration
        For what is no site: it names `setting`, and says what to write.

    Examples
    --------
    >>> check_sites(["HTTPS://Example.org/", "https://*.example.org", "https://example.org:443"], "EMBED_ALLOW")
    ('https://example.org', 'https://*.example.org')
    """
    given = list(written)
    sites = tuple(dict.fromkeys(_checked(one, setting) for one in given))
    if EVERYBODY in sites and len(sites) > 1:
        raise BadConfiguration(
            "'*' is everybody, and stands alone", column=setting, hint="leave the others out"
        )
    if len(sites) > MAX_SITES:
        raise BadConfiguration(f"there are more than {MAX_SITES} sites", column=setting)
    return sites


def _checked(text: str, setting: str) -> str:
    if text == EVERYBODY:
        return text
    found = _SITE.fullmatch(text.lower())
    # A star in front of a whole country, or of everything, is never meant.
    if not found or (found[2].startswith("*.") and found[2].count(".") < 2):
        raise BadConfiguration(
            f"{text[:80]!r} is not a site",
            column=setting,
            hint="write https://example.org, https://*.example.org for its sub-domains, or * for everybody",
        )
    scheme, host, port = found.groups()
    if port is None or int(port) == _USUAL_PORT[scheme]:
        return f"{scheme}://{host}"
    if not 0 < int(port) < 65536:
        raise BadConfiguration(f"{port} is not a port", column=setting)
    return f"{scheme}://{host}:{int(port)}"


def is_allowed(address: str, sites: Iterable[str]) -> bool:
    """Tell whether a page at `address` belongs to one of the sites, as a browser would decide.

    Examples
    --------
    >>> is_allowed("https://maps.example.org/page", ["https://*.example.org"])
    True
    >>> is_allowed("https://example.org.evil.example/", ["https://example.org"])
    False
    """
    try:
        page = urlsplit(address.lower())
        port = page.port
    except ValueError:
        return False
    if page.scheme not in _USUAL_PORT or not page.hostname:
        return False
    return any(_matches(page.scheme, page.hostname, port, site) for site in sites)


def _matches(scheme: str, host: str, port: int | None, site: str) -> bool:
    if site == EVERYBODY:
        return True
    allowed = urlsplit(site)
    # A site that is allowed without encryption is allowed with it.
    if scheme != allowed.scheme and (scheme, allowed.scheme) != ("https", "http"):
        return False
    same_port = (port or _USUAL_PORT[scheme]) == (allowed.port or _USUAL_PORT[scheme])
    name = allowed.hostname or ""
    same_host = host.endswith(name[1:]) and host != name[2:] if name.startswith("*.") else host == name
    return same_port and same_host
