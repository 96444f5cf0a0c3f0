"""The possible outcomes of importing one file."""

from enum import StrEnum


class Outcome(StrEnum):
    CREATED = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    INDEX = "index"
    FAILED = "not imported"
