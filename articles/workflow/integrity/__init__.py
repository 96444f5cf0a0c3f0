"""Whether everything on the site is as it should be; only reads, and keeps one article in memory at a time."""

from .derived import check_pages
from .responses import check_page_responses
from .run import check
from .types import STALE, Finding
