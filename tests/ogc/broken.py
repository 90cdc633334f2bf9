"""Servers that are wrong in one thing: each changes an answer of ours on its way out, and names the tests that must notice."""

import json
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from werkzeug.datastructures import Headers
from werkzeug.test import run_wsgi_app


class Answer:
    """An answer that may be changed."""

    def __init__(self, environ: dict[str, Any], status: str, headers: Headers, body: bytes) -> None:
        self.path = environ["PATH_INFO"]
        self.query = environ.get("QUERY_STRING", "")
        self.environ = environ
        self.status = status
        self.headers = headers
        self.body = body

    @property
    def is_items(self) -> bool:
        """Whether it is a page of features."""
        return self.path.endswith("/items") and "json" in self.headers["Content-Type"]

    @property
    def is_json(self) -> bool:
        """Whether it holds a document that can be changed."""
        return bool(self.body) and "json" in self.headers.get("Content-Type", "")


Change = Callable[[Answer], None]


class Broken:
    """A WSGI application around another, whose answers are changed."""

    def __init__(self, wsgi: Any, change: Change) -> None:
        self._wsgi = wsgi
        self._change = change

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., object]) -> Iterable[bytes]:
        """Answer as the other does, but for the change."""
        chunks, status, headers = run_wsgi_app(self._wsgi, environ)
        answer = Answer(environ, status, headers, b"".join(chunks))
        self._change(answer)
        if environ["REQUEST_METHOD"] != "HEAD" and "Content-Length" in answer.headers:
            answer.headers["Content-Length"] = str(len(answer.body))
        start_response(answer.status, list(answer.headers))
        return [answer.body]


class Breakage(NamedTuple):
    """A change, and the abstract tests that it must be caught by."""

    change: Change
    caught_by: tuple[str, ...]


BREAKAGES: dict[str, Breakage] = {}


def breaks(*caught_by: str) -> Callable[[Change], Change]:
    """Add a change to those that must be caught."""

    def add(change: Change) -> Change:
        BREAKAGES[change.__name__] = Breakage(change, caught_by)
        return change

    return add


def rewrite(answer: Answer, change: Callable[[Any], object]) -> None:
    """Change the document of an answer."""
    if answer.is_json and answer.status.startswith("200"):
        document = json.loads(answer.body)
        change(document)
        answer.body = json.dumps(document).encode()


def without_links(document: Any, rel: str) -> None:
    """Take the links of a relation out of a document and all that it holds."""
    if isinstance(document, dict):
        if "links" in document:
            document["links"] = [one for one in document["links"] if one["rel"] != rel]
        for one in document.values():
            without_links(one, rel)
    elif isinstance(document, list):
        for one in document:
            without_links(one, rel)


@breaks("the_landing_page_leads_everywhere")
def no_way_to_the_data(answer: Answer) -> None:
    rewrite(answer, lambda document: without_links(document, "data"))


@breaks("the_definition_is_there_and_valid")
def a_definition_without_its_version(answer: Answer) -> None:
    if answer.path == "/openapi.json":
        rewrite(answer, lambda document: document["info"].pop("version"))


@breaks("the_definition_is_there_and_valid")
def a_definition_that_refers_elsewhere(answer: Answer) -> None:
    if answer.path == "/openapi.json":
        answer.body = answer.body.replace(
            b'"#/components/schemas/link"', b'"https://schemas.example.org/link"'
        )


@breaks("what_is_kept_to_is_declared")
def core_is_not_declared(answer: Answer) -> None:
    if answer.path == "/conformance":
        rewrite(answer, lambda document: document["conformsTo"].pop(0))


@breaks("all_collections_are_listed_with_their_links")
def collections_without_a_type_of_items(answer: Answer) -> None:
    if answer.path == "/collections":
        rewrite(answer, lambda document: [one.pop("itemType") for one in document["collections"]])


