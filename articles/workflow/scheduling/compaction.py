"""Removes deleted and replaced rows from the database's files, so that erased text can't be recovered from them."""

import time

from django.apps import apps
from django.contrib.admin.models import LogEntry as AdminEntry
from django.contrib.sessions.models import Session
from django.db import OperationalError, connection
from django.db.transaction import TransactionManagementError
from django_tasks_db.models import DBTaskResult

SECONDS = 5  # to wait for a table's lock, while readers of the table wait as well, and for earlier transactions to end

# VACUUM keeps what was deleted after the oldest transaction that still runs in any database of the server began, or that
# an open snapshot of this one, a standby or a replication slot may still show. Larger ages are older.
OLDEST = """
SELECT greatest(
    age(pg_snapshot_xmin(pg_current_snapshot())::xid),
    (SELECT max(age(backend_xmin)) FROM pg_stat_activity
     WHERE pid <> pg_backend_pid() AND (datname = current_database() OR datname IS NULL)),
    (SELECT max(age(xmin)) FROM pg_replication_slots)
) > age(%s::xid)
"""


def compact():
    """Rewrite the database without what was deleted.

    Raises `OperationalError` if others use it so that this can't be done now, and `TransactionManagementError` in a
    transaction, before PostgreSQL would end it.

    SQLite's full-text index keeps the words of deleted rows until it is optimised, so that comes first. PostgreSQL's
    write-ahead log keeps them until it is recycled.
    """
    if connection.in_atomic_block:
        raise TransactionManagementError("A transaction can't compact the database.")
    with connection.cursor() as cursor:
        (_compact_sqlite if connection.vendor == "sqlite" else _compact_postgresql)(cursor)


def _compact_sqlite(cursor):
    cursor.execute("SELECT name FROM sqlite_master WHERE sql LIKE 'CREATE VIRTUAL TABLE % USING fts5%'")
    for (name,) in cursor.fetchall():
        cursor.execute(f'INSERT INTO "{name}"("{name}") VALUES (\'optimize\')')  # noqa: S608  (names from the schema)
    cursor.execute("VACUUM")
    cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    is_busy = cursor.fetchone()[0]
    if is_busy:
        raise OperationalError("Someone reads the database, so its write-ahead log can't be emptied yet.")


def _compact_postgresql(cursor):
    _wait_for_earlier_transactions(cursor)
    models = [*apps.get_app_config("articles").get_models(include_auto_created=True), Session, AdminEntry, DBTaskResult]
    cursor.execute(f"SET lock_timeout = '{SECONDS}s'")
    try:
        for model in models:
            cursor.execute(f'VACUUM (FULL, ANALYZE) "{model._meta.db_table}"')
        cursor.execute("VACUUM pg_statistic")  # had examples of values; skipped, with a warning, without the right to
    finally:
        cursor.execute("RESET lock_timeout")


def _wait_for_earlier_transactions(cursor):
    """Wait until whatever began before now has ended: it would keep what has been deleted until now."""
    cursor.execute("SELECT pg_snapshot_xmax(pg_current_snapshot())::xid::text")
    (now,) = cursor.fetchone()
    end = time.monotonic() + SECONDS
    while True:
        cursor.execute(OLDEST, [now])
        if not cursor.fetchone()[0]:
            return
        if time.monotonic() > end:
            raise OperationalError("An earlier transaction on the database server still keeps what was deleted.")
        time.sleep(0.1)
