"""The processes that race; after every race, nothing is lost and nothing contradicts itself."""

import functools
import os
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.db import connection

from tests.support.databases.integrity import WATCH, pytest_runtest_call, require_intact  # noqa: F401  (a hook)
from tests.workflow.races.racing import Racers
from tests.workflow.races.scenes import PROCESSES


@pytest.fixture(autouse=True)
def _is_intact(request, transactional_db):
    yield
    require_intact(request.node, request.node.stash.get(WATCH, None))


@pytest.fixture(scope="package")
def racers(django_db_setup):
    name = connection.settings_dict["NAME"]
    url = f"sqlite:///{name}"
    if connection.vendor == "postgresql":
        url = urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}"))
    racers = Racers(url, PROCESSES)
    yield racers
    racers.stop()


@pytest.fixture
def race(request, racers, transactional_db):
    """A function that runs jobs concurrently on the test database, which this process uses at the same time."""
    return functools.partial(racers.run, processes=request.param)
