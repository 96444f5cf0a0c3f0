"""Received article formats: each is read into one value, and written from it."""

from .exported import write_markdown
from .jsonform import write_json
from .plain import plain_holds
from .plain import write_plain as write_text
from .prose import prose_words
from .reading import read
from .values import (
    FormatError,
    IndexedEpisode,
    Received,
    ReceivedArticle,
    ReceivedIndex,
    ReceivedProblem,
    ReceivedSection,
    ReceivedSource,
    clean_block,
    clean_line,
    place_of,
)

__all__ = [
    "FormatError",
    "IndexedEpisode",
    "Received",
    "ReceivedArticle",
    "ReceivedIndex",
    "ReceivedProblem",
    "ReceivedSection",
    "ReceivedSource",
    "clean_block",
    "clean_line",
    "place_of",
    "plain_holds",
    "prose_words",
    "read",
    "write_json",
    "write_markdown",
    "write_text",
]
