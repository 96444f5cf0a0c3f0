"""The checks that need no transcript: what looks wrong in a text, where, and how to mend it with one click."""

from .locate import place_of
from .rule_wording import doses
from .rules import CODES, RULES, find_issues
from .types import Clause, Course, Issue, Part, Repair, Rule, Text, fold

__all__ = [
    "CODES",
    "RULES",
    "Clause",
    "Course",
    "Issue",
    "Part",
    "Repair",
    "Rule",
    "Text",
    "doses",
    "find_issues",
    "fold",
    "place_of",
]
