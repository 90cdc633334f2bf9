"""The map of a page: the document that Folium wrote, built once per language, and the small map of a fact sheet."""

from flask import url_for

from mapsvc.analysis.filling import fill_countries
from mapsvc.analysis.queries import MapQuery
from mapsvc.maps.document import MapDocument, MapOptions, build_document
from mapsvc.web.assets import asset
from mapsvc.web.composing import PLACEHOLDER, country_state, outlines_url, page_links
from mapsvc.web.http import service
from mapsvc.web.language import current_language, with_query
from mapsvc.web.sheets import SmallMap
from mapsvc.web.snapshot import Snapshot
from mapsvc.web.texts import map_texts
from mapsvc.web.titles import words_of


def map_document() -> MapDocument:
    """Return the map as a document, built by Folium for the current addresses and language."""
    options = MapOptions(
        members_url=url_for("api.members"),
        outlines_url=outlines_url(),
        texts=tuple(map_texts(current_language()).items()),
        labels_script=asset("js/names.js"),
        labels_url=url_for("labels.tile", fingerprint=service().store.dataset.fingerprint, name=PLACEHOLDER),
        basemap=service().basemap,
    )
    return _built(options)


_DOCUMENTS: dict[MapOptions, MapDocument] = {}


# One document per language, mount point and snapshot; those of the last snapshots are still asked for.
_MAX_DOCUMENTS = 64


def _built(options: MapOptions) -> MapDocument:
    kept = _DOCUMENTS.get(options)
    if kept is None:
        kept = build_document(options)
        while len(_DOCUMENTS) >= _MAX_DOCUMENTS:
            _DOCUMENTS.pop(next(iter(_DOCUMENTS)), None)
        _DOCUMENTS[options] = kept
    return kept


def document_of(digest: str) -> MapDocument | None:
    """Return a document that was built, by the digest of its script; None where there is none."""
    here = map_document()
    return next((one for one in (here, *_DOCUMENTS.copy().values()) if one.digest == digest), None)


def small_map(
    snapshot: Snapshot,
    query: MapQuery,
    *,
    focus: str = "",
    box: tuple[float, float, float, float] | None = None,
) -> SmallMap:
    """Return the map of a fact sheet: the members of a view, drawn by the same modules as the map page.

    Parameters
    ----------
    focus : str
        The member to look at.
    box : tuple of float, optional
        West, south, east and north of what to look at.
    """
    dataset = snapshot.dataset
    state: dict[str, object] = {
        "query": query.canonical(),
        "countries": country_state(
            fill_countries(dataset, query), words_of(snapshot.titles, snapshot.language)
        ),
        "links": page_links(),
        # The words that the map page has in its form.
        "titles": {name: dict(snapshot.titles[name]) for name in ("type", "theme", "status")},
    }
    if focus:
        state["focus"] = focus
    if box:
        state["box"] = [round(one, 2) for one in box]
    preload = (with_query(url_for("api.members"), query.canonical()), outlines_url())
    picture = with_query(url_for("pictures.svg"), query.canonical(), "size=og")
    return SmallMap(map_document(), state, preload, picture)
