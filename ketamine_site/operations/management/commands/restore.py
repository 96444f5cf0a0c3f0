"""Restore a backup."""

from pathlib import Path

from django.core.management.base import BaseCommand

from articles.workflow.history import chain, signed_heads
from ketamine_site.operations import backup
from ketamine_site.operations.management.errors import explained

NEXT = "Now run: manage.py rebuild --stale, then manage.py check_integrity, then start the server."


class Command(BaseCommand):
    requires_system_checks = ()  # what is to be restored may correct what they would warn about
    help = (
        "Put a backup’s database and uploads in place, and apply newer migrations. Verifies the whole archive before it "
        "changes anything. Stop the server first. The settings in the archive are for you to compare: "
        "tar -xzOf FILE settings.env"
    )

    def add_arguments(self, parser):
        parser.add_argument("file", metavar="FILE", type=Path, help="An archive that `manage.py backup` has written.")
        parser.add_argument(
            "--replace", action="store_true", help="Delete what the site has: articles, accounts and uploads."
        )

    def handle(self, *, file, replace, verbosity, **options):
        with explained("The backup can’t be restored", file, backup.BackupError):
            description = backup.restore(file, replace=replace)
        if verbosity:
            self.stdout.write(f"Restored the backup of {description['made_at']}. {NEXT}")
            if problem := signed_heads.contradicts(chain.newest()):
                self.stdout.write(f"Before that: {problem}.")
