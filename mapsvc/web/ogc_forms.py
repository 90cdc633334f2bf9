"""In which form an address of OGC API – Features is answered: JSON for programs, a page for people."""

from flask import g, request

FORMS = ("json", "html")
# Of a page of features: its table as well.
CSV = "csv"
ITEM_FORMS = (*FORMS, CSV)
_JSON = ("application/json", "application/geo+json")
# Of a request: what is found once.
_PAGE = "mapsvc_wants_page"


def wants_page() -> bool:
    """Tell whether the current request is to be answered with a page: by ``f``, else by ``Accept``; JSON where both are as good."""
    if _PAGE not in g:
        setattr(g, _PAGE, _wants_page())
    return bool(getattr(g, _PAGE))


def _wants_page() -> bool:
    asked = request.args.get("f")
    if asked is not None:
        return asked == "html"
    accepted = request.accept_mimetypes
    return bool(accepted) and accepted["text/html"] > max(accepted[kind] for kind in _JSON)


def wants_table() -> bool:
    """Tell whether a page of features is asked for as a table; by its address alone."""
    return request.args.get("f") == CSV


def wants_json() -> bool:
    """Tell whether a page of the site is asked for by a program that reads JSON, and says that it reads no page as gladly."""
    accepted = request.accept_mimetypes
    named = any(kind in _JSON for kind, _ in accepted)
    return named and not wants_page() and accepted["text/html"] < max(accepted[kind] for kind in _JSON)
