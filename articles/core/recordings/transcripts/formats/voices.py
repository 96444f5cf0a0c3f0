"""Adds a cue for each voice of a timed block."""

from collections.abc import Iterator, Sequence

from ..types import RawCue


def split_by_voice(
    line: int, number: int, start: float, end: float | None, parts: Sequence[tuple[str, str]]
) -> Iterator[RawCue]:
    """Yield a cue for each (speaker, text); they share the time in proportion to the length of their text."""
    length = end - start if end is not None and end > start else 0.0
    total = sum(len(text) for _, text in parts) or 1
    spoken = 0
    for index, (speaker, text) in enumerate(parts):
        begin = start + length * spoken / total
        spoken += len(text)
        finish = end if index == len(parts) - 1 or not length else start + length * spoken / total
        yield RawCue(line, number, begin, finish, speaker, text)
