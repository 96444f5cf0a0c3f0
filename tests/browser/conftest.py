"""A real browser: Debian's Chromium, one per worker, and a server that is idle before the next test begins."""

import time

import pytest
from django.core.signals import request_finished, request_started
from playwright.sync_api import expect

from tests.support.browser import CHROMIUM, CHROMIUM_ARGUMENTS, watch_violations
from tests.support.databases import template
from tests.support.databases.integrity import WATCH, pytest_runtest_call, require_intact  # noqa: F401  (a hook)
from tests.support.scenarios.sites.full_site import make_everything
from tests.support.servers.live import answer_static_files_quickly

expect.set_options(timeout=20_000)


SLOW = ("tests/browser/site/", "tests/browser/reader/test_lighthouse.py")


def pytest_collection_modifyitems(items):
    """Begin with the tests that take longest, so that none of them is left running alone at the end."""
    items.sort(key=lambda item: not item.nodeid.startswith(SLOW))


@pytest.fixture(autouse=True, scope="session")
def _static_files_from_memory():
    """For the live server, which starts with the first test that needs it."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        answer_static_files_quickly(monkeypatch)
        yield


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    return browser_type_launch_args | {"executable_path": str(CHROMIUM), "args": CHROMIUM_ARGUMENTS}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args):
    return browser_context_args | {"reduced_motion": "reduce"}


@pytest.fixture
def violations(context):
    """A function (page) -> violations of the Content-Security-Policy in the test's browser so far."""
    return watch_violations(context)


@pytest.fixture
def rows(transactional_db):
    """The site with one of everything, made once per worker and copied for each test."""
    return template.filled(make_everything)


@pytest.fixture(autouse=True)
def _wait_for_requests(request, transactional_db):
    """Wait for requests sent by a closing page, because the database is restored before the next test."""
    open_requests = []

    def started(**kwargs):
        open_requests.append(1)

    def finished(**kwargs):
        open_requests.pop()

    request_started.connect(started)
    request_finished.connect(finished)
    yield
    quiet = 0
    while quiet < 3:
        time.sleep(0.02)
        quiet = 0 if open_requests else quiet + 1
    request_started.disconnect(started)
    request_finished.disconnect(finished)
    require_intact(request.node, request.node.stash.get(WATCH, None))
