"""Joins cues into passages that can be read: what one speaker says within a chapter, in whole sentences if possible."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from .types import Cue

SECONDS, MOST_SECONDS = 30.0, 90.0  # after which a passage ends with a sentence, or in any case with a cue
_ENDS = ".?!…。？！؟।"
_CLOSING = "\"'”’»)]"


@dataclass
class Passage:
    """Consecutive cues of one speaker; `chapter` is the index of the chapter that begins with it, or None."""

    speaker: str
    cues: list[Cue] = field(default_factory=list)
    chapter: int | None = None

    @property
    def start_seconds(self) -> float:
        return self.cues[0].start_seconds


def passages(cues: Iterable[Cue], chapter_starts: Sequence[int] = ()) -> list[Passage]:
    """Return the passages of `cues`, which are in order of time; each cue is in exactly one.

    `chapter_starts` are seconds in rising order. A chapter begins with the first cue that starts in it; the index given
    is that of the last chapter that has begun by then.
    """
    found: list[Passage] = []
    begun = -1
    for cue in cues:
        latest = begun
        while begun + 1 < len(chapter_starts) and chapter_starts[begun + 1] <= cue.start_seconds:
            begun += 1
        if not found or begun > latest or found[-1].speaker != cue.speaker or _is_full(found[-1], cue):
            found.append(Passage(cue.speaker, chapter=begun if begun > latest else None))
        found[-1].cues.append(cue)
    return found


def _is_full(passage: Passage, cue: Cue) -> bool:
    lasted = cue.start_seconds - passage.start_seconds
    ends_sentence = passage.cues[-1].text.rstrip(_CLOSING).endswith(tuple(_ENDS))
    return lasted >= MOST_SECONDS or (lasted >= SECONDS and ends_sentence)
