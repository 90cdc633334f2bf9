"""Thousands of requests made from our own OpenAPI document: none ends in a failure, and none in an answer that is not described."""

from collections.abc import Iterator

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from mapsvc.settings import Settings
from mapsvc.sources.store import Store
from mapsvc.web.app import create_app
from tests import world
from tests.ogc.broken import Answer, Broken

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
# Pages of features have two dozen parameters; the others have two.
N_ITEMS = {GenerationMode.POSITIVE: 380, GenerationMode.NEGATIVE: 60}
N_OTHERS = {GenerationMode.POSITIVE: 36, GenerationMode.NEGATIVE: 8}
N_LEAST = 3_000


def app():
    """Return the application on the six-square world."""
    return create_app(Settings(), Store(world.dataset(urban=world.URBAN)))


def operations(wsgi) -> Iterator[schemathesis.APIOperation]:
    """Return what the document of an application describes."""
    for result in schemathesis.openapi.from_wsgi("/openapi.json", wsgi).get_all_operations():
        yield result.ok()


def try_out(operation: schemathesis.APIOperation, mode: GenerationMode, n: int) -> int:
    """Ask for an operation in so many ways, the same at each run, and return in how many it was."""
    statuses: list[int] = []

    @settings(
        max_examples=n, derandomize=True, database=None, deadline=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(case=operation.as_strategy(generation_mode=mode))
    def ask(case: Case) -> None:
        response = case.call(headers={"Accept-Encoding": "identity"})
        statuses.append(response.status_code)
        case.validate_response(response, checks=CHECKS)

    ask()
    return len(statuses)


def test_no_request_ends_in_a_failure_or_in_an_answer_that_is_not_described():
    n_cases = 0
    for operation in operations(app()):
        numbers = N_ITEMS if operation.path.endswith("/items") else N_OTHERS
        n_cases += sum(try_out(operation, mode, n) for mode, n in numbers.items())
    assert n_cases >= N_LEAST


@pytest.mark.parametrize("status", ["500 INTERNAL SERVER ERROR", "418 I'M A TEAPOT", "200 OK"])
def test_an_answer_that_is_not_described_is_noticed(status: str):
    def change(answer: Answer) -> None:
        if answer.is_items:
            answer.status = status
            answer.body = b"{}"

    wsgi = app()
    wsgi.wsgi_app = Broken(wsgi.wsgi_app, change)
    operation = next(one for one in operations(wsgi) if one.path == "/collections/members/items")
    with pytest.raises((FailureGroup, AssertionError)):
        try_out(operation, GenerationMode.POSITIVE, 30)
