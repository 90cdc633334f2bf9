"""The abstract tests of OGC API – Features parts 1 to 3 as plain functions: each fails with an AssertionError on a server that is wrong.

They ask the six-square world, whose members can be counted by hand, through any WSGI application.
"""

import csv
import io
import json
import re
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import urlsplit

from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV30SpecValidator
from werkzeug.test import Client, TestResponse

IDS = ("members", "countries", "coverage", "gaps", "urban-centres")
GEOJSON, PROBLEM = "application/geo+json", "application/problem+json"
OPENAPI = "application/vnd.oai.openapi+json;version=3.0"
CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
LATLON = "http://www.opengis.net/def/crs/EPSG/0/4326"
MERCATOR = "http://www.opengis.net/def/crs/EPSG/0/3857"
Check = Callable[[Client], None]
CHECKS: dict[str, Check] = {}


def check(function: Check) -> Check:
    """Add a check to those that are run."""
    CHECKS[function.__name__] = function
    return function


def get(client: Client, path: str, kind: str = "application/json", status: int = 200) -> TestResponse:
    """Return an answer after a look at its status and, if it is a document, at its media type."""
    response = client.get(path, headers={"Accept": kind})
    assert response.status_code == status, (path, response.status_code, response.get_data(as_text=True)[:200])
    return response


def read(client: Client, path: str, media_type: str = "application/json") -> Any:
    """Return a document of a media type."""
    response = get(client, path, media_type.partition(";")[0])
    assert response.headers["Content-Type"] == media_type, path
    return json.loads(response.data)


def items(client: Client, query: str = "", collection: str = "members") -> Any:
    """Return a page of features."""
    return read(client, f"/collections/{collection}/items?{query}", GEOJSON)


def ids(document: Any) -> list[str]:
    """Return the ids of the features of a page."""
    return [one["id"] for one in document["features"]]


def hrefs(links: Iterable[Any], rel: str, media_type: str = "") -> list[str]:
    """Return where the links of a relation and type lead."""
    return [
        one["href"] for one in links if one["rel"] == rel and (not media_type or one["type"] == media_type)
    ]


def follow(client: Client, href: str, kind: str) -> TestResponse:
    """Return what is at a link."""
    parts = urlsplit(href)
    return get(client, f"{parts.path}?{parts.query}", kind)


def each_link_has_a_type_and_leads_somewhere(client: Client, links: list[Any]) -> None:
    """Every link of ours says what is there, and that is there."""
    assert links
    for one in links:
        assert one["type"]
        if one["rel"] != "license":
            found = follow(client, one["href"], one["type"].partition(";")[0])
            assert found.headers["Content-Type"].removesuffix("; charset=utf-8") == one["type"], one


# --- Part 1: core ---


@check
def the_landing_page_leads_everywhere(client: Client) -> None:
    for path in ("/api", "/"):
        links = read(client, path)["links"]
        for rel in ("self", "alternate", "conformance", "data"):
            assert len(hrefs(links, rel)) == 1, rel
        assert hrefs(links, "service-desc", OPENAPI)
        assert hrefs(links, "service-doc", "text/html")
        each_link_has_a_type_and_leads_somewhere(client, links)


@check
def the_definition_is_there_and_valid(client: Client) -> None:
    document = read(client, "/openapi.json", OPENAPI)
    references = re.findall(r'"\$ref": "([^"]*)"', json.dumps(document))
    assert references
    assert all(one.startswith("#/components/") for one in references)
    assert [str(one) for one in OpenAPIV30SpecValidator(document).iter_errors()] == []


@check
def what_is_kept_to_is_declared(client: Client) -> None:
    declared = read(client, "/conformance")["conformsTo"]
    part1 = "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/"
    assert {part1 + name for name in ("core", "geojson", "html", "oas30")} <= set(declared)
    assert "http://www.opengis.net/spec/ogcapi-features-2/1.0/conf/crs" in declared
    assert "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/features-filter" in declared
    assert "http://www.opengis.net/spec/cql2/1.0/conf/basic-cql2" in declared
    assert len(set(declared)) == len(declared)


