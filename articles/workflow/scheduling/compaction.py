"""Removes deleted and replaced rows from the database's files, so that erased text can't be recovered from them."""

from django.apps import apps
from django.contrib.admin.models import LogEntry as AdminEntry
from django.contrib.sessions.models import Session
from django.db import OperationalError, connection
from django_tasks_db.models import DBTaskResult

WAIT = "5s"  # for a table's lock; meanwhile readers of the table wait as well


def compact():
    """Rewrite the database without what was deleted.

    Raises `OperationalError` if others use it too much to do that now.

    Call it outside a transaction. SQLite's full-text index keeps the words of deleted rows until it is optimised, so
    that comes first. PostgreSQL's write-ahead log keeps them until it is recycled.
    """
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
    models = [*apps.get_app_config("articles").get_models(include_auto_created=True), Session, AdminEntry, DBTaskResult]
    cursor.execute(f"SET lock_timeout = '{WAIT}'")
    try:
        for model in models:
            cursor.execute(f'VACUUM (FULL, ANALYZE) "{model._meta.db_table}"')
        cursor.execute("VACUUM pg_statistic")  # had examples of values; skipped, with a warning, without the right to
    finally:
        cursor.execute("RESET lock_timeout")
