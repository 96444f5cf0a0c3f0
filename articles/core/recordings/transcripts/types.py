"""The values that reading a transcript gives: cues, what could not be read, and the one error."""

import re
from dataclasses import dataclass, replace
from typing import Literal

from articles.core.language.messages import lazy_message, lazy_plural
from articles.core.language.shorten import shorten

Format = Literal["webvtt", "srt", "podcasting-json", "podlove-json", "plain"]

WORDS_PER_SECOND = 2.5  # of unhurried speech; where a cue does not say when it ends
MAX_SECONDS = 1000 * 3600.0

_LONE = re.compile("[\ud800-\udfff]")  # halves of a character, which JSON can name and nothing can store


class TranscriptError(ValueError):
    """A file in which no transcript could be found; the message says what to do."""


@dataclass(frozen=True)
class Cue:
    """One timed piece of a transcript: seconds from the start of the recording, who speaks ("" where the
    file does not say), and the text in one line, without markup and with entities decoded.
    """

    start_seconds: float
    end_seconds: float
    speaker: str
    text: str


@dataclass(frozen=True)
class TranscriptProblem:
    """Something that was mended or left out: the line of the file and the number of the cue, both from 1 and
    0 where they do not apply, the text as received (cut), and the reason.
    """

    line: int
    cue: int
    text: str
    reason: str


@dataclass(frozen=True)
class Reading:
    """What a file holds: cues in the order of their start, problems in the order of the file."""

    cues: tuple[Cue, ...]
    problems: tuple[TranscriptProblem, ...]
    format: Format


@dataclass(frozen=True)
class RawCue:
    """A cue as it stands in the file: its line and number, and an end that is None where none is written."""

    line: int
    number: int
    start: float
    end: float | None
    speaker: str
    text: str


def whole(text: str) -> str:
    """Return the text with the replacement character for each lone surrogate."""
    return _LONE.sub("\ufffd", text)


def problem(line: int, cue: int, text: str, reason: str) -> TranscriptProblem:
    """Return a problem whose text is folded and cut to 80 characters."""
    return TranscriptProblem(line, cue, shorten(" ".join(whole(text).split()), 80), reason)


def settle(raw: list[RawCue]) -> tuple[tuple[Cue, ...], list[TranscriptProblem]]:
    """Return cues in the order of their start, each ending after it starts, and what was mended for that.

    A missing end is the next start, but no later than the text takes to be said at an easy pace, twice over.
    An end before its start is mended in the same way and reported. Overlaps are kept and counted.
    """
    problems: list[TranscriptProblem] = []
    latest = -1.0
    for cue in raw:
        if cue.start < latest:
            reason = lazy_message(
                "It starts before the cue before it (%(start)s s after %(latest)s s): put in order of time.",
                start=f"{cue.start:g}",
                latest=f"{latest:g}",
            )
            problems.append(problem(cue.line, cue.number, cue.text, reason))
        latest = max(latest, cue.start)
    ordered = sorted(raw, key=lambda cue: cue.start)
    following: float | None = None
    settled: list[Cue] = []
    overlaps = 0
    first_overlap: RawCue | None = None
    for index in range(len(ordered) - 1, -1, -1):
        cue = ordered[index]
        if index + 1 < len(ordered) and ordered[index + 1].start > cue.start:
            following = ordered[index + 1].start
        end = cue.end
        if end is None or end <= cue.start:
            said = cue.start + 1 + 2 * len(cue.text.split()) / WORDS_PER_SECOND
            mended = said if following is None else min(following, said)
            if end is not None:
                reason = lazy_message(
                    "It ends at %(end)s s, not after its start at %(start)s s: taken to end at %(mended)s s.",
                    end=f"{end:g}",
                    start=f"{cue.start:g}",
                    mended=f"{mended:g}",
                )
                problems.append(problem(cue.line, cue.number, cue.text, reason))
            end = mended
        elif index + 1 < len(ordered) and end > ordered[index + 1].start:
            overlaps += 1
            first_overlap = ordered[index + 1]
        settled.append(Cue(cue.start, end, cue.speaker, cue.text))
    if first_overlap is not None:
        reason = lazy_plural(
            "%(count)s cue starts before the one before has ended: kept.",
            "%(count)s cues start, this one first, before the one before has ended: kept.",
            overlaps,
        )
        problems.append(problem(first_overlap.line, first_overlap.number, first_overlap.text, reason))
    return tuple(reversed(settled)), problems


def shift_text(cue: RawCue, text: str) -> RawCue:
    """Return the cue with another text."""
    return replace(cue, text=text)
