"""The names that the map writes, tile by tile, under the snapshot that they belong to."""

import pandas as pd
from flask import Blueprint, Response

from mapsvc.analysis.pyramid import Tile, parse_tile
from mapsvc.errors import NotFound
from mapsvc.i18n import primary
from mapsvc.maps.labels import country_labels, label_tile
from mapsvc.model import URBAN_CENTRES, Dataset, Urban
from mapsvc.web.http import FOR_EVER, respond, service
from mapsvc.web.language import check_language, current_language
from mapsvc.web.titles import value_titles

blueprint = Blueprint("labels", __name__)
_TOP = Tile(0, 0, 0)
_NOWHERE = Urban(pd.DataFrame({one.name: pd.Series(dtype=one.dtype) for one in URBAN_CENTRES.columns}))


@blueprint.get("/maps/labels-<fingerprint>/<name>.json")
def tile(fingerprint: str, name: str) -> Response:
    """Serve the labels of a tile; those of the top hold the countries."""
    check_language()
    language, found = current_language(), parse_tile(name)
    dataset = service().store.find(fingerprint)
    if dataset is None or found is None:
        raise NotFound("these labels belong to another snapshot; load the page again")
    service().store.hold(dataset, service().store.pin)

    def make() -> bytes:
        urban = dataset.urban or _NOWHERE
        titles = urban.names.get(language.tag) or urban.names.get(primary(language.tag), {})
        return label_tile(found, urban.centres, titles, _countries(dataset, found))

    return respond(
        ("labels", found), make, "application/json", cache=FOR_EVER, public=True, language=language.tag
    )


def _countries(dataset: Dataset, found: Tile) -> list[list[object]]:
    if found != _TOP:
        return []
    return country_labels(dataset.countries, value_titles(dataset, current_language())["country"])
