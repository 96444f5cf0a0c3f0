"""Checks a test's database as `manage.py check_integrity` does, if the test changed it."""

import sqlite3

import pytest
from django.db import connection

from articles.models import Article
from articles.workflow import integrity
from articles.workflow.history import chain


class Watch:
    """Notices whether anybody changes the database from now on; elsewhere than on SQLite it is taken as changed."""

    def __init__(self):
        self._connection = None
        if connection.vendor == "sqlite":
            self._connection = sqlite3.connect(connection.settings_dict["NAME"], check_same_thread=False)
        self._before = self._version()

    def _version(self):
        """SQLite's number of the state of the file, which differs if another connection has changed it."""
        return self._connection and self._connection.execute("PRAGMA data_version").fetchone()

    def has_seen_a_change(self):
        try:
            return self._connection is None or self._version() != self._before
        finally:
            if self._connection:
                self._connection.close()


def findings():
    """Return what is wrong with the database, as lines."""
    chain.seal()  # what a test wrote in a transaction of its own
    return [str(finding) for finding in integrity.check(Article.objects.all())]


def require_intact(item, watch):
    """Fail if the test `item` has changed the database and left it broken; `breaks_integrity` marks those that mean to."""
    if watch is not None and watch.has_seen_a_change() and not item.get_closest_marker("breaks_integrity"):
        found = findings()
        if found:
            pytest.fail("The test left the database broken:\n" + "\n".join(found), pytrace=False)


WATCH = pytest.StashKey[Watch | None]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item):
    """Begin to watch once the rows that the test uses have been made. Import this in a folder's conftest."""
    item.stash[WATCH] = Watch() if "transactional_db" in item.fixturenames else None
    return (yield)
