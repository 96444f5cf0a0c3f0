"""The admin: where articles are written and decided on."""

from articles.admin import articles, challenges, episodes, records, revisions

__all__ = ["articles", "challenges", "episodes", "records", "revisions"]
