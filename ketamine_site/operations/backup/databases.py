"""What a backup needs to know of the site's database; `sqlite` and `postgresql` copy it."""

from django.db import connection
from django.db.migrations.loader import MigrationLoader

from ketamine_site.operations import database

from . import postgresql, sqlite
from .archive import BackupError

KINDS = {"sqlite": sqlite, "postgresql": postgresql}
NAMES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}

# Tables with rows that migrations, `ensure_groups`, the scheduler, log-ins and visitors make on a site without content.
OF_EMPTY_SITES = {
    "articles_chainlink",
    "articles_rowrecord",
    "articles_publicversion",
    "articles_scheduledjob",
    "articles_storedresponse",
    "articles_tally",
    "auth_group",
    "auth_group_permissions",
    "auth_permission",
    "axes_accessattempt",
    "axes_accessattemptexpiration",
    "axes_accessfailurelog",
    "axes_accesslog",
    "django_content_type",
    "django_session",
}


def current():
    """Return the module for the site's database: `snapshot` and `loading`."""
    return KINDS[connection.vendor]


def used_table():
    """Return a table with rows that somebody made, None if nobody has used the site's database yet."""
    if database.is_missing():
        return None
    tables = connection.introspection.django_table_names(only_existing=True, include_views=False)
    with connection.cursor() as cursor:
        for table in sorted(set(tables) - OF_EMPTY_SITES):
            cursor.execute(f"SELECT 1 FROM {connection.ops.quote_name(table)} LIMIT 1")  # noqa: S608
            if cursor.fetchone():
                return table
    return None


def require_fitting(description):
    """Raise `BackupError` if this installation can't read the database of a backup."""
    kind = description["database"]
    if kind != connection.vendor:
        raise BackupError(
            f"The backup is of a site with {NAMES.get(kind, kind)}, but DATABASE_URL names {NAMES[connection.vendor]}. "
            "Set DATABASE_URL to a database of the same kind."
        )
    loader = MigrationLoader(None)
    applied = dict.fromkeys(map(tuple, description["migrations"]))  # in order
    replaced = {one for migration in loader.disk_migrations.values() for one in migration.replaces}
    if unknown := [one for one in applied if one not in {*loader.disk_migrations, *replaced}]:
        raise BackupError(
            f"The backup was made by another release ({description['release']}): this one doesn’t know its migration "
            f"{'.'.join(unknown[0])}. Install the release that made it, then restore it."
        )
    if (skipped := _skipped(loader, applied)) is not None:
        later, earlier = map(".".join, skipped)
        raise BackupError(
            f"The backup was made by another release ({description['release']}), whose migrations this one can’t continue: "
            f"{later} was applied before {earlier}, on which it depends here. Nothing was changed. Install the release "
            "that made it and restore it there, or restore another backup."
        )


def _skipped(loader, applied):
    """Return (migration, one that it depends on) of the first that was applied without the other, None if there is none.

    It is Django's rule (`MigrationLoader.check_consistent_history`), by which `migrate` would refuse.
    """
    for migration in applied:
        node = loader.graph.node_map.get(migration)
        for parent in sorted(node.parents) if node else []:
            replaces = loader.replacements[parent.key].replaces if parent.key in loader.replacements else []
            if parent.key not in applied and not (replaces and applied.keys() >= set(replaces)):
                return migration, parent.key
    return None
