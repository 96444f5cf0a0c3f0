"""Django's command, which also records the rows from before there were row records."""

from django.core.management.commands import migrate
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.migrations.recorder import MigrationRecorder

from articles.workflow.history import rows

RECORDED_SINCE = ("articles", "0027_row_records")


class Command(migrate.Command):
    def handle(self, *args, **options):
        connection = connections[options["database"]]
        was_recorded = RECORDED_SINCE in MigrationRecorder(connection).applied_migrations()
        super().handle(*args, **options)
        is_recorded = RECORDED_SINCE in MigrationRecorder(connection).applied_migrations()
        # Once, right after the upgrade: what somebody adds later without the site isn't vouched for.
        if is_recorded and not was_recorded and connection.alias == DEFAULT_DB_ALIAS:
            count = len(rows.vouch())
            if count and options["verbosity"]:
                self.stdout.write(f"Recorded {count} rows as they are, from now on covered by the signed record.")
