"""`/data-quality`: where it is. What it needs is imported when it is first asked for."""

from flask import Blueprint, Response

blueprint = Blueprint("quality", __name__)


@blueprint.get("/data-quality")
def page() -> Response:
    """Serve what is known of the members, what is not, and what was found in the data."""
    from mapsvc.web.quality_sheet import respond_quality  # noqa: PLC0415 – as in `gaps`: not at every start

    return respond_quality()


@blueprint.get("/data-quality.json")
def as_json() -> Response:
    """Serve the same for programs."""
    from mapsvc.web.quality_sheet import respond_quality_json  # noqa: PLC0415

    return respond_quality_json()
