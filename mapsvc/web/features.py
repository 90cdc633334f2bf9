"""The views of members and countries as GeoJSON: what the map reads, and what packages hold."""

from collections.abc import Sequence

from mapsvc.analysis.published import COUNTRY_PROPERTIES, MEMBER_PROPERTIES, country_rows
from mapsvc.analysis.queries import MapQuery
from mapsvc.analysis.selection import select_members
from mapsvc.formats import geojson
from mapsvc.i18n import Language
from mapsvc.model import Dataset
from mapsvc.web.describing import links_of
from mapsvc.web.listing import listing_of
from mapsvc.web.titles import value_titles


def members_collection(
    dataset: Dataset, query: MapQuery, language: Language, properties: Sequence[str] = MEMBER_PROPERTIES
) -> bytes:
    """Return the members of a view as points."""
    selected = select_members(dataset.members, query, dataset.network).to_numpy()
    features = listing_of(dataset, language).features(selected, tuple(properties))
    links = {"links": links_of(dataset, "members", query.canonical())}
    return geojson.collection(features, _about(dataset, len(features)) | links)


def countries_collection(
    dataset: Dataset, query: MapQuery, language: Language, properties: Sequence[str] = COUNTRY_PROPERTIES
) -> bytes:
    """Return the countries of a view as polygons, with the number of members in all and by theme."""
    rows = country_rows(dataset, query, value_titles(dataset, language)["country"])
    shapes = geojson.geometry_texts(dataset.countries.loc[[row["country"] for row in rows]])
    features = geojson.country_features(shapes, rows, properties)
    about = _about(dataset, len(features)) | {"boundaryDisclaimer": dataset.network.boundary_disclaimer}
    links = {"links": links_of(dataset, "countries", query.canonical())}
    return geojson.collection(features, about | links)


def _about(dataset: Dataset, n_features: int) -> dict[str, object]:
    network = dataset.network
    return {
        "name": network.name,
        "licence": network.licence_url or network.licence,
        "source": network.source_note,
        "compiled": network.compiled,
        "completeness": network.completeness,
        "completenessNote": network.completeness_note,
        "numberMatched": n_features,
        "numberReturned": n_features,
    }
