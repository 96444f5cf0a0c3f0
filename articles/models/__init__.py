"""The data: recordings, articles, their revisions, the record of what was done, and what people say to each other."""

from .articles import Article, PreviousSlug
from .checks import Check, Confirmation, Dismissal, Exemption, LintIssue, Tally, Transcript
from .discussion import Comment, CorrectionRequest, Quotation
from .editions import Edition, Stretch
from .episodes import Chapter, Cue, Episode, Show
from .log import LogEntry, Review
from .published import Rendering, SearchEntry, TranscriptWindow
from .revisions import Contributor, Revision, Source
from .sections import Citation, Link, Section
from .topics import RelatedArticles, Topic
from .users import Notice, Presence, Profile, Watch

__all__ = [
    "Article",
    "Chapter",
    "Check",
    "Citation",
    "Comment",
    "Confirmation",
    "Contributor",
    "CorrectionRequest",
    "Cue",
    "Dismissal",
    "Edition",
    "Episode",
    "Exemption",
    "Link",
    "LintIssue",
    "LogEntry",
    "Notice",
    "Presence",
    "PreviousSlug",
    "Profile",
    "Quotation",
    "RelatedArticles",
    "Rendering",
    "Review",
    "Revision",
    "SearchEntry",
    "Section",
    "Show",
    "Source",
    "Stretch",
    "Tally",
    "Topic",
    "Transcript",
    "TranscriptWindow",
    "Watch",
]
