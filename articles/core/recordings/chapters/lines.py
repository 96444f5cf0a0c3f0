"""Reads and writes an episode's chapters as lines of text: `00:05:13 Title`."""

import re
from collections.abc import Iterable

from articles.core.language.messages import lazy_message, with_example
from articles.core.language.shorten import shorten
from articles.core.recordings.entries import EntryProblem, read_lines
from articles.core.timestamps import CLOCK_PATTERN, Form, TimestampError, format_timestamp, parse_time, seen

from .titles import plain_title
from .types import EXAMPLE, SHOWN, ChapterCollector, ChapterLine

FORMS = Form.CLOCK | Form.FRACTION  # 5:13, 00:05:13 and, as mp4chaps writes, 00:05:13.000; with hours also 0:5:1

_LINE = re.compile(
    r"(?:(?:[-–—*+•▶►]|\d{1,3}[.)])\s+)?(?P<open>[\[(]?)(?P<start>[\d:.,;]*\d)(?P<close>[\])]?)[:,.]?(?:\s+(?P<title>.*))?\Z"
)
_LEAD = re.compile(r"\A\D{0,20}[\d:.,;]+")  # up to the time
_END = re.compile(rf"(?P<end>{CLOCK_PATTERN})(?:\s+|\Z)")
_SEPARATOR = re.compile(r"(?:[-–—|:→]|-{1,2}>)(?:\s+|\Z)")
_BRACKETS = {"": "", "[": "]", "(": ")"}


def parse_chapters(text: str, *, duration_seconds: int | None = None) -> tuple[list[ChapterLine], list[EntryProblem]]:
    """Return the chapters in time order, and a problem for each line that isn't a chapter. Never raises.

    A line has a start (`00:05:13`, `5:13` or `00:05:13.500`, optionally in brackets), an optional dash, an optional
    end, and a title. Bullets, HTML tags, links and emphasis are removed, and starts are cut to whole seconds. Empty
    lines are skipped. With `duration_seconds`, a chapter must start before the end of the episode.
    """
    collector = ChapterCollector("Line", duration_seconds)
    _, problems = read_lines(text, lambda number, line: collector.add(number, _parse_line(line)))
    return collector.in_order(), problems


def format_chapters(chapters: Iterable[ChapterLine]) -> str:
    """Return the chapters as lines that `parse_chapters` reads back unchanged, without a trailing newline."""
    return "\n".join(f"{format_timestamp(c.start_seconds)} {_escape_separator(c.title)}" for c in chapters)


def _parse_line(line: str) -> ChapterLine:
    """Parse one line without runs of spaces. Raises ValueError with a message that says how to fix it."""
    match = _LINE.match(_LEAD.sub(lambda lead: seen(lead[0]), plain_title(line), count=1))
    if match is None or _BRACKETS[match["open"]] != match["close"]:
        raise ValueError(
            lazy_message(
                "“%(line)s” doesn’t start with a time. Write it like %(example)s.",
                line=shorten(line, SHOWN),
                example=EXAMPLE,
            )
        )
    try:
        start_seconds = int(_seconds(match["start"]))
    except TimestampError as error:
        raise ValueError(with_example(error, EXAMPLE)) from error
    title = match["title"] or ""
    separator = _SEPARATOR.match(title)
    if separator:
        title = _after_end(title[separator.end() :], start_seconds)
    if not title:
        raise ValueError(
            lazy_message("%(start)s has no title. Write it like %(example)s.", start=match["start"], example=EXAMPLE)
        )
    return ChapterLine(start_seconds, title)


def _seconds(written: str) -> float:
    """Return the seconds of a time. Raises TimestampError; so does `16:9`, which may be a ratio."""
    return parse_time(written, FORMS | Form.SHORT if written.count(":") > 1 else FORMS).seconds


def _after_end(title: str, start_seconds: int) -> str:
    """Return the title without the end of the chapter, as in `00:05:13 - 00:07:00 Title`."""
    match = _END.match(title)
    try:
        is_end = match is not None and _seconds(match["end"]) > start_seconds
    except TimestampError:
        return title
    return title[match.end() :] if match and is_end else title


def _escape_separator(title: str) -> str:
    """Prefix a title that starts like a separator with another separator, which parsing strips again."""
    title = " ".join(title.split())
    return f"- {title}" if _SEPARATOR.match(title) else title
