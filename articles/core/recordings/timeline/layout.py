"""Lays a recording out as a strip: where its chapters and an article's citations lie, in percent of its length."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from articles.core.timestamps import format_label

from .scale import percent

LABEL_ROWS = 4
LABEL_WIDTH = 6.0  # of a label such as 1:31:01, in percent of the narrowest strip that shows labels (55rem)
LINE_SECONDS = 2400  # how much of a recording stands in one line, where the strip is folded for a narrow screen
MOST_LINES = 4
LINE_LABEL_WIDTH = 16.0  # of a label, in percent of the narrowest line (18rem)


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
class Marker:
    """A citation on the strip; `x` in percent.

    `row` is that of its label, from 0; None where there is no room, or where another pin says the same. How the
    citation stands is `said` in words; `state` is the name of its sign.
    """

    x: float
    label: str
    anchor: str
    chapter: str
    row: int | None
    alignment: str  # start: the label stands after its pin; end: before it
    state: str = ""
    said: str = ""


@dataclass(frozen=True, slots=True)
class Timeline:
    """The strip; segments and pins in time order. `rows` counts the rows of labels.

    `chapter_count` is that of the chapters that are no sponsors, `used_count` of those with a pin; both are 0 where no
    chapter is known. `begin` and `duration` are labels: where it begins in the recording, and how long that is.
    """

    segments: tuple[Segment, ...]
    pins: tuple[Marker, ...]
    rows: int
    duration: str
    begin: str = "00:00"
    chapter_count: int = 0
    used_count: int = 0


def lay_out(
    duration_seconds: int,
    chapters: Sequence[tuple[int, str, bool]],
    pins: Sequence[tuple[str, int]],
    stands: Mapping[str, tuple[str, str]] | None = None,
    label_width: float = LABEL_WIDTH,
) -> Timeline:
    """Lay out chapters (start in seconds, title, whether a sponsor) and pins (anchor, seconds) on a recording.

    `stands` says by anchor how a citation stands: the name of its sign, and the words. What lies past the end is left
    out. An episode without chapters is one segment. Raises ValueError for a duration that is not positive.
    """
    if duration_seconds <= 0:
        raise ValueError(f"A recording lasts longer than {duration_seconds} s.")
    stands = stands or {}
    inside = sorted((start, title, sponsor) for start, title, sponsor in chapters if 0 <= start < duration_seconds)
    has_chapters = bool(inside)
    if not inside or inside[0][0] > 0:
        inside.insert(0, (0, "", False))
    starts = [start for start, _, _ in inside]
    placed = sorted((seconds, anchor) for anchor, seconds in pins if 0 <= seconds <= duration_seconds)
    used = {bisect_right(starts, seconds) - 1 for seconds, _ in placed}

    segments = []
    for index, (start, title, is_sponsor) in enumerate(inside):
        end = starts[index + 1] if index + 1 < len(starts) else duration_seconds
        x, until = percent(start, duration_seconds), percent(end, duration_seconds)
        width = round(until - x, 2)
        segments.append(Segment(x, width, format_label(start), title, is_sponsor, index in used))

    rows_of = _label_rows([percent(seconds, duration_seconds) for seconds, _ in placed], label_width)
    laid = []
    for (seconds, anchor), row in zip(placed, rows_of, strict=True):
        x = percent(seconds, duration_seconds)
        title = inside[bisect_right(starts, seconds) - 1][1]
        state, said = stands.get(anchor, ("", ""))
        laid.append(Marker(x, format_label(seconds), anchor, title, row, _alignment(x, label_width), state, said))
    rows = max((pin.row + 1 for pin in laid if pin.row is not None), default=0)
    own = [segment for segment in segments if not segment.is_sponsor] if has_chapters else []
    return Timeline(
        tuple(segments),
        tuple(laid),
        rows,
        format_label(duration_seconds),
        chapter_count=len(own),
        used_count=sum(segment.is_used for segment in own),
    )


def wrap(
    duration_seconds: int,
    chapters: Sequence[tuple[int, str, bool]],
    pins: Sequence[tuple[str, int]],
    stands: Mapping[str, tuple[str, str]] | None = None,
) -> tuple[Timeline, ...]:
    """Lay the same out in lines of equal length, as a text is set: what one long line cannot hold on a narrow screen.

    A chapter that goes over the end of a line goes on in the next one. Raises as `lay_out` does.
    """
    if duration_seconds <= 0:
        raise ValueError(f"A recording lasts longer than {duration_seconds} s.")
    count = min(max(-(-duration_seconds // LINE_SECONDS), 1), MOST_LINES)
    length = -(-duration_seconds // count)
    course = sorted(chapter for chapter in chapters if 0 <= chapter[0] < duration_seconds)
    cited = {
        max((start for start, _, _ in course if start <= seconds), default=0)
        for _, seconds in pins
        if 0 <= seconds <= duration_seconds
    }
    lines = []
    for begin in range(0, duration_seconds, length):
        end = min(begin + length, duration_seconds)
        running = [chapter for chapter in course if chapter[0] <= begin][-1:]
        of_line = [*running, *(chapter for chapter in course if begin < chapter[0] < end)]
        is_last = end == duration_seconds
        line = lay_out(
            length,
            [(max(start - begin, 0), title, is_sponsor) for start, title, is_sponsor in of_line]
            + ([(end - begin, "", False)] if end - begin < length else []),
            [(anchor, at - begin) for anchor, at in pins if begin <= at < end or (is_last and at == end)],
            stands,
            LINE_LABEL_WIDTH,
        )
        starts = [0, *(start for start, _, _ in course if begin < start < end)]
        origins = [running[0][0] if running else 0, *(start for start, _, _ in course if begin < start < end)]
        segments = tuple(
            replace(segment, label=format_label(origin), is_used=origin in cited)
            for segment, origin in zip(line.segments[: len(starts)], origins, strict=True)
        )
        times = {anchor: format_label(at) for anchor, at in pins}
        labelled = tuple(replace(pin, label=times[pin.anchor]) for pin in line.pins)
        lines.append(
            replace(line, segments=segments, pins=labelled, begin=format_label(begin), duration=format_label(end))
        )
    return tuple(lines)


def miniature(
    duration_seconds: int, chapters: Sequence[tuple[int, str, bool]], moments: Iterable[int]
) -> dict[str, str]:
    """The strip as three SVG paths on a ground of 1000 by 20: chapters that are `used`, others (`unused`), `pins`.

    Raises as `lay_out` does.
    """
    strip = lay_out(duration_seconds, chapters, [(str(number), at) for number, at in enumerate(moments)])
    drawn: dict[str, list[str]] = {"used": [], "unused": []}
    for segment in strip.segments:
        if not segment.is_sponsor:
            left, width = round(segment.x * 10), max(round(segment.width * 10) - 3, 1)
            drawn["used" if segment.is_used else "unused"].append(f"M{left} 4h{width}v12h-{width}z")
    pins = "".join(f"M{round(x * 10)} 0v20" for x in dict.fromkeys(pin.x for pin in strip.pins))
    return {"used": "".join(drawn["used"]), "unused": "".join(drawn["unused"]), "pins": pins}


def _alignment(x: float, width: float) -> str:
    return "start" if x <= 100 - width else "end"


def _label_rows(places: Sequence[float], width: float) -> list[int | None]:
    """A row for the label of each pin, given in order, so that no label touches another one or another one's line.

    A label stands like a flag at the foot of its pin's line, which runs through the rows above it. From the right,
    every pin takes the highest row that is free: so labels that stand close go down to the left like stairs.
    """
    rows: list[int | None] = [None] * len(places)
    taken: list[tuple[float, float, float, int]] = []  # the pin's x, its label's left and right end, its row
    for index in reversed(range(len(places))):
        x = places[index]
        if index + 1 < len(places) and places[index + 1] == x:
            continue
        left = x if _alignment(x, width) == "start" else x - width
        right = left + width
        for row in range(LABEL_ROWS):
            touches = any(
                (row == other and left < other_right and other_left < right)
                or (row > other and other_left <= x < other_right)
                or (row < other and left <= other_x < right)
                for other_x, other_left, other_right, other in taken
            )
            if not touches:
                rows[index] = row
                taken.append((x, left, right, row))
                break
    return rows
