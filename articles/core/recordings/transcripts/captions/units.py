"""Tells milliseconds from seconds where a file doesn't say which it has: by how much would be said in that time."""

from collections.abc import Sequence

from articles.core.language.messages import lazy_message

from ..parsed import Parsed

# People say about 15 characters a second, and 5 in Chinese; in milliseconds that is a thousandth per unit.
SLOWEST = 0.15  # characters per unit from start to end; fewer are said in milliseconds
SLOWEST_WITH_PAUSES = 0.05  # from one start to the next
LONGEST = 36_000  # a recording isn't longer, in seconds

Times = tuple[float, float | None, str]  # start, end (None if unknown) and text of a cue


def parts_per_second(parsed: Parsed, cues: Sequence[Times], *, is_usual: bool = False) -> int:
    """Return 1000 if numbers without a unit must be milliseconds, otherwise 1, for seconds.

    The guess is noted, unless milliseconds are what the program that the file is from always writes.
    """
    if not _are_milliseconds(cues):
        return 1
    if is_usual:
        return 1000
    reason = lazy_message("The times were read as milliseconds; in seconds, nobody would speak so slowly.")
    parsed.note(0, 0, "", reason)
    return 1000


def _are_milliseconds(cues: Sequence[Times]) -> bool:
    """Tell whether numbers without a unit must be milliseconds, because in as many seconds nobody says so little."""
    numbers = [number for start, end, _ in cues for number in (start, end) if number is not None]
    if not numbers or any(number % 1 != 0 for number in numbers):
        return False
    timed = [(end - start, len(text)) for start, end, text in cues if end is not None and end > start]
    if len(timed) * 2 > len(cues):
        return sum(count for _, count in timed) < SLOWEST * sum(length for length, _ in timed)
    span = max(numbers) - min(numbers)
    return max(numbers) > LONGEST and sum(len(text) for *_, text in cues[:-1]) < SLOWEST_WITH_PAUSES * span
