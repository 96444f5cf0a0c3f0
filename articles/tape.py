"""Lays a recording out as a strip: where its chapters and an article's citations lie, in percent of its length."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from articles.timestamps import format_label

LABEL_ROWS = 4
LABEL_WIDTH = 5.2  # of a label such as 1:31:01, in percent of the strip on a wide screen
EDGE = LABEL_WIDTH / 2  # nearer to an end than this, a label is set beside its pin instead of under it


@dataclass(frozen=True, slots=True)
class Segment:
    """A chapter on the strip; `x` and `width` in percent."""

    x: float
    width: float
    label: str
    title: str
    is_sponsor: bool
    is_used: bool


@dataclass(frozen=True, slots=True)
class Pin:
    """A citation on the strip; `x` in percent. `row` is that of its label from 0, None where there is no room."""

    x: float
    label: str
    anchor: str
    chapter: str
    row: int | None
    alignment: str  # start, middle, end: where the label stands to its pin


@dataclass(frozen=True, slots=True)
class Tape:
    """The strip; segments and pins in time order. `rows` counts the rows of labels."""

    segments: tuple[Segment, ...]
    pins: tuple[Pin, ...]
    rows: int
    duration: str


def lay_out(
    duration_seconds: int,
    chapters: Sequence[tuple[int, str, bool]],
    pins: Sequence[tuple[str, int]],
) -> Tape:
    """Lay out chapters (start in seconds, title, whether a sponsor) and pins (anchor, seconds) on a recording.

    What lies past the end is left out. An episode without chapters is one segment. Raises ValueError for a duration
    that is not positive.
    """
    if duration_seconds <= 0:
        raise ValueError(f"A recording lasts longer than {duration_seconds} s.")
    inside = sorted((start, title, sponsor) for start, title, sponsor in chapters if 0 <= start < duration_seconds)
    if not inside or inside[0][0] > 0:
        inside.insert(0, (0, "", False))
    starts = [start for start, _, _ in inside]
    placed = sorted((seconds, anchor) for anchor, seconds in pins if 0 <= seconds <= duration_seconds)
    used = {bisect_right(starts, seconds) - 1 for seconds, _ in placed}

    segments = []
    for index, (start, title, is_sponsor) in enumerate(inside):
        end = starts[index + 1] if index + 1 < len(starts) else duration_seconds
        x, until = _percent(start, duration_seconds), _percent(end, duration_seconds)
        width = round(until - x, 2)
        segments.append(Segment(x, width, format_label(start), title, is_sponsor, index in used))

    laid, ends = [], [-LABEL_WIDTH] * LABEL_ROWS
    for seconds, anchor in placed:
        x = _percent(seconds, duration_seconds)
        alignment, left = "middle", x - LABEL_WIDTH / 2
        if x < EDGE:
            alignment, left = "start", x
        elif x > 100 - EDGE:
            alignment, left = "end", x - LABEL_WIDTH
        row = next((row for row, end in enumerate(ends) if left >= end), None)
        if row is not None:
            ends[row] = left + LABEL_WIDTH
        title = inside[bisect_right(starts, seconds) - 1][1]
        laid.append(Pin(x, format_label(seconds), anchor, title, row, alignment))
    rows = max((pin.row + 1 for pin in laid if pin.row is not None), default=0)
    return Tape(tuple(segments), tuple(laid), rows, format_label(duration_seconds))


def _percent(seconds: int, duration_seconds: int) -> float:
    return round(seconds / duration_seconds * 100, 2)
