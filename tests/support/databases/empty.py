"""Other databases in place of the test database, and a database's schema as comparable text."""

import uuid
from contextlib import contextmanager

from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.db import connection, connections

from tests.support.databases import template

# Everything in the schema "public" that a migration can make, with PostgreSQL's definition.
POSTGRESQL_SCHEMA = """
SELECT 'column', c.relname || '.' || row_number() OVER (PARTITION BY c.oid ORDER BY a.attnum) || '.' || a.attname,
    concat_ws(' ', format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity, a.attgenerated, a.attstorage,
              pg_get_expr(d.adbin, d.adrelid))
FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
    LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND a.attnum > 0 AND NOT a.attisdropped
UNION ALL
SELECT 'constraint', conrelid::regclass || '.' || conname, pg_get_constraintdef(oid)
FROM pg_constraint WHERE connamespace = 'public'::regnamespace
UNION ALL
SELECT 'index', indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'
UNION ALL
SELECT 'sequence', sequencename, concat_ws(' ', data_type, start_value, increment_by)
FROM pg_sequences WHERE schemaname = 'public'
UNION ALL
SELECT 'trigger', tgrelid::regclass || '.' || tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
UNION ALL
SELECT 'function', proname, pg_get_functiondef(oid) FROM pg_proc WHERE pronamespace = 'public'::regnamespace
"""


@contextmanager
def empty_database(folder, *, is_migrated=False, at=None):
    """Point the default connection at a new database: a file in `folder`, or one on the same server.

    It has no tables, or what the tests' own began with, or, on SQLite, the tables after the migration `at`, one of
    `template.EARLIER`. The caller must have unblocked the database
    (`django_db_blocker`). Only the file remains afterwards.
    """
    own = connections["default"]
    name = f"empty_{uuid.uuid4().hex}"
    settings = own.settings_dict | {"NAME": str(folder / f"{name}.sqlite3") if own.vendor == "sqlite" else name}
    # A connection pool belongs to the alias, whatever its database.
    settings["OPTIONS"] = {key: value for key, value in settings["OPTIONS"].items() if key != "pool"}
    if own.vendor == "postgresql":
        with own._nodb_cursor() as cursor:
            cursor.execute(f"CREATE DATABASE {name} TEMPLATE {template.name() if is_migrated else 'template1'}")
    elif is_migrated or at:
        template.copy_to(settings["NAME"], at)
    connections["default"] = type(own)(settings, "default")
    _clear_caches()
    try:
        yield
    finally:
        connections["default"].close()
        connections["default"] = own
        _clear_caches()
        if own.vendor == "postgresql":
            with own._nodb_cursor() as cursor:
                cursor.execute(f"DROP DATABASE {name}")


def schema():
    """Return {(type, name): definition in SQL} of everything in the default database."""
    sqlite = "SELECT type, name, sql FROM sqlite_master"
    with connection.cursor() as cursor:
        cursor.execute(sqlite if connection.vendor == "sqlite" else POSTGRESQL_SCHEMA)
        return {(type_, name): definition for type_, name, definition in cursor.fetchall()}


def _clear_caches():
    """Drop cached rows of the other database."""
    ContentType.objects.clear_cache()
    cache.clear()
