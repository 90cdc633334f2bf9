"""The pages: HTML that is complete without JavaScript; the map adds to it."""

from flask import Blueprint, Response, render_template, request

from mapsvc.analysis.queries import MapQuery, parse_map_query
from mapsvc.errors import NotFound
from mapsvc.formats.citation import apa
from mapsvc.maps.outlines import outlines
from mapsvc.web import ogc
from mapsvc.web.assets import asset
from mapsvc.web.composing import compose_map_page
from mapsvc.web.describing import work_of
from mapsvc.web.drawing import document_of, map_document
from mapsvc.web.http import FOR_EVER, absolute, respond, service
from mapsvc.web.language import check_language, current_language, respond_page
from mapsvc.web.linked_data import dataset_document
from mapsvc.web.ogc_forms import wants_json
from mapsvc.web.sharing import compose_sharing, with_oembed_header
from mapsvc.web.titles import page_url, value_titles

blueprint = Blueprint("pages", __name__)


def view_of_request() -> MapQuery:
    """Return the view that the address of a page asks for; what it does not know, it ignores."""
    dataset = service().store.dataset
    return parse_map_query(
        request.args.items(multi=True), dataset.network, dataset.countries.index, strict=False
    )


@blueprint.get("/")
def index() -> Response:
    """Serve the map page of a view; to a program that asks for JSON, where OGC API – Features begins."""
    if wants_json():
        return ogc.answer_as("landing")
    query = view_of_request()
    dataset = service().store.dataset

    def make() -> bytes:
        page = compose_map_page(dataset, query, map_document(), current_language())
        share = compose_sharing(page, query, current_language())
        return render_template("map.html", page=page, share=share, asset=asset).encode()

    response = with_oembed_header(respond_page(("page", query), make), absolute(page_url(query)))
    response.vary.add("Accept")
    return response


@blueprint.get("/about")
def about() -> Response:
    """Serve what the data is, where it comes from, and what it does not say."""
    dataset = service().store.dataset.in_language(current_language().tag)

    def make() -> bytes:
        return render_template(
            "about.html",
            dataset=dataset,
            uses_geonames=dataset.uses_geonames,
            uses_bundled_boundaries=not dataset.own_boundaries,
            asset=asset,
            citation=apa(work_of(dataset, dataset.network.title, absolute(page_url(MapQuery())))),
            linked_data=dataset_document(dataset, dataset.network.title, dataset.network.tagline),
        ).encode()

    return respond_page("about", make)


@blueprint.get("/maps/<digest>.js")
def map_script(digest: str) -> Response:
    """Serve the script that Folium wrote, under the digest of its bytes."""
    check_language()
    # A page that was answered from the snapshot before asks for its script now.
    document = document_of(digest)
    if document is None:
        raise NotFound("this script belongs to another version; load the page again")
    return respond(("map", digest), lambda: document.script, "text/javascript", cache=FOR_EVER, public=True)


@blueprint.get("/maps/outlines-<fingerprint>.json")
def map_outlines(fingerprint: str) -> Response:
    """Serve the countries as the map draws them, under the snapshot that they belong to."""
    check_language()
    language, dataset = current_language(), service().store.find(fingerprint)
    if dataset is None:
        raise NotFound("these outlines belong to another snapshot; load the page again")

    service().store.hold(dataset, service().store.pin)

    def make() -> bytes:
        return outlines(dataset.countries, value_titles(dataset, language)["country"])

    return respond("outlines", make, "application/json", cache=FOR_EVER, public=True, language=language.tag)
