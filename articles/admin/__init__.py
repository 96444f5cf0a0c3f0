"""The admin: where articles are written and reviewed. Importing it registers every ModelAdmin."""

from . import correction_requests, read_only
from .articles import admin as _articles
from .articles import topics as _topics
from .people import accounts as _accounts
from .people import profiles as _profiles
from .recordings import admin as _recordings
from .review import admin as _review

__all__ = [
    "_accounts",
    "_articles",
    "_profiles",
    "_recordings",
    "_review",
    "_topics",
    "correction_requests",
    "read_only",
]
