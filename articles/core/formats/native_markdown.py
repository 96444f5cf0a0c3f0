"""Our own Markdown export, which reads back as exactly the article that was written.

It is recognised by `format: cited-article/1` in its front matter. Everything below that is taken literally: outside
fenced blocks, a line of hashes followed by a space is a section heading (`##` is level 2). A body line that looks like
a heading gets one extra backslash.
"""

import json
import re
from collections.abc import Mapping

from articles.core.language.messages import lazy_message, noop
from articles.core.timestamps import Lines

from .cleanup.code_spans import fenced_lines, has_open_fence
from .front_matter import FrontMatter, quote, read_front_matter
from .types import (
    MAX_LEVEL,
    ArticleFile,
    FileProblem,
    FileSection,
    FileSource,
    FormatError,
    Place,
    clean_block,
    clean_line,
)
from .validation import (
    checked,
    checked_heading,
    checked_language,
    checked_slug,
    checked_sources,
    checked_title,
    checked_video_id,
    unused_key,
)

FORMAT = "cited-article/1"

_HEADING = re.compile(r"(#+)(?: (.*)|$)")
_LOOKALIKE = re.compile(r"\\*#+(?: |$)")
_KEYS = frozenset({"format", "title", "slug", "show", "videoId", "notice", "lang", "code"})
_PUBLICATION_KEYS = frozenset({"revision", "published", "review", "permalink"})  # of the text where it is published
_KEYS_OF_ROWS = ("source-", "topic-")
_SOURCE = (noop("a source must be written as %(pattern)s."), "key", "show/episode", "title", "YouTube id")
_TOPIC = (noop("a topic must be written as %(pattern)s."), "slug", "title")


def write_markdown(article: ArticleFile, publication: Mapping[str, str] | None = None) -> str:
    """Return an article as Markdown that `read_markdown_export` turns back into an equal article.

    `publication` has values for some of the keys `_PUBLICATION_KEYS`, for people and programs; reading ignores them.
    """
    texts = [article.lead, *(section.body for section in article.sections)]
    is_open = any(has_open_fence(text) for text in texts)
    front = [f"format: {FORMAT}", f"title: {quote(article.title)}"]
    optional = {
        "slug": article.name,
        "show": article.show_handle,
        "videoId": article.video_id,
        "notice": article.notice,
        "lang": article.language,
    }
    optional |= publication or {}
    front += [f"{key}: {quote(value)}" for key, value in optional.items() if value]
    for source in article.sources:
        row = json.dumps([source.key, source.reference, source.title, source.youtube_id], ensure_ascii=False)
        front.append(f"source-{source.key}: {quote(row)}")
    for number, topic in enumerate(article.topics, 1):
        front.append(f"topic-{number}: {quote(json.dumps(topic, ensure_ascii=False))}")
    if is_open:
        front.append("code: unfenced")
    blocks = ["---\n" + "\n".join(front) + "\n---"]
    if article.lead:
        blocks.append(_escaped(article.lead, is_open))
    for section in article.sections:
        blocks.append(f"{'#' * section.level} {section.heading}".rstrip(" "))
        if section.body:
            blocks.append(_escaped(section.body, is_open))
    return "\n\n".join(blocks) + "\n"


