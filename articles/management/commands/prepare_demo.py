"""Set up everything that `make run` needs before it starts the server."""

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError


class Command(BaseCommand):
    requires_system_checks = ()  # it corrects what they would warn about
    help = "Migrate, create missing groups, accounts and sample content, and collect static files."

    def handle(self, **options):
        try:
            self.prepare()
        except OperationalError as error:
            raise CommandError(
                f"The database can't be used: {str(error).strip()}. Check that the database in DATABASE_URL (by default "
                "var/db.sqlite3) can be reached and written, and that there is space left. Then run this again."
            ) from error
        except OSError as error:
            raise CommandError(f"A file can't be written: {error}. Correct this, then run this again.") from error

    def prepare(self):
        call_command("migrate", verbosity=0, interactive=False)
        call_command("signing_key", create=True, verbosity=0)
        call_command("ensure_groups", verbosity=0)
        call_command("demo_accounts", stdout=self.stdout)
        call_command("load_content", by="admin", editor="editor", verbosity=0)
        call_command("demo_topics", by="admin", verbosity=0)
        call_command("rebuild", stale=True, verbosity=0)
        call_command("collectstatic", verbosity=0, interactive=False)
