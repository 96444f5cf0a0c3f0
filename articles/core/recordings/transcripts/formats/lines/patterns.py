"""Decides which of the possible marks of a plain transcript are its own: by how most are written, and by time order."""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from articles.core.recordings.transcripts.captions.speakers import is_name

from .layouts import Layout, Mark

_OFTEN = 3  # marks in a second layout needed to count as part of the file's pattern, …
_SHARE = 0.3  # … and as a share of the main layout's


@dataclass
class Pattern:
    """The layout of most marks, the marks by line, and the lines whose time was taken for speech."""

    layout: Layout
    marks: dict[int, Mark] = field(default_factory=dict)
    doubtful: list[Mark] = field(default_factory=list)

    @property
    def count(self) -> int:
        """The number of marks."""
        return len(self.marks)


def find_pattern(candidates: Sequence[Mark], text_lines: Sequence[int]) -> Pattern | None:
    """Return the pattern of the file, None if it has no marks. `text_lines` are the numbers of all lines with text."""
    by_layout = {layout: [mark for mark in candidates if mark.layout is layout] for layout in Layout}
    by_layout[Layout.NAME] = _headings(by_layout[Layout.NAME], candidates, text_lines)
    scores = {layout: len(_in_order(marks)) for layout, marks in by_layout.items()}
    named = {mark.line for mark in by_layout[Layout.NAME]}
    scores[Layout.AFTER] = len(_in_order([mark for mark in by_layout[Layout.AFTER] if mark.line not in named]))
    if scores[Layout.AFTER] * 4 < len(text_lines):  # a few lines of speech happen to end with a time
        scores[Layout.AFTER] = 0
    main = max(Layout, key=lambda layout: (scores[layout], bool(scores[layout]) and len(by_layout[layout])))
    if not scores[main]:
        main = next((layout for layout in (Layout.BEFORE, Layout.ABOVE) if by_layout[layout]), Layout.AFTER)
        if not by_layout[main]:
            return None
    chosen = list(by_layout[main])
    for layout in _companions(main):
        others = by_layout[layout]
        joint = len(_in_order(sorted([*chosen, *others], key=lambda mark: mark.line)))
        is_often = len(others) >= max(_OFTEN, _SHARE * scores[main]) and joint * 10 >= 9 * (scores[main] + len(others))
        taken = {mark.line for mark in chosen}
        chosen += [mark for mark in others if mark.line not in taken and (is_often or _belongs(mark, main, chosen))]
    return _settle(main, sorted(chosen, key=lambda mark: mark.line))


def _companions(main: Layout) -> tuple[Layout, ...]:
    if main is Layout.BEFORE:
        return Layout.ABOVE, Layout.NAME
    if main is Layout.NAME:
        return Layout.ABOVE, Layout.BEFORE
    return (Layout.NAME, Layout.BEFORE) if main is Layout.ABOVE else ()


def _belongs(mark: Mark, main: Layout, chosen: Sequence[Mark]) -> bool:
    """Tell whether a mark in another layout is certain enough on its own."""
    styles = {other.style for other in chosen if other.layout is main}
    if mark.layout is Layout.NAME:
        return mark.is_units or (bool(mark.style) and main is Layout.BEFORE and mark.style[0] in "[(")
    return (mark.style in styles and (main is Layout.BEFORE or not mark.is_bare)) or (
        mark.is_units and main is Layout.ABOVE
    )


def _headings(marks: list[Mark], candidates: Sequence[Mark], text_lines: Sequence[int]) -> list[Mark]:
    """Return the marks after names that are written as most of them; a heading has text, behind it or below."""
    if not marks:
        return []
    lines_with_marks = {mark.line for mark in marks}
    following = dict(zip(text_lines, [*text_lines[1:], 0], strict=True))
    with_text = [mark for mark in marks if mark.rest or following[mark.line] not in (*lines_with_marks, 0)]
    if len(with_text) * 2 < len(marks):
        return []
    groups: dict[str, list[Mark]] = {}
    for mark in marks:
        groups.setdefault(mark.style, []).append(mark)
    best = max(groups.values(), key=lambda group: len(_in_order(group)))
    known = {mark.name for mark in best}
    style = best[0].style
    bracket = next((sign for sign in style if sign in "([{<"), "")
    return [
        mark
        for mark in marks
        if mark.style == style
        or mark.name in known
        or mark.is_units
        or (bracket and bracket in mark.style and is_name(mark.name))
    ]


def _in_order(marks: Iterable[Mark], *, is_strict: bool = True) -> list[Mark]:
    """Return the longest run of marks, in file order, whose times rise, or at least don't run backwards."""
    timed = [mark for mark in marks if mark.start is not None]
    ends: list[float] = []
    at: list[int] = []
    before: list[int] = []
    for index, mark in enumerate(timed):
        start = mark.start or 0.0
        place = (bisect_left if is_strict else bisect_right)(ends, start)
        before.append(at[place - 1] if place else -1)
        ends[place : place + 1] = [start]
        at[place : place + 1] = [index]
    kept: list[Mark] = []
    index = at[-1] if at else -1
    while index >= 0:
        kept.append(timed[index])
        index = before[index]
    return kept[::-1]


def _settle(main: Layout, chosen: list[Mark]) -> Pattern:
    """Leave out the marks that are speech: bare times unlike the others, or out of order."""
    pattern = Pattern(main)
    ordered = {mark.line for mark in _in_order(chosen, is_strict=False)}
    styles = Counter(mark.style for mark in chosen if mark.layout is main)
    style, count = max(styles.items(), key=lambda item: (item[1], bool(item[0])))
    is_bracketed = bool(style) and count >= _OFTEN and count * 2 >= sum(styles.values())
    fields = {is_long: _usual_fields(chosen, is_long=is_long) for is_long in (False, True)}
    is_jumbled = len(ordered) * 5 < 4 * sum(mark.start is not None for mark in chosen)
    for mark in chosen:
        usual = fields[(mark.start or 0) >= 3600]
        is_odd = mark.line not in ordered and not is_jumbled and len(chosen) > 2
        is_odd |= bool(is_bracketed and mark.layout is main and mark.style != style)
        is_odd |= bool(usual and not mark.is_units and mark.written.count(":") != usual)
        is_speech = mark.layout in (Layout.BEFORE, Layout.AFTER) and mark.is_bare and is_odd
        if mark.layout is Layout.ABOVE and mark.is_units and mark.line not in ordered:
            is_speech = True
        if is_speech and mark.start is not None:
            pattern.doubtful.append(mark)
        else:
            pattern.marks[mark.line] = mark
    return pattern


def _usual_fields(marks: Sequence[Mark], *, is_long: bool) -> int:
    """Return the number of colons in most times below or from an hour, 0 if there is no usual number."""
    counts = Counter(
        mark.written.count(":")
        for mark in marks
        if mark.start is not None and (mark.start >= 3600) == is_long and not mark.is_units
    )
    if not counts:
        return 0
    colons, count = counts.most_common(1)[0]
    return colons if count >= _OFTEN and count * 5 >= 3 * counts.total() else 0
