"""The admin: where articles are written and decided on."""

from . import accounts, articles, challenges, episodes, profiles, records, revisions, topics

__all__ = ["accounts", "articles", "challenges", "episodes", "profiles", "records", "revisions", "topics"]
