"""Reads Markdown as Obsidian stores it: articles with front matter, `From: [[show]]`, headings and time links, and the
index of a show, `### [Episode title](video address)` headings.
"""

import html
import re
from dataclasses import replace

from articles.core.language.messages import lazy_message
from articles.core.timestamps import Lines

from .cleanup.fences import unwrap
from .cleanup.headings import TITLE_LIMIT, Problems, cut, find_headings, take_title
from .front_matter import FrontMatter, read_front_matter
from .types import AnyFile, ArticleFile, FileProblem, IndexedEpisode, IndexFile, clean_line
from .validation import VIDEO_ID, checked_title, unused_key

_FROM = re.compile(
    r"From:[ \t]*(?:\[\[[ \t]*(?P<link>[^\]|\n]+?)[ \t]*(?:\|[^\]\n]*)?\]\]|(?P<plain>[^<\n]*?))"
    r"[ \t]*(?:<br[ \t]*/?>)?[ \t]*(?:\n|\Z)"
)
_READ_KEYS = frozenset({"title", "videoId", "show"})
# An index of a show: headings that name episodes, each followed by its articles as wiki links.
_EPISODE = re.compile(r"#{1,6}[ \t]+\[(?P<title>.*)\]\((?P<address>[^()\s]+)\)[ \t]*$")
_INDEXED = re.compile(r"[ \t]*[-*+][ \t]+\[\[[ \t]*(?P<target>[^\]|]+?)[ \t]*(?:\|[^\]]*)?\]\][ \t]*$")
_YOUTUBE = re.compile(r"https?://(?:www\.|m\.)?(?:youtube\.com/watch\?(?:\S*&)?v=|youtu\.be/)(?P<id>[A-Za-z0-9_-]{11})")


def read_markdown(text: str, name: str, linked_id: str | None = None) -> AnyFile:
    """Read a text (lines end with ``\\n``) that starts with front matter; `linked_id` is the `video_id` of `read`.

    Raises FormatError if the front matter is never closed or the title is too long.
    """
    front = read_front_matter(text)
    problems = Problems(Lines(text))
    _report_front_matter(front, problems)
    title = clean_line(html.unescape(front.values.get("title", "")))
    checked_title(title, front.lines.get("title", 0))
    start = _skip_blank(text, front.end)
    show_handle, start = read_show(text, start, front.values.get("show", ""))
    start = _skip_blank(text, start)
    video_id = front.values.get("videoId", "")
    if not video_id and _is_index(text, start):
        index = _read_index(text, start, name, show_handle or title)
        return replace(index, problems=(*problems.in_order(), *index.problems))
    if video_id and not VIDEO_ID.fullmatch(video_id):
        reason = lazy_message(
            "A YouTube id has eleven letters, digits, - or _. The article was read without its recording."
        )
        problems.report_line(front.lines["videoId"], video_id, reason)
        video_id = ""
    text, start, end = unwrap(text, start, problems)
    headings = find_headings(text[:end], start)
    given_title = title
    if not title:
        title, start, headings = take_title(text, start, headings)
        title = title or name.replace("_", " ")[:TITLE_LIMIT]
    parts = cut(
        text, start, end, headings, given_title, problems, video_id=video_id if linked_id is None else linked_id
    )
    return ArticleFile(
        name=name,
        show_handle=show_handle,
        title=title,
        video_id=video_id,
        lead=parts.lead,
        sections=parts.sections,
        problems=problems.in_order(),
        kind="markdown",
        lead_places=parts.lead_places,
    )


def _is_index(text: str, start: int) -> bool:
    """Return whether the first non-blank line from `start` on is an episode heading."""
    first = next((line for line in text[start:].split("\n") if line.strip()), "")
    match = _EPISODE.match(first)
    return bool(match and _YOUTUBE.match(match["address"]))


def _read_index(text: str, start: int, name: str, show_handle: str) -> IndexFile:
    """Read the episodes in order; a line that is neither an episode nor an article is reported."""
    episodes: list[tuple[str, str, list[str]]] = []  # title, YouTube id, articles
    problems: list[FileProblem] = []
    lines = Lines(text)
    offset = start
    for line in text[start:].split("\n"):
        heading = _EPISODE.match(line)
        video = _YOUTUBE.match(heading["address"]) if heading else None
        article = _INDEXED.match(line)
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


def read_show(text: str, start: int, show_handle: str = "") -> tuple[str, int]:
    """Return the show named by a `From:` line at `start`, and the offset of the text after it."""
    match = _FROM.match(text, start)
    if match is None:
        return show_handle, start
    return clean_line(match["link"] or match["plain"] or "") or show_handle, match.end()


def _skip_blank(text: str, start: int) -> int:
    match = re.compile(r"(?:[ \t]*\n)*").match(text, start)
    return match.end() if match else start


def _report_front_matter(front: FrontMatter, problems: Problems) -> None:
    for key, line in front.lines.items():
        if key not in _READ_KEYS:
            problems.entries.append((0, unused_key(key, front.values[key], line)))
    skipped = lazy_message("A front matter line that isn’t “key: value” was skipped.")
    for line, written in front.unread:
        problems.report_line(line, written, skipped)
