"""The checks that need no transcript: what looks wrong in a text, where, and how to mend it with one click."""

from .places import place_of
from .registry import CHECKS, CODES, inspect
from .safety import doses
from .values import Check, Course, Flag, Part, Passage, Repair, Text, fold

__all__ = [
    "CHECKS",
    "CODES",
    "Check",
    "Course",
    "Flag",
    "Part",
    "Passage",
    "Repair",
    "Text",
    "doses",
    "fold",
    "inspect",
    "place_of",
]
