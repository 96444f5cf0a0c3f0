"""The values that reading a transcript returns: cues, problems, and the one error."""

import re
from dataclasses import dataclass
from typing import Literal

from articles.core.language.messages import lazy_message, lazy_plural
from articles.core.language.shorten import shorten

Format = Literal["webvtt", "srt", "podcasting-json", "podlove-json", "plain"]

WORDS_PER_SECOND = 2.5  # of unhurried speech, to estimate a missing end
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
    """The content of a file: cues ordered by start, problems in file order."""

    cues: tuple[Cue, ...]
    problems: tuple[TranscriptProblem, ...]
    format: Format


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


def normalize_cues(raw: list[RawCue]) -> tuple[tuple[Cue, ...], list[TranscriptProblem]]:
    """Return the cues ordered by start, each ending after it starts, and a problem for each change.

    A missing end becomes the next start, limited to twice the time needed to say the text at an unhurried pace. An
    end before the start is replaced in the same way and reported. Overlaps are kept and counted.
    """
    problems: list[TranscriptProblem] = []
    latest = -1.0
    for cue in raw:
        if cue.start < latest:
            reason = lazy_message(
                "The cue starts at %(start)s s, before the previous one at %(latest)s s; the cues were sorted by time.",
                start=f"{cue.start:g}",
                latest=f"{latest:g}",
            )
            problems.append(problem(cue.line, cue.number, cue.text, reason))
        latest = max(latest, cue.start)
    ordered = sorted(raw, key=lambda cue: cue.start)
    following: float | None = None
    normalized: list[Cue] = []
    overlapping: list[RawCue] = []  # from the last to the first
    later: RawCue | None = None
    for cue in reversed(ordered):
        if later is not None and later.start > cue.start:
            following = later.start
        end = cue.end
        if end is None or end <= cue.start:
            estimated = cue.start + 1 + 2 * len(cue.text.split()) / WORDS_PER_SECOND
            new_end = estimated if following is None else min(following, estimated)
            if end is not None:
                reason = lazy_message(
                    "The cue ends at %(end)s s but starts at %(start)s s; its end was set to %(new_end)s s.",
                    end=f"{end:g}",
                    start=f"{cue.start:g}",
                    new_end=f"{new_end:g}",
                )
                problems.append(problem(cue.line, cue.number, cue.text, reason))
            end = new_end
        elif later is not None and end > later.start:
            overlapping.append(later)
        later = cue
        normalized.append(Cue(cue.start, end, cue.speaker, cue.text))
    if overlapping:
        first = overlapping[-1]
        reason = lazy_plural(
            "%(count)s cue starts before the previous one ends; it was kept.",
            "%(count)s cues, starting with this one, overlap the previous one; they were kept.",
            len(overlapping),
        )
        problems.append(problem(first.line, first.number, first.text, reason))
    return tuple(reversed(normalized)), problems
