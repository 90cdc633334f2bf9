"""Suggestions for what is being typed, as a small JSON document."""

import json

from flask import Blueprint, Response, request

from mapsvc.analysis.queries import MAX_SEARCH, parse_map_query
from mapsvc.analysis.search import KINDS, Entry
from mapsvc.errors import BadQuery
from mapsvc.model import Dataset
from mapsvc.web.http import respond, service
from mapsvc.web.language import PARAMETER, check_language, current_language
from mapsvc.web.looking import Words
from mapsvc.web.searching import index_of, said_of_place
from mapsvc.web.texts import KIND_TITLES, translated
from mapsvc.web.titles import value_titles, words_of

blueprint = Blueprint("suggesting", __name__)
PARAMETERS = ("q", PARAMETER)


@blueprint.get("/suggest.json")
def suggest() -> Response:
    """Serve what begins like ``q``, or is spelt like it: themes, countries, members and places."""
    check_language()
    language = current_language()
    dataset = service().store.dataset
    for name in request.args:
        if name not in PARAMETERS:
            raise BadQuery(f"there is no parameter {name[:40]!r}", parameter=name[:40], allowed=PARAMETERS)
    typed = [("q", value) for value in request.args.getlist("q")]
    query = parse_map_query(typed, dataset.network, dataset.countries.index, strict=True)
    if not query.q:
        raise BadQuery(f"'q' needs 1 to {MAX_SEARCH} characters", parameter="q")

    def make() -> bytes:
        words = words_of(value_titles(dataset, language), language)
        found = index_of(dataset, language).find(query.q)
        titles = translated(KIND_TITLES, language)
        groups = [
            {"kind": kind, "title": titles[kind], "items": items}
            for kind in KINDS
            if (items := [_item(dataset, one, words) for one in found if one.kind == kind])
        ]
        return json.dumps({"q": query.q, "groups": groups}, ensure_ascii=False).encode()

    return respond(("suggest", query.q), make, "application/json", public=True, language=language.tag)


def _item(dataset: Dataset, entry: Entry, words: Words) -> dict[str, object]:
    item: dict[str, object] = {"id": entry.id, "label": entry.label, "note": entry.note}
    if entry.longitude is not None and entry.latitude is not None:
        item["at"] = [round(entry.longitude, 5), round(entry.latitude, 5)]
    if entry.kind == "place":
        item["said"] = said_of_place(dataset, entry, words)
    return item
