"""Articles and their topics."""

from .articles import TOMBSTONE, WITHHELD, Article, PreviousSlug
from .topics import RelatedArticles, Topic
