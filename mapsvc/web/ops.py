"""Whether the process lives and whether it can answer, for whoever watches it."""

import json

from flask import Blueprint, Response

from mapsvc.web.http import NOT_STORED, service

blueprint = Blueprint("ops", __name__)


@blueprint.get("/livez")
def livez() -> Response:
    """Say that the process answers."""
    return _uncached({"status": "ok"})


@blueprint.get("/readyz")
def readyz() -> Response:
    """Say which snapshot is served, and why not another one."""
    store = service().store
    dataset, trouble = store.dataset, store.running.trouble
    told = {"network": dataset.network.id, "snapshot": dataset.fingerprint, "generation": dataset.generation}
    # Degraded, and ready all the same: what was served before is still served.
    state = {"status": "degraded", "reason": trouble} if trouble else {"status": "ok"}
    return _uncached(state | {name: value for name, value in told.items() if value})


def _uncached(body: dict[str, str]) -> Response:
    response = Response(json.dumps(body), content_type="application/json")
    response.headers["Cache-Control"] = NOT_STORED
    return response
