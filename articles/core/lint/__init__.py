"""The checks that need no transcript: what looks wrong in a text, where, and how to mend it with one click."""

from .locate import place_of
from .rule_wording import doses
from .rules import CHECKS, CODES, inspect
from .types import Check, Course, Flag, Part, Passage, Repair, Text, fold

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
