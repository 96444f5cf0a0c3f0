"""Feeds of the latest articles and corrections."""

from .feeds import articles, corrections, show_articles, topic_articles
from .formats import FORMS
from .overview import index
