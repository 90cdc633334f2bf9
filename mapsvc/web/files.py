"""Every view as a file, its metadata, and the page that says how to use them: where they are. What they need is imported when the first is asked for."""

from flask import Blueprint, Response

from mapsvc.formats.kinds import OTHERS

blueprint = Blueprint("files", __name__)


@blueprint.get(f"/<any(members,countries,gaps,'urban-centres'):what>.<any({','.join(OTHERS)}):ending>")
def file(what: str, ending: str) -> Response:
    """Serve a view in a file format."""
    from mapsvc.web.file_answers import answer  # noqa: PLC0415 – writers of formats take a second to import

    return answer(what, ending)


@blueprint.get("/metadata.json")
def metadata() -> Response:
    """Serve what a view is, for programs."""
    from mapsvc.web.metadata_answers import answer  # noqa: PLC0415 – see above

    return answer()


@blueprint.get("/data")
def page() -> Response:
    """Serve how the data of a view is used."""
    from mapsvc.web.metadata_answers import data_page  # noqa: PLC0415 – see above

    return data_page()
