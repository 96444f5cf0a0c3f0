"""Fixtures for all tests: a database, the site's users, and a way around the database's triggers."""

import gc
import os
import socket

import pytest
from _pytest import runner
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.test import TransactionTestCase
from django.utils import translation
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis

from articles.core.recordings.transcripts import silence
from ketamine_site.frames import with_room
from tests.support.browser import CHROMIUM, NO_BROWSER
from tests.support.databases import shared, template
from tests.support.databases.previous_release import NO_HISTORY
from tests.support.databases.triggers import without_triggers_of_database
from tests.support.factories import make_moderator, make_user
from tests.support.servers.http import here

# How long an example takes depends on the machine, and speed is measured by the benchmarks. Examples may share a
# test's fixtures, because they leave no rows behind that would disturb the next one.
hypothesis.register_profile("tests", deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
hypothesis.load_profile("tests")

# Collecting garbage in what stays in memory would cost a tenth of the time.
gc.set_threshold(50_000, 20, 20)


def pytest_configure(config):
    # The live server doesn't close connections that the browser keeps alive.
    config.addinivalue_line("filterwarnings", "ignore:unclosed <socket.socket:ResourceWarning")


# All of a test runs below this.
runner.call_and_report = with_room(runner.call_and_report)

# Texts and feeds in tests name hosts that don't exist (RFC 2606); asking a name server for each would take time.
_getaddrinfo = socket.getaddrinfo


def _resolved(host, *args, **kwargs):
    if len(host or "") < 60 and str(host).endswith((".example", "example.org", "e.org")):
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
    return _getaddrinfo(host, *args, **kwargs)


socket.getaddrinfo = _resolved

# Transcripts in tests are a few cues of a talk of an hour; tests of what has no cues count it (`silences_count`).
_LONG_SECONDS, silence.LONG_SECONDS = silence.LONG_SECONDS, float("inf")


@pytest.fixture
def silences_count(monkeypatch):
    monkeypatch.setattr(silence, "LONG_SECONDS", _LONG_SECONDS)


# Modules with tests of ten seconds or more, longest first: begun last, one of them would run alone at the end of a pass.
BEGUN_FIRST = (
    "tests/site/cluster/test_two_machines.py",
    "tests/site/server/test_server.py",
    "tests/site/server/test_task_worker.py",
    "tests/site/responses/test_exactness.py",
    "tests/site/requests/test_access.py",
    "tests/site/operations/test_upgrade.py",
    "tests/site/server/test_hindering_clients.py",
    "tests/site/server/test_observatory.py",
    "tests/site/operations/static_export/test_export.py",
    "tests/site/operations/test_wheel.py",
    "tests/workflow/history/test_tampering.py",
    "tests/site/sizes/test_bounds.py",
    "tests/workflow/races/test_races.py",
    "tests/workflow/races/test_recordings.py",
    "tests/site/requests/test_hostile_requests.py",
)

# Modules whose tests all run on one worker, because they share a production site that takes long to set up.
ON_ONE_WORKER = {"tests/browser/reader/test_budget.py"}


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """For `--dist loadscope`: hand out tests one by one, but such modules as a whole."""
    if config.getvalue("dist") != "loadscope":
        return None
    from xdist.scheduler import LoadScopeScheduling

    class Scheduling(LoadScopeScheduling):
        def _split_scope(self, nodeid):
            module = nodeid.partition("::")[0]
            return module if module in ON_ONE_WORKER else nodeid

    return Scheduling(config, log)


def pytest_collection_modifyitems(config, items):
    """Refuse browser tests that no pass runs; on PostgreSQL, deselect tests that would only repeat themselves.

    These are the tests without a database and those marked `one_database`, whose reason is required.
    """
    marked = [(one.nodeid, mark) for one in items for mark in one.iter_markers("one_database")]
    if missing := [nodeid for nodeid, mark in marked if not mark.kwargs.get("reason")]:
        raise pytest.UsageError(f"one_database needs a reason: {missing[0]}.")
    strays = [one.nodeid for one in items if one.get_closest_marker("browser") and "tests/browser/" not in one.nodeid]
    if strays:
        raise pytest.UsageError(f"Browser tests are in tests/browser, but there is {strays[0]}.")
    turns = {module: turn for turn, module in enumerate(BEGUN_FIRST)}
    items.sort(key=lambda item: turns.get(item.nodeid.partition("::")[0], len(turns)))
    if connection.vendor == "sqlite":
        return
    repeated = {nodeid for nodeid, _ in marked}
    kept = [
        item
        for item in items
        if (item.get_closest_marker("django_db") or "django_db_setup" in item.fixturenames)
        and item.nodeid not in repeated
    ]
    config.hook.pytest_deselected(items=[item for item in items if item not in set(kept)])
    items[:] = kept


def pytest_collection_finish(session):
    """Keep the collected tests, and whatever they imported, out of the collection of garbage."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item):
    shared.prepare(item)
    if item.get_closest_marker("browser") and not CHROMIUM.exists():
        if os.environ.get("CI"):
            pytest.fail(NO_BROWSER, pytrace=False)
        pytest.skip(NO_BROWSER)


def pytest_terminal_summary(terminalreporter):
    for notice in (NO_BROWSER, NO_HISTORY):
        skipped = [report for report in terminalreporter.stats.get("skipped", []) if notice in str(report.longrepr)]
        if skipped:
            terminalreporter.write_line("")
            terminalreporter.write_line(f"{len(skipped)} TESTS DID NOT RUN: {notice}.", red=True, bold=True)


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment, django_db_blocker):
    """Replace pytest-django's fixture: copy a migrated database instead of migrating."""
    with django_db_blocker.unblock():
        template.set_up()
    yield
    with django_db_blocker.unblock():
        template.tear_down()


@pytest.fixture(autouse=True, scope="session")
def _restore_instead_of_flush():
    """After a transactional test, restore the template: quicker than deleting rows, which triggers forbid on SQLite."""
    flush = TransactionTestCase._fixture_teardown
    TransactionTestCase._fixture_teardown = lambda self: template.restore(lambda: flush(self))
    yield
    TransactionTestCase._fixture_teardown = flush


@pytest.fixture(scope="module")
def module_rows(django_db_setup, django_db_blocker):
    """For fixtures with module scope: the rows they make last for all tests of the module and no longer."""
    settings.SIGNED_HEADS_FILE.unlink(missing_ok=True)  # of tests before: nothing would be signed
    with django_db_blocker.unblock(), template.rolled_back():
        yield


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(fixturedef, request):
    """Have PostgreSQL check the keys of a module's rows once, not again at the end of every test."""
    value = yield
    if "module_rows" in fixturedef.argnames:
        shared.opened(fixturedef, value, request._pyfuncitem)
        if connection.vendor == "postgresql":
            connection.check_constraints()
    return value


def pytest_fixture_post_finalizer(fixturedef):
    shared.closed(fixturedef)


@pytest.fixture(autouse=True)
def _nothing_of_other_tests():
    """Each test begins with an earlier state of the database, so also without signed heads and what was cached."""
    settings.SIGNED_HEADS_FILE.unlink(missing_ok=True)
    cache.clear()


# The network --------------------------------------------------------------------------------------


@pytest.fixture
def local_network(monkeypatch):
    """Let whatever is fetched come from the test servers on this machine."""
    monkeypatch.setattr("articles.core.http.client.public_network", here)


# People -------------------------------------------------------------------------------------------


@pytest.fixture
def editor(db):
    return make_user()


@pytest.fixture
def moderator(db):
    return make_moderator()


@pytest.fixture
def root(db):
    return make_user("root", is_superuser=True)


@pytest.fixture
def people(editor, moderator):
    """Author and moderator as the factories' keyword arguments."""
    return {"by": editor, "moderator": moderator}


@pytest.fixture
def editor_client(client, editor):
    client.force_login(editor)
    return client


@pytest.fixture
def administrator(client):
    """A superuser, logged in with `client`."""
    user = make_user("administrator", groups=(), is_superuser=True)
    client.force_login(user)
    return user


@pytest.fixture
def german(settings):
    """Switch the site to German."""
    settings.LANGUAGE_CODE = "de"
    with translation.override("de"):
        yield


# Triggers -----------------------------------------------------------------------------------------


@pytest.fixture
def without_triggers():
    """A context manager that suspends the database's triggers, to tamper with records or empty tables."""
    return without_triggers_of_database
