"""GeoJSON and JSON of exactly the view, with the headers that caches and other sites need."""

import gzip
import json

import brotli
import pytest
from flask.testing import FlaskClient

from mapsvc.model import MEMBERS

FILES = ["/members.geojson", "/countries.geojson", "/themes.json"]


def ids(client: FlaskClient, address: str) -> list[str]:
    """Return the ids of the features at an address."""
    return [one["id"] for one in client.get(address).get_json(force=True)["features"]]


def test_the_members_of_a_view_are_the_features(client: FlaskClient):
    assert ids(client, "/members.geojson") == ["a1", "a2", "a3", "b1", "c1", "f1"]
    assert ids(client, "/members.geojson?theme=water") == ["a1", "a2"]
    assert ids(client, "/members.geojson?region=east&status=former") == ["d1"]
    assert ids(client, "/members.geojson?q=abo") == ["a2"]
    assert ids(client, "/members.geojson?q=nobody") == []


def test_a_collection_says_how_many_it_holds_and_that_it_is_partial(client: FlaskClient):
    body = client.get("/members.geojson?theme=water").get_json(force=True)
    assert body["type"] == "FeatureCollection"
    assert body["numberMatched"] == body["numberReturned"] == 2
    assert body["completeness"] == "partial"
    assert body["licence"] == "https://creativecommons.org/publicdomain/zero/1.0/"
    assert "crs" not in body


def test_countries_carry_the_counts_of_the_view_of_all_and_by_theme(client: FlaskClient):
    body = client.get("/countries.geojson?theme=water").get_json(force=True)
    by_id = {one["id"]: one["properties"] for one in body["features"]}
    assert list(by_id) == ["AA", "BB", "CC", "DD", "EE", "FF"]
    assert by_id["AA"]["n_members"] == 2
    assert by_id["AA"]["n_all"] == 3
    assert by_id["AA"]["n_by_theme"] == {"air": 1, "water": 2, "mobility": 0}
    assert by_id["AA"]["state"] == "active"
    assert by_id["CC"]["state"] == "unknown"
    assert by_id["EE"]["n_members"] == 0
    assert by_id["EE"]["class"] is None
    assert body["boundaryDisclaimer"] == "Squares imply no opinion."


def test_properties_can_be_chosen_and_come_in_their_own_order(client: FlaskClient):
    body = client.get("/countries.geojson?properties=name").get_json(force=True)
    assert body["features"][0]["properties"] == {"name": "Land AA"}
    body = client.get("/members.geojson?properties=since,name").get_json(force=True)
    assert list(body["features"][0]["properties"].items()) == [("name", "Alpha"), ("since", "1990")]


@pytest.mark.parametrize(
    "query", ["properties=nmae", "properties=name&properties=since", "properties=geometry"]
)
def test_a_property_that_there_is_not_is_refused(client: FlaskClient, query: str):
    response = client.get(f"/members.geojson?{query}")
    assert response.status_code == 400
    assert json.loads(response.data)["parameter"] == "properties"


def test_only_the_published_columns_leave_the_house(client: FlaskClient):
    published = {column.name for column in MEMBERS.columns} | {"country_name", "region"}
    body = client.get("/members.geojson").get_json(force=True)
    assert {name for one in body["features"] for name in one["properties"]} == published


def test_a_region_gives_only_its_countries(client: FlaskClient):
    assert ids(client, "/countries.geojson?region=east") == ["DD", "EE", "FF"]


def test_themes_come_in_their_groups_with_the_members_of_the_view(client: FlaskClient):
    groups = client.get("/themes.json?region=west").get_json()["groups"]
    assert [(group["id"], group["n_members"]) for group in groups] == [("nature", 2), ("city", 1)]
    assert groups[0]["themes"] == [
        {"id": "air", "title": "Air", "n_members": 1},
        {"id": "water", "title": "Water", "n_members": 2},
    ]


@pytest.mark.parametrize("path", FILES)
def test_data_may_be_read_by_any_site_and_kept_for_five_minutes(client: FlaskClient, path: str):
    response = client.get(path)
    assert response.status_code == 200
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert response.headers["Cache-Control"] == "public, max-age=300, stale-while-revalidate=86400"
    assert "Accept-Encoding" in response.headers["Vary"]
    assert response.headers["Last-Modified"] == "Fri, 02 Jan 2026 00:00:00 GMT"
    assert response.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert "Set-Cookie" not in response.headers


def test_geojson_has_its_own_media_type(client: FlaskClient):
    assert client.get("/members.geojson").headers["Content-Type"] == "application/geo+json"


