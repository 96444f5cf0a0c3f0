"""Checks a test's database as `manage.py check_integrity` does, if the test changed it."""

import sqlite3
from contextlib import closing
from functools import cache

import pytest
from django.db import connection

from articles.models import Article
from articles.workflow import integrity
from articles.workflow.history import chain
from tests.support.scenarios.tampering import tables


class Watch:
    """Notices whether anybody changes what is checked from now on; elsewhere than on SQLite it is taken as changed."""

    def __init__(self):
        self._connection = None
        if connection.vendor == "sqlite":
            self._connection = sqlite3.connect(connection.settings_dict["NAME"], check_same_thread=False)
            self._rows = self._checked_rows()
        self._before = self._version()

    def _version(self):
        """SQLite's number of the state of the file, which differs if another connection has changed it."""
        return self._connection and self._connection.execute("PRAGMA data_version").fetchone()

    def _checked_rows(self):
        """All rows of the tables that are checked, without who is where: most tests only log in and look at a page."""
        return [
            self._connection.execute(f"SELECT {columns} FROM {table} ORDER BY 1").fetchall()  # noqa: S608
            for table, columns in _columns().items()
        ]

    def has_seen_a_change(self):
        if self._connection is None:
            return True
        with closing(self._connection):
            return self._version() != self._before and self._checked_rows() != self._rows


# Columns that no check reads: who logged in, who is reviewing a text, whose draft is open.
WHO_IS_WHERE = {"last_login", "review_locked_by_id", "review_locked_by_name", "review_locked_at"}
WHO_HAS_WHAT_OPEN = "articles_presence"


@cache
def _columns():
    """Return {table: its columns} of the site's own tables and those of accounts, which checks read."""
    return {
        table: ", ".join(
            f'"{name}"' for field in model._meta.concrete_fields if (name := field.column) not in WHO_IS_WHERE
        )
        for table, model in tables().items()
        if table != WHO_HAS_WHAT_OPEN
    }


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
