"""Which language a request is answered in, and templates that speak it."""

from collections.abc import Callable, Hashable

from flask import Flask, Response

from mapsvc.i18n import SOURCE_LANGUAGE, Language, catalogue, language
from mapsvc.web.http import PAGE, respond


def current_language() -> Language:
    """Return the language that the current request is answered in."""
    return language(SOURCE_LANGUAGE)


def respond_page(key: Hashable, make: Callable[[], bytes]) -> Response:
    """Answer with a page in the language of the request, made once per language and snapshot."""
    response = respond((key, current_language().tag), make, "text/html", cache=PAGE)
    response.headers["Content-Language"] = current_language().tag
    return response


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


def prepare_templates(app: Flask) -> None:
    """Let the templates speak the language of each request."""
    texts = catalogue(SOURCE_LANGUAGE)
    environment = app.jinja_env
    environment.add_extension("jinja2.ext.i18n")
    environment.install_gettext_callables(texts.gettext, texts.ngettext, newstyle=True)  # type: ignore[attr-defined]
    environment.filters.update(
        number=lambda value: current_language().number(value),
        date=lambda written: current_language().date(written),
        listed=lambda items: current_language().listed(items),
    )
