"""What goes wrong with a backup or an export, as errors of its command."""

import sqlite3
from contextlib import contextmanager

from django.core.management.base import CommandError
from django.db import DatabaseError

from ketamine_site.operations import database


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
    except sqlite3.Error as error:  # of a file that the command itself has opened
        raise CommandError(f"{failed}: {path}: {error}. Correct this, then run this again.") from error
    except DatabaseError as error:
        raise CommandError(database.problem(error) or f"{failed}: {error}") from error
