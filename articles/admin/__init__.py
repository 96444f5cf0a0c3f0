"""The admin: where articles are written and decided on."""

from . import accounts, articles, challenges, profiles, records, topics
from .recordings import admin as episodes
from .review import admin

__all__ = ["accounts", "articles", "challenges", "episodes", "profiles", "records", "revisions", "topics"]
