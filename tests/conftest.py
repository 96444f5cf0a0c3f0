"""What every test may ask for: a database, the people of the site, and a way around what the database forbids."""

import gc
import os
from contextlib import contextmanager

import pytest
from django.db import connection
from django.test import TransactionTestCase
from django.utils import translation
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis

from tests.support import database
from tests.support.browser import CHROMIUM, NO_BROWSER
from tests.support.factories import make_moderator, make_user

# How long an example takes depends on the machine: speed is the benchmarks' to measure. Examples leave no rows that
# the next would trip over, so they may share a test's fixtures.
hypothesis.register_profile("tests", deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
hypothesis.load_profile("tests")

# Everything imported so far stays: looking through it for garbage again and again costs a tenth of the time.
gc.freeze()
gc.set_threshold(50_000, 20, 20)


def pytest_configure(config):
    # The live server does not close the connections that a browser kept open.
    config.addinivalue_line("filterwarnings", "ignore:unclosed <socket.socket:ResourceWarning")


def pytest_collection_modifyitems(config, items):
    """On PostgreSQL, leave out what asks no database: it has nothing new to say."""
    if connection.vendor == "sqlite":
        return
    asking = [item for item in items if item.get_closest_marker("django_db") or "django_db_setup" in item.fixturenames]
    config.hook.pytest_deselected(items=[item for item in items if item not in set(asking)])
    items[:] = asking


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
def django_db_setup(django_test_environment, django_db_blocker):
    """pytest-django's, with a copy of a database that is already migrated in the place of migrating."""
    with django_db_blocker.unblock():
        database.set_up()
    yield
    with django_db_blocker.unblock():
        database.tear_down()


@pytest.fixture(autouse=True, scope="session")
def _emptied_by_a_copy():
    """After a transactional test, put the template back: quicker than deleting rows, which triggers refuse on SQLite."""
    flush = TransactionTestCase._fixture_teardown

    def restore(self):
        if connection.vendor == "sqlite":
            database.restore()
        else:
            flush(self)

    TransactionTestCase._fixture_teardown = restore
    yield
    TransactionTestCase._fixture_teardown = flush


@pytest.fixture(scope="module")
def module_rows(django_db_setup, django_db_blocker):
    """For a module's own fixtures of scope "module": the rows they make are there for all its tests, and go with it."""
    with django_db_blocker.unblock(), database.rolled_back():
        yield


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
    """Who writes and who decides, as the factories' keywords."""
    return {"by": editor, "moderator": moderator}


@pytest.fixture
def editor_client(client, editor):
    client.force_login(editor)
    return client


@pytest.fixture
def administrator(client):
    """A superuser, who is logged in with `client`."""
    user = make_user("administrator", groups=(), is_superuser=True)
    client.force_login(user)
    return user


@pytest.fixture
def german(settings):
    """The site in German."""
    settings.LANGUAGE_CODE = "de"
    with translation.override("de"):
        yield


# The database's own rules -------------------------------------------------------------------------


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
