"""What goes wrong with a backup or an export, as errors of its command."""

from contextlib import contextmanager

from django.core.management.base import CommandError
from django.db import DatabaseError


@contextmanager
def explained(failed, path, refusal):
    """Turn what is raised inside into a `CommandError`: a `refusal`, which says all itself, or an error of the system at
    `path` or the database, by which it `failed`, a sentence without its end.
    """
    try:
        yield
    except refusal as error:
        raise CommandError(str(error)) from error
    except OSError as error:
        raise CommandError(
            f"{failed}: {error.filename or path}: {error.strerror or error}. Correct this, then run this again."
        ) from error
    except DatabaseError as error:
        raise CommandError(f"The database can’t be used: {str(error).strip()}.") from error
