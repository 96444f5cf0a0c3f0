"""The data: recordings, articles, their revisions, the record of what was done, and what people say to each other."""

from .articles import Article, PreviousSlug
from .episodes import Chapter, Cue, Episode, Show
from .people import Notice, Presence, Watch
from .records import LogEntry, Review
from .remarks import Challenge, Comment
from .revisions import Citation, Contributor, Link, Rendering, Revision, Section, Source

__all__ = [
    "Article",
    "Challenge",
    "Chapter",
    "Citation",
    "Comment",
    "Contributor",
    "Cue",
    "Episode",
    "Link",
    "LogEntry",
    "Notice",
    "Presence",
    "PreviousSlug",
    "Rendering",
    "Review",
    "Revision",
    "Section",
    "Show",
    "Source",
    "Watch",
]
