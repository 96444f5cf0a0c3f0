"""The checks that need no transcript: what looks wrong in a text, where, and how to mend it with one click."""

from articles.inspection.places import place_of
from articles.inspection.registry import CHECKS, CODES, inspect
from articles.inspection.safety import doses
from articles.inspection.values import Check, Course, Flag, Part, Passage, Repair, Text, fold

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
