"""`/changes.atom` and `/changes.json`: where they are. What they need is imported when the first is asked for."""

from flask import Blueprint, Response

blueprint = Blueprint("changes", __name__)


@blueprint.get("/changes.atom")
def feed() -> Response:
    """Serve what changed as an Atom feed."""
    from mapsvc.web.changing import respond_atom  # noqa: PLC0415 – as in `gaps`: not at every start

    return respond_atom()


@blueprint.get("/changes.json")
def as_json() -> Response:
    """Serve what changed as JSON."""
    from mapsvc.web.changing import respond_json  # noqa: PLC0415

    return respond_json()
