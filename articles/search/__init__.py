"""Search over what is published, and for editors over what is said: the same answers on SQLite and PostgreSQL."""

from .finding import find
from .indexing import index, rebuild
from .queries import page_number, parse
from .spoken import find_spoken, index_transcript, rebuild_transcripts
from .suggesting import suggest

__all__ = [
    "find",
    "find_spoken",
    "index",
    "index_transcript",
    "page_number",
    "parse",
    "rebuild",
    "rebuild_transcripts",
    "suggest",
]
