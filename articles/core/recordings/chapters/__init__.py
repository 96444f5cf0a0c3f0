"""Reads and writes an episode's chapters as lines of text and as Podcasting 2.0 JSON."""

from .lines import format_chapters, parse_chapters
from .podcasting import MEDIA_TYPE, read_json, write_json
from .titles import plain_title
from .types import ChapterLine, ChaptersError, ReadChapters, is_sponsor_title, read_start
