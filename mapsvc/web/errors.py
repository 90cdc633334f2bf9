"""Failures to answers, in one table: a problem document for programs, a page for people."""

import json
import logging

from flask import Flask, Response, render_template, request
from werkzeug.exceptions import HTTPException

from mapsvc import errors
from mapsvc.web.assets import asset
from mapsvc.web.http import NOT_STORED, content_type, service
from mapsvc.web.language import current_language
from mapsvc.web.texts import FILTER_TITLES, translated
from mapsvc.web.titles import value_titles

PROBLEM = "application/problem+json"
# A picture takes less than a second; a file that is being replaced, not much more.
RETRY_SECONDS = 5
_LOG = logging.getLogger(__name__)

STATUS: dict[type[errors.MapsvcError], int] = {
    errors.BadQuery: 400,
    errors.NotAllowed: 403,
    errors.NotFound: 404,
    errors.Gone: 410,
    errors.NotOffered: 501,
    errors.BadData: 503,
    errors.NoInput: 503,
    errors.Overloaded: 503,
}

_ = str  # marks a text for the catalogue; the translation happens in `answer`

TITLES = {
    400: _("The address asks for something that cannot be understood"),
    403: _("This is not allowed here"),
    404: _("There is nothing at this address"),
    405: _("This address cannot be used that way"),
    410: _("This belongs to data that has been replaced"),
    413: _("The request is too large"),
    414: _("The address is too long"),
    421: _("This host is not served here"),
    500: _("Something went wrong on our side"),
    501: _("This is not offered"),
    503: _("This cannot be had at the moment; try again soon"),
}


def register(app: Flask) -> None:
    """Answer every failure of `app`, ours, HTTP's and those that nobody foresaw."""
    app.register_error_handler(errors.MapsvcError, _ours)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _unforeseen)


def _ours(error: errors.MapsvcError) -> Response:
    status = next((STATUS[kind] for kind in type(error).__mro__ if kind in STATUS), 500)
    extra: dict[str, object] = {}
    if isinstance(error, errors.BadQuery):
        extra = {"parameter": error.parameter, "allowed": list(error.allowed)}
    if isinstance(error, errors.NotFound) and error.near:
        extra = {"near": [{"title": title, "href": href} for title, href in error.near]}
    if status >= 500 and status != 501:
        _LOG.error("%s", error)
        return answer(status, "")
    return answer(status, str(error), **extra)


def _http(error: HTTPException) -> Response:
    response = answer(error.code or 500, "")
    for name, value in error.get_headers():
        if name == "Allow":
            response.headers[name] = value
    return response


def _unforeseen(error: Exception) -> Response:
    _LOG.error("unforeseen failure at %s", request.path, exc_info=error)
    return answer(500, "")


def answer(status: int, detail: str, **extra: object) -> Response:
    """Return the answer for a failure: a page where the client asks for HTML, else a problem document."""
    language = current_language()
    title = language.gettext(TITLES.get(status, TITLES[500]))
    wants_page = request.accept_mimetypes.best_match([PROBLEM, "text/html"]) == "text/html"
    if wants_page and "." not in request.path.rpartition("/")[2]:
        dataset = service().store.dataset
        network = dataset.network.in_language(language.tag)
        body = render_template(
            "error.html",
            network=network,
            asset=asset,
            status=status,
            title=title,
            names=translated(FILTER_TITLES, language),
            given=language.listed(request.args.getlist(str(extra.get("parameter", ""))))[:80],
            titles=value_titles(dataset, language).get(str(extra.get("parameter", "")), {}),
            **extra,
        )
        response = Response(body, status, content_type=content_type("text/html"))
    else:
        problem = {"type": "about:blank", "title": title, "status": status, "detail": detail, **extra}
        text = json.dumps({name: value for name, value in problem.items() if value != ""}, ensure_ascii=False)
        response = Response(text, status, content_type=PROBLEM)
        response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cache-Control"] = NOT_STORED
    response.headers["Vary"] = "Accept, Accept-Language"
    response.headers["Content-Language"] = language.tag
    if status == 503:
        response.headers["Retry-After"] = str(RETRY_SECONDS)
    return response