@pytest.mark.parametrize("path", FILES)
@pytest.mark.parametrize(("accepted", "undo"), [("gzip", gzip.decompress), ("br", brotli.decompress)])
def test_each_encoding_holds_the_same_bytes_under_a_validator_of_its_own(client, path, accepted, undo):
    plain = client.get(path)
    encoded = client.get(path, headers={"Accept-Encoding": accepted})
    assert encoded.headers["Content-Encoding"] == accepted
    assert undo(encoded.data) == plain.data
    assert encoded.headers["ETag"] != plain.headers["ETag"]
    assert not encoded.headers["ETag"].startswith("W/")


@pytest.mark.parametrize("path", FILES)
def test_what_a_client_has_already_is_not_sent_again(client: FlaskClient, path: str):
    first = client.get(path, headers={"Accept-Encoding": "gzip"})
    again = client.get(path, headers={"Accept-Encoding": "gzip", "If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    assert again.data == b""
    assert again.headers["ETag"] == first.headers["ETag"]
    other = client.get(path, headers={"Accept-Encoding": "gzip", "If-None-Match": '"other"'})
    assert other.status_code == 200


@pytest.mark.parametrize("path", FILES)
def test_head_is_get_without_a_body(client: FlaskClient, path: str):
    head, get = client.head(path), client.get(path)
    assert head.data == b""
    assert head.headers["Content-Length"] == str(len(get.data))
    assert head.headers["ETag"] == get.headers["ETag"]


def test_the_order_of_parameters_does_not_change_the_file(client: FlaskClient):
    one = client.get("/members.geojson?theme=water&region=west")
    other = client.get("/members.geojson?region=west&theme=water")
    assert one.headers["ETag"] == other.headers["ETag"]


def test_a_download_has_a_name_that_says_what_is_in_it(client: FlaskClient):
    response = client.get("/members.geojson?theme=water&dl=1")
    assert response.headers["Content-Disposition"] == (
        'attachment; filename="squares-members-2026-01-02-theme-water.geojson"'
    )
    assert "Content-Disposition" not in client.get("/members.geojson?theme=water").headers


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("themes=water", "themes"),
        ("theme=watr", "theme"),
        ("country=XX", "country"),
        ("status=alive", "status"),
        ("q=a&q=b", "q"),
        ("dl=2", "dl"),
        ("utm_source=x", "utm_source"),
        ("q=%00", "q"),
    ],
)
@pytest.mark.parametrize("path", FILES)
def test_what_cannot_be_understood_is_a_problem_that_names_the_parameter(client, path, query, parameter):
    response = client.get(f"{path}?{query}")
    assert response.status_code == 400
    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.headers["Cache-Control"] == "no-store"
    problem = json.loads(response.data)
    assert problem["status"] == 400
    assert problem["parameter"] == parameter
    assert problem["title"]
    assert problem["detail"]


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "TRACE", "FOO"])
def test_other_methods_are_refused_with_what_is_allowed(client: FlaskClient, method: str):
    response = client.open("/members.geojson", method=method)
    assert response.status_code == 405
    assert set(response.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}
    assert response.headers["Content-Type"] == "application/problem+json"


def test_the_real_network_counts_the_same_members_everywhere(bundled_client: FlaskClient):
    for query in ("", "?theme=water", "?region=africa", "?theme=climate&type=city"):
        people = bundled_client.get(f"/members.geojson{query}").get_json(force=True)
        land = bundled_client.get(f"/countries.geojson{query}").get_json(force=True)
        assert people["numberMatched"] == len(people["features"]) > 0
        assert sum(one["properties"]["n_members"] for one in land["features"]) == people["numberMatched"]


def test_the_same_query_string_drives_pages_and_files(client: FlaskClient):
    whole = ids(client, "/members.geojson")
    for query in ("view=countries&measure=first-year", "view=themes"):
        assert ids(client, f"/members.geojson?{query}") == whole
    assert ids(client, "/members.geojson?asof=1995") == ["a1"]
    assert ids(client, "/members.geojson?joined_from=2000&joined_to=2005") == ["a3"]


def test_countries_carry_the_value_and_class_of_the_measure(client: FlaskClient):
    body = client.get("/countries.geojson?view=countries&measure=first-year").get_json(force=True)
    by_id = {one["id"]: one["properties"] for one in body["features"]}
    assert (by_id["AA"]["value"], by_id["AA"]["class"]) == (1990.0, 0)
    assert (by_id["BB"]["value"], by_id["BB"]["class"]) == (None, None)


@pytest.mark.parametrize(
    ("query", "parameter"),
    [("asof=soon", "asof"), ("joined_from=2001&joined_to=2000", "joined_to"), ("view=gaps", "view")],
)
def test_a_time_or_view_that_cannot_be_is_a_problem_that_names_it(
    client: FlaskClient, query: str, parameter: str
):
    response = client.get(f"/members.geojson?{query}")
    assert response.status_code == 400
    problem = json.loads(response.data)
    assert problem["parameter"] == parameter
    assert problem["allowed"]
