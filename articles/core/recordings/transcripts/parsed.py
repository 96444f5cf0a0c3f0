"""Collects what a reader finds in a file: cues, what was skipped, and times in unusual notation."""

import re
from dataclasses import dataclass, field
from typing import Any
from unicodedata import decimal, normalize

from articles.core.language.messages import lazy_message, lazy_plural
from articles.core.timestamps import Form, Time, TimestampError, parse_time

from .types import MAX_SECONDS, RawCue, TranscriptProblem, problem

# ００：０３ · ٠٠:٠٣ · 00：03，500
_FOREIGN_TIME = re.compile(r"\d{1,4}(?:[:：∶]\d{1,3}){1,3}(?:[.,．，٫]\d{1,9})?")


@dataclass
class Source:
    """A decoded file: its text with ``\\n`` line endings, and its name in lower case ("" if unknown).

    Times in other scripts' digits are written with 0 to 9. `found` keeps what scoring found, for reading.
    """

    text: str
    name: str = ""
    lines: list[str] = field(init=False)
    found: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not self.text.isascii():
            self.text = _FOREIGN_TIME.sub(_in_ascii, self.text)
        self.lines = self.text.split("\n")


def _in_ascii(match: re.Match[str]) -> str:
    signs = normalize("NFKC", match[0]).replace("∶", ":").replace("٫", ".")
    return "".join(str(decimal(sign, sign)) for sign in signs)


@dataclass
class Parsed:
    """What was read so far. A reader accounts for every line (or row): its words are in a cue, it is structure of the
    format, or it is in `problems`. `skipped` counts the units, lines or rows, whose words were not read.
    """

    format: str
    cues: list[RawCue] = field(default_factory=list)
    problems: list[TranscriptProblem] = field(default_factory=list)
    language: str = ""
    units: int = 0  # lines or rows that should hold words or times
    skipped: int = 0
    _unusual: dict[str, list[tuple[int, int, str]]] = field(default_factory=dict)

    def note(self, line: int, cue: int, text: str, reason: str) -> None:
        """Report something that was read, or fixed."""
        self.problems.append(problem(line, cue, text, reason))

    def skip(self, line: int, cue: int, text: str, reason: str) -> None:
        """Report a line or row whose words were not read."""
        self.note(line, cue, text, reason)
        self.skipped += 1

    def time(self, line: int, cue: int, text: str) -> float | None:
        """Return the seconds of a clock time, None if it is none; unusual notations are noted."""
        time = clock_time(text)
        if time is None:
            return None
        if time.frames:
            self.unusual("frames", line, cue, text)
        if time.is_short:
            self.unusual("notation", line, cue, text)
        return time.seconds

    def unusual(self, kind: str, line: int, cue: int, text: str) -> None:
        """Note a time whose `kind`, "frames" or "notation", is unusual; each kind is reported once, with a count."""
        self._unusual.setdefault(kind, []).append((line, cue, text.strip()))

    def finish(self) -> None:
        """Report the unusual times."""
        for kind, places in self._unusual.items():
            line, cue, text = places[0]
            count = len({place[:2] for place in places})
            if kind == "frames":
                reason = lazy_plural(
                    "A time has frames; they were ignored, so it is exact to the second.",
                    "%(count)s cues, starting with this one, have times with frames; they were ignored, so the times "
                    "are exact to the second.",
                    count,
                )
            else:
                reason = lazy_plural(
                    "The time isn’t written as usual; it was read as %(seconds)s s.",
                    "%(count)s cues, starting with this one, have times that aren’t written as usual; the first was "
                    "read as %(seconds)s s.",
                    count,
                    seconds=f"{_seconds(text):g}",
                )
            self.note(line, cue, text, reason)
        self._unusual.clear()


def clock_time(text: str) -> Time | None:
    """Return the clock time that all of `text` is, None if it is none or longer than any recording."""
    try:
        time = parse_time(text, Form.FILE)
    except TimestampError:
        return None
    return time if time.seconds < MAX_SECONDS else None


def _seconds(text: str) -> float:
    time = clock_time(text)
    return time.seconds if time else 0.0


def number_seconds(value: Any) -> float | None:
    """Return the seconds given by a JSON value: a number, a numeric string or a clock time; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    if isinstance(value, str):
        if time := clock_time(value):
            return time.seconds
        try:
            return parse_time(value.strip().removesuffix("s"), Form.SECONDS).seconds
        except TimestampError:
            return None
    return float(value) if 0 <= value <= MAX_SECONDS * 1000 else None


def skipped_without_text() -> str:
    """Return the reason for a cue without words."""
    return lazy_message("The cue has no text and was skipped.")
