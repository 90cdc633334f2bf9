"""GeoJSON, feature by feature: properties are the columns, numbers stay as they are written."""

import json
import math
import re
from collections.abc import Iterator, Mapping
from json.decoder import scanstring  # type: ignore[attr-defined]
from typing import Any

from mapsvc.errors import BadData
from mapsvc.sources.tabular import (
    MAX_CELL,
    MAX_ROWS,
    Point,
    Row,
    Stream,
    as_text,
    checked_header,
    chunked,
)

_GAP = re.compile(r"[ \t\r\n]*")
_EPSG = re.compile(r"(?:urn:(?:x-)?ogc:def:crs:)?(EPSG|OGC):(?:[0-9.]*:)?([0-9]{1,6}|CRS84)", re.IGNORECASE)
_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")


class _Number(str):
    """A number as it is written: 10.10 stays 10.10, and does not become a text in quotation marks."""

    __slots__ = ()


def read_features(content: bytes, shown: str) -> Stream:
    """Begin to read a FeatureCollection, or one Feature.

    Raises
    ------
    BadData
        Where it is not JSON, not a collection of features, nested beyond all measure, or in a reference system
        that is not stated by its EPSG code.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise BadData(
            "a byte that is no UTF-8", file=shown, row=line, hint="save the file as UTF-8"
        ) from error
    members = dict(_members(text, shown))
    if members.get("type") == "Feature":
        text = f'{{"type":"FeatureCollection","features":[{text}]}}'
        members = dict(_members(text, shown))
    if members.get("type") != "FeatureCollection" or not isinstance(members.get("features"), range):
        raise BadData(
            "this is GeoJSON, but no FeatureCollection", file=shown, hint="save features, one for each member"
        )
    crs = _crs(members.get("crs"), shown)
    names: dict[str, None] = {}
    for number, feature in _features(text, members["features"], shown):
        names.update(dict.fromkeys(_properties(feature, number, shown)))
        if "id" in feature:
            names.setdefault("id")
        if len(names) > MAX_CELL:
            break
    header = checked_header(names, 1, shown)
    stream = Stream(header, iter(()), "GeoJSON, UTF-8", crs)
    stream.chunks = chunked(_rows(text, members["features"], stream, list(names), shown), shown)
    return stream


def _rows(text: str, span: range, stream: Stream, names: list[str], shown: str) -> Iterator[Row]:
    for number, feature in _features(text, span, shown):
        properties = _properties(feature, number, shown)
        if "id" in feature and "id" not in properties:
            properties = {**properties, "id": feature["id"]}
        point, fault = _point(feature.get("geometry"))
        if fault:
            stream.no_point(number, fault)
        # A feature without a single property is a row all the same, and is listed as one.
        yield Row(number, [as_text(properties.get(name)) for name in names], point or (math.nan, math.nan))


def _features(text: str, span: range, shown: str) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield each feature of the list that begins at `span`, with its number, the first being 1."""
    place, number = _skip(text, span.start + 1), 0
    if text[place : place + 1] == "]":
        return
    while True:
        number += 1
        if number > MAX_ROWS:
            raise BadData(f"more than {MAX_ROWS:,} features", file=shown, hint="split the file")
        feature, place = _value(text, place, shown)
        if not isinstance(feature, dict) or feature.get("type") != "Feature":
            raise BadData("this is no Feature", file=shown, row=number)
        yield number, feature
        place = _skip(text, place)
        if text[place : place + 1] != ",":
            return
        place = _skip(text, place + 1)


