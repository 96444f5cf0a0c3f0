"""The possible outcomes of importing one file or item, their counts, and why one was not imported."""

from enum import StrEnum

from django.db import DatabaseError


class Outcome(StrEnum):
    CREATED = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    INDEX = "index"
    FAILED = "not imported"


def counts(outcomes, kinds=Outcome):
    """Return how often each of `kinds` occurred, such as `3 new, 1 unchanged`, or `none`."""
    return ", ".join(f"{outcomes[kind]} {kind}" for kind in kinds if outcomes[kind]) or "none"


def failure_reason(error):
    """Return the reason to report if importing one file or item raised an error that isn't about its content."""
    if isinstance(error, OSError):
        return f"Can’t open the file: {error.strerror or error}."
    if isinstance(error, DatabaseError):
        return f"The database rejected it: {error}"
    return f"Internal error, please report it: {error!r}"
