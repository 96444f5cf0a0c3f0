"""Whether everything on the site is as it should be; only reads, and keeps one article in memory at a time."""

from .derived import check_pages
from .run import ARTICLE_CHECKS, QUICK, SITE_CHECKS, check
from .types import Finding
