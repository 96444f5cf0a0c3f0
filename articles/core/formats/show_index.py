"""Reads a show's index: `### [Episode title](video address)` headings, each followed by its articles as wiki links."""

import re

from articles.core.language.messages import lazy_message
from articles.core.timestamps import Lines

from .types import FileProblem, IndexedEpisode, IndexFile

_EPISODE = re.compile(r"#{1,6}[ \t]+\[(?P<title>.*)\]\((?P<address>[^()\s]+)\)[ \t]*$")
_ARTICLE = re.compile(r"[ \t]*[-*+][ \t]+\[\[[ \t]*(?P<target>[^\]|]+?)[ \t]*(?:\|[^\]]*)?\]\][ \t]*$")
_YOUTUBE = re.compile(r"https?://(?:www\.|m\.)?(?:youtube\.com/watch\?(?:\S*&)?v=|youtu\.be/)(?P<id>[A-Za-z0-9_-]{11})")


def is_index(text: str, start: int) -> bool:
    """Return whether the first non-blank line from `start` on is an episode heading."""
    first = next((line for line in text[start:].split("\n") if line.strip()), "")
    match = _EPISODE.match(first)
    return bool(match and _YOUTUBE.match(match["address"]))


def read_index(text: str, start: int, name: str, show_handle: str) -> IndexFile:
    """Read the episodes in order; a line that is neither an episode nor an article is reported."""
    episodes: list[tuple[str, str, list[str]]] = []  # title, YouTube id, articles
    problems: list[FileProblem] = []
    lines = Lines(text)
    offset = start
    for line in text[start:].split("\n"):
        heading = _EPISODE.match(line)
        video = _YOUTUBE.match(heading["address"]) if heading else None
        article = _ARTICLE.match(line)
        if heading and video:
            episodes.append((heading["title"].strip(), video["id"], []))
        elif article and episodes:
            episodes[-1][2].append(article["target"].strip())
        elif line.strip():
            number, column = lines.place(offset)
            reason = lazy_message("This line was skipped: it names neither an episode nor one of its articles.")
            problems.append(FileProblem(number, column, line[:200], reason, "index"))
        offset += len(line) + 1
    indexed = (IndexedEpisode(title, youtube_id, tuple(articles)) for title, youtube_id, articles in episodes)
    return IndexFile(name, show_handle, tuple(indexed), tuple(problems))
