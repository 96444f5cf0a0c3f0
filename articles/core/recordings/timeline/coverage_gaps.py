"""Finds the stretches of a recording that no citation uses."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from .layout import percent

GAP_SECONDS = 300  # shorter stretches between two citations aren't worth mentioning
DRAWN_SECONDS = 60  # how much of a recording a citation without an end covers


@dataclass(frozen=True, slots=True)
class Gap:
    """A stretch without citations, from `start_seconds` to `end_seconds`; `x` and `width` are in percent."""

    start_seconds: int
    end_seconds: int
    x: float
    width: float


def gaps(
    duration_seconds: int,
    moments: Iterable[tuple[int, int | None]],
    excluded: Iterable[tuple[int, int]] = (),
    at_least: int = GAP_SECONDS,
) -> tuple[Gap, ...]:
    """Return, in time order, the stretches of at least `at_least` seconds that no citation covers.

    `moments` are citations as (start, end or None) in seconds; one without an end covers `DRAWN_SECONDS`. `excluded`
    stretches (start, end), such as sponsors, are trimmed from the edges of a gap but don't split it. Raises
    ValueError if the duration isn't positive.
    """
    if duration_seconds <= 0:
        raise ValueError(f"The duration must be positive, not {duration_seconds} s.")
    covered = sorted((start, start + DRAWN_SECONDS if end is None else end) for start, end in moments)
    covered = [(start, min(end, duration_seconds)) for start, end in covered if start < duration_seconds]
    trimmed = sorted((max(start, 0), min(end, duration_seconds)) for start, end in excluded)
    result, reached = [], 0
    for start, end in [*covered, (duration_seconds, duration_seconds)]:
        left, right = _without_edges(reached, start, trimmed)
        if right - left >= at_least:
            x, until = percent(left, duration_seconds), percent(right, duration_seconds)
            result.append(Gap(left, right, x, round(until - x, 2)))
        reached = max(reached, end)
    return tuple(result)


def longest_gap(
    duration_seconds: int, moments: Iterable[tuple[int, int | None]], excluded: Iterable[tuple[int, int]] = ()
) -> Gap | None:
    """Return the longest of the `gaps`, None if there are none."""
    return max(
        gaps(duration_seconds, moments, excluded), key=lambda gap: gap.end_seconds - gap.start_seconds, default=None
    )


def sponsor_stretches(duration_seconds: int, chapters: Sequence[tuple[int, str, bool]]) -> list[tuple[int, int]]:
    """Return (start, end) of the sponsor chapters, given all chapters (start, title, is sponsor) in time order.

    A chapter ends where the next one starts or with the recording. Chapters past the end are omitted.
    """
    ends = [start for start, _, _ in chapters[1:]] + [duration_seconds]
    return [
        (start, min(end, duration_seconds))
        for (start, _, is_sponsor), end in zip(chapters, ends, strict=False)
        if is_sponsor and start < duration_seconds
    ]


def _without_edges(left: int, right: int, skipped: Sequence[tuple[int, int]]) -> tuple[int, int]:
    """Return the stretch without the `skipped` stretches at its start and end."""
    for start, end in skipped:
        if start <= left < end:
            left = end
    for start, end in reversed(skipped):
        if start < right <= end:
            right = start
    return left, right
