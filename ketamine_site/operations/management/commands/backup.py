"""Back up the site."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from ketamine_site.operations import backup


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
        try:
            if target is None:
                target = settings.BACKUP_FOLDER
                target.mkdir(mode=0o700, parents=True, exist_ok=True)
            path = backup.create(target, keep=keep, report=self.stderr.write)
        except backup.BackupError as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(
                f"The backup can’t be written: {error.filename or target}: {error.strerror or error}. Correct this, then "
                "run this again."
            ) from error
        except DatabaseError as error:
            raise CommandError(f"The database can’t be read: {str(error).strip()}.") from error
        if verbosity:
            self.stdout.write(f"Backed up to {path} ({path.stat().st_size / 2**20:.1f} MB), and verified.")
