"""The data: GeoJSON and JSON of exactly the view that the query asks for, for anyone, from any site."""

import json
from typing import NamedTuple

from flask import Blueprint, Response, request

from mapsvc.analysis.published import COUNTRY_PROPERTIES, MEMBER_PROPERTIES
from mapsvc.analysis.queries import MapQuery, parse_map_query
from mapsvc.analysis.selection import facet_counts
from mapsvc.errors import BadQuery
from mapsvc.formats import geojson
from mapsvc.model import Dataset
from mapsvc.web.asking import file_name, is_download, single_value
from mapsvc.web.describing import with_links
from mapsvc.web.features import countries_collection, members_collection
from mapsvc.web.http import respond, service
from mapsvc.web.language import PARAMETER, check_language, current_language

blueprint = Blueprint("api", __name__)


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


@blueprint.get("/members.geojson")
def members() -> Response:
    """Serve the members of a view as points."""
    dataset, query, download, properties = _asked(MEMBER_PROPERTIES)

    def make() -> bytes:
        return members_collection(dataset, query, current_language(), properties)

    filename = file_name(dataset, "members", query, "geojson") if download else ""
    response = respond(
        ("members", query, properties), make, geojson.MEDIA_TYPE, public=True, filename=filename,
        language=current_language().tag,
    )  # fmt: skip
    return with_links(response, dataset, query.canonical())


@blueprint.get("/countries.geojson")
def countries() -> Response:
    """Serve the countries of a view as polygons, with the number of members in all and by theme."""
    dataset, query, download, properties = _asked(COUNTRY_PROPERTIES)

    def make() -> bytes:
        return countries_collection(dataset, query, current_language(), properties)

    filename = file_name(dataset, "countries", query, "geojson") if download else ""
    response = respond(
        ("countries", query, properties), make, geojson.MEDIA_TYPE, public=True, filename=filename,
        language=current_language().tag,
    )  # fmt: skip
    return with_links(response, dataset, query.canonical())


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
