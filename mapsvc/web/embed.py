"""`/embed`: the map of a view for the frame of another site; nothing is asked of anybody else, and every link leaves the frame."""

from collections.abc import Iterable
from dataclasses import replace
from zlib import crc32

from flask import Blueprint, Response, render_template, request, url_for

from mapsvc.analysis.queries import MapQuery, parse_map_query
from mapsvc.i18n import Language
from mapsvc.model import Dataset
from mapsvc.web import framing
from mapsvc.web.assets import asset, content
from mapsvc.web.composing import compose_map_page
from mapsvc.web.drawing import map_document
from mapsvc.web.embed_options import EmbedOptions, parse_options
from mapsvc.web.frames import EmbedPage, Narrowing
from mapsvc.web.http import NOT_STORED, content_type, respond, service
from mapsvc.web.language import asked_language, current_language, respond_page, with_query
from mapsvc.web.outputs import notes_of
from mapsvc.web.sharing import COMPONENT, embed_url, oembed_links
from mapsvc.web.titles import page_url, value_titles
from mapsvc.web.views import Filter

blueprint = Blueprint("embed", __name__)

# What can be narrowed in a frame: one choice of each, where the site has not chosen several itself.
_NARROWED = ("theme", "region", "country")
# Besides what a page depends on, whether and by whom it is framed: a refusal must not be given to others.
_ASKED_BY = ("Sec-Fetch-Dest", "Sec-Fetch-Site", "Referer")


@blueprint.get("/embed")
def embed() -> Response:
    """Serve the map of a view for a frame; to a site that is not allowed, why not and where the map is."""
    framing.let_allowed_sites_frame()
    dataset, language = service().store.dataset, current_language()
    arguments = list(request.args.items(multi=True))
    query = parse_map_query(arguments, dataset.network, dataset.countries.index, strict=False)
    options = parse_options(arguments)
    if framing.is_refused(framing.framing_site()):
        return _refusal(dataset, query, language)

    def make() -> bytes:
        page = compose_embed(dataset, query, options, language)
        return render_template("embed.html", embed=page, page=page.map, asset=asset).encode()

    response = respond_page(("embed", query, options), make)
    response.headers["Vary"] = ", ".join([response.headers["Vary"], *_ASKED_BY])
    return response


@blueprint.get("/embed/member-map-1.js")
def component() -> Response:
    """Serve the web component. Its number is a promise: sites hold the hash of it, so what changes gets another number."""
    return respond(("static", COMPONENT), lambda: content(COMPONENT), "text/javascript", public=True)


def compose_embed(dataset: Dataset, query: MapQuery, options: EmbedOptions, language: Language) -> EmbedPage:
    """Put together what the frame shows: the map page of the view, less of it, and the way there."""
    page = compose_map_page(dataset, query, map_document(), language)
    titles = value_titles(dataset, language)
    # The words that the map page has in its form.
    words = {name: dict(titles[name]) for name in ("type", "theme", "status")}
    page = replace(page, state={**page.state, "titles": words})
    here = dataset.in_language(language.tag)
    narrowing = tuple(_narrowings(page.filters, options)) if not page.multiples else ()
    canonical = f"{query.canonical()}&{options.canonical()}"
    named = {one.name for one in narrowing} | ({"q"} if "search" in options.show else set())
    kept = [pair for pair in (*query.pairs(), *options.pairs()) if pair[0] not in named]
    if asked_language():
        kept.append(("lang", asked_language()))
    if service().store.pin:
        kept.append(("snapshot", service().store.pin))
    return EmbedPage(
        map=page,
        show=options.show,
        look=options.look,
        network_css=with_query(
            url_for("assets.network_css"), f"accent={options.accent}" if options.accent else ""
        ),
        here=url_for("embed.embed", lang=None),
        full_url=page_url(query),
        narrowing=narrowing,
        kept=tuple(kept),
        id=f"{here.network.id}-{crc32(canonical.encode()):08x}",
        notes=notes_of(here, language),
        oembed=oembed_links(embed_url(query, options)),
    )


def _narrowings(filters: Iterable[Filter], options: EmbedOptions) -> Iterable[Narrowing]:
    for one in filters if "filters" in options.show else ():
        if one.name in _NARROWED and one.n_selected <= 1:
            yield Narrowing(one.name, one.title, one.groups)


def _refusal(dataset: Dataset, query: MapQuery, language: Language) -> Response:
    framing.let_everybody_frame()
    body = render_template(
        "refused.html",
        network=dataset.network.in_language(language.tag),
        full_url=page_url(query),
        network_css=url_for("assets.network_css"),
        asset=asset,
    )
    response = Response(body, 403, content_type=content_type("text/html"))
    response.headers["Cache-Control"] = NOT_STORED
    response.headers["Vary"] = ", ".join(["Accept-Encoding", "Accept-Language", *_ASKED_BY])
    response.headers["Content-Language"] = language.tag
    return response
