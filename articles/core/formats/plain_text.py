"""Reads and writes plain text: `From: show`, a lead, headings on lines of their own, paragraphs."""

import re
from dataclasses import replace

from articles.core.timestamps import Lines

from .cleanup.code_spans import fenced_lines
from .cleanup.fences import unwrap
from .cleanup.headings import TITLE_LIMIT, Heading, Problems, cut, find_headings, looks_like_heading, take_title
from .obsidian import read_show
from .types import ArticleFile, clean_line
from .validation import VIDEO_ID, checked_title

_HEADER = re.compile(r"(?P<key>Title|Video):[ \t]*(?P<value>[^\n]*)(?:\n|\Z)")
_NUMBER = re.compile(r"(?P<number>\d+(?:\.\d+)*)\.?[ \t]+\S")


def read_plain(text: str, name: str, linked_id: str | None = None) -> ArticleFile:
    """Read a text (lines end with ``\\n``); `linked_id` is the `video_id` of `read`.

    The title comes from a `Title:` line, a heading above all others, the first heading, or the file name. Sections are
    at level 1 unless `#`, underlining or numbers (`1.2 Heading`) show another level. Raises FormatError if the title is
    too long.
    """
    values, start = _header(text)
    problems = Problems(Lines(text))
    text, start, end = unwrap(text, start, problems)
    headings = find_headings(text[:end], start) or _bare_headings(text[:end], start)
    title = clean_line(values.get("Title", ""))
    if not checked_title(title):
        title, start, headings = take_title(text, start, headings)
    video_id = values.get("Video", "")
    parts = cut(text, start, end, headings, "", problems, video_id=video_id if linked_id is None else linked_id)
    return ArticleFile(
        name=name,
        show_handle=values.get("From", ""),
        title=title or name.replace("_", " ")[:TITLE_LIMIT],
        video_id=video_id,
        lead=parts.lead,
        sections=parts.sections,
        problems=problems.in_order(),
        kind="text",
        lead_places=parts.lead_places,
    )


def write_plain(article: ArticleFile) -> str:
    """Return the text that `read_plain` reads: bare headings where they are recognised again, otherwise `#`.

    Sources, notice and language are lost, and text that looks like a heading may be misread: see `plain_holds`.
    """
    bare = _written(article, "")
    if all(section.level == 1 for section in article.sections) and _same(read_plain(bare, article.name), article):
        return bare
    return _written(article, "#")


def plain_holds(article: ArticleFile) -> bool:
    """Return whether the output of `write_plain` reads back with the same texts, title, show and recording."""
    return _same(read_plain(write_plain(article), article.name), article)


def _same(article: ArticleFile, other: ArticleFile) -> bool:
    return replace(article, notice="", language="", sources=()) == replace(other, notice="", language="", sources=())


def _written(article: ArticleFile, sign: str) -> str:
    header = [("From", article.show_handle), ("Title", article.title), ("Video", article.video_id)]
    blocks = ["\n".join(f"{key}: {value}" for key, value in header if value), article.lead]
    for section in article.sections:
        blocks += [f"{sign * section.level} {section.heading}".strip(), section.body]
    return "\n\n".join(block for block in blocks if block) + "\n"


def _header(text: str) -> tuple[dict[str, str], int]:
    """Return the values of the leading `From:`, `Title:` and `Video:` lines, and the offset of the text after them."""
    values: dict[str, str] = {}
    position = len(text) - len(text.lstrip(" \t\n"))
    while True:
        show, end = read_show(text, position)
        if end > position and "From" not in values:
            values["From"], position = show, end
            continue
        match = _HEADER.match(text, position)
        if match is None or match["key"] in values:
            return values, position
        if match["key"] == "Video" and not VIDEO_ID.fullmatch(match["value"].strip()):
            return values, position
        values[match["key"]], position = match["value"].strip(), match.end()


def _bare_headings(text: str, start: int) -> list[Heading]:
    """Return short lines between blank lines that don't end a sentence and have text somewhere after them."""
    headings: list[Heading] = []
    lines = text[start:].split("\n")
    fenced = fenced_lines(text[start:])
    offset = start
    numbers: list[str] = []
    text_end = len(text.rstrip())
    for index, line in enumerate(lines):
        before = lines[index - 1].strip() if index else ""
        after = lines[index + 1].strip() if index + 1 < len(lines) else ""
        numbered = _NUMBER.match(line.strip())
        bare = line.strip()[numbered.end() - 1 :] if numbered else line
        if (
            not before
            and not after
            and not fenced[index]
            and offset + len(line) < text_end
            and not line.startswith(("    ", "\t"))
            and looks_like_heading(bare)
        ):
            headings.append(Heading(offset, offset + len(line), offset, offset + len(line), 1))
            numbers.append(numbered["number"] if numbered else "")
        offset += len(line) + 1
    if any("." in number for number in numbers):
        levels = [number.count(".") + 1 if number else 1 for number in numbers]
        return [replace(heading, level=level) for heading, level in zip(headings, levels, strict=True)]
    if all(numbers):
        return headings
    # Some headings have no number, so the numbered lines are a list.
    return [heading for heading, number in zip(headings, numbers, strict=True) if not number]
