"""The admin: where articles are written and reviewed. Importing it registers every ModelAdmin."""

from . import correction_requests, read_only
from .articles import admin as articles
from .articles import topics
from .people import accounts, profiles
from .recordings import admin as recordings
from .review import admin as review

__all__ = ["accounts", "articles", "correction_requests", "profiles", "read_only", "recordings", "review", "topics"]
