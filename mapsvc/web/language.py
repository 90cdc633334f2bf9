"""Which language a request is answered in, decided in one place: ``?lang=``, then ``Accept-Language``, then the network's.

Pages are negotiated. Files (whatever has an ending: GeoJSON, scripts) are not: the same address is the same file for everyone,
in the network's own language unless ``lang`` says otherwise, and `keep_language` writes it into the links to them.
"""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from functools import lru_cache

from flask import Flask, Response, current_app, g, request, url_for
from werkzeug.http import parse_accept_header
from werkzeug.routing import Map

from mapsvc.errors import BadQuery
from mapsvc.i18n import Language, language, negotiate, offered_languages
from mapsvc.model import Network
from mapsvc.web.http import PAGE, absolute, respond, service

PARAMETER = "lang"
# Set of a request whose answer is a file although its address does not say so.
AS_FILE = "as_file"


@dataclass(frozen=True)
class Version:
    """The current page in one language: where it is, here and for other sites, and whether it is shown now."""

    tag: str
    name: str
    href: str
    url: str
    shown: bool


@dataclass(frozen=True)
class _Decision:
    language: Language
    asked: bool


def current_language() -> Language:
    """Return the language that the current request is answered in."""
    return _decision().language


def asked_language() -> str:
    """Return the language that the address asks for, empty where it asks for none: links of the page repeat it."""
    here = _decision()
    return here.language.tag if here.asked else ""


def _decision() -> _Decision:
    if "language" not in g:
        g.language = _decide(service().store.dataset.network)
    decision: _Decision = g.language
    return decision


def _decide(network: Network) -> _Decision:
    offered = _offered(network)
    asked = request.args.get(PARAMETER, "").lower()
    found = next((tag for tag in offered if tag.lower() == asked), "")
    if found:
        return _Decision(language(found), asked=True)
    if g.get(AS_FILE) or "." in request.path.rpartition("/")[2]:
        return _Decision(language(network.default_language), asked=False)
    wanted = request.headers.get("Accept-Language", "")
    return _Decision(language(_negotiated(wanted, offered, network.default_language)), asked=False)


@lru_cache(maxsize=256)
def _negotiated(wanted: str, offered: tuple[str, ...], default: str) -> str:
    return negotiate(parse_accept_header(wanted), offered, default)


def _offered(network: Network) -> tuple[str, ...]:
    return offered_languages(network.default_language, network.languages)


def offered_tags() -> tuple[str, ...]:
    """Return the languages that the running network is shown in."""
    return _offered(service().store.dataset.network)


def check_language() -> None:
    """Refuse a language that is not offered, for data: a page would answer in another one.

    Raises
    ------
    BadQuery
        With the languages that there are.
    """
    given = [value for value in request.args.getlist(PARAMETER) if value]
    offered = _offered(service().store.dataset.network)
    if len(given) > 1:
        raise BadQuery(f"{PARAMETER!r} is given more than once", parameter=PARAMETER)
    if given and given[0].lower() not in {tag.lower() for tag in offered}:
        raise BadQuery(f"there is no language {given[0][:40]!r}", parameter=PARAMETER, allowed=offered)


def respond_page(key: Hashable, make: Callable[[], bytes]) -> Response:
    """Answer with a page in the language of the request, made once per language and snapshot.

    Parameters
    ----------
    key : hashable
        What the page depends on besides the snapshot and the language.
    """
    vary = ("Accept-Encoding", "Accept-Language")
    here = current_language().tag
    return respond((key, asked_language()), make, "text/html", cache=PAGE, vary=vary, language=here)


def with_query(address: str, *parts: str) -> str:
    """Return an address with a query; what `url_for` wrote into it comes last.

    Examples
    --------
    >>> with_query("/?lang=fr", "theme=water", ""), with_query("/", "")
    ('/?theme=water&lang=fr', '/')
    """
    path, _, own = address.partition("?")
    text = "&".join(part for part in (*parts, own) if part)
    return f"{path}?{text}" if text else path


def keep_language(endpoint: str, values: dict[str, object]) -> None:
    """Write the language into links: of pages where the address asked for it, of files where it is not the network's own."""
    if PARAMETER in values or endpoint.startswith(("assets.", "ops.")):
        return
    tag = current_language().tag
    if _is_file(current_app.url_map, endpoint):
        needed = tag != service().store.dataset.network.default_language
    else:
        needed = bool(asked_language())
    if needed:
        values[PARAMETER] = tag


@lru_cache(maxsize=512)
def _is_file(rules: Map, endpoint: str) -> bool:
    return any("." in rule.rule.rpartition("/")[2] for rule in rules.iter_rules(endpoint))


def page_versions(query: str) -> tuple[Version, ...]:
    """Return the current page in each language, with the canonical query of what it shows; for a failure, the map page."""
    here = current_language().tag
    endpoint, arguments = request.endpoint or "pages.index", request.view_args or {}

    def version(tag: str) -> Version:
        href = with_query(url_for(endpoint, **arguments, lang=tag), query)
        return Version(tag, language(tag).own_name, href, absolute(href), shown=tag == here)

    return tuple(version(tag) for tag in _offered(service().store.dataset.network))


def address_versions(path: str) -> dict[str, str]:
    """Return the public address of one of our pages in each language, and under ``x-default`` the one that is negotiated."""
    tags = _offered(service().store.dataset.network)
    spoken = {tag: absolute(with_query(path, f"{PARAMETER}={tag}")) for tag in tags}
    return {**spoken, "x-default": absolute(path)}


def page_address(query: str, *, negotiated: bool = False) -> str:
    """Return the public address of the current page: in the language that was asked for, or in any."""
    values: dict[str, object] = dict(request.view_args or {})
    if negotiated:
        values[PARAMETER] = None
    return absolute(with_query(url_for(request.endpoint or "pages.index", **values), query))  # type: ignore[arg-type]


def _gettext(message: str, **values: object) -> str:
    """Return a text in the language of the request, with values in it; numbers are written as that language does."""
    here = current_language()
    return _filled(here.gettext(message), here, values)


def _ngettext(singular: str, plural: str, num: int, **values: object) -> str:
    """Return the form of a text for a number, which stands in it as ``%(num)s``."""
    here = current_language()
    return _filled(here.texts.ngettext(singular, plural, num), here, {"num": num, **values})


def _filled(text: str, here: Language, values: dict[str, object]) -> str:
    if not values:
        return text
    return text % {
        name: here.number(value) if isinstance(value, int | float) else value
        for name, value in values.items()
    }


def prepare_templates(app: Flask) -> None:
    """Let the templates speak the language of each request, and links keep it."""
    app.url_defaults(keep_language)
    app.context_processor(
        lambda: {
            "language": current_language(),
            "asked_language": asked_language(),
            "has_address": bool(service().base_url),
        }
    )
    app.jinja_env.globals.update(
        _=_gettext, ngettext=_ngettext, page_versions=page_versions, page_address=page_address
    )
    app.jinja_env.filters.update(
        number=lambda value: current_language().number(value),
        date=lambda written: current_language().date(written),
        listed=lambda items: current_language().listed(items),
    )
