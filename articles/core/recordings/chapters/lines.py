"""Reads and writes an episode's chapters as lines of text: `00:05:13 Title`."""

import re
from collections.abc import Iterable

from articles.core.language.messages import lazy_message, message_of, with_example
from articles.core.language.shorten import shorten
from articles.core.timestamps import TimestampError, format_timestamp, parse_timestamp

from .types import EXAMPLE, SHOWN, ChapterLine, ChapterProblem, Course

_LINE = re.compile(r"(?P<open>[\[(]?)(?P<start>[\d:]*\d[\d:]*)(?P<close>[\])]?)(?:\s+(?P<title>.*))?\Z")
_SEPARATOR = re.compile(r"[-–—|:](?:\s+|\Z)")
_BRACKETS = {"": "", "[": "]", "(": ")"}


def parse_chapters(text: str, *, duration_seconds: int | None = None) -> tuple[list[ChapterLine], list[ChapterProblem]]:
    """Return the chapters in time order, and a problem for each line that is none. Never raises.

    A line holds a start (`00:05:13`, `5:13`, in brackets or not), perhaps a dash, and a title. Empty lines are
    passed over. With `duration_seconds`, a chapter has to start before the episode's end.
    """
    course = Course("Line", duration_seconds)
    problems: list[ChapterProblem] = []
    for number, raw in enumerate(re.split(r"\r\n|\r|\n", text), 1):
        line = " ".join(raw.split())
        if not line:
            continue
        try:
            course.add(number, _parse_line(line))
        except ValueError as error:
            problems.append(ChapterProblem(number, raw, message_of(error)))
    return course.in_order(), problems


def format_chapters(chapters: Iterable[ChapterLine]) -> str:
    """Return the chapters as lines that `parse_chapters` reads back unchanged; no newline at the end."""
    return "\n".join(f"{format_timestamp(c.start_seconds)} {_guarded(c.title)}" for c in chapters)


def _parse_line(line: str) -> ChapterLine:
    """One line without runs of spaces; raises ValueError with a message how to mend it."""
    match = _LINE.match(line)
    if match is None or _BRACKETS[match["open"]] != match["close"]:
        raise ValueError(
            lazy_message(
                "“%(line)s” does not begin with a time: write it like %(example)s.",
                line=shorten(line, SHOWN),
                example=EXAMPLE,
            )
        )
    try:
        start_seconds = parse_timestamp(match["start"])
    except TimestampError as error:
        raise ValueError(with_example(error, EXAMPLE)) from error
    title = match["title"] or ""
    separator = _SEPARATOR.match(title)
    if separator:
        title = title[separator.end() :]
    if not title:
        raise ValueError(
            lazy_message("%(start)s has no title: write it like %(example)s.", start=match["start"], example=EXAMPLE)
        )
    return ChapterLine(start_seconds, title)


def _guarded(title: str) -> str:
    """A title that begins like a separator gets one before it, which reading takes away again."""
    title = " ".join(title.split())
    return f"- {title}" if _SEPARATOR.match(title) else title