def _members(text: str, shown: str) -> Iterator[tuple[str, Any]]:
    """Yield the members of the outermost object; of a list that is called "features" only where it stands."""
    place = _skip(text, 0)
    if text[place : place + 1] != "{":
        raise BadData("this is JSON, but no GeoJSON object", file=shown)
    place = _skip(text, place + 1)
    while text[place : place + 1] != "}":
        if text[place : place + 1] != '"':
            raise _broken(text, place, shown)
        try:
            key, place = scanstring(text, place + 1, True)
        except ValueError as error:
            raise _broken(text, place, shown) from error
        place = _skip(text, place)
        if text[place : place + 1] != ":":
            raise _broken(text, place, shown)
        place = _skip(text, place + 1)
        if key == "features" and text[place : place + 1] == "[":
            start, place = place, _end_of_list(text, place, shown)
            yield key, range(start, place)
        else:
            value, place = _value(text, place, shown)
            yield key, value
        place = _skip(text, place)
        if text[place : place + 1] == ",":
            place = _skip(text, place + 1)
        elif text[place : place + 1] != "}":
            raise _broken(text, place, shown)
    if text[place + 1 :].strip():
        raise BadData(
            "something follows the end of the GeoJSON object", file=shown, row=_line(text, place + 1)
        )


def _end_of_list(text: str, place: int, shown: str) -> int:
    """Return the place after a list whose items are looked at one by one, and are not kept."""
    place = _skip(text, place + 1)
    if text[place : place + 1] == "]":
        return place + 1
    while True:
        _, place = _value(text, place, shown)
        place = _skip(text, place)
        mark = text[place : place + 1]
        if mark == "]":
            return place + 1
        if mark != ",":
            raise _broken(text, place, shown)
        place = _skip(text, place + 1)


_DECODER = json.JSONDecoder(parse_float=_Number, parse_int=_Number, parse_constant=_Number)


def _value(text: str, place: int, shown: str) -> tuple[Any, int]:
    try:
        return _DECODER.raw_decode(text, place)
    except RecursionError as error:
        raise BadData("it is nested too deeply", file=shown, row=_line(text, place)) from error
    except ValueError as error:
        raise _broken(text, getattr(error, "pos", place), shown) from error


def _skip(text: str, place: int) -> int:
    found = _GAP.match(text, place)
    return found.end() if found else place


def _broken(text: str, place: int, shown: str) -> BadData:
    return BadData("this is not JSON", file=shown, row=_line(text, place), hint="save it anew")


def _line(text: str, place: int) -> int:
    return text.count("\n", 0, place) + 1


def _properties(feature: Mapping[str, Any], number: int, shown: str) -> dict[str, Any]:
    properties = feature.get("properties") or {}
    if not isinstance(properties, dict):
        raise BadData("the properties are no object", file=shown, row=number)
    return properties


def _point(geometry: object) -> tuple[Point | None, str]:  # noqa: PLR0911 – a line for each fault
    """Return the point of a geometry, or what is wrong with it; neither where there is none."""
    if geometry is None:
        return None, ""
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if kind != "Point":
        return None, f"the geometry is {str(kind)[:40] if kind else 'nothing that is known'}, not a Point"
    position = geometry.get("coordinates")  # type: ignore[attr-defined]
    if position == []:
        return None, ""
    if not isinstance(position, list) or not 2 <= len(position) <= 4:
        return None, "a position has a longitude and a latitude"
    if not all(isinstance(one, _Number) for one in position):
        return None, "a position is made of numbers"
    try:
        x, y = float(position[0]), float(position[1])
    except ValueError:
        return None, "a position is made of numbers"
    if not (math.isfinite(x) and math.isfinite(y)):
        return None, f"{position[0][:20]}, {position[1][:20]} is no position"
    return (x, y), ""


def _crs(stated: object, shown: str) -> str:
    if stated is None:
        return "OGC:CRS84"
    properties = stated.get("properties") if isinstance(stated, dict) else None
    name = properties.get("name") if isinstance(properties, dict) else None
    found = _EPSG.fullmatch(name) if isinstance(name, str) else None
    if found is None:
        raise BadData("the reference system is not stated by its EPSG code", file=shown, column="crs",
                      hint="save it in WGS 84 (RFC 7946)")  # fmt: skip
    return f"{found[1].upper()}:{found[2].upper()}"
