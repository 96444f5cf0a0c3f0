"""A real browser for the tests: Debian's Chromium, and what its Content-Security-Policy refused."""

import os
import time
from contextlib import contextmanager

import pytest
from django.core.signals import request_finished, request_started
from django.db import connection
from django.db.backends.sqlite3.base import DatabaseWrapper
from hypothesis import settings
from playwright.sync_api import expect

from tests.browser import CHROMIUM

# How long an example takes depends on the machine: speed is the benchmarks' to measure.
settings.register_profile("tests", deadline=None)
settings.load_profile("tests")
expect.set_options(timeout=20_000)

NO_BROWSER = f"no Chromium at {CHROMIUM}: install it (apt install chromium) or name it in CHROMIUM"

REPORT_VIOLATIONS = """
document.addEventListener("securitypolicyviolation", (event) => {
  window.reportViolation(`${document.URL}: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`);
});
"""


def pytest_configure(config):
    # The live server does not close the connections that a browser kept open.
    config.addinivalue_line("filterwarnings", "ignore:unclosed <socket.socket:ResourceWarning")


def pytest_runtest_setup(item):
    if item.get_closest_marker("browser") and not CHROMIUM.exists():
        if os.environ.get("CI"):
            pytest.fail(NO_BROWSER, pytrace=False)
        pytest.skip(NO_BROWSER)


def pytest_terminal_summary(terminalreporter):
    skipped = [report for report in terminalreporter.stats.get("skipped", []) if NO_BROWSER in str(report.longrepr)]
    if skipped:
        terminalreporter.write_line("")
        terminalreporter.write_line(f"{len(skipped)} BROWSER TESTS DID NOT RUN: {NO_BROWSER}.", red=True, bold=True)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    # The sandbox needs rights that containers do not give; the pages are our own.
    return browser_type_launch_args | {"executable_path": str(CHROMIUM), "args": ["--no-sandbox"]}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args):
    return browser_context_args | {"reduced_motion": "reduce"}


def watch_violations(context):
    """Collect what the policy refuses on every page of `context`: a function (page) -> list of sentences."""
    found = []
    context.expose_binding("reportViolation", lambda source, sentence: found.append(sentence))
    context.add_init_script(REPORT_VIOLATIONS)

    def violations(page):
        page.evaluate("() => new Promise(requestAnimationFrame)")  # reports that are on their way arrive before this
        return found

    return violations


@pytest.fixture
def violations(context):
    """What the Content-Security-Policy refused in the test's browser so far: call it with the page."""
    return watch_violations(context)


@pytest.fixture(autouse=True)
def _requests_have_ended(request):
    """What a page sends while it is closed is answered before the next test: the tables are emptied in between."""
    if not request.node.get_closest_marker("browser"):
        yield
        return
    request.getfixturevalue("transactional_db")
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
        time.sleep(0.05)
        quiet = 0 if open_requests else quiet + 1
    request_started.disconnect(started)
    request_finished.disconnect(finished)


@pytest.fixture
def without_triggers():
    """A context in which the database lets everything be changed: for tampering with records, and for emptying tables."""
    return _without_triggers


TRIGGERS = {
    "sqlite": "SELECT name, '', sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'freeze_%'",
    "postgresql": "SELECT tgname, ' ON ' || tgrelid::regclass, pg_get_triggerdef(oid) FROM pg_trigger WHERE tgname LIKE 'freeze_%'",
}


@contextmanager
def _without_triggers():
    # They are put back as the database had them, whichever migration made them.
    with connection.cursor() as cursor:
        cursor.execute(TRIGGERS[connection.vendor])
        triggers = cursor.fetchall()
        for name, on_table, _ in triggers:
            cursor.execute(f"DROP TRIGGER {name}{on_table}")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            for *_, definition in triggers:
                cursor.execute(definition)


@pytest.fixture(autouse=True, scope="session")
def _tables_can_be_emptied():
    """Let Django empty the tables after a transactional test: on SQLite it deletes rows, which the triggers refuse."""
    operations = DatabaseWrapper.ops_class
    flush = operations.execute_sql_flush

    def without(self, sql_list):
        with _without_triggers():
            flush(self, sql_list)

    operations.execute_sql_flush = without
    yield
    operations.execute_sql_flush = flush
