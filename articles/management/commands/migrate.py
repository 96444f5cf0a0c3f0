"""Django's command, which also records the rows from before there were row records."""

from contextlib import suppress
from pathlib import Path

from django.core.management.commands import migrate
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.migrations.executor import MigrationExecutor

from articles.models import RowRecord
from articles.workflow.history import rows


class Command(migrate.Command):
    def execute(self, *args, **options):
        _make_folder(connections[options["database"]])  # before the system checks, which open the database
        return super().execute(*args, **options)

    def handle(self, *args, **options):
        connection = connections[options["database"]]
        was_complete = connection.alias != DEFAULT_DB_ALIAS or _is_complete(connection)
        super().handle(*args, **options)
        # Once, after the upgrade: what somebody adds later without the site isn't vouched for. Not halfway, as today's
        # models have columns that the tables get later.
        if not was_complete and _is_complete(connection) and not RowRecord.objects.exists():
            count = len(rows.vouch())
            if count and options["verbosity"]:
                self.stdout.write(f"Recorded {count} rows as they are, from now on covered by the signed record.")


def _make_folder(connection):
    """Make the folder of a new SQLite database, closed to other accounts, where that is all that is missing."""
    if connection.vendor == "sqlite" and not connection.is_in_memory_db():
        with suppress(OSError):  # the database's own error says more
            Path(connection.settings_dict["NAME"]).parent.mkdir(mode=0o700, exist_ok=True)


def _is_complete(connection):
    """Return whether all migrations have been applied."""
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())
