"""PostgreSQL: each table is copied as CSV, all in one transaction that sees one state of the database.

The schema comes from the migrations, so any PostgreSQL that the site supports can restore it, and no client program is
needed.
"""

import csv
import io
from contextlib import contextmanager
from pathlib import Path

from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor

from .archive import TABLE, BackupError

# The tables' columns, without those that the database computes itself, and their sequences.
COLUMNS = """
SELECT c.relname, array_agg(a.attname::text ORDER BY a.attnum)
FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
WHERE c.relname = ANY(%s) AND pg_table_is_visible(c.oid) AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
GROUP BY c.relname ORDER BY c.relname
"""
SEQUENCES = """
SELECT c.relname, a.attname, pg_get_serial_sequence(quote_ident(c.relname), a.attname)
FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
WHERE c.relname = ANY(%s) AND pg_table_is_visible(c.oid) AND a.attnum > 0 AND NOT a.attisdropped
    AND pg_get_serial_sequence(quote_ident(c.relname), a.attname) IS NOT NULL
ORDER BY 1, 2
"""


@contextmanager
def snapshot(folder):
    """Yield what to describe the database with, and (member's name, path) of each table, one file at a time.

    Files are written to `folder`. Tables that aren't the site's are named under `left_out`.
    """
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        tables = _tables()
        cursor.execute("SELECT app, name FROM django_migrations ORDER BY id")
        description = {"migrations": [list(row) for row in cursor.fetchall()]}
        cursor.execute(SEQUENCES, [tables])
        description["sequences"] = []
        for table, column, sequence in cursor.fetchall():
            cursor.execute(f"SELECT last_value, is_called FROM {sequence}")  # noqa: S608
            description["sequences"].append([table, column, *cursor.fetchone()])
        description["left_out"] = sorted(set(connection.introspection.table_names(cursor)) - set(tables))
        yield description, _written(cursor, tables, Path(folder))


def _written(cursor, tables, folder):
    cursor.execute(COLUMNS, [tables])
    for table, columns in cursor.fetchall():
        path = folder / f"{table}.csv"
        with path.open("wb") as file, _copying(cursor, table, columns, "TO STDOUT (FORMAT csv, HEADER)") as copy:
            for data in copy:
                file.write(data)
        yield f"database/{table}.csv", path
        path.unlink()


@contextmanager
def loading(description):
    """Yield a function that takes (member's name, file); rows are replaced when the block ends without an error.

    All rows of the site's tables are replaced, in one transaction. Raises `BackupError` if the tables aren't those of
    the backup; a database without tables gets them.
    """
    _require_tables(description["migrations"])
    missing = set(_tables())
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        quoted = [connection.ops.quote_name(table) for table in sorted(missing)]
        cursor.execute(f"TRUNCATE {', '.join(quoted)}")
        for table in quoted:  # those that freeze and those that chain: the rows are what they left
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")

        def load(name, file):
            table = TABLE.fullmatch(name)[1]
            if table not in missing:
                raise BackupError(f"The backup has a table that this site doesn’t have, {table}. Nothing was changed.")
            missing.remove(table)
            [columns] = csv.reader(io.StringIO(file.readline().decode()))
            with _copying(cursor, table, columns, "FROM STDIN (FORMAT csv)") as copy:
                while data := file.read(1 << 18):
                    copy.write(data)

        yield load
        if missing:
            raise BackupError(f"The backup lacks a table of this site, {min(missing)}. Nothing was changed.")
        for table, column, value, is_called in description["sequences"]:
            sequence = "pg_get_serial_sequence(quote_ident(%s), %s)"
            cursor.execute(f"SELECT setval({sequence}, %s, %s)", [table, column, value, is_called])
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # what refers to missing rows fails here
        for table in quoted:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _tables():
    names = connection.introspection.django_table_names(only_existing=True, include_views=False)
    return sorted({*names, "django_migrations"})


@contextmanager
def _copying(cursor, table, columns, how):
    listed = ", ".join(map(connection.ops.quote_name, columns))
    with (
        connection.wrap_database_errors,
        cursor.copy(f"COPY {connection.ops.quote_name(table)} ({listed}) {how}") as copy,
    ):
        yield copy


def _require_tables(migrations):
    """Make the tables as the backup's release had them, or raise `BackupError` if there are others."""
    executor = MigrationExecutor(connection)
    graph, applied = executor.loader.graph, set(executor.loader.applied_migrations)
    wanted = {tuple(one) for one in migrations} & graph.nodes.keys()
    if not applied:
        newest = [node for node in wanted if not any(child.key in wanted for child in graph.node_map[node].children)]
        executor.migrate(newest)
    elif applied & graph.nodes.keys() != wanted:
        other = min((applied & graph.nodes.keys()) ^ wanted)
        raise BackupError(
            f"The database’s tables aren’t those of the backup: only one of them has {'.'.join(other)}. Nothing was "
            "changed. Make a new, empty database, name it in DATABASE_URL, and restore there; its tables are then "
            "made as the backup needs them and brought up to date."
        )
