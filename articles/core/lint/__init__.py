"""The checks that need no transcript: what looks wrong in a text, where, and how to mend it with one click."""

from .rule_wording import doses
from .rules import RULES, find_issues
from .types import Course, Issue, Part, Text

__all__ = [
    "RULES",
    "Course",
    "Issue",
    "Part",
    "Text",
    "doses",
    "find_issues",
]
