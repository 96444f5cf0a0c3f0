"""A way around the database's triggers, to tamper with records that nobody may change."""

from contextlib import contextmanager

from django.db import connection

TRIGGERS = {
    "sqlite": "SELECT name, '', sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'freeze_%'",
    "postgresql": "SELECT tgname, ' ON ' || tgrelid::regclass, pg_get_triggerdef(oid) FROM pg_trigger WHERE tgname LIKE 'freeze_%'",
}


@contextmanager
def without_triggers_of_database():
    # They are restored from the database's own definitions, whichever migration made them.
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
