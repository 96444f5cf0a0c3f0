"""A claim and a transcript: what is said at the cited moment, and where else it is said."""

from .checker import CHECKER_VERSION, Transcript
from .types import (
    NOT_CHECKED,
    NOT_FOUND,
    PARTLY,
    SAID_ELSEWHERE,
    SAID_HERE,
    SAID_NEARBY,
    VERDICTS,
    Candidate,
    ClaimCheck,
)

__all__ = [
    "CHECKER_VERSION",
    "NOT_CHECKED",
    "NOT_FOUND",
    "PARTLY",
    "SAID_ELSEWHERE",
    "SAID_HERE",
    "SAID_NEARBY",
    "VERDICTS",
    "Candidate",
    "ClaimCheck",
    "Transcript",
]
