"""The data: recordings, articles, their revisions, the record of what was done, and what people say to each other."""

from .articles import Article, PreviousSlug
from .checks import Check, Confirmation, Dismissal, Exemption, Flagged, Tally, Transcript
from .discussion import Challenge, Comment, Quotation
from .editions import Edition, Stretch
from .episodes import Chapter, Cue, Episode, Show
from .log import LogEntry, Review
from .published import Passage, Rendering, Spoken
from .revisions import Contributor, Revision, Source
from .sections import Citation, Link, Section
from .topics import Surroundings, Topic
from .users import Notice, Presence, Profile, Watch

__all__ = [
    "Article",
    "Challenge",
    "Chapter",
    "Check",
    "Citation",
    "Comment",
    "Confirmation",
    "Contributor",
    "Cue",
    "Dismissal",
    "Edition",
    "Episode",
    "Exemption",
    "Flagged",
    "Link",
    "LogEntry",
    "Notice",
    "Passage",
    "Presence",
    "PreviousSlug",
    "Profile",
    "Quotation",
    "Rendering",
    "Review",
    "Revision",
    "Section",
    "Show",
    "Source",
    "Spoken",
    "Stretch",
    "Surroundings",
    "Tally",
    "Topic",
    "Transcript",
    "Watch",
]
