"""What goes wrong with a backup, as errors of its command."""

from contextlib import contextmanager

from django.core.management.base import CommandError
from django.db import DatabaseError

from ketamine_site.operations.backup import BackupError


@contextmanager
def explained(done, path):
    """Turn what is raised inside into a `CommandError`: the backup at `path` can't be `done`, such as “written”."""
    try:
        yield
    except BackupError as error:
        raise CommandError(str(error)) from error
    except OSError as error:
        raise CommandError(
            f"The backup can’t be {done}: {error.filename or path}: {error.strerror or error}. Correct this, then run this "
            "again."
        ) from error
    except DatabaseError as error:
        raise CommandError(f"The database can’t be used: {str(error).strip()}.") from error
