"""The admin: where articles are written and decided on."""

from . import correction_requests, read_only
from .articles import admin as articles
from .articles import topics
from .people import accounts, profiles
from .recordings import admin as episodes
from .review import admin

__all__ = ["accounts", "articles", "challenges", "episodes", "profiles", "records", "revisions", "topics"]
