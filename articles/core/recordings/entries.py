"""Reads lists of chapters or stretches, which people write as text with one entry per line."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeVar

from articles.core.language.messages import LazyMessage, message_of, noop

Entry = TypeVar("Entry")


@dataclass(frozen=True)
class EntryProblem:
    """An unusable entry: its line or number from 1, its text as received, and how to fix it."""

    line: int
    text: str
    message: str
    place: Literal["Line", "Chapter"] = "Line"

    def __str__(self) -> str:
        return str(self.located_message)

    @property
    def located_message(self) -> LazyMessage:
        """The place and the message as one text."""
        place = noop("Line %(line)s: %(message)s") if self.place == "Line" else noop("Chapter %(line)s: %(message)s")
        return LazyMessage(place, {"line": self.line, "message": self.message})


def read_lines(text: str, read_line: Callable[[int, str], Entry]) -> tuple[list[Entry], list[EntryProblem]]:
    """Return what `read_line` makes of each line (its number from 1 and its text), and the lines that it refuses.

    Empty lines are skipped, and runs of spaces become one. `read_line` refuses a line by raising ValueError with a
    message that says how to fix it.
    """
    entries: list[Entry] = []
    problems: list[EntryProblem] = []
    for number, raw in enumerate(re.split(r"\r\n|\r|\n", text), 1):
        if line := " ".join(raw.split()):
            try:
                entries.append(read_line(number, line))
            except ValueError as error:
                problems.append(EntryProblem(number, raw, message_of(error)))
    return entries, problems
