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
    known = MigrationLoader(None).disk_migrations
    replaced = {one for migration in known.values() for one in migration.replaces}
    unknown = [f"{app}.{name}" for app, name in description["migrations"] if (app, name) not in {*known, *replaced}]
    if unknown:
        raise BackupError(
            f"The backup was made by another release ({description['release']}): this one doesn’t know its migration "
            f"{unknown[0]}. Install the release that made it, then restore it."
        )
