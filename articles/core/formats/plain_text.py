"""Reads and writes plain text: `From: show`, a lead, headings on lines of their own, paragraphs."""

import re
from dataclasses import replace

from articles.core.timestamps import Lines

from .cleanup.code_spans import fenced_lines
from .cleanup.headings import TITLE_LIMIT, Heading, Problems, cut, find_headings, looks_like_heading, take_title
from .obsidian import read_show
from .types import FormatError, ReceivedArticle, ReceivedProblem, clean_line

_HEADER = re.compile(r"(?P<key>Title|Video):[ \t]*(?P<value>[^\n]*)(?:\n|\Z)")
_NUMBER = re.compile(r"(?P<number>\d+(?:\.\d+)*)\.?[ \t]+\S")
_VIDEO_ID = re.compile(r"[A-Za-z0-9_-]{11}")


def read_plain(text: str, name: str, carried: tuple[ReceivedProblem, ...] = ()) -> ReceivedArticle:
    """Read a text (lines end with ``\\n``); `carried` are problems found before.

    The title is that of a `Title:` line, a heading that stands above all others, the first heading, or the
    file's name. Levels are 1 unless the text shows them: by `#`, underlining or numbers (`1.2 Heading`).
    """
    values, start = _header(text)
    problems = Problems(Lines(text))
    headings = find_headings(text, start) or _bare_headings(text, start)
    title = clean_line(values.get("Title", ""))
    if len(title) > TITLE_LIMIT:
        raise FormatError(f"the title has {len(title)} characters, more than {TITLE_LIMIT}: shorten it.")
    if not title:
        title, start, headings = take_title(text, start, headings)
    parts = cut(text, start, len(text), headings, "", problems)
    return ReceivedArticle(
        name=name,
        show_handle=values.get("From", ""),
        title=title or name.replace("_", " ")[:TITLE_LIMIT],
        video_id=values.get("Video", ""),
        lead=parts.lead,
        sections=parts.sections,
        problems=(*carried, *problems.in_order()),
        kind="text",
        lead_places=parts.lead_places,
    )


def write_plain(article: ReceivedArticle) -> str:
    """Write the form that `read_plain` reads: bare headings where they can be told, else `#`.

    The form has no place for sources, notice, language or text that reads as something else: see `plain_holds`.
    """
    bare = _written(article, "")
    if all(section.level == 1 for section in article.sections) and _same(read_plain(bare, article.name), article):
        return bare
    return _written(article, "#")


def plain_holds(article: ReceivedArticle) -> bool:
    """Whether reading what `write_plain` wrote gives the same texts, title, show and recording."""
    return _same(read_plain(write_plain(article), article.name), article)


def _same(one: ReceivedArticle, other: ReceivedArticle) -> bool:
    return replace(one, notice="", language="", sources=()) == replace(other, notice="", language="", sources=())


def _written(article: ReceivedArticle, sign: str) -> str:
    header = [("From", article.show_handle), ("Title", article.title), ("Video", article.video_id)]
    blocks = ["\n".join(f"{key}: {value}" for key, value in header if value), article.lead]
    for section in article.sections:
        blocks += [f"{sign * section.level} {section.heading}".strip(), section.body]
    return "\n\n".join(block for block in blocks if block) + "\n"


def _header(text: str) -> tuple[dict[str, str], int]:
    """The lines `From:`, `Title:` and `Video:` at the beginning, and where the text after them starts."""
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
        if match["key"] == "Video" and not _VIDEO_ID.fullmatch(match["value"].strip()):
            return values, position
        values[match["key"]], position = match["value"].strip(), match.end()


def _bare_headings(text: str, start: int) -> list[Heading]:
    """Short lines between blank lines, without the end of a sentence, and with text somewhere after them."""
    found: list[Heading] = []
    lines = text[start:].split("\n")
    fenced = fenced_lines(text[start:])
    offset = start
    numbers: list[str] = []
    words_after = len(text.rstrip())
    for index, line in enumerate(lines):
        before = lines[index - 1].strip() if index else ""
        after = lines[index + 1].strip() if index + 1 < len(lines) else ""
        numbered = _NUMBER.match(line.strip())
        bare = line.strip()[numbered.end() - 1 :] if numbered else line
        if (
            not before
            and not after
            and not fenced[index]
            and offset + len(line) < words_after
            and not line.startswith(("    ", "\t"))
            and looks_like_heading(bare)
        ):
            found.append(Heading(offset, offset + len(line), offset, offset + len(line), 1))
            numbers.append(numbered["number"] if numbered else "")
        offset += len(line) + 1
    if any("." in number for number in numbers):
        levels = [number.count(".") + 1 if number else 1 for number in numbers]
        return [replace(heading, level=level) for heading, level in zip(found, levels, strict=True)]
    if all(numbers):
        return found
    return [heading for heading, number in zip(found, numbers, strict=True) if not number]  # the others are a list
