"""Corrections of cues, carried from one transcript of a recording to the next."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from .types import Cue

NEAR = 5.0  # seconds by which a cue may have moved in another file and still count as the corrected one


@dataclass(frozen=True)
class Correction:
    """What people last said about the words of a cue, which started at `start_seconds`; `number` identifies it.

    `speaker` is None if nobody corrected it. `texts` are those that a file may have there: what the first file said,
    and what the cue was corrected to since.
    """

    number: int
    start_seconds: float
    speaker: str | None
    text: str
    texts: frozenset[str]


@dataclass(frozen=True)
class Carried:
    """Cues in their order with what was corrected, the number of the correction in each (None without one), and the
    numbers of the corrections that fit no cue.
    """

    cues: tuple[Cue, ...]
    numbers: tuple[int | None, ...]
    unplaced: tuple[int, ...]


def carry(cues: Sequence[Cue], corrections: Iterable[Correction]) -> Carried:
    """Correct the `cues` of a file: each correction goes to the nearest cue within `NEAR` that says one of its texts.

    A cue takes one correction, a correction one cue; the nearest pairs first.
    """
    by_number = {correction.number: correction for correction in corrections}
    known = frozenset[str]().union(*(correction.texts for correction in by_number.values()))
    candidates: dict[str, list[int]] = {}
    for index, cue in enumerate(cues):
        if cue.text in known:
            candidates.setdefault(cue.text, []).append(index)
    pairs = sorted(
        (distance, number, index)
        for number, correction in by_number.items()
        for text in correction.texts
        for index in candidates.get(text, ())
        if (distance := abs(cues[index].start_seconds - correction.start_seconds)) <= NEAR
    )
    corrected, placed = list(cues), set[int]()
    taken: list[int | None] = [None] * len(cues)
    for _, number, index in pairs:
        if taken[index] is None and number not in placed:
            correction = by_number[number]
            taken[index] = number
            placed.add(number)
            speaker = cues[index].speaker if correction.speaker is None else correction.speaker
            corrected[index] = replace(cues[index], speaker=speaker, text=correction.text)
    unplaced = [number for number in by_number if number not in placed]
    return Carried(tuple(corrected), tuple(taken), tuple(unplaced))
