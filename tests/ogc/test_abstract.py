"""Our server passes every abstract test, and every abstract test fails on a server that is wrong in what it is about."""

import pytest
from werkzeug.test import Client

from mapsvc.settings import Settings
from mapsvc.sources.store import Store
from mapsvc.web.app import create_app
from tests import world
from tests.ogc.abstract import CHECKS
from tests.ogc.broken import BREAKAGES, Broken


@pytest.fixture(scope="module")
def wsgi():
    return create_app(Settings(), Store(world.dataset(urban=world.URBAN))).wsgi_app


@pytest.mark.parametrize("name", CHECKS)
def test_our_server_passes(wsgi, name: str):
    CHECKS[name](Client(wsgi))


@pytest.mark.parametrize("name", BREAKAGES)
def test_a_server_that_is_wrong_is_found_out(wsgi, name: str):
    breakage = BREAKAGES[name]
    for caught_by in breakage.caught_by:
        with pytest.raises((AssertionError, LookupError, ValueError)):
            CHECKS[caught_by](Client(Broken(wsgi, breakage.change)))


def test_every_abstract_test_can_fail():
    caught = {name for breakage in BREAKAGES.values() for name in breakage.caught_by}
    assert set(CHECKS) - caught == set()
