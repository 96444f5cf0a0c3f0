"""Estimates the moment at which each word of a transcript is said."""

from collections.abc import Sequence

import numpy as np

from articles.core.recordings.transcripts import Cue

FASTEST, SLOWEST = 8.0, 0.5  # words per second; speech stays between them except for a breath or a pause
_BREATH, _PAUSE = 0.5, 2.0  # seconds


def word_seconds(cues: Sequence[Cue], counts: Sequence[int]) -> np.ndarray:
    """Return the second at which each word is said; `counts` are the words per cue, with cues in start order.

    Words are spread evenly over their cue. If a cue is far too long for its words, the rest of it is treated as
    silence. If it is far too short, it is pooled with the cues before it until the pace is that of speech: a run of
    cues with the same time after one that spans minutes is spread over those minutes.
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