@check
def all_collections_are_listed_with_their_links(client: Client) -> None:
    document = read(client, "/collections")
    assert hrefs(document["links"], "self")
    assert hrefs(document["links"], "alternate", "text/html")
    assert tuple(one["id"] for one in document["collections"]) == IDS
    for one in document["collections"]:
        assert hrefs(one["links"], "items", GEOJSON)
        assert hrefs(one["links"], "items", "text/html")
        assert one["itemType"] == "feature"
        assert one["title"]
        assert one["description"]
        each_link_has_a_type_and_leads_somewhere(client, one["links"])


@check
def a_collection_says_the_same_alone_and_among_others(client: Client) -> None:
    listed = {one["id"]: one for one in read(client, "/collections")["collections"]}
    for id_ in IDS:
        alone = read(client, f"/collections/{id_}")
        for key in ("id", "title", "description", "extent", "itemType", "crs", "storageCrs"):
            assert alone[key] == listed[id_][key]
        assert hrefs(alone["links"], "license")


@check
def the_extent_holds_every_feature(client: Client) -> None:
    for id_ in IDS:
        extent = read(client, f"/collections/{id_}")["extent"]
        assert extent["spatial"]["crs"] == CRS84
        west, south, east, north = extent["spatial"]["bbox"][0]
        for one in items(client, "limit=100", id_)["features"]:
            if one["geometry"] and one["geometry"]["type"] == "Point":
                x, y = one["geometry"]["coordinates"]
                assert west <= x <= east
                assert south <= y <= north
    interval = read(client, "/collections/members")["extent"]["temporal"]["interval"]
    assert interval == [["1990-01-01T00:00:00Z", None]]


@check
def an_enclosure_has_the_length_that_it_says(client: Client) -> None:
    for id_ in ("members", "countries"):
        link = next(one for one in read(client, f"/collections/{id_}")["links"] if one["rel"] == "enclosure")
        assert len(follow(client, link["href"], GEOJSON).data) == link["length"]


@check
def unknown_parameters_are_refused_everywhere(client: Client) -> None:
    for path in ("/api", "/conformance", "/openapi.json", "/collections", "/collections/members",
                 "/collections/members/queryables", "/collections/members/items", "/collections/members/items/a1"):  # fmt: skip
        problem = get(client, f"{path}?unknown=1", status=400)
        assert problem.headers["Content-Type"] == PROBLEM
        assert json.loads(problem.data)["parameter"] == "unknown"


@check
def invalid_parameters_are_refused_with_their_name(client: Client) -> None:
    wrong = {
        "limit": ("0", "-1", "1e3", "%D9%A3", "%201", "", "x", "1.5", "%2B1"),
        "offset": ("-1", "x"),
        "bbox": ("", "1,2,3", "1,2,3,4,5", "a,b,c,d", "nan,0,1,1", "0,0,inf,1", "0,91,1,92", "0,-91,1,1", "181,0,182,1",
                 "0,2,1,1", "0,0,9,1,1,1", "0 0 1 1", "0x1,0,1,1", "1_0,0,11,1"),
        "datetime": ("", "..", "soon", "2020-13-01", "2020-02-30", "2020-01-01/1990-01-01", "1/2/3", "2020-01-01T00:00:00"),
        "crs": ("EPSG:4326", "http://example.org/", "file:///etc/passwd"),
        "bbox-crs": ("EPSG:4326",),
        "filter-crs": ("EPSG:4326",),
        "filter-lang": ("sql",),
        "f": ("xml", "JSON"),
        "sortby": ("nobody", "themes", ""),
        "properties": ("nobody", "geometry"),
        "q": ("%00", "x" * 101),
        "snapshot": ("../x",),
        "status": ("alive",),
        "population": ("many", "1e3"),
        "lang": ("xx",),
    }  # fmt: skip
    for name, values in wrong.items():
        for value in values:
            problem = get(client, f"/collections/members/items?{name}={value}", status=400)
            assert problem.headers["Content-Type"] == PROBLEM
            assert json.loads(problem.data)["parameter"] == name, (name, value)
        twice = get(client, f"/collections/members/items?{name}=1&{name}=1", status=400)
        assert json.loads(twice.data)["status"] == 400


