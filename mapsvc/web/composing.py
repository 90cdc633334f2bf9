"""A Dataset and a view become a MapPage: the numbers, filters, list and legend that the template prints."""

import numpy as np
import pandas as pd
from flask import url_for

from mapsvc.analysis.filling import Filling, fill_countries
from mapsvc.analysis.gaps_query import GapsQuery
from mapsvc.analysis.measures import offered_measures
from mapsvc.analysis.queries import MapQuery
from mapsvc.analysis.selection import select_members
from mapsvc.i18n import Language
from mapsvc.maps.document import MapDocument
from mapsvc.model import ALL_THEMES, Dataset, Network
from mapsvc.web import looking
from mapsvc.web.emptiness import emptiness_of
from mapsvc.web.filtering import chips_of, filters_of
from mapsvc.web.http import service
from mapsvc.web.language import with_query
from mapsvc.web.linked_data import dataset_document
from mapsvc.web.listing import listing_of
from mapsvc.web.multiples import compose_multiples
from mapsvc.web.outputs import downloads_of, numbers_text, picture_of
from mapsvc.web.timeline import compose_timeline
from mapsvc.web.titles import page_url, words_of
from mapsvc.web.views import MapPage

# Stands for an id in the addresses that scripts complete.
PLACEHOLDER = "__id__"


def outlines_url() -> str:
    """Return the address of the outlines that the map draws; the numbers it has from the page."""
    return url_for("pages.map_outlines", fingerprint=service().store.dataset.fingerprint)


def compose_map_page(dataset: Dataset, query: MapQuery, document: MapDocument, language: Language) -> MapPage:
    """Put together everything that the map page shows for one view, in one language."""
    dataset = dataset.in_language(language.tag)
    network = dataset.network
    address = page_url(query)
    listing = listing_of(dataset, language)
    titles = listing.titles
    members, selected = dataset.members, select_members(dataset.members, query, network).to_numpy()
    n_members = int(np.count_nonzero(selected))
    n_countries = len(set(members["country"].to_numpy()[selected]))
    filling = fill_countries(dataset, query)
    words = words_of(titles, language)
    multiples = compose_multiples(dataset, query, words) if query.view == "themes" else None
    everyone = dataset.counts.xs(ALL_THEMES, level="theme")
    return MapPage(
        network=network,
        title=network.title,
        description=network.tagline,
        canonical_query=query.canonical(),
        query=address.partition("?")[2],
        search=query.q,
        n_members=n_members,
        n_countries=n_countries,
        n_all_members=int(everyone.sum()),
        n_all_countries=int((everyone > 0).sum()),
        n_themes_known=int(members["themes"].notna().to_numpy()[selected].sum()),
        n_without_place=int(members.geometry.isna().to_numpy()[selected].sum()),
        filters=filters_of(dataset, query, titles, language),
        chips=chips_of(query, titles, language),
        sections=listing.sections(selected),
        legend=multiples.legend if multiples else looking.legend(filling, words),
        multiples=multiples,
        view=query.view,
        looks=looking.looks(query, words),
        measures=looking.measures(query, offered_measures(dataset), words),
        ranking=looking.ranking(filling, query, words) if query.view == "countries" else None,
        empty=emptiness_of(dataset, query, titles, language) if not n_members else None,
        timeline=compose_timeline(dataset, query),
        everything_url=page_url(query.everything()),
        uses_geonames=dataset.uses_geonames,
        uses_bundled_boundaries=not dataset.own_boundaries,
        downloads=downloads_of(query, language),
        picture=picture_of(
            network.title, query, titles, numbers_text(n_members, n_countries, language), language
        ),
        document=document,
        state={
            "query": address.partition("?")[2],
            "view": query.view,
            "countries": country_state(filling, words),
            "links": page_links(),
        },
        table_url=with_query(url_for("profiles.table"), query.canonical()),
        gaps_url=gaps_url(query, network),
        # The dataset is the whole network: a filtered view is a part of it.
        linked_data=(dataset_document(dataset, network.title, network.tagline),) if not query.pairs() else (),
        preload=(with_query(url_for("api.members"), query.canonical()), outlines_url()),
    )


def gaps_url(query: MapQuery, network: Network) -> str:
    """Return the page of coverage for a view: of its theme, region and date, as far as it asks for one."""
    theme = next(iter(query.theme)) if len(query.theme) == 1 and query.theme[0] in network.theme_ids else ""
    region = next(iter(query.region)) if len(query.region) == 1 else ""
    return with_query(url_for("gaps.page"), GapsQuery(theme, region, query.asof).canonical())


def page_links() -> dict[str, str]:
    """Return the addresses of the pages of a member and a country, for scripts to complete."""
    return {
        "member": url_for("profiles.member", id=PLACEHOLDER),
        "country": url_for("profiles.country", code=PLACEHOLDER),
    }


def country_state(filling: Filling, words: looking.Words) -> dict[str, list[object]]:
    """Return number, look and class of each country, and what is said of it where that is not its number."""
    rows: dict[str, list[object]] = {}
    columns = filling.countries[["n_members", "state", "look", "class", "value"]]
    for code, n, state, look, place, value in columns.itertuples(name=None):
        said = looking.said(filling.measure, look, value, words)
        is_filled = not pd.isna(place)
        row: list[object] = [int(n), state if is_filled else look, int(place) if is_filled else None]
        rows[str(code)] = [*row, said] if said else row
    return rows
