"""`/data` and `/metadata.json`: how a view is used, and it is, in our own words, for search engines (`f=schema`) and for catalogues (`f=dcat`)."""

import json

from flask import Response, render_template, request, url_for

from mapsvc.analysis.queries import parse_map_query
from mapsvc.analysis.selection import select_members
from mapsvc.errors import BadQuery
from mapsvc.web.asking import file_name, is_download, single_value
from mapsvc.web.assets import asset
from mapsvc.web.data_sheet import compose_data
from mapsvc.web.describing import description_of, view_title, with_links
from mapsvc.web.http import respond, service
from mapsvc.web.language import PARAMETER, check_language, current_language, respond_page
from mapsvc.web.linked_data import Document
from mapsvc.web.metadata import dcat_document, own_metadata, schema_document
from mapsvc.web.snapshot import snapshot

FORMATS = {"json": "application/json", "schema": "application/ld+json", "dcat": "application/ld+json"}


def answer() -> Response:
    """Serve the metadata of a view."""
    check_language()
    language = current_language()
    dataset = service().store.dataset.in_language(language.tag)
    arguments = list(request.args.items(multi=True))
    query = parse_map_query(
        arguments, dataset.network, dataset.countries.index, also=(PARAMETER, "dl", "f"), strict=True
    )
    form = single_value(arguments, "f") or "json"
    if form not in FORMATS:
        raise BadQuery(f"there is no format {form[:40]!r}", parameter="f", allowed=tuple(FORMATS))

    def make() -> bytes:
        n_members = int(select_members(dataset.members, query, dataset.network).sum())
        title, view = view_title(dataset, "members", query, language), query.canonical()
        about = description_of(dataset, title, view, url_for("pages.index"), n_members, language)
        if form == "json":
            document: Document = own_metadata(about, "members", view)
        else:
            document = (schema_document if form == "schema" else dcat_document)(dataset, about, view)
        return (json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False) + "\n").encode()

    filename = file_name(dataset, "metadata", query, "json") if is_download(arguments) else ""
    response = respond(
        ("metadata", query, form), make, FORMATS[form], public=True, filename=filename, language=language.tag
    )
    return with_links(response, dataset, query.canonical())


def data_page() -> Response:
    """Serve the page "Use this data" of a view."""
    here = snapshot()
    query = parse_map_query(
        request.args.items(multi=True), here.dataset.network, here.dataset.countries.index, strict=False
    )
    return respond_page(
        ("data", query),
        lambda: render_template("data.html", page=compose_data(here, query), asset=asset).encode(),
    )
