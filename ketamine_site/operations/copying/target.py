"""The database that is copied into: emptied, without its triggers while rows are written, and giving the next numbers."""

from contextlib import contextmanager

from django.db import connection

from .types import DERIVED, FULL_TEXT, models

SEQUENCE = "pg_get_serial_sequence(quote_ident(%s), %s)"


@contextmanager
def written(cursor):
    """Empty all tables and suspend their triggers, which would refuse or change the rows, until the block ends.

    Must be in a transaction, with which all of that is undone.
    """
    tables = sorted({model._meta.db_table for model in [*models(), *DERIVED]})
    quoted = [connection.ops.quote_name(table) for table in tables]
    if connection.vendor == "postgresql":
        cursor.execute(f"TRUNCATE {', '.join(quoted)}")
        for table in quoted:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        yield
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # what refers to missing rows fails here
        for table in quoted:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
        return
    cursor.execute("PRAGMA defer_foreign_keys = ON")
    cursor.execute(
        "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name NOT LIKE %s ORDER BY name",
        [f"{FULL_TEXT}%"],
    )
    triggers = cursor.fetchall()
    for name, _ in triggers:
        cursor.execute(f"DROP TRIGGER {connection.ops.quote_name(name)}")
    for table in quoted:
        cursor.execute(f"DELETE FROM {table}")  # noqa: S608
    yield
    connection.check_constraints()
    for _, definition in triggers:
        cursor.execute(definition)


def copy_numbers(source):
    """Let each table give the number next that the source's would, so that those of deleted rows aren't given again."""
    last = _numbers(source)
    with connection.cursor() as cursor:
        for model in models():
            table, key = model._meta.db_table, model._meta.pk
            if not key.get_internal_type().endswith("AutoField"):
                continue
            number = last.get(table, 0)
            if connection.vendor == "postgresql":
                cursor.execute(f"SELECT setval({SEQUENCE}, %s, %s)", [table, key.column, number or 1, number > 0])
            else:
                cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [table])
                cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table, number])


def _numbers(source):
    """Return {table: the last number that it gave}."""
    with source.cursor() as cursor:
        if source.vendor == "sqlite":
            cursor.execute("SELECT name, seq FROM sqlite_sequence")
            return dict(cursor.fetchall())
        numbers = {}
        for model in models():
            cursor.execute(f"SELECT {SEQUENCE}", [model._meta.db_table, model._meta.pk.column])
            if sequence := cursor.fetchone()[0]:
                cursor.execute(f"SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM {sequence}")  # noqa: S608
                numbers[model._meta.db_table] = cursor.fetchone()[0]
        return numbers
