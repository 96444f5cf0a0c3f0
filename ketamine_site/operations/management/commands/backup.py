"""Back up the site."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from ketamine_site.operations import backup
from ketamine_site.operations.management.errors import explained


class Command(BaseCommand):
    requires_system_checks = ()  # a site with problems is backed up, too
    help = (
        "Write database, uploads and settings without secrets to one archive with checksums, and verify it. The site can "
        "be in use meanwhile. The signing key and the signed heads aren’t in it: keep them elsewhere (docs/operating.md)."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "target",
            nargs="?",
            metavar="FILE",
            type=Path,
            help="The archive to write, or a folder for it (default: BACKUP_FOLDER).",
        )
        parser.add_argument(
            "--keep", type=int, metavar="NUMBER", help="Keep only so many backups in the folder: delete the oldest."
        )

    def handle(self, *, target, keep, verbosity, **options):
        if target is None and settings.BACKUP_FOLDER is None:
            raise CommandError("Give a file or folder, or set BACKUP_FOLDER.")
        if keep is not None and keep < 1:
            raise CommandError("--keep must be at least 1.")
        target = target or settings.BACKUP_FOLDER
        with explained("The backup can’t be written", target, backup.BackupError):
            if target == settings.BACKUP_FOLDER:
                target.mkdir(mode=0o700, parents=True, exist_ok=True)
            path = backup.create(target, keep=keep, report=self.stderr.write)
        if verbosity:
            self.stdout.write(f"Backed up to {path} ({path.stat().st_size / 2**20:.1f} MB), and verified.")
