"""The values that reading chapters gives, and the rules that all chapters of one episode keep together."""

import re
from dataclasses import dataclass
from typing import Literal

from articles.core.language.messages import LazyMessage, lazy_message, noop
from articles.core.timestamps import format_timestamp

TITLE_MAX = 300
EXAMPLE = "00:05:13 Title"
SHOWN = 60  # characters of a line in a message

_SPONSOR = re.compile(r"sponsors?\b", re.IGNORECASE)


class ChaptersError(ValueError):
    """A file in which no chapters can be found; the message says what is wrong with it and what to do."""


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
    """A chapter that cannot be used: its line or number from 1, as it was received, and how to mend it."""

    line: int
    text: str
    message: str
    place: Literal["Line", "Chapter"] = "Line"

    def __str__(self) -> str:
        return str(self.words)

    @property
    def words(self) -> LazyMessage:
        """The place and the message, as one text."""
        place = noop("Line %(line)s: %(message)s") if self.place == "Line" else noop("Chapter %(line)s: %(message)s")
        return LazyMessage(place, {"line": self.line, "message": self.message})


@dataclass(frozen=True)
class ReadChapters:
    """What a file holds: chapters in time order, those that cannot be used, and sentences on what is not kept."""

    chapters: tuple[ChapterLine, ...]
    problems: tuple[ChapterProblem, ...] = ()
    notes: tuple[str, ...] = ()


class Course:
    """The chapters of one episode as they are met: each starts at a second of its own, before the end."""

    def __init__(self, place: Literal["Line", "Chapter"], duration_seconds: int | None) -> None:
        self._taken = (
            noop("line %(number)s starts at %(start)s too. Give one of them another time, or remove it.")
            if place == "Line"
            else noop("chapter %(number)s starts at %(start)s too. Give one of them another time, or remove it.")
        )
        self._duration_seconds = duration_seconds
        self._numbers: dict[int, int] = {}
        self._chapters: list[ChapterLine] = []

    def add(self, number: int, chapter: ChapterLine) -> None:
        """Take the chapter that stands at `number`. Raises ValueError with a message how to mend it."""
        start = format_timestamp(chapter.start_seconds)
        if self._duration_seconds is not None and chapter.start_seconds >= self._duration_seconds:
            raise ValueError(
                lazy_message(
                    "%(start)s lies at or past the episode’s end (%(length)s). Mend the time, or the episode’s length.",
                    start=start,
                    length=format_timestamp(self._duration_seconds),
                )
            )
        if chapter.start_seconds in self._numbers:
            raise ValueError(lazy_message(self._taken, number=self._numbers[chapter.start_seconds], start=start))
        if len(chapter.title) > TITLE_MAX:
            raise ValueError(
                lazy_message(
                    "the title has %(count)s characters, %(most)s fit: shorten it.",
                    count=len(chapter.title),
                    most=TITLE_MAX,
                )
            )
        self._numbers[chapter.start_seconds] = number
        self._chapters.append(chapter)

    def in_order(self) -> list[ChapterLine]:
        return sorted(self._chapters)


def is_sponsor_title(title: str) -> bool:
    """Whether the title says by its first word that the chapter is advertising: “Sponsor: …”, “Sponsors …”."""
    return _SPONSOR.match(title) is not None
