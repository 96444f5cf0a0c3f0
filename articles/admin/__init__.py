"""The admin: where articles are written and decided on."""

from . import accounts, articles, challenges, episodes, profiles, records, topics
from .review import admin

__all__ = ["accounts", "articles", "challenges", "episodes", "profiles", "records", "revisions", "topics"]
