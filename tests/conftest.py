"""Fixtures that several rooms share: the six-square world and the application on it."""

import os
from collections.abc import Generator, Iterator
from typing import TypeVar

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import settings as hypothesis_settings

from mapsvc.model import Dataset
from mapsvc.settings import Settings, shipped
from mapsvc.sources.store import Store, load_dataset
from mapsvc.web.app import create_app
from tests import world

# Run by the Python of QGIS, which is not ours.
collect_ignore = ["ogc/qgis_reads.py"]
NO_SKIPS = bool(os.environ.get("TESTS_NO_SKIPS"))
Report = TypeVar("Report", pytest.TestReport, pytest.CollectReport)


def _without_skip(report: Report) -> Report:
    """Turn a skip into a failure where nothing may be skipped: a skipped test hides a missing part."""
    if NO_SKIPS and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped where nothing may be skipped: {report.longrepr}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Let no test be skipped in CI."""
    return _without_skip((yield))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Let no module be skipped in CI."""
    return _without_skip((yield))


# Time is measured in benchmarks/, never in a test: a busy machine is not a defect.
# In CI the same examples every time: what is found by chance is found on a developer's machine.
hypothesis_settings.register_profile("house", deadline=None, derandomize="CI" in os.environ)
hypothesis_settings.load_profile("house")


@pytest.fixture(scope="session")
def squares() -> Dataset:
    """The six-square world."""
    return world.dataset()


@pytest.fixture(scope="session")
def bundled() -> Dataset:
    """The network that comes with the project."""
    return load_dataset(shipped("geodata"))


@pytest.fixture
def app(squares: Dataset) -> Flask:
    """The application on the six-square world."""
    return create_app(Settings(), Store(squares))


@pytest.fixture
def client(app: Flask) -> Iterator[FlaskClient]:
    """A client of the six-square world."""
    with app.test_client() as client:
        yield client


@pytest.fixture(scope="session")
def bundled_client(bundled: Dataset) -> FlaskClient:
    """A client of the bundled network."""
    return create_app(Settings(), Store(bundled)).test_client()
