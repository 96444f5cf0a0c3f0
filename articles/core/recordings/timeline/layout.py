"""Lays out a recording as a timeline: positions of its chapters and an article's citations, in percent."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from articles.core.timestamps import format_label

LABEL_ROWS = 4
LABEL_WIDTH = 6.0  # width of a label such as 1:31:01, in percent of the narrowest timeline with labels (55rem)
LINE_SECONDS = 2400  # how much of a recording fits on one line when the timeline is wrapped for a narrow screen
MOST_LINES = 4
LINE_LABEL_WIDTH = 16.0  # width of a label, in percent of the narrowest line (18rem)


@dataclass(frozen=True, slots=True)
class Segment:
    """A chapter on the timeline; `x` and `width` are in percent."""

    x: float
    width: float
    label: str
    title: str
    is_sponsor: bool
    is_used: bool


@dataclass(frozen=True, slots=True)
class Marker:
    """A citation on the timeline; `x` is in percent.

    `row` is the row of its label, from 0; None if there is no room or another marker has the same label. `status_text`
    is the citation's status as text, `state` the name of its icon.
    """

    x: float
    label: str
    anchor: str
    chapter: str
    row: int | None
    alignment: str  # start: the label comes after its marker; end: before it
    state: str = ""
    status_text: str = ""


@dataclass(frozen=True, slots=True)
class Timeline:
    """A timeline, or a line of one, with segments and markers in time order and the number of label rows.

    `chapter_count` counts the chapters that aren't sponsors, `used_count` those with a marker; both are 0 if no
    chapters are known. `begin` and `duration` are labels for where it starts and ends in the recording.
    """

    segments: tuple[Segment, ...]
    markers: tuple[Marker, ...]
    rows: int
    duration: str
    begin: str = "00:00"
    chapter_count: int = 0
    used_count: int = 0


def percent(seconds: int, duration_seconds: int) -> float:
    """Return the position of a time in percent of the duration, rounded to two decimals."""
    return round(seconds / duration_seconds * 100, 2)


def lay_out(
    duration_seconds: int,
    chapters: Sequence[tuple[int, str, bool]],
    markers: Sequence[tuple[str, int]],
    statuses: Mapping[str, tuple[str, str]] | None = None,
    label_width: float = LABEL_WIDTH,
) -> Timeline:
    """Lay out chapters (start in seconds, title, is sponsor) and markers (anchor, seconds) on a recording.

    `statuses` maps an anchor to its citation's status: the name of the icon, and its text. Anything past the end is
    omitted. An episode without chapters is one segment. Raises ValueError if the duration isn't positive.
    """
    if duration_seconds <= 0:
        raise ValueError(f"The duration must be positive, not {duration_seconds} s.")
    statuses = statuses or {}
    inside = sorted((start, title, sponsor) for start, title, sponsor in chapters if 0 <= start < duration_seconds)
    has_chapters = bool(inside)
    if not inside or inside[0][0] > 0:
        inside.insert(0, (0, "", False))
    starts = [start for start, _, _ in inside]
    placed = sorted((seconds, anchor) for anchor, seconds in markers if 0 <= seconds <= duration_seconds)
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
        state, status_text = statuses.get(anchor, ("", ""))
        laid.append(
            Marker(x, format_label(seconds), anchor, title, row, _alignment(x, label_width), state, status_text)
        )
    rows = max((marker.row + 1 for marker in laid if marker.row is not None), default=0)
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
    markers: Sequence[tuple[str, int]],
    statuses: Mapping[str, tuple[str, str]] | None = None,
) -> tuple[Timeline, ...]:
    """Lay out the same timeline in lines of equal length, for screens too narrow for one long line.

    A chapter that crosses the end of a line continues on the next. Raises like `lay_out`.
    """
    if duration_seconds <= 0:
        raise ValueError(f"The duration must be positive, not {duration_seconds} s.")
    count = min(max(-(-duration_seconds // LINE_SECONDS), 1), MOST_LINES)
    length = -(-duration_seconds // count)
    in_order = sorted(chapter for chapter in chapters if 0 <= chapter[0] < duration_seconds)
    cited = {
        max((start for start, _, _ in in_order if start <= seconds), default=0)
        for _, seconds in markers
        if 0 <= seconds <= duration_seconds
    }
    times = {anchor: format_label(at) for anchor, at in markers}
    lines = []
    for begin in range(0, duration_seconds, length):
        end = min(begin + length, duration_seconds)
        running = [chapter for chapter in in_order if chapter[0] <= begin][-1:]
        of_line = [*running, *(chapter for chapter in in_order if begin < chapter[0] < end)]
        is_last = end == duration_seconds
        line = lay_out(
            length,
            [(max(start - begin, 0), title, is_sponsor) for start, title, is_sponsor in of_line]
            + ([(end - begin, "", False)] if end - begin < length else []),
            [(anchor, at - begin) for anchor, at in markers if begin <= at < end or (is_last and at == end)],
            statuses,
            LINE_LABEL_WIDTH,
        )
        origins = [running[0][0] if running else 0, *(start for start, _, _ in in_order if begin < start < end)]
        segments = tuple(
            replace(segment, label=format_label(origin), is_used=origin in cited)
            for segment, origin in zip(line.segments[: len(origins)], origins, strict=True)
        )
        labelled = tuple(replace(marker, label=times[marker.anchor]) for marker in line.markers)
        lines.append(
            replace(line, segments=segments, markers=labelled, begin=format_label(begin), duration=format_label(end))
        )
    return tuple(lines)


def miniature(
    duration_seconds: int, chapters: Sequence[tuple[int, str, bool]], moments: Iterable[int]
) -> dict[str, str]:
    """Return the timeline as three SVG paths in a 1000 by 20 box: `used` chapters, `unused` ones, and `markers`.

    Raises like `lay_out`.
    """
    timeline = lay_out(duration_seconds, chapters, [(str(number), at) for number, at in enumerate(moments)])
    drawn: dict[str, list[str]] = {"used": [], "unused": []}
    for segment in timeline.segments:
        if not segment.is_sponsor:
            left, width = round(segment.x * 10), max(round(segment.width * 10) - 3, 1)
            drawn["used" if segment.is_used else "unused"].append(f"M{left} 4h{width}v12h-{width}z")
    markers = "".join(f"M{round(x * 10)} 0v20" for x in dict.fromkeys(marker.x for marker in timeline.markers))
    return {"used": "".join(drawn["used"]), "unused": "".join(drawn["unused"]), "markers": markers}


def _alignment(x: float, width: float) -> str:
    return "start" if x <= 100 - width else "end"


def _label_rows(places: Sequence[float], width: float) -> list[int | None]:
    """Return a row for the label of each marker, in order, so that no label touches another label or its line.

    A label hangs like a flag at the foot of its marker's line, which runs through the rows above it. From the right,
    each marker takes the highest free row, so that crowded labels step down to the left like stairs.
    """
    rows: list[int | None] = [None] * len(places)
    taken: list[tuple[float, float, float, int]] = []  # the marker's x, its label's left and right end, its row
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
