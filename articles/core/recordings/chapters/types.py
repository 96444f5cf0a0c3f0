"""The values that reading chapters returns, and the rules that the chapters of one episode must follow."""

import re
from dataclasses import dataclass
from typing import Any, Literal

from articles.core.language.messages import lazy_message, noop
from articles.core.recordings.entries import EntryProblem
from articles.core.timestamps import Form, TimestampError, format_timestamp, parse_time

TITLE_MAX = 300
EXAMPLE = "00:05:13 Title"
SHOWN = 60  # characters of a line quoted in a message
MAX_SECONDS = 9999 * 3600 + 3599  # the latest time a timestamp can express
START_FORMS = Form.CLOCK | Form.SHORT | Form.FRACTION | Form.SECONDS

_SPONSOR = re.compile(r"sponsors?\b", re.IGNORECASE)


class ChaptersError(ValueError):
    """A file without readable chapters; the message says what is wrong and what to do."""


@dataclass(frozen=True, order=True)
class ChapterLine:
    """One chapter: its start in whole seconds, and its title without line breaks or runs of spaces."""

    start_seconds: int
    title: str

    @property
    def is_sponsor(self) -> bool:
        return is_sponsor_title(self.title)


@dataclass(frozen=True)
class ReadChapters:
    """The content of a file: chapters in time order, unusable ones, and notes about what isn't kept."""

    chapters: tuple[ChapterLine, ...]
    problems: tuple[EntryProblem, ...] = ()
    notes: tuple[str, ...] = ()


class ChapterCollector:
    """Collects the chapters of one episode; each must start at a different second, before the end."""

    def __init__(self, place: Literal["Line", "Chapter"], duration_seconds: int | None) -> None:
        self._duplicate_message = (
            noop("line %(number)s also starts at %(start)s. Change or remove one of them.")
            if place == "Line"
            else noop("chapter %(number)s also starts at %(start)s. Change or remove one of them.")
        )
        self._duration_seconds = duration_seconds
        self._numbers: dict[int, int] = {}
        self._chapters: list[ChapterLine] = []

    def add(self, number: int, chapter: ChapterLine) -> None:
        """Add the chapter from line or entry `number`. Raises ValueError with a message that says how to fix it."""
        start = format_timestamp(chapter.start_seconds)
        if self._duration_seconds is not None and chapter.start_seconds >= self._duration_seconds:
            message = lazy_message(
                "%(start)s is at or after the end of the episode (%(length)s). Fix the time or the episode’s length.",
                start=start,
                length=format_timestamp(self._duration_seconds),
            )
            raise ValueError(message)
        if chapter.start_seconds in self._numbers:
            before = self._numbers[chapter.start_seconds]
            raise ValueError(lazy_message(self._duplicate_message, number=before, start=start))
        if len(chapter.title) > TITLE_MAX:
            message = lazy_message(
                "the title has %(count)s characters. Shorten it to at most %(most)s.",
                count=len(chapter.title),
                most=TITLE_MAX,
            )
            raise ValueError(message)
        self._numbers[chapter.start_seconds] = number
        self._chapters.append(chapter)

    def in_order(self) -> list[ChapterLine]:
        return sorted(self._chapters)


def read_start(value: Any) -> int:
    """Return the whole seconds of a start in JSON: a number of seconds, or a string with those or a clock time.

    Raises ValueError with a message that says what is wrong.
    """
    if isinstance(value, str):
        written = value
        try:
            value = parse_time(written, START_FORMS).seconds
        except TimestampError:
            if ":" in written:
                raise
            value = None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(lazy_message("its startTime isn’t a number of seconds."))
    if not 0 <= value <= MAX_SECONDS:
        raise ValueError(lazy_message("its startTime is negative or longer than any recording."))
    return int(value)


def is_sponsor_title(title: str) -> bool:
    """Return whether the title's first word marks the chapter as advertising: “Sponsor: …”, “Sponsors …”."""
    return _SPONSOR.match(title) is not None
