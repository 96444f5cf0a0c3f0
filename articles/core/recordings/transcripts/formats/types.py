"""What a transcript format is, and the value that scores it."""

from collections.abc import Callable
from dataclasses import dataclass

from ..parsed import Parsed, Source

CERTAIN = 10.0**9  # the score of a format with a signature of its own


@dataclass(frozen=True)
class TranscriptFormat:
    """A way to write transcripts. `score` counts the cues that a file has in this format, 0 for none."""

    name: str
    score: Callable[[Source], float]
    read: Callable[[Source], Parsed]