@check
def the_limit_is_kept(client: Client) -> None:
    assert len(items(client, "limit=2")["features"]) == 2
    assert len(items(client, "limit=10000")["features"]) == 7
    # More than the maximum is the maximum, and not refused.
    assert len(items(client, "limit=999999999999999999999999")["features"]) == 7
    assert len(items(client, "", "gaps")["features"]) == 10
    assert items(client, "offset=1000")["features"] == []


@check
def the_pages_hold_each_feature_once(client: Client) -> None:
    for id_ in IDS:
        whole, href, found = items(client, "limit=10000", id_), f"/collections/{id_}/items?limit=3", []
        while href:
            page = follow(client, href, GEOJSON).get_json(force=True)
            found += ids(page)
            href = next(iter(hrefs(page["links"], "next")), "")
            assert len(found) < 1000
        assert found == ids(whole)
        assert len(set(found)) == len(found) == whole["numberMatched"]


@check
def one_can_go_back_a_page(client: Client) -> None:
    second = items(client, "limit=3&offset=3")
    first = follow(client, hrefs(second["links"], "prev")[0], GEOJSON).get_json(force=True)
    assert ids(first) == ["a1", "a2", "a3"]
    assert not hrefs(first["links"], "prev")


@check
def a_box_shows_what_meets_it_and_what_has_no_place(client: Client) -> None:
    assert ids(items(client, "bbox=0,0,1,1")) == ["a1", "a2", "a3", "c1"]
    assert ids(items(client, "bbox=0,0,-100,1,1,100", "countries")) == ["AA", "BB"]
    # West of more than east goes round the other way.
    assert ids(items(client, "bbox=3,0,1,1")) == ["a1", "a2", "a3", "c1", "d1", "f1"]
    assert ids(items(client, "bbox=0.5,0.5,0.5,0.5")) == ["a2", "c1"]
    assert ids(items(client, "bbox=1.2,0.2,1.3,0.3", "countries")) == ["BB"]


@check
def a_time_shows_what_was_there_and_what_has_no_date(client: Client) -> None:
    undated = ["a2", "b1", "c1", "d1", "f1"]
    assert ids(items(client, "datetime=1980-01-01")) == undated
    assert ids(items(client, "datetime=1995-06-01T12:00:00Z")) == ["a1", *undated]
    assert ids(items(client, "datetime=2000-01-01/2002-01-01")) == ["a1", "a2", "a3", *undated[1:]]
    assert ids(items(client, "datetime=../1990-01-01")) == ["a1", *undated]
    assert ids(items(client, "datetime=/1989-12-31")) == undated
    assert len(ids(items(client, "datetime=2001-05-05/.."))) == 7
    assert len(ids(items(client, "datetime=1980-01-01", "countries"))) == 6


@check
def a_property_is_a_parameter(client: Client) -> None:
    assert ids(items(client, "country=AA&type=city")) == ["a1", "a3"]
    assert ids(items(client, "name=%C3%85bo")) == ["a2"]
    assert ids(items(client, "themes=water")) == ["a1", "a2", "d1"]
    assert ids(items(client, "themes=nature&status=member")) == ["a1", "a2"]
    assert ids(items(client, "n_members=0", "countries")) == ["DD", "EE"]
    assert ids(items(client, "theme=air&state=none", "gaps")) == ["DD-air", "EE-air"]


@check
def words_and_order_and_choice_of_properties(client: Client) -> None:
    assert ids(items(client, "q=abo")) == ["a2"]
    assert ids(items(client, "q=nobody")) == []
    assert ids(items(client, "sortby=-country,name&limit=3")) == ["f1", "d1", "c1"]
    named = items(client, "sortby=-since,%2Bname&limit=10&properties=since,name")
    assert ids(named)[:2] == ["a3", "a1"]
    assert list(named["features"][0]["properties"]) == ["name", "since"]


