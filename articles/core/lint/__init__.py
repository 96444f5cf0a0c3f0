"""The checks that need no transcript: they find issues in a text and, where possible, offer a one-click fix."""

from .rule_unread_links import article_meant, link_to_article
from .rule_wording import doses
from .rules import RULES, find_issues, find_unread
from .types import Issue, Part, Source, Text
