"""The data: GeoJSON and JSON of exactly the view that the query asks for, for anyone, from any site."""

import json
import math
from typing import NamedTuple

import pandas as pd
from flask import Blueprint, Response, request

from mapsvc.analysis.filling import fill_countries
from mapsvc.analysis.queries import MapQuery, parse_map_query
from mapsvc.analysis.selection import facet_counts, select_members
from mapsvc.errors import BadQuery
from mapsvc.formats import geojson
from mapsvc.model import ALL_THEMES, MEMBERS, Dataset
from mapsvc.web.asking import file_name, is_download, single_value
from mapsvc.web.http import respond, service
from mapsvc.web.language import PARAMETER, check_language, current_language
from mapsvc.web.listing import listing_of
from mapsvc.web.titles import value_titles

blueprint = Blueprint("api", __name__)


COUNTRY_PROPERTIES = (
    "iso_a3",
    "name",
    "region",
    "n_members",
    "state",
    "value",
    "class",
    "n_all",
    "n_by_theme",
)
MEMBER_PROPERTIES = (*(column.name for column in MEMBERS.columns), "country_name", "region")


class _Asked(NamedTuple):
    """The data, the view of it, whether it is to be saved as a file, and which properties are wanted."""

    dataset: Dataset
    query: MapQuery
    download: bool
    properties: tuple[str, ...]


def _asked(properties: tuple[str, ...] = ()) -> _Asked:
    """Check what the request asks for; `properties` are those that can be chosen from, all by default."""
    check_language()
    dataset = service().store.dataset.in_language(current_language().tag)
    arguments = list(request.args.items(multi=True))
    also = (PARAMETER, "dl", *(("properties",) if properties else ()))
    query = parse_map_query(arguments, dataset.network, dataset.countries.index, also=also, strict=True)
    download = is_download(arguments)
    wanted = tuple(name for name in single_value(arguments, "properties").split(",") if name)
    unknown = [name for name in wanted if name not in properties]
    if unknown:
        raise BadQuery(
            f"there is no property {unknown[0][:40]!r}", parameter="properties", allowed=properties
        )
    chosen = tuple(name for name in properties if name in wanted) if wanted else properties
    return _Asked(dataset, query, download, chosen)


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


@blueprint.get("/members.geojson")
def members() -> Response:
    """Serve the members of a view as points."""
    dataset, query, download, properties = _asked(MEMBER_PROPERTIES)

    def make() -> bytes:
        selected = select_members(dataset.members, query, dataset.network).to_numpy()
        features = listing_of(dataset, current_language()).features(selected, properties)
        return geojson.collection(features, _about(dataset, len(features)))

    filename = file_name(dataset, "members", query, "geojson") if download else ""
    return respond(
        ("members", query, properties), make, geojson.MEDIA_TYPE, public=True, filename=filename,
        language=current_language().tag,
    )  # fmt: skip


@blueprint.get("/countries.geojson")
def countries() -> Response:
    """Serve the countries of a view as polygons, with the number of members in all and by theme."""
    dataset, query, download, properties = _asked(COUNTRY_PROPERTIES)

    def make() -> bytes:
        filling = fill_countries(dataset, query).countries
        names = value_titles(dataset, current_language())["country"]
        counts = dataset.counts.to_dict()
        regions = dataset.network.region_of_country
        columns = filling[["n_members", "state", "value", "class"]].itertuples(name=None)
        rows = [
            {
                "country": code,
                "iso_a3": dataset.countries.at[code, "iso_a3"],
                "name": names[code],
                "region": regions.get(str(code)),
                "n_members": int(n_members),
                "state": state,
                "value": None if math.isnan(value) else round(value, 6),
                "class": None if pd.isna(place) else int(place),
                "n_all": counts[code, ALL_THEMES],
                "n_by_theme": {theme: counts[code, theme] for theme in dataset.network.theme_ids},
            }
            for code, n_members, state, value, place in columns
        ]
        shapes = geojson.geometry_texts(dataset.countries.loc[filling.index])
        features = geojson.country_features(shapes, rows, properties)
        about = _about(dataset, len(features)) | {"boundaryDisclaimer": dataset.network.boundary_disclaimer}
        return geojson.collection(features, about)

    filename = file_name(dataset, "countries", query, "geojson") if download else ""
    return respond(
        ("countries", query, properties), make, geojson.MEDIA_TYPE, public=True, filename=filename,
        language=current_language().tag,
    )  # fmt: skip


@blueprint.get("/themes.json")
def themes() -> Response:
    """Serve the themes in their groups, each with the number of members that the view would show in it."""
    dataset, query, download, _ = _asked()

    def make() -> bytes:
        counts = facet_counts(dataset.members, query, dataset.network)["theme"]
        groups = [
            {
                "id": group.id,
                "title": group.title,
                "n_members": counts[group.id],
                "themes": [
                    {"id": one.id, "title": one.title, "n_members": counts[one.id]} for one in group.themes
                ],
            }
            for group in dataset.network.groups
        ]
        return json.dumps({"network": dataset.network.name, "groups": groups}, ensure_ascii=False).encode()

    filename = file_name(dataset, "themes", query, "json") if download else ""
    return respond(
        ("themes", query), make, "application/json", public=True, filename=filename,
        language=current_language().tag,
    )  # fmt: skip
