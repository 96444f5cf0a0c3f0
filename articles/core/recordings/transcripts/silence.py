"""Finds the long stretches of a recording in which a transcript has nothing, and so says nothing about it."""

from collections.abc import Sequence

from .types import Cue

LONG_SECONDS: float = 120  # complete transcripts of talks have pauses of ten seconds at most
# A cue covers at most the time that its text takes to say, and a pause after it, even if its times say more. People say
# four or five syllables a second, which are as many characters in Chinese; other scripts have more for each.
_CHARACTER_SECONDS, _PAUSE_SECONDS = 0.25, 30


def silences(cues: Sequence[Cue], length_seconds: float = 0.0) -> list[tuple[float, float]]:
    """Return the stretches of `LONG_SECONDS` or more without a cue, as (start, end) in seconds, in order.

    They begin at 0, or where a cue ends, and end at the next cue; the last one at `length_seconds`, if it's later than
    all cues. A cue that is far too long for its text doesn't cover what its times claim. Cues may be in any order.
    """
    found, covered = [], 0.0
    for cue in sorted(cues, key=lambda cue: cue.start_seconds):
        if cue.start_seconds - covered >= LONG_SECONDS:
            found.append((covered, cue.start_seconds))
        longest = cue.start_seconds + _PAUSE_SECONDS + _CHARACTER_SECONDS * len(cue.text)
        covered = max(covered, cue.start_seconds, min(cue.end_seconds, longest))
    if length_seconds - covered >= LONG_SECONDS:
        found.append((covered, length_seconds))
    return found
