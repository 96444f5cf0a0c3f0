"""Feeds: what went out lately, for programs that ask again and again."""

from .feeds import articles, corrections, show_articles
from .forms import FORMS

__all__ = ["FORMS", "articles", "corrections", "show_articles"]
