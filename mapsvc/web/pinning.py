"""`?snapshot=`: an address of ours, answered from one generation of the history, for ever or not at all."""

import re

from flask import Flask, request

from mapsvc.errors import BadData, BadQuery, Gone, NoInput
from mapsvc.web.http import service

PARAMETER = "snapshot"
_ID = re.compile(r"[1-9][0-9]{0,8}(-[0-9a-f]{8})?", re.ASCII)
# Which always is what runs now; `items` has a snapshot of its own kind, for paging.
_UNPINNED = ("assets.", "ops.", "ogc")


def register(app: Flask) -> None:
    """Let every page and file of `app` be asked for as it was, and links keep it."""
    app.before_request(_pin)
    app.url_defaults(_keep)
    app.context_processor(lambda: {"pinned_snapshot": service().store.pin})


def _pin() -> None:
    given = [value for value in request.args.getlist(PARAMETER) if value]
    if not given or _is_unpinned(request.endpoint or ""):
        return
    if len(given) > 1 or not _ID.fullmatch(given[0]):
        raise BadQuery(f"there is no snapshot {given[0][:40]!r}", parameter=PARAMETER)
    try:
        dataset = service().store.running.pinned(given[0])
    except (NoInput, BadData) as error:
        raise Gone(error.message) from error
    service().store.hold(dataset, dataset.generation)
    # It says of which state, never which view: whoever reads the query need not know it.
    request.args = type(request.args)(
        [pair for pair in request.args.items(multi=True) if pair[0] != PARAMETER]
    )


def _keep(endpoint: str, values: dict[str, object]) -> None:
    here = service().store.pin
    if here and PARAMETER not in values and not _is_unpinned(endpoint):
        values[PARAMETER] = here


def _is_unpinned(endpoint: str) -> bool:
    return endpoint.startswith(_UNPINNED)
