"""The state of a test database, saved to be loaded again: much quicker than deleting rows and making them."""

import sqlite3
from contextlib import closing
from functools import cache
from itertools import count

from django.db import connection, transaction

from articles.derived.responses import triggers

SEQUENCES = """
SELECT sequencename, coalesce(last_value, start_value), last_value IS NOT NULL FROM pg_sequences
WHERE schemaname = 'public'
"""
PLANNED = 10 * 8192  # bytes that PostgreSQL takes a table for that was never counted, however small

_numbers = count()  # of the copies on SQLite


def saved():
    """Return the database's present state, for `load`: the path of a copy on SQLite, elsewhere its rows and numbers.

    These are {table: rows as COPY writes them} and the last numbers that its sequences have given.
    """
    if connection.vendor == "sqlite":
        own = connection.settings_dict["NAME"]
        path = f"{own}-{next(_numbers)}"
        copy(own, path)
        return path
    with connection.cursor() as cursor:
        tables = {table: _read(cursor, table) for table in _filled_tables(cursor)}
        cursor.execute(SEQUENCES)
        return tables, cursor.fetchall()


def load(state):
    """Put a saved state in place of the present one, even while other threads and processes use the database."""
    if connection.vendor == "sqlite":
        copy(state, connection.settings_dict["NAME"])
    else:
        _load_rows(*state)


def _load_rows(tables, sequences):
    """Put rows in place of all that there are: Django's flush alone takes many times as long."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")  # no triggers, no foreign keys
        filled = {*_filled_tables(cursor), *tables}
        # Whoever is still writing finishes first.
        cursor.execute(f"LOCK TABLE {', '.join(filled)} IN EXCLUSIVE MODE")
        changed = {table for table in filled if _read(cursor, table) != tables.get(table)}
        if changed & _swollen_tables(cursor):
            # Takes longer, since it also remakes the files of all tables that refer to them: of the accounts, a hundred.
            cursor.execute(f"TRUNCATE {', '.join(filled)} CASCADE")
            changed = tables.keys()
        for table in changed:
            cursor.execute(f"DELETE FROM {table}")  # noqa: S608
            with cursor.copy(f"COPY {table} FROM STDIN") as copy:
                copy.write(tables.get(table, b""))
        cursor.executemany("SELECT setval(quote_ident(%s)::regclass, %s, %s)", sequences)
    if triggers.missing():
        triggers.install()


def _swollen_tables(cursor):
    """Return the tables with so many deleted rows, which nothing clears away, that queries would be planned otherwise."""
    sizes = "SELECT quote_ident(relname) FROM pg_class WHERE relkind = 'r' AND pg_relation_size(oid) > %s"
    cursor.execute(sizes, [PLANNED])
    return {name for (name,) in cursor.fetchall()}


def _read(cursor, table):
    with cursor.copy(f"COPY {table} TO STDOUT") as copy:
        return b"".join(copy)


def copy(source, target):
    """Copy an SQLite file, whoever uses either."""
    with closing(sqlite3.connect(source, timeout=20)) as source, closing(sqlite3.connect(target, timeout=20)) as target:
        target.execute("PRAGMA synchronous=OFF")
        source.backup(target)


def _filled_tables(cursor):
    cursor.execute("SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public'")
    every = [f"SELECT '{name}' WHERE EXISTS (SELECT FROM {name})" for (name,) in cursor.fetchall()]  # noqa: S608
    cursor.execute(" UNION ALL ".join(every))
    return [name for (name,) in cursor.fetchall()]


@cache
def can_load():
    """Return whether `load` may leave out triggers and keys, as only a superuser may on PostgreSQL."""
    if connection.vendor == "sqlite":
        return True
    with connection.cursor() as cursor:
        cursor.execute("SELECT usesuper FROM pg_user WHERE usename = current_user")
        return cursor.fetchone() == (True,)
