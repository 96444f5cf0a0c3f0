"""Puts cues in order of time and gives each an end."""

from articles.core.language.messages import lazy_message, lazy_plural
from articles.core.recordings.transcripts.types import Cue, RawCue, TranscriptProblem, problem

WORDS_PER_SECOND = 2.5  # of unhurried speech, to estimate a missing end


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
