"""A migration during which people save and read: no deadlock on PostgreSQL, no missing table on SQLite."""

from contextlib import nullcontext

from django.db import migrations
from django.db.transaction import atomic


class TableByTable(migrations.Migration):
    """Locks one table at a time where tables are locked, and is one transaction where the whole file is.

    Somebody who is saving locks the same tables in another order: with all of them locked until the end, PostgreSQL
    would end one of the two as a deadlock. SQLite has one lock for the file, but rebuilds a changed table: without
    a transaction, others would meet the moment between dropping the old table and renaming the new one.
    """

    atomic = False

    def apply(self, project_state, schema_editor, collect_sql=False):
        with _in_one_step(schema_editor):
            return super().apply(project_state, schema_editor, collect_sql)

    def unapply(self, project_state, schema_editor, collect_sql=False):
        with _in_one_step(schema_editor):
            return super().unapply(project_state, schema_editor, collect_sql)


def _in_one_step(schema_editor):
    database = schema_editor.connection
    return atomic(database.alias) if database.vendor == "sqlite" else nullcontext()