def read_markdown_export(text: str, name: str) -> ArticleFile:
    """Read the output of `write_markdown`, possibly edited by hand; `name` is used if it has no slug.

    Raises FormatError if the front matter is invalid or a value is too long.
    """
    front = read_front_matter(text)
    values = front.values
    if values.get("format") != FORMAT:
        message = lazy_message(
            "unknown format “%(format)s”: this version reads %(known)s.", format=values.get("format"), known=FORMAT
        )
        raise FormatError(message, 2)
    source_keys = [key for key in values if key.startswith("source-")]
    body = text[front.end :]
    fenced = fenced_lines(body) if values.get("code") != "unfenced" else [False] * (body.count("\n") + 1)
    lines = Lines(text)
    parts: list[tuple[int, str, Place, list[str], int]] = [(0, "", (0, 1, 1), [], front.end)]
    offset = front.end
    for line, in_fence in zip(body.split("\n"), fenced, strict=True):
        heading = None if in_fence else _HEADING.match(line)
        if heading:
            place: Place = (0, *lines.place(offset + len(heading[1]) + 1))
            level = min(len(heading[1]), MAX_LEVEL)
            parts.append((level, clean_line(heading[2] or ""), place, [], offset + len(line) + 1))
        else:
            escaped = not in_fence and line.startswith("\\") and _LOOKALIKE.match(line)
            parts[-1][3].append(line[1:] if escaped else line)
        offset += len(line) + 1
    sections = tuple(
        FileSection(level, checked_heading(heading, place[1]), *_block(rows, start, lines), place)
        for level, heading, place, rows, start in parts[1:]
    )
    lead, lead_places = _block(parts[0][3], parts[0][4], lines)
    return ArticleFile(
        name=checked_slug(values.get("slug", ""), front.lines.get("slug", 0)) or name,
        show_handle=values.get("show", ""),
        title=checked_title(clean_line(values.get("title", "")), front.lines.get("title", 0)),
        video_id=checked_video_id(values.get("videoId", ""), front.lines.get("videoId", 0)),
        lead=lead,
        sections=sections,
        notice=values.get("notice", ""),
        language=checked_language(values.get("lang", ""), front.lines.get("lang", 0)),
        sources=checked_sources(
            [FileSource(*_row(values[key], front.lines[key], *_SOURCE)) for key in source_keys],
            [front.lines[key] for key in source_keys],
        ),
        topics=tuple(_topic(values[key], front.lines[key]) for key in values if key.startswith("topic-")),
        problems=tuple(_unread(front)),
        kind="markdown",
        is_export=True,
        lead_places=lead_places,
    )


def is_markdown_export(text: str) -> bool:
    """Return whether the front matter marks `text` as our own export."""
    return bool(re.match(r"---[ \t]*\nformat:", text))


def _escaped(text: str, is_open: bool) -> str:
    if "#" not in text:
        return text
    rows = text.split("\n")
    fenced = [False] * len(rows) if is_open else fenced_lines(text)
    return "\n".join(
        f"\\{row}" if not in_fence and _LOOKALIKE.match(row) else row
        for row, in_fence in zip(rows, fenced, strict=True)
    )


def _block(rows: list[str], start: int, lines: Lines) -> tuple[str, tuple[Place, ...]]:
    blank = next((index for index, row in enumerate(rows) if row.strip(" \t")), 0)
    first = lines.place(start)[0] + blank
    return clean_block("\n".join(rows)), ((0, first, 1),)


def _unread(front: FrontMatter) -> list[FileProblem]:
    """Report keys that mean nothing and lines that aren't keys with values. Raises FormatError if a key appears twice."""
    problems = [
        unused_key(key, front.values[key], line)
        for key, line in front.lines.items()
        if key not in _KEYS | _PUBLICATION_KEYS and not key.startswith(_KEYS_OF_ROWS)
    ]
    for line, written in front.unread:
        key = written.partition(":")[0].strip()
        if key in front.values:
            message = lazy_message("“%(key)s” appears twice in the front matter: remove one.", key=key)
            raise FormatError(message, line)
        reason = lazy_message("A front matter line that isn’t “key: value” was skipped.")
        problems.append(FileProblem(line, 1, written[:200], reason, "front-matter"))
    return problems


def _topic(value: str, line: int) -> tuple[str, str]:
    slug, title = _row(value, line, *_TOPIC)
    return slug, title


def _row(value: str, line: int, template: str, *names: str) -> list[str]:
    """Return the strings of a JSON list with one for each of `names`; raises FormatError of `template` if it isn’t one."""
    try:
        row = json.loads(value)
    except (ValueError, RecursionError):
        row = None
    if not isinstance(row, list) or len(row) != len(names) or not all(isinstance(text, str) for text in row):
        pattern = ", ".join(f'\\"{name}\\"' for name in names)
        raise FormatError(lazy_message(template, pattern=f'"[{pattern}]"'), line)
    return [checked(text, line) for text in row]
