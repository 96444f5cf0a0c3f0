"""Feeds of the latest articles and corrections."""

from .formats import FORMS
from .overview import index
from .views import articles, corrections, show_articles, topic_articles
