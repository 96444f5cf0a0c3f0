"""The checks that need no transcript: they find issues in a text and, where possible, offer a one-click fix."""

from .registry import RULES, find_issues, find_unread
from .rules.unread_links import article_meant, link_to_article
from .types import Issue, Part, Source, Text
