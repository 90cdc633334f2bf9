"""A view of members, countries, coverage gaps or urban centres in every file format: what `files` leads to."""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import replace
from functools import partial
from typing import NamedTuple

import geopandas as gpd
import pandas as pd
import shapely
from flask import Response, request, url_for

from mapsvc.analysis.gaps_query import GapsQuery
from mapsvc.analysis.published import (
    flat_frame,
    published_countries,
    published_members,
    rounded_points,
)
from mapsvc.analysis.queries import parse_map_query
from mapsvc.errors import BadQuery
from mapsvc.formats import coverage as formats
from mapsvc.formats.description import Description
from mapsvc.formats.geofiles import PLAIN, as_flatgeobuf, as_geopackage, as_geoparquet, as_kml
from mapsvc.formats.kinds import KINDS
from mapsvc.formats.layers import Layer
from mapsvc.formats.package import as_zip
from mapsvc.formats.tables import as_csv, as_xlsx
from mapsvc.model import Dataset
from mapsvc.web.asking import file_name, is_download, single_value
from mapsvc.web.describing import description_of, made_at, title_of, view_title, with_links
from mapsvc.web.features import countries_collection, members_collection
from mapsvc.web.gaps_asked import asked_file
from mapsvc.web.gaps_files import (
    CENTRE_PARAMETERS,
    MAX_LIMIT,
    CentresPage,
    centre_records,
    centres_collection,
    centres_page,
    country_records,
    dates_asked,
    table_records,
)
from mapsvc.web.gaps_files import countries_collection as gaps_collection
from mapsvc.web.http import respond, service
from mapsvc.web.language import PARAMETER, check_language, current_language
from mapsvc.web.metadata import own_metadata
from mapsvc.web.snapshot import Snapshot
from mapsvc.web.titles import value_titles
from mapsvc.web.turns import Turns

CRS_PARAMETER = "crs"
# A workbook of ten thousand places keeps one core busy for a second or two.
_TURNS = Turns(1, 7)
# The spelling of OGC, which names an authority, a version that nobody uses, and a code.
_OGC_PREFIX = "http://www.opengis.net/def/crs/"


class _Source(NamedTuple):
    """What can be written: a layer for GIS, the same for a table, and the GeoJSON of it; made when they are needed."""

    dataset: Dataset
    key: Hashable
    view: str
    filename: str
    layer: Callable[[], Layer]
    table: Callable[[], Layer]
    collection: Callable[[], bytes]


def answer(what: str, ending: str) -> Response:
    """Serve a view in a file format.

    Parameters
    ----------
    what : str
        ``members``, ``countries``, ``gaps`` or ``urban-centres``.
    ending : str
        One of `KINDS`, but for GeoJSON.
    """
    source = _SOURCES[what](what, ending)
    crs = _crs_asked(ending)
    response = respond(
        (what, ending, source.key, crs),
        lambda: _written(source, what, ending, crs),
        KINDS[ending].media_type,
        public=True,
        filename=source.filename,
        language=current_language().tag,
    )
    return with_links(response, source.dataset, source.view)


def _written(source: _Source, what: str, ending: str, crs: str) -> bytes:
    with _TURNS.turn():
        return _made(source, what, ending, crs)


def _made(source: _Source, what: str, ending: str, crs: str) -> bytes:
    if ending in _TABLES:
        return _TABLES[ending](source.table())
    if ending in _BY_CRS:
        return _BY_CRS[ending](source.layer(), crs)
    if ending == "kml":
        return as_kml(source.layer())
    table = source.table()
    data = {f"{what}.csv": as_csv(table), f"{what}.geojson": source.collection()}
    return as_zip(table, data, own_metadata(table.description, what, source.view))


_TABLES: Mapping[str, Callable[[Layer], bytes]] = {"csv": as_csv, "xlsx": as_xlsx}
_BY_CRS: Mapping[str, Callable[[Layer, str], bytes]] = {
    "gpkg": as_geopackage,
    "fgb": as_flatgeobuf,
    "parquet": as_geoparquet,
}


def _crs_asked(ending: str) -> str:
    """Return the coordinate reference system that is asked for, from the operator's list; empty for the usual one.

    Raises
    ------
    BadQuery
        For one that is not in the list, or a format that has no place for it. What was sent is compared, never looked up.
    """
    value = single_value(list(request.args.items(multi=True)), CRS_PARAMETER)
    if not value:
        return ""
    if not KINDS[ending].takes_crs:
        raise BadQuery(
            f"{KINDS[ending].title} has one reference system", parameter=CRS_PARAMETER, allowed=(PLAIN,)
        )
    allowed = {one.casefold(): one for one in (PLAIN, *service().crs)}
    asked = value
    if value.startswith(_OGC_PREFIX):
        authority, _, code = value.removeprefix(_OGC_PREFIX).partition("/")
        asked = f"{authority}:{code.rpartition('/')[2]}"
    if asked.casefold() not in allowed:
        raise BadQuery(
            f"there is no crs {value[:60]!r}", parameter=CRS_PARAMETER, allowed=tuple(allowed.values())
        )
    return allowed[asked.casefold()]


