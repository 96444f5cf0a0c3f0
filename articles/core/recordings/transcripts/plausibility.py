"""Judges a transcript as a whole: what can't be right is refused, what looks wrong has to be confirmed."""

import math
from collections.abc import Sequence
from itertools import accumulate

from articles.core.language.identify import is_same_language, language_of
from articles.core.language.messages import lazy_message
from articles.core.timestamps import format_label

from .parsed import Parsed
from .silence import silences
from .types import Cue, RawCue, TranscriptError, TranscriptProblem, problem

SAME_TIME_CUES = 3  # that many cues, and all at one time, aren't a transcript
UNREAD_FEW = 6  # lines; in shorter lists of problems nobody overlooks one
BACKWARDS_FEW, BACKWARDS_SHARE = 3, 0.1
JUMP_SECONDS = 10  # back from the latest start; people who talk at once are a few seconds out of order
FAST_WORDS, FAST_CHARACTERS = 6.0, 35.0  # per second, for the whole recording; 4 words are fast speech
FAST_ENOUGH_WORDS = 60
SLOW_CHARACTERS = 1.0  # per second of the cues; 25 frames a second read as seconds give 0.6
SLOW_ENOUGH_WORDS, SLOW_ENOUGH_CHARACTERS = 20, 100
LATE_SECONDS, LATE_SHARE = 600, 0.1  # after the end of the episode: more than other advertisements or credits
FIRST_SECONDS = 3600  # a studio's clock often starts at 01:00:00:00
LANGUAGE_WORDS = 40  # enough to identify a language
SILENT_SHARE = 0.1  # of the recording in long stretches without a cue; complete transcripts have none


def refuse_implausible(cues: Sequence[Cue]) -> None:
    """Raise TranscriptError if all cues are at one time."""
    if len(cues) >= SAME_TIME_CUES and cues[0].start_seconds == cues[-1].start_seconds:
        raise TranscriptError(
            lazy_message(
                "all %(count)s cues are at the same time (%(seconds)s s), so the times weren’t found. Export the "
                "transcript again, with a time for each cue.",
                count=len(cues),
                seconds=f"{cues[0].start_seconds:g}",
            )
        )


def doubts_about_file(parsed: Parsed, raw: Sequence[RawCue]) -> list[TranscriptProblem]:
    """Return what makes a file implausible in itself; `raw` are its cues in file order."""
    doubts: list[TranscriptProblem] = []
    if parsed.skipped >= UNREAD_FEW and parsed.skipped * 2 > parsed.units:
        reason = lazy_message(
            "Most of the file wasn’t read: %(count)s of %(total)s lines or cues are listed as skipped. Is it in the "
            "right format?",
            count=parsed.skipped,
            total=parsed.units,
        )
        doubts.append(problem(0, 0, "", reason))
    latest = list(accumulate((cue.start for cue in raw), max))
    behind = [(cue, before - cue.start) for cue, before in zip(raw[1:], latest, strict=False) if cue.start < before]
    backwards = [cue for cue, _ in behind]
    is_often = len(backwards) >= BACKWARDS_FEW and len(backwards) > BACKWARDS_SHARE * len(raw)
    if is_often or any(seconds > JUMP_SECONDS for _, seconds in behind):
        reason = lazy_message(
            "The times run backwards: %(count)s of %(total)s cues start before one above them, first here. Are these "
            "times of the recording?",
            count=len(backwards),
            total=len(raw),
        )
        doubts.append(problem(backwards[0].line, backwards[0].number, backwards[0].text, reason))
    return doubts + _too_fast(raw) + _too_slow(raw)


def _too_slow(raw: Sequence[RawCue]) -> list[TranscriptProblem]:
    timed = [(cue, cue.end - cue.start) for cue in raw if cue.end is not None and cue.end > cue.start]
    words = sum(len(cue.text.split()) for cue, _ in timed)
    characters = sum(len(cue.text) for cue, _ in timed)
    seconds = sum(length for _, length in timed)
    is_enough = words >= SLOW_ENOUGH_WORDS or characters >= SLOW_ENOUGH_CHARACTERS
    if not is_enough or len(timed) * 2 < len(raw) or characters >= SLOW_CHARACTERS * seconds:
        return []
    reason = lazy_message(
        "The text is too short for its times: %(words)s words in %(seconds)s s of speech. Are the times milliseconds "
        "or frames instead of seconds?",
        words=words,
        seconds=f"{seconds:.0f}",
    )
    return [problem(0, 0, "", reason)]


