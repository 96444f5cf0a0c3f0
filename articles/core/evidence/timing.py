"""Gives each word of a transcript the moment at which it is said."""

from collections.abc import Sequence

import numpy as np

from articles.core.recordings.transcripts import Cue

FASTEST, SLOWEST = 8.0, 0.5  # words per second that speech does not go beyond for longer than a breath
_BREATH, _PAUSE = 0.5, 2.0  # seconds


def word_seconds(cues: Sequence[Cue], counts: Sequence[int]) -> np.ndarray:
    """Return the seconds of each word, given the words per cue; cues are in the order of their start.

    Words are spread evenly over their cue. A cue far too long for its words is taken to be silent after
    them. Cues far too short are pooled with those before them until the pace is that of speech: so a run
    of cues with one and the same time, behind one that spans minutes, is spread over these minutes.
    """
    groups: list[tuple[float, float, int]] = []
    for cue, count in zip(cues, counts, strict=True):
        start, end = cue.start_seconds, max(cue.end_seconds, cue.start_seconds)
        while groups and count > FASTEST * (end - start + _BREATH):
            before_start, before_end, before_count = groups.pop()
            start, end, count = before_start, max(before_end, end), before_count + count
        groups.append((start, end, count))
    pieces = [
        start + (min(end, start + count / SLOWEST + _PAUSE) - start) * (np.arange(count) + 0.5) / count
        for start, end, count in groups
        if count
    ]
    return np.concatenate(pieces).astype(np.float32) if pieces else np.zeros(0, np.float32)