@check
def a_page_says_what_it_is(client: Client) -> None:
    page = items(client, "limit=2&country=AA")
    assert page["numberMatched"] == 3
    assert page["numberReturned"] == len(page["features"]) == 2
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", page["timeStamp"])
    for rel in ("self", "next", "collection"):
        assert len(hrefs(page["links"], rel)) == 1, rel
    others = [one["type"] for one in page["links"] if one["rel"] == "alternate"]
    assert others == ["text/html", "text/csv"]
    each_link_has_a_type_and_leads_somewhere(client, page["links"])
    again = follow(client, hrefs(page["links"], "self")[0], GEOJSON).get_json(force=True)
    assert again == page


@check
def a_feature_is_the_same_alone_and_on_a_page(client: Client) -> None:
    for id_ in IDS:
        for one in items(client, "limit=3", id_)["features"]:
            alone = read(client, f"/collections/{id_}/items/{one['id']}", GEOJSON)
            links = alone.pop("links")
            assert alone == one
            for rel in ("self", "alternate", "collection"):
                assert hrefs(links, rel)
            each_link_has_a_type_and_leads_somewhere(client, links)


@check
def what_is_not_there_is_not_found(client: Client) -> None:
    for path in ("/collections/nothing", "/collections/nothing/items", "/collections/members/items/nobody",
                 "/collections/nothing/queryables", "/collections/members/items/a1/more"):  # fmt: skip
        assert get(client, path, status=404).headers["Content-Type"] == PROBLEM


@check
def other_methods_are_refused(client: Client) -> None:
    for method in ("POST", "PUT", "DELETE", "PATCH", "TRACE", "FOO"):
        response = client.open("/collections/members/items", method=method)
        assert response.status_code == 405
        assert set(response.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}
        assert response.headers["Content-Type"] == PROBLEM


# --- Part 1: GeoJSON, HTML, OpenAPI ---


@check
def features_are_geojson(client: Client) -> None:
    for id_ in IDS:
        page = items(client, "limit=100", id_)
        assert page["type"] == "FeatureCollection"
        assert "crs" not in page
        for one in page["features"]:
            assert one["type"] == "Feature"
            assert isinstance(one["properties"], dict)
            assert one["geometry"] is None or one["geometry"]["type"] in {"Point", "MultiPolygon"}
    assert items(client, "limit=1")["features"][0]["geometry"]["coordinates"] == [0.25, 0.25]
    assert items(client, "name=Beta")["features"][0]["geometry"]["coordinates"] == [1.5, 0.5]


@check
def everything_is_a_page_as_well(client: Client) -> None:
    paths = ["/api", "/conformance", "/collections", "/openapi.json?f=html"]
    for id_ in IDS:
        first = items(client, "limit=1", id_)["features"][0]["id"]
        root = f"/collections/{id_}"
        paths += [root, f"{root}/queryables", f"{root}/items", f"{root}/items/{first}"]
    for path in paths:
        for address, kind in ((path, "text/html"), (f"{path.partition('?')[0]}?f=html", "application/json")):
            response = get(client, address, kind)
            assert response.headers["Content-Type"] == "text/html; charset=utf-8"
            assert "<h1>" in response.get_data(as_text=True)


@check
def the_definition_describes_what_is_there(client: Client) -> None:
    document = read(client, "/openapi.json", OPENAPI)
    shared = document["components"]["parameters"]
    assert shared["limit"]["schema"] == {"type": "integer", "minimum": 1, "maximum": 10000, "default": 10}
    assert shared["bbox"]["schema"]["oneOf"] == [
        {"minItems": 4, "maxItems": 4},
        {"minItems": 6, "maxItems": 6},
    ]
    assert shared["bbox"]["explode"] is False
    assert shared["datetime"]["schema"] == {"type": "string"}
    for path, operations in document["paths"].items():
        responses = operations["get"]["responses"]
        collection = path.split("/")[2] if path.startswith("/collections/") else ""
        address = (
            path.replace("{featureId}", items(client, "limit=1", collection)["features"][0]["id"])
            if "{" in path
            else path
        )
        for kind in responses["200"]["content"]:
            form = {"text/html": "html", "text/csv": "csv"}.get(kind, "json")
            found = get(client, f"{address}?f={form}")
            assert found.headers["Content-Type"].removesuffix("; charset=utf-8") == kind
    for id_ in IDS:
        operation = document["paths"][f"/collections/{id_}/items"]["get"]
        named = {one.get("name") or one["$ref"].rpartition("/")[2] for one in operation["parameters"]}
        assert {"limit", "bbox", "datetime", "crs", "bbox-crs", "filter"} <= named
        asked = read(client, f"/collections/{id_}/queryables", "application/schema+json")["properties"]
        assert set(asked) - {"geometry"} <= named


