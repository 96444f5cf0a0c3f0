"""Reads Markdown articles as Obsidian stores them: front matter, `From: [[show]]`, headings, time links."""

import html
import re
from dataclasses import replace

from articles.core.language.messages import lazy_message
from articles.core.timestamps import Lines

from .cleanup.fences import unwrap
from .cleanup.headings import TITLE_LIMIT, Problems, cut, find_headings, take_title
from .front_matter import FrontMatter, read_front_matter
from .show_index import is_index, read_index
from .types import AnyFile, ArticleFile, clean_line
from .validation import VIDEO_ID, checked_title, unused_key

_FROM = re.compile(
    r"From:[ \t]*(?:\[\[[ \t]*(?P<link>[^\]|\n]+?)[ \t]*(?:\|[^\]\n]*)?\]\]|(?P<plain>[^<\n]*?))"
    r"[ \t]*(?:<br[ \t]*/?>)?[ \t]*(?:\n|\Z)"
)
_READ_KEYS = frozenset({"title", "videoId", "show"})


def read_markdown(text: str, name: str) -> AnyFile:
    """Read a text (lines end with ``\\n``) that starts with front matter.

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
    if not video_id and is_index(text, start):
        index = read_index(text, start, name, show_handle or title)
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
    parts = cut(text, start, end, headings, given_title, problems, video_id=video_id)
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