def _of_view(what: str, ending: str) -> _Source:
    """Return members or countries as the map has them."""
    check_language()
    language = current_language()
    dataset = service().store.dataset.in_language(language.tag)
    arguments = list(request.args.items(multi=True))
    also = (PARAMETER, "dl", CRS_PARAMETER)
    query = parse_map_query(arguments, dataset.network, dataset.countries.index, also=also, strict=True)
    made, collection = _VIEWS[what]

    def layer() -> Layer:
        frame = made(dataset, query, value_titles(dataset, language)["country"])
        title, page = view_title(dataset, what, query, language), url_for("pages.index")
        about = description_of(dataset, title, query.canonical(), page, len(frame), language)
        return Layer(what, frame, about, made_at(dataset))

    filename = file_name(dataset, what, query, ending) if is_download(arguments) else ""
    return _Source(
        dataset,
        query,
        query.canonical(),
        filename,
        layer,
        layer,
        partial(collection, dataset, query, language),
    )


_VIEWS = {
    "members": (published_members, members_collection),
    "countries": (published_countries, countries_collection),
}


def _of_gaps(what: str, ending: str) -> _Source:
    """Return coverage: the countries for GIS; as a table the whole grid of areas and themes, and the other figures."""
    asked = asked_file((CRS_PARAMETER,))
    here, query, _ = asked

    def layer() -> Layer:
        rows, _ = country_records(here, query)
        frame = flat_frame(rows, "country", here.dataset.countries.geometry)
        return Layer(what, frame, _described(here, query, what, len(rows)), made_at(here.dataset))

    def table() -> Layer:
        dates = [table_records(here, one) for one in dates_asked(query)]
        records = [row | {name: said[name] for name in formats.SAID} for rows, said in dates for row in rows]
        grid = pd.DataFrame(records, columns=[*formats.GRID_COLUMNS, *formats.SAID])
        return Layer(what, grid, _described(here, query, what, len(grid)), made_at(here.dataset))

    return _Source(
        here.dataset,
        query,
        "",
        asked.file_name(what, ending),
        layer,
        table,
        partial(gaps_collection, here, query),
    )


def _of_centres(what: str, ending: str) -> _Source:
    """Return urban centres: as many as there may be at once, unless fewer are asked for; what is left out is said."""
    asked = asked_file((CRS_PARAMETER, *CENTRE_PARAMETERS))
    here, query, _ = asked
    page = centres_page(list(request.args.items(multi=True)), MAX_LIMIT)

    def layer() -> Layer:
        found = centre_records(here, query, page)
        rows, about = found.rows, _described(here, query, what, len(found.rows))
        if len(rows) < found.n_found:
            said = here.language.gettext(
                "This file holds %(num)s of %(total)s; ask for the others with offset."
            )
            part = said % {"num": len(rows), "total": found.n_found}
            about = replace(about, notes=(part, *about.notes))
        return Layer(what, _place_frame(rows), about, made_at(here.dataset))

    key: tuple[GapsQuery, CentresPage] = (query, page)
    return _Source(
        here.dataset, key, "", asked.file_name(what, ending), layer, layer,
        partial(centres_collection, here, query, page),
    )  # fmt: skip


_SOURCES: Mapping[str, Callable[[str, str], _Source]] = {
    "members": _of_view,
    "countries": _of_view,
    "gaps": _of_gaps,
    "urban-centres": _of_centres,
}


def _place_frame(rows: list[formats.Row]) -> gpd.GeoDataFrame:
    """Return records with ``geonameid``, ``longitude`` and ``latitude`` as points."""
    columns = [*rows[0]] if rows else ["geonameid", "name", "longitude", "latitude"]
    frame = pd.DataFrame(rows, columns=columns)
    points = shapely.points(frame["longitude"].astype(float), frame["latitude"].astype(float))
    ids = pd.Index(frame["geonameid"].astype("str"), name="id")
    facts = frame.drop(columns=["geonameid", "longitude", "latitude"]).set_axis(ids, axis=0)
    return gpd.GeoDataFrame(
        facts, geometry=rounded_points(gpd.GeoSeries(points, index=ids, crs=4326)), crs=4326
    )


def _described(here: Snapshot, query: GapsQuery, what: str, n_rows: int) -> Description:
    labels = [here.titles[name][value] for name in ("theme", "region") if (value := getattr(query, name))]
    if query.asof:
        labels.append(here.language.gettext("as of %(date)s") % {"date": here.language.date(query.asof)})
    title = title_of(here.dataset, what, labels, here.language)
    page = url_for("gaps.page")
    return description_of(here.dataset, title, query.canonical(), page, n_rows, here.language)
