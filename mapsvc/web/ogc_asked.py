"""What every request of OGC API – Features has in common: its form, its language, and what its answer varies with."""

from flask import Response, request

from mapsvc.errors import BadQuery
from mapsvc.web.language import PARAMETER, check_language
from mapsvc.web.ogc_forms import FORMS
from mapsvc.web.snapshot import Snapshot, snapshot

ALSO = ("f", PARAMETER)


def asked(forms: tuple[str, ...] = FORMS) -> Snapshot:
    """Return the running snapshot, after a look at the form and the language that are asked for.

    Raises
    ------
    BadQuery
        Where one of them is not offered.
    """
    form = request.args.get("f")
    if form is not None and form not in forms:
        raise BadQuery(f"there is no form {form[:40]!r}", parameter="f", allowed=forms)
    check_language()
    return snapshot()


def varying(response: Response) -> Response:
    """Say that an answer depends on what is accepted, unless its address names the form."""
    if "f" not in request.args:
        response.vary.add("Accept")
    return response
