"""Finds the stretches of a recording that no citation draws on."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from .scale import percent

GAP_SECONDS = 300  # shorter stretches between two moments are nothing to speak of
DRAWN_SECONDS = 60  # how much of a recording a citation without an end draws on


@dataclass(frozen=True, slots=True)
class Gap:
    """A stretch that nothing draws on, from `start_seconds` to `end_seconds`; `x` and `width` in percent."""

    start_seconds: int
    end_seconds: int
    x: float
    width: float


def gaps(
    duration_seconds: int,
    moments: Iterable[tuple[int, int | None]],
    passed_over: Iterable[tuple[int, int]] = (),
    at_least: int = GAP_SECONDS,
) -> tuple[Gap, ...]:
    """Return the stretches of at least `at_least` seconds that no moment (start, end or None) draws on, in time order.

    A moment without an end draws on `DRAWN_SECONDS` from its start. Nothing is asked of what is `passed_over`, such as
    sponsors: (start, end) each; it does not end a gap that goes on behind it. Raises ValueError for a duration that
    is not positive.
    """
    if duration_seconds <= 0:
        raise ValueError(f"A recording lasts longer than {duration_seconds} s.")
    drawn = sorted((start, start + DRAWN_SECONDS if end is None else end) for start, end in moments)
    drawn = [(start, min(end, duration_seconds)) for start, end in drawn if start < duration_seconds]
    skipped = sorted((max(start, 0), min(end, duration_seconds)) for start, end in passed_over)
    found, reached = [], 0
    for start, end in [*drawn, (duration_seconds, duration_seconds)]:
        left, right = _without_edges(reached, start, skipped)
        if right - left >= at_least:
            x, until = percent(left, duration_seconds), percent(right, duration_seconds)
            found.append(Gap(left, right, x, round(until - x, 2)))
        reached = max(reached, end)
    return tuple(found)


def longest_gap(
    duration_seconds: int, moments: Iterable[tuple[int, int | None]], passed_over: Iterable[tuple[int, int]] = ()
) -> Gap | None:
    """Return the longest of `gaps`, None where there is none."""
    found = gaps(duration_seconds, moments, passed_over)
    return max(found, key=lambda gap: gap.end_seconds - gap.start_seconds, default=None)


def sponsor_stretches(duration_seconds: int, chapters: Sequence[tuple[int, str, bool]]) -> list[tuple[int, int]]:
    """Return (start, end) of the chapters that are sponsors, given chapters (start, title, whether a sponsor) in order.

    A chapter ends where the next one begins, at the latest with the recording; one past the end is left out.
    """
    ends = [start for start, _, _ in chapters[1:]] + [duration_seconds]
    return [
        (start, min(end, duration_seconds))
        for (start, _, is_sponsor), end in zip(chapters, ends, strict=False)
        if is_sponsor and start < duration_seconds
    ]


def _without_edges(left: int, right: int, skipped: Sequence[tuple[int, int]]) -> tuple[int, int]:
    """Return the stretch without what is skipped at its beginning and its end."""
    for start, end in skipped:
        if start <= left < end:
            left = end
    for start, end in reversed(skipped):
        if start < right <= end:
            right = start
    return left, right