@breaks("all_collections_are_listed_with_their_links", "a_page_says_what_it_is")
def links_without_a_type(answer: Answer) -> None:
    def change(document: Any) -> None:
        for one in [document, *document.get("collections", [])]:
            for link in one.get("links", []):
                link["type"] = ""

    rewrite(answer, change)


@breaks("a_collection_says_the_same_alone_and_among_others")
def a_collection_with_another_title(answer: Answer) -> None:
    if answer.path == "/collections/members":
        rewrite(answer, lambda document: document.update(title="Others"))


@breaks("a_collection_says_the_same_alone_and_among_others")
def no_licence(answer: Answer) -> None:
    rewrite(answer, lambda document: without_links(document, "license"))


@breaks("the_extent_holds_every_feature")
def an_extent_that_is_too_small(answer: Answer) -> None:
    if answer.path == "/collections/members":
        rewrite(answer, lambda document: document["extent"]["spatial"].update(bbox=[[0, 0, 1, 1]]))


@breaks("an_enclosure_has_the_length_that_it_says")
def an_enclosure_of_another_length(answer: Answer) -> None:
    if answer.path == "/collections/members":
        answer.body = answer.body.replace(b'"length":', b'"length":1')


@breaks("unknown_parameters_are_refused_everywhere", "invalid_parameters_are_refused_with_their_name")
def what_is_wrong_is_answered_all_the_same(answer: Answer) -> None:
    answer.status = answer.status.replace("400 BAD REQUEST", "200 OK")


@breaks(
    "invalid_parameters_are_refused_with_their_name",
    "what_is_not_there_is_not_found",
    "other_methods_are_refused",
)
def problems_that_are_plain_json(answer: Answer) -> None:
    if answer.headers.get("Content-Type") == "application/problem+json":
        answer.headers["Content-Type"] = "application/json"


@breaks("the_limit_is_kept")
def one_feature_more_than_asked_for(answer: Answer) -> None:
    if answer.is_items:
        rewrite(answer, lambda document: document["features"].append({"id": "more"}))


@breaks("the_pages_hold_each_feature_once")
def pages_that_overlap(answer: Answer) -> None:
    if answer.is_items:
        answer.body = answer.body.replace(b"offset=3&", b"offset=2&")


@breaks("the_pages_hold_each_feature_once")
def pages_that_end_too_early(answer: Answer) -> None:
    rewrite(answer, lambda document: without_links(document, "next"))


@breaks("one_can_go_back_a_page")
def no_way_back(answer: Answer) -> None:
    rewrite(answer, lambda document: without_links(document, "prev"))


@breaks("a_box_shows_what_meets_it_and_what_has_no_place", "a_box_can_be_of_another_system")
def boxes_that_leave_out_what_has_no_place(answer: Answer) -> None:
    def change(document: Any) -> None:
        document["features"] = [one for one in document["features"] if one["geometry"]]

    if answer.is_items and "bbox" in answer.query:
        rewrite(answer, change)


@breaks("a_time_shows_what_was_there_and_what_has_no_date")
def times_that_leave_out_what_has_no_date(answer: Answer) -> None:
    def change(document: Any) -> None:
        document["features"] = [one for one in document["features"] if one["properties"].get("since")]

    if answer.is_items and "datetime" in answer.query:
        rewrite(answer, change)


@breaks(
    "a_property_is_a_parameter",
    "words_and_order_and_choice_of_properties",
    "a_filter_narrows_and_goes_with_everything_else",
)
def features_in_another_order(answer: Answer) -> None:
    if answer.is_items:
        rewrite(answer, lambda document: document["features"].reverse())


@breaks("a_page_says_what_it_is")
def no_time_stamp(answer: Answer) -> None:
    if answer.is_items:
        rewrite(answer, lambda document: document.update(timeStamp="yesterday"))


@breaks("a_page_says_what_it_is")
def wrong_numbers(answer: Answer) -> None:
    if answer.is_items:
        rewrite(answer, lambda document: document.update(numberMatched=len(document["features"])))


