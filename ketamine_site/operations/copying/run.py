"""Copies everything in one transaction, compares it, and then commits."""

from django.core.cache import cache
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor

from articles.derived import search
from ketamine_site.operations import in_use
from ketamine_site.operations.backup.databases import used_table

from . import rows, source, target
from .types import ALIAS, FULL_TEXT, CopyError, models

STOP = "Stop the server, its worker and scheduler, and whatever else uses it, then run this again"


def copy(other, report=lambda line: None, progress=lambda total: lambda count: None):
    """Copy the database that `source.opened` has opened, `other`, into the site's; return (tables, rows).

    Calls `report` with a line for what isn't copied, and `progress` with the number of rows, which returns what is
    called with the number of each batch. Raises `CopyError` or a `DatabaseError`; then, or if it is interrupted, the
    site's database is as it was.
    """
    for place, of in (("copied", other), ("that of DATABASE_URL", connection)):
        if others := in_use.others(of):
            raise CopyError(f"Something else has the database open, {place}: {others}. {STOP}.")
    _require_migrated(other, "--from")
    _require_migrated(connection, "DATABASE_URL")
    if table := used_table():
        raise CopyError(
            f"The database of DATABASE_URL isn’t empty: there are rows in {table}. Nothing was changed. Make a new, empty "
            "database, name it in DATABASE_URL, run manage.py migrate, and nothing else, then run this again."
        )
    with source.unchanging(other), transaction.atomic(durable=True), connection.cursor() as cursor:
        for name in _other_tables(other):
            report(f"Not copied: the table {name}, which isn’t the site’s.")
        count = _copied(cursor, other, progress)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    cache.clear()
    return len(models()), count


def _copied(cursor, other, progress):
    """Copy and compare all tables; return the number of rows."""
    seen = progress(2 * sum(model._base_manager.using(ALIAS).count() for model in models()))
    sums = {}
    with target.written(cursor):
        for model in models():
            sums[model] = rows.copy_rows(model, seen)
        _compare(sums, seen)
        search.rebuild()  # SQLite keeps the words to search in a table of its own, PostgreSQL in the rows
    target.copy_numbers(other)
    return sum(copied.count for copied in sums.values())


def _compare(sums, seen):
    """Require that the rows of each model are those that were read, with these `sums`."""
    for model, copied in sums.items():
        found = rows.sum_of(model, "default")
        if found != copied:
            pk, column = rows.difference(model)
            raise CopyError(
                f"{model._meta.db_table} isn’t the same afterwards: {copied.count} rows were read and {found.count} are "
                f"there; row {pk}, column {column} differs. Nothing was changed. Report this: it is a fault of the program."
            )
        seen(found.count)


def _require_migrated(of, name):
    executor = MigrationExecutor(of)
    unknown = executor.loader.applied_migrations.keys() - executor.loader.disk_migrations.keys()
    replaced = {one for migration in executor.loader.disk_migrations.values() for one in migration.replaces}
    if later := sorted(unknown - replaced):
        raise CopyError(
            f"The database of {name} has a migration that this release doesn’t know, {'.'.join(later[0])}. Use the release "
            "that made it."
        )
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise CopyError(
            f"The database of {name} doesn’t have all migrations of this release. Nothing was changed. Run manage.py migrate "
            "with its address in DATABASE_URL, then run this again."
        )


def _other_tables(other):
    known = {model._meta.db_table for model in models()}
    names = other.introspection.table_names()
    site = {*known, *(name for name in names if name.startswith((FULL_TEXT, "articles_storedresponse", "sqlite_")))}
    return sorted(set(names) - site)