def _too_fast(raw: Sequence[RawCue]) -> list[TranscriptProblem]:
    words = sum(len(cue.text.split()) for cue in raw)
    characters = sum(len(cue.text) for cue in raw)
    if words < FAST_ENOUGH_WORDS and characters < 6 * FAST_ENOUGH_WORDS:
        return []
    last = max(raw, key=lambda cue: cue.start)
    end = max(cue.end or cue.start for cue in raw)
    # The last cue may have no end, so it is left out with its words.
    if end <= last.start:
        words, characters = words - len(last.text.split()), characters - len(last.text)
    seconds = max(end - min(cue.start for cue in raw), 0.1)
    if words / seconds <= FAST_WORDS and characters / seconds <= FAST_CHARACTERS:
        return []
    reason = lazy_message(
        "The text is too long for its times: %(words)s words in %(seconds)s s is faster than anyone speaks.",
        words=words,
        seconds=f"{seconds:.0f}",
    )
    return [problem(0, 0, "", reason)]


def doubts_about_episode(cues: Sequence[Cue], length_seconds: int | None, language: str) -> list[TranscriptProblem]:
    """Return what doesn't fit the episode: its length in seconds (None if unknown), and its language ("" if unknown)."""
    doubts: list[TranscriptProblem] = []
    if length_seconds and cues:
        last = cues[-1].start_seconds
        if last > length_seconds + max(LATE_SECONDS, LATE_SHARE * length_seconds):
            reason = lazy_message(
                "The transcript goes on until %(last)s min, but the episode is only %(length)s min long. Does it belong "
                "to this episode, and do its times count from the start of the recording?",
                last=f"{last / 60:.0f}",
                length=f"{length_seconds / 60:.0f}",
            )
            doubts.append(problem(0, len(cues), cues[-1].text, reason))
    if cues and cues[0].start_seconds >= FIRST_SECONDS:
        reason = lazy_message(
            "The first cue is only at %(first)s min. Do the times count from the start of the recording, or are they "
            "times of day or of a studio’s clock?",
            first=f"{cues[0].start_seconds / 60:.0f}",
        )
        doubts.append(problem(0, 1, cues[0].text, reason))
    text = " ".join(cue.text for cue in cues[:2000])
    if language and (len(text.split()) >= LANGUAGE_WORDS or len(text) >= 8 * LANGUAGE_WORDS):
        found = language_of(text)
        if found and not is_same_language(found, language):
            reason = lazy_message(
                "The text looks like another language (%(found)s) than the one expected (%(language)s).",
                found=found,
                language=language,
            )
            doubts.append(problem(0, 0, cues[0].text, reason))
    return doubts


def leaves_more_silent(cues: Sequence[Cue], current: Sequence[Cue], length_seconds: int | None) -> bool:
    """Return whether so much of the recording has no cues that `cues` may be incomplete, and less so in `current`.

    `current` is the transcript that they would replace; without one, a part of a transcript is better than none.
    """
    length = max(_length(cues, length_seconds), _length(current, length_seconds))
    silent, before = (sum(end - start for start, end in silences(each, length)) for each in (cues, current))
    return bool(current) and silent > SILENT_SHARE * length and silent > before


def silence_problems(cues: Sequence[Cue], length_seconds: int | None) -> list[TranscriptProblem]:
    """Report how much of the recording has cues, if long stretches have none; its length in seconds may be unknown."""
    length = _length(cues, length_seconds)
    found = silences(cues, length)
    if not found:
        return []
    silent = sum(end - start for start, end in found)
    start, end = max(found, key=lambda stretch: stretch[1] - stretch[0])
    share = math.floor(100 * (1 - silent / length))
    stretch = {"start": format_label(int(start)), "end": format_label(int(end))}
    reason = (
        lazy_message(
            "Only %(share)s %% of the recording has cues: for %(silent)s of its %(length)s min there are none, longest "
            "from %(start)s to %(end)s. What is cited there can’t be checked. Is the transcript complete?",
            share=share,
            silent=math.ceil(silent / 60),
            length=math.ceil(length / 60),
            **stretch,
        )
        if share
        else lazy_message(
            "Less than 1 %% of the recording has cues. The longest stretch without any is from %(start)s to %(end)s. "
            "What is cited there can’t be checked. Is the transcript complete?",
            **stretch,
        )
    )
    after = next((number for number, cue in enumerate(cues, 1) if cue.start_seconds >= end), len(cues))
    return [problem(0, after, cues[after - 1].text, reason)]


def _length(cues: Sequence[Cue], length_seconds: int | None) -> float:
    return max([float(length_seconds or 0), *(cue.end_seconds for cue in cues)])
