"""The admin: where articles are written and decided on."""

from articles.admin import articles, episodes, records, revisions, site

__all__ = ["articles", "episodes", "records", "revisions", "site"]
