"""Removes the repetition from rolling captions, in which each cue repeats the end of the previous one."""

from dataclasses import replace
from itertools import pairwise

from articles.core.language.messages import lazy_message
from articles.core.recordings.transcripts.types import RawCue, TranscriptProblem, problem

_GAP_SECONDS, _LONGEST_SECONDS = 1.0, 10.0  # between rolling cues; how long one lasts if the file doesn't say
_ENOUGH = 4  # repeats needed to consider a file rolling, because people do say short lines twice


def unroll(cues: list[RawCue]) -> tuple[list[RawCue], list[TranscriptProblem]]:
    """Return the cues without what each repeats of the previous one, and one problem with the number of repeats.

    A file is rolling if more than a quarter of its cues start with at least three words that end the previous cue.
    Other files are returned unchanged.
    """
    words = [cue.text.split() for cue in cues]
    repeats = [0] * len(cues)
    for index, (before, after) in enumerate(pairwise(cues), 1):
        is_said_twice = before.text == after.text and not _is_flash(after)  # a rolling cue adds something
        if _is_next(before, after) and not is_said_twice:
            repeats[index] = _overlap(words[index - 1], words[index])
    count = sum(repeat > 0 for repeat in repeats)
    if count < _ENOUGH or count * 4 <= len(cues):
        return cues, []
    for index in range(1, len(cues)):
        if repeats[index] or not _is_next(cues[index - 1], cues[index]):
            continue
        # In a rolling file, one or two words count as well if they were the whole cue.
        said, again = words[index - 1], words[index]
        if again[: len(said)] == said:
            repeats[index] = len(said)
        elif _is_flash(cues[index]) and said[-len(again) :] == again:
            repeats[index] = len(again)
    count = sum(repeat > 0 for repeat in repeats)
    kept: list[RawCue] = []
    for cue, repeat in zip(cues, repeats, strict=True):
        text = " ".join(cue.text.split()[repeat:])
        if text:
            kept.append(replace(cue, text=text))
    first = next(cue for cue, repeat in zip(cues, repeats, strict=True) if repeat)
    reason = lazy_message(
        "%(count)s cues, starting with this one, repeat the end of the previous cue; the repeated words were removed.",
        count=count,
    )
    return kept, [problem(first.line, first.number, first.text, reason)]


def _is_next(before: RawCue, after: RawCue) -> bool:
    """Tell whether a cue follows so closely that it can show the previous one's words again."""
    end = before.start + _LONGEST_SECONDS if before.end is None else before.end
    return before.speaker == after.speaker and before.start <= after.start <= end + _GAP_SECONDS


def _is_flash(cue: RawCue) -> bool:
    """Tell whether a cue is one of the 10 ms in which YouTube shows a finished line again."""
    return cue.end is not None and cue.end - cue.start < 0.1


def _overlap(before: list[str], after: list[str]) -> int:
    for length in range(min(len(before), len(after), 40), 2, -1):
        if before[-length:] == after[:length]:
            return length
    return 0
