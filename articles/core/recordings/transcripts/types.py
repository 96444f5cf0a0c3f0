"""The values that reading a transcript returns: cues, problems, and the errors."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from articles.core.language.messages import lazy_message
from articles.core.language.shorten import shorten

MAX_SECONDS = 1000 * 3600.0

_SURROGATE = re.compile("[\ud800-\udfff]")  # halves of a character, which JSON can express but nothing can store


class TranscriptError(ValueError):
    """A file without a readable transcript; the message says what to do."""


@dataclass(frozen=True)
class Cue:
    """One timed piece of a transcript: seconds from the start of the recording, the speaker ("" if unknown), and the
    text on one line, without markup and with entities decoded.
    """

    start_seconds: float
    end_seconds: float
    speaker: str
    text: str


@dataclass(frozen=True)
class TranscriptProblem:
    """Something that was fixed or skipped: the line of the file and the number of the cue (both from 1, or 0 if they
    don't apply), the shortened original text, and the reason.
    """

    line: int
    cue: int
    text: str
    reason: str


@dataclass(frozen=True)
class Reading:
    """The content of a file: cues ordered by start, problems in file order, the format's name, and the language that
    the file declares ("" if none). `doubts` are the problems that make the file as a whole implausible.
    """

    cues: tuple[Cue, ...]
    problems: tuple[TranscriptProblem, ...]
    format: str
    language: str = ""
    doubts: tuple[TranscriptProblem, ...] = ()


class DoubtfulTranscriptError(TranscriptError):
    """A readable transcript that as a whole looks wrong, so that somebody has to confirm it; `doubts` say why."""

    def __init__(self, doubts: Sequence[TranscriptProblem]) -> None:
        reasons = " ".join(doubt.reason for doubt in doubts)
        super().__init__(
            lazy_message("the transcript looks wrong, so nothing was changed. %(reasons)s", reasons=reasons)
        )
        self.doubts = tuple(doubts)

    def __reduce__(self) -> tuple[type["DoubtfulTranscriptError"], tuple[tuple[TranscriptProblem, ...]]]:
        return type(self), (self.doubts,)


@dataclass(frozen=True)
class RawCue:
    """A cue as written in the file, with its line and number; `end` is None if the file gives none."""

    line: int
    number: int
    start: float
    end: float | None
    speaker: str
    text: str


def replace_surrogates(text: str) -> str:
    """Return the text with each lone surrogate replaced by U+FFFD."""
    return _SURROGATE.sub("\ufffd", text)


def problem(line: int, cue: int, text: str, reason: str) -> TranscriptProblem:
    """Return a problem with its text on one line, cut to 80 characters."""
    return TranscriptProblem(line, cue, shorten(" ".join(replace_surrogates(text).split()), 80), reason)
