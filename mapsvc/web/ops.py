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
    """Say which snapshot is served."""
    dataset = service().store.dataset
    return _uncached({"status": "ok", "network": dataset.network.id, "snapshot": dataset.fingerprint})


def _uncached(body: dict[str, str]) -> Response:
    response = Response(json.dumps(body), content_type="application/json")
    response.headers["Cache-Control"] = NOT_STORED
    return response
