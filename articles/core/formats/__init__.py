"""Received article formats: each is read into one value, and written from it."""

from .cleanup.word_count import prose_words
from .json_format import write_json
from .native_markdown import write_markdown
from .plain_text import plain_holds
from .plain_text import write_plain as write_text
from .read import read
from .types import (
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
