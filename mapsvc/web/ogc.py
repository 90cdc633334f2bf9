"""OGC API – Features: where its addresses are. What they need is imported when the first is asked for, not at every start."""

from functools import partial
from typing import Any

from flask import Blueprint, Response, g, request, url_for

from mapsvc.web.http import DATA
from mapsvc.web.language import AS_FILE, with_query
from mapsvc.web.ogc_forms import wants_page

blueprint = Blueprint("ogc", __name__)

# The functions of `ogc_answers` and `ogc_items`, and their addresses.
ROUTES = {
    "landing": "/api",
    "conformance": "/conformance",
    "definition": "/openapi.json",
    "collections": "/collections",
    "collection": "/collections/<collection>",
    "queryables": "/collections/<collection>/queryables",
    "schema": "/collections/<collection>/schema",
    "items": "/collections/<collection>/items",
    "item": "/collections/<collection>/items/<feature>",
}


def answer_as(name: str, **values: str) -> Response:
    """Answer as the address of that name does; its module is imported when it is first asked for."""
    from mapsvc.web import ogc_answers, ogc_items  # noqa: PLC0415 – a start has no time for them

    if not wants_page():
        setattr(g, AS_FILE, True)
    module = ogc_answers if hasattr(ogc_answers, name) else ogc_items
    answer: Response = getattr(module, name)(**values)
    return answer


def _lead_to(name: str, **values: str) -> Response:
    """Lead a program that takes the landing page for the root to where things are."""
    place = url_for(f"ogc.{name}", **{"lang": None, **dict[str, Any](values)})
    href = with_query(place, request.query_string.decode("latin-1"))
    return Response("", 308, {"Location": href, "Access-Control-Allow-Origin": "*", "Cache-Control": DATA})


for _name, _path in ROUTES.items():
    blueprint.add_url_rule(_path, _name, partial(answer_as, _name))
    _below = "/api/" if _name == "landing" else f"/api{_path}"
    blueprint.add_url_rule(_below, f"below_{_name}", partial(_lead_to, _name))
