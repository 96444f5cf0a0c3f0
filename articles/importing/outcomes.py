"""What importing one file did."""

from enum import StrEnum


class Outcome(StrEnum):
    """What importing one file did."""

    CREATED = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    INDEX = "index"
    FAILED = "not imported"
