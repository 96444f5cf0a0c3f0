"""Reads and writes an episode's chapters as lines of text: `00:05:13 Title`."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from articles.timestamps import TimestampError, format_timestamp, parse_timestamp

TITLE_MAX = 300
EXAMPLE = "00:05:13 Title"

_LINE = re.compile(r"(?P<open>[\[(]?)(?P<start>[\d:]*\d[\d:]*)(?P<close>[\])]?)(?:\s+(?P<title>.*))?\Z")
_SEPARATOR = re.compile(r"[-–—|:](?:\s+|\Z)")
_SPONSOR = re.compile(r"sponsors?\b", re.IGNORECASE)
_BRACKETS = {"": "", "[": "]", "(": ")"}


@dataclass(frozen=True, order=True)
class ChapterLine:
    """One chapter: whole seconds from the start, and its title without line breaks or runs of spaces."""

    start_seconds: int
    title: str

    @property
    def is_sponsor(self) -> bool:
        return is_sponsor_title(self.title)


@dataclass(frozen=True)
class ChapterProblem:
    """A line that cannot be used: its number from 1, the line as typed, and how to mend it."""

    line: int
    text: str
    message: str

    def __str__(self) -> str:
        return f"Line {self.line}: {self.message}"


def is_sponsor_title(title: str) -> bool:
    """Whether the title says by its first word that the chapter is advertising: “Sponsor: …”, “Sponsors …”."""
    return _SPONSOR.match(title) is not None


def parse_chapters(text: str, *, duration_seconds: int | None = None) -> tuple[list[ChapterLine], list[ChapterProblem]]:
    """Return the chapters in time order, and a problem for each line that is none. Never raises.

    A line holds a start (`00:05:13`, `5:13`, in brackets or not), perhaps a dash, and a title. Empty lines are
    passed over. With `duration_seconds`, a chapter has to start before the episode's end.
    """
    chapters: list[ChapterLine] = []
    problems: list[ChapterProblem] = []
    lines_by_start: dict[int, int] = {}
    for number, raw in enumerate(re.split(r"\r\n|\r|\n", text), 1):
        line = " ".join(raw.split())
        if not line:
            continue
        try:
            chapter = _parse_line(line)
            if duration_seconds is not None and chapter.start_seconds >= duration_seconds:
                raise ValueError(
                    f"{format_timestamp(chapter.start_seconds)} lies at or past the episode’s end "
                    f"({format_timestamp(duration_seconds)}). Mend the time, or the episode’s length."
                )
            if chapter.start_seconds in lines_by_start:
                raise ValueError(
                    f"line {lines_by_start[chapter.start_seconds]} starts at {format_timestamp(chapter.start_seconds)} "
                    "too. Give one of them another time, or remove it."
                )
        except ValueError as error:
            problems.append(ChapterProblem(number, raw, str(error)))
            continue
        lines_by_start[chapter.start_seconds] = number
        chapters.append(chapter)
    return sorted(chapters), problems


def format_chapters(chapters: Iterable[ChapterLine]) -> str:
    """Return the chapters as lines that `parse_chapters` reads back unchanged; no newline at the end."""
    return "\n".join(f"{format_timestamp(c.start_seconds)} {_guarded(c.title)}" for c in chapters)


def _parse_line(line: str) -> ChapterLine:
    """One line without runs of spaces; raises ValueError with a message how to mend it."""
    match = _LINE.match(line)
    if match is None or _BRACKETS[match["open"]] != match["close"]:
        raise ValueError(f"“{_short(line)}” does not begin with a time: write it like {EXAMPLE}.")
    try:
        start_seconds = parse_timestamp(match["start"])
    except TimestampError as error:
        raise ValueError(str(error).replace("[00:06:31]", EXAMPLE)) from error
    title = match["title"] or ""
    separator = _SEPARATOR.match(title)
    if separator:
        title = title[separator.end() :]
    if not title:
        raise ValueError(f"{match['start']} has no title: write it like {EXAMPLE}.")
    if len(title) > TITLE_MAX:
        raise ValueError(f"the title has {len(title)} characters, {TITLE_MAX} fit: shorten it.")
    return ChapterLine(start_seconds, title)


def _guarded(title: str) -> str:
    """A title that begins like a separator gets one before it, which reading takes away again."""
    title = " ".join(title.split())
    return f"- {title}" if _SEPARATOR.match(title) else title


def _short(line: str) -> str:
    return line if len(line) <= 60 else f"{line[:60]}…"
