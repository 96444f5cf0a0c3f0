"""Restore a backup."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from articles.workflow.history import chain, signed_heads
from ketamine_site.operations import backup
from ketamine_site.operations.backup import newer
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

        parser.add_argument(
            "--discard-newer",
            action="store_true",
            help="With --replace: delete also what is newer than the backup. Without this option, it is only listed.",
        )

    def handle(self, *, file, replace, discard_newer, verbosity, **options):
        if discard_newer and not replace:
            raise CommandError("--discard-newer is for --replace. Add that, or leave it out.")
        with explained("The backup can’t be restored", file, backup.BackupError):
            description = backup.restore(file, replace=replace, discard_newer=discard_newer, report=self.stderr.write)
        if verbosity:
            self.stdout.write(f"Restored the backup of {newer.shown(description)}. {NEXT}")
            if problem := signed_heads.contradicts(chain.newest()):
                self.stdout.write(f"Before that: {problem}.")