@breaks("a_feature_is_the_same_alone_and_on_a_page")
def a_feature_that_is_not_the_same(answer: Answer) -> None:
    if answer.path.endswith("/items/a1"):
        rewrite(answer, lambda document: document["properties"].update(name="Omega"))


@breaks("what_is_not_there_is_not_found")
def what_is_not_there_is_empty(answer: Answer) -> None:
    answer.status = answer.status.replace("404 NOT FOUND", "200 OK")


@breaks("other_methods_are_refused")
def methods_that_are_refused_without_a_word(answer: Answer) -> None:
    if answer.status.startswith("405"):
        answer.headers["Allow"] = "GET"


@breaks("features_are_geojson", "an_answer_says_its_reference_system_and_has_its_axes")
def latitude_first(answer: Answer) -> None:
    def change(document: Any) -> None:
        for one in document["features"]:
            if one["geometry"] and one["geometry"]["type"] == "Point":
                one["geometry"]["coordinates"].reverse()

    if answer.is_items:
        rewrite(answer, change)


@breaks("everything_is_a_page_as_well")
def no_pages(answer: Answer) -> None:
    if answer.headers.get("Content-Type", "").startswith("text/html"):
        answer.headers["Content-Type"] = "text/plain"


@breaks("the_definition_describes_what_is_there")
def a_parameter_that_is_not_described(answer: Answer) -> None:
    def change(document: Any) -> None:
        parameters = document["paths"]["/collections/members/items"]["get"]["parameters"]
        parameters[:] = [one for one in parameters if one.get("name") != "status"]

    if answer.path == "/openapi.json":
        rewrite(answer, change)


@breaks("answers_may_be_kept_read_by_other_sites_and_asked_for_again")
def weak_validators(answer: Answer) -> None:
    if "ETag" in answer.headers:
        answer.headers["ETag"] = "W/" + answer.headers["ETag"]


@breaks("answers_may_be_kept_read_by_other_sites_and_asked_for_again")
def an_answer_that_does_not_say_what_it_varies_with(answer: Answer) -> None:
    answer.headers["Vary"] = "Accept-Encoding"


@breaks("links_are_in_the_headers_as_well")
def no_link_headers(answer: Answer) -> None:
    answer.headers.remove("Link")


@breaks("the_reference_systems_are_listed")
def no_reference_systems(answer: Answer) -> None:
    if answer.path == "/collections":
        rewrite(answer, lambda document: [one.update(crs=[]) for one in document["collections"]])


@breaks("an_answer_says_its_reference_system_and_has_its_axes")
def no_word_of_the_reference_system(answer: Answer) -> None:
    answer.headers.remove("Content-Crs")


@breaks("the_queryables_are_there_and_can_be_asked_for")
def queryables_that_lack_one(answer: Answer) -> None:
    if answer.path.endswith("/queryables"):
        rewrite(answer, lambda document: document["properties"].popitem())


@breaks("every_feature_is_as_its_schema_says")
def a_schema_in_which_nothing_may_be_unknown(answer: Answer) -> None:
    def change(document: Any) -> None:
        for one in document["properties"].values():
            if isinstance(one.get("type"), list):
                one["type"] = one["type"][0]

    if answer.path.endswith("/schema"):
        rewrite(answer, change)


@breaks("every_feature_is_as_its_schema_says")
def features_that_do_not_lead_to_their_schema(answer: Answer) -> None:
    if answer.is_items:
        rewrite(
            answer,
            lambda document: document.update(
                links=[one for one in document["links"] if one["rel"] != "describedby"]
            ),
        )


@breaks("a_page_of_features_as_a_table_is_the_same_page")
def a_table_that_lacks_its_last_row(answer: Answer) -> None:
    if "csv" in answer.headers["Content-Type"]:
        answer.body = b"\r\n".join(answer.body.split(b"\r\n")[:-2])