@check
def a_page_of_features_as_a_table_is_the_same_page(client: Client) -> None:
    for id_ in IDS:
        for query in ("limit=3&offset=1", "limit=2&sortby=-name", "limit=1000", "bbox=170,80,171,81"):
            page = items(client, query, id_)
            href = hrefs(page["links"], "alternate", "text/csv")[0]
            answer = follow(client, href, "text/csv")
            assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
            assert answer.headers["Access-Control-Allow-Origin"] == "*"
            text = answer.data.decode("utf-8-sig")
            rows = list(csv.DictReader(io.StringIO(text, newline="")))
            assert [row["id"] for row in rows] == ids(page)
            for row, feature in zip(rows, page["features"], strict=True):
                for name, value in feature["properties"].items():
                    assert row[name] == written(value), (id_, name)
                if feature["geometry"] and feature["geometry"]["type"] == "Point":
                    assert [float(row["longitude"]), float(row["latitude"])] == feature["geometry"][
                        "coordinates"
                    ]
    get(client, f"/collections/members/items?f=csv&crs={MERCATOR}", status=400)
    get(client, "/collections?f=csv", status=400)


def written(value: Any) -> str:
    """Return how a table has a value of a feature."""
    if isinstance(value, list):
        return ";".join(value)
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else str(value)


# --- HTTP ---


@check
def answers_may_be_kept_read_by_other_sites_and_asked_for_again(client: Client) -> None:
    for path in (
        "/api",
        "/collections",
        "/collections/members/items?limit=2",
        "/collections/members/items/a1",
    ):
        first = get(client, path)
        assert first.headers["Access-Control-Allow-Origin"] == "*"
        assert first.headers["Cache-Control"].startswith("public, max-age=")
        assert "Accept" in first.headers["Vary"].split(", ")
        assert "Set-Cookie" not in first.headers
        etag = first.headers["ETag"]
        assert not etag.startswith("W/")
        again = client.get(path, headers={"Accept": "application/json", "If-None-Match": etag})
        assert (again.status_code, again.data) == (304, b"")
        head = client.head(path, headers={"Accept": "application/json"})
        assert head.data == b""
        assert head.headers["Content-Length"] == str(len(first.data))
        page = get(client, path, "text/html")
        assert page.headers["ETag"] != etag
        assert "Accept" in page.headers["Vary"].split(", ")


@check
def links_are_in_the_headers_as_well(client: Client) -> None:
    response = get(client, "/collections/members/items?limit=2")
    said = response.headers.getlist("Link")
    for one in response.get_json(force=True)["links"]:
        assert f'<{one["href"]}>; rel="{one["rel"]}"; type="{one["type"]}"' in said


# --- Part 2: CRS ---


@check
def the_reference_systems_are_listed(client: Client) -> None:
    for one in read(client, "/collections")["collections"]:
        assert one["crs"][0] == one["storageCrs"] == CRS84
        assert {LATLON, MERCATOR} <= set(one["crs"])


