"""The data: recordings, articles, their revisions, and the record of what was done."""

from .articles import Article, PreviousSlug
from .episodes import Chapter, Cue, Episode, Show
from .records import LogEntry, Review
from .revisions import Citation, Contributor, Link, Rendering, Revision, Section, Source

__all__ = [
    "Article",
    "Chapter",
    "Citation",
    "Contributor",
    "Cue",
    "Episode",
    "Link",
    "LogEntry",
    "PreviousSlug",
    "Rendering",
    "Review",
    "Revision",
    "Section",
    "Show",
    "Source",
]