@check
def an_answer_says_its_reference_system_and_has_its_axes(client: Client) -> None:
    expected = {
        "": (CRS84, [1.5, 0.5]),
        f"crs={CRS84}": (CRS84, [1.5, 0.5]),
        f"crs={LATLON}": (LATLON, [0.5, 1.5]),
        f"crs={MERCATOR}": (MERCATOR, [166979.24, 55660.45]),
    }
    for query, (uri, coordinates) in expected.items():
        for path in (
            f"/collections/members/items?name=Beta&{query}",
            f"/collections/members/items/b1?{query}",
        ):
            response = get(client, path, GEOJSON)
            assert response.headers["Content-Crs"] == f"<{uri}>"
            found = response.get_json(force=True)
            feature = found["features"][0] if "features" in found else found
            assert feature["geometry"]["coordinates"] == coordinates
    assert items(client, f"crs={LATLON}&name=Gamma")["features"][0]["geometry"] is None


@check
def a_box_can_be_of_another_system(client: Client) -> None:
    expected = ["b1", "c1"]
    assert ids(items(client, f"bbox=1.1,0.1,1.9,0.9&bbox-crs={CRS84}")) == expected
    assert ids(items(client, f"bbox=0.1,1.1,0.9,1.9&bbox-crs={LATLON}")) == expected
    assert ids(items(client, f"bbox=120000,10000,210000,100000&bbox-crs={MERCATOR}")) == expected
    assert ids(items(client, f"bbox=0.1,3,0.9,1&bbox-crs={LATLON}")) == ["a1", "a2", "a3", "c1", "d1", "f1"]


# --- Part 3: filtering ---


@check
def the_queryables_are_there_and_can_be_asked_for(client: Client) -> None:
    rel = "http://www.opengis.net/def/rel/ogc/1.0/queryables"
    for id_ in IDS:
        href = hrefs(read(client, f"/collections/{id_}")["links"], rel, "application/schema+json")[0]
        found = json.loads(follow(client, href, "application/schema+json").data)
        assert found["type"] == "object"
        assert found["additionalProperties"] is False
        assert found["$schema"] == "https://json-schema.org/draft/2020-12/schema"
        asked = set(found["properties"]) - {"geometry"}
        published = set(items(client, "limit=1", id_)["features"][0]["properties"])
        assert asked == published


@check
def every_feature_is_as_its_schema_says(client: Client) -> None:
    rel = "http://www.opengis.net/def/rel/ogc/1.0/schema"
    for id_ in IDS:
        links = read(client, f"/collections/{id_}")["links"]
        page = items(client, "limit=1000", id_)
        places = [
            hrefs(links, rel, "application/schema+json"),
            *(hrefs(one, "describedby", "application/schema+json") for one in (links, page["links"])),
        ]
        assert places[0] == places[1] == places[2] != []
        schema = json.loads(follow(client, places[0][0], "application/schema+json").data)
        assert schema["$id"].endswith(f"/collections/{id_}/schema")
        roles = {one.get("x-ogc-role"): name for name, one in schema["properties"].items()}
        assert (roles["id"], roles["primary-geometry"]) == ("id", "geometry")
        Draft202012Validator.check_schema(schema)
        validator = Draft202012Validator(schema)
        for one in page["features"]:
            flat = {"id": one["id"], "geometry": one["geometry"], **one["properties"]}
            assert [error.message for error in validator.iter_errors(flat)] == []


@check
def a_filter_narrows_and_goes_with_everything_else(client: Client) -> None:
    for filter_, language in (
        ("type = 'city'", "cql2-text"),
        ('{"op":"=","args":[{"property":"type"},"city"]}', "cql2-json"),
    ):
        text = f"filter={filter_}&filter-lang={language}"
        assert ids(items(client, text)) == ["a1", "a3", "c1", "d1"]
        assert ids(items(client, f"{text}&bbox=0,0,1,1")) == ["a1", "a3", "c1"]
        page = items(client, f"{text}&limit=1&country=AA")
        second = follow(client, hrefs(page["links"], "next")[0], GEOJSON).get_json(force=True)
        assert ids(second) == ["a3"]
    inside = f"filter=S_INTERSECTS(geometry,BBOX(0.1,1.1,0.9,1.9))&filter-crs={LATLON}"
    assert ids(items(client, inside)) == ["b1"]
