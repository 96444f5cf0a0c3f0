"""Builds an offset map by aligning two transcripts of one recording with different advertisements."""

import re
from bisect import insort
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from math import ceil, floor
from statistics import median
from typing import Protocol

from articles.core.language.words import UNSPACED
from articles.core.revisions.diff.alignment import unique_pairs

from .types import OffsetMap, Piece

GRAM = 4  # consecutive words that occur exactly once in each transcript form an anchor
SMOOTHED = 4  # neighbours on each side of an anchor; the median offset of all of them counts as its offset
STRAY = 3.0  # seconds from that median; an anchor further off is a coincidence
SAME = 1.0  # seconds; offsets that differ by no more count as equal
UNMATCHED = 60  # consecutive words without an anchor, about 24 s of speech: different words are spoken there
SLACK = 8  # words next to a seam that speech recognition may have misheard
RESUMED = 3  # equal words needed after a misheard, missing or extra word
ANCHORS_MIN = 3
# A run whose offset differs from its neighbour's by at most 5 s and that is shorter than 30 s reflects differently cut
# cues, not an edit.
WOBBLE, WOBBLE_SECONDS = 5, 30

# Scripts without spaces between words are read character by character.
_WORD = re.compile(rf"[{UNSPACED}]|[^\W_]+")


class TimedText(Protocol):
    """A cue: its times in seconds from the start of the recording, and its text."""

    @property
    def start_seconds(self) -> float: ...

    @property
    def end_seconds(self) -> float: ...

    @property
    def text(self) -> str: ...


@dataclass
class _Words:
    """All words of a transcript with their start and end in seconds, spread over each cue by the length of its text.

    `depths` are the seconds since the cue's start: the later a word comes in its cue, the less certain its time.
    """

    words: list[str] = field(default_factory=list)
    starts: list[float] = field(default_factory=list)
    ends: list[float] = field(default_factory=list)
    depths: list[float] = field(default_factory=list)


@dataclass
class _Anchor:
    index: int
    index_there: int
    offset: float
    depth: float


@dataclass
class _Run:
    """Matched words from index (first, first_there) to (last, last_there), and their anchors."""

    first: int
    first_there: int
    last: int
    last_there: int
    anchors: list[_Anchor]

    @cached_property
    def offset(self) -> int:
        """Whole seconds, from the anchors nearest to the start of their cues, whose times are the most exact."""
        surest = sorted(self.anchors, key=lambda anchor: anchor.depth)[: max(ANCHORS_MIN, len(self.anchors) // 4)]
        return round(median(anchor.offset for anchor in surest))


def from_transcripts(
    reference_cues: Sequence[TimedText],
    edition_cues: Sequence[TimedText],
    *,
    reference_length: int | None = None,
    edition_length: int | None = None,
) -> OffsetMap:
    """Return the map between two transcripts of the same recording, both sorted by time; lengths are in seconds.

    Word sequences that occur exactly once in each transcript are anchors (patience diff, Bram Cohen), of which the
    longest chain that moves forward on both sides is kept. Neighbouring anchors whose offsets agree within a second
    form a stretch, which is extended while the words match. Parts without a counterpart, such as advertisements,
    remain unmapped. The map is empty if the transcripts have nothing in common. Takes O(n log n) in the number of
    words.
    """
    ours, theirs = _words(reference_cues), _words(edition_cues)
    runs = _absorb_wobbles(_runs(_anchors(ours, theirs)), ours)
    if not runs:
        return OffsetMap()
    _grow(runs, ours, theirs)
    return OffsetMap(_pieces(runs, ours, reference_length, edition_length))


def _words(cues: Sequence[TimedText]) -> _Words:
    words = _Words()
    for cue in cues:
        text = cue.text.casefold()
        rate = (cue.end_seconds - cue.start_seconds) / max(len(text), 1)
        for match in _WORD.finditer(text):
            words.words.append(match.group())
            words.starts.append(cue.start_seconds + match.start() * rate)
            words.ends.append(cue.start_seconds + match.end() * rate)
            words.depths.append(match.start() * rate)
    return words


def _anchors(ours: _Words, theirs: _Words) -> list[_Anchor]:
    return [
        _Anchor(i, j, theirs.starts[j] - ours.starts[i], ours.depths[i] + theirs.depths[j])
        for i, j in unique_pairs(_grams(ours.words), _grams(theirs.words))
    ]


def _grams(words: list[str]) -> list[tuple[str, ...]]:
    """Return all sequences of `GRAM` words, by the index of their first word."""
    return list(zip(*(words[shift:] for shift in range(GRAM)), strict=False))


def _runs(anchors: list[_Anchor]) -> list[_Run]:
    """Group consecutive anchors that have the same offset and no long passage of other words between them."""
    offsets = [anchor.offset for anchor in anchors]
    runs: list[_Run] = []
    ordered: list[float] = []
    for number, anchor in enumerate(anchors):
        smooth = median(offsets[max(0, number - SMOOTHED) : number + SMOOTHED + 1])
        if abs(anchor.offset - smooth) > STRAY:
            continue
        run = runs[-1] if runs else None
        is_same = run is not None and abs(smooth - ordered[len(ordered) // 2]) <= SAME
        index, there = anchor.index, anchor.index_there
        if run is None or not is_same or max(index - run.last, there - run.last_there) > UNMATCHED:
            run = _Run(index, there, index, there, [])
            runs.append(run)
            ordered = []
        insort(ordered, smooth)
        run.anchors.append(anchor)
        run.last, run.last_there = index + GRAM - 1, there + GRAM - 1
    return [run for run in runs if len(run.anchors) >= ANCHORS_MIN]


def _absorb_wobbles(runs: list[_Run], ours: _Words) -> list[_Run]:
    """Merge runs that only reflect differently cut cues into their neighbours."""

    def absorbs(long: _Run, short: _Run) -> bool:
        is_short = ours.ends[short.last] - ours.starts[short.first] < WOBBLE_SECONDS
        return is_short and abs(short.offset - long.offset) <= WOBBLE

    settled: list[_Run] = []
    for run in runs:
        before = settled[-1] if settled else None
        if before is None or max(run.first - before.last, run.first_there - before.last_there) > UNMATCHED:
            settled.append(run)
        elif absorbs(before, run):
            before.last, before.last_there = run.last, run.last_there
        elif absorbs(run, before):
            run.first, run.first_there = before.first, before.first_there
            settled[-1] = run
        else:
            settled.append(run)
    return settled


def _grow(runs: list[_Run], ours: _Words, theirs: _Words) -> None:
    """Extend each run over the adjacent words that match on both sides, up to its neighbours."""
    edges = [(run.first, run.first_there) for run in runs[1:]] + [(len(ours.words), len(theirs.words))]
    for run, edge in zip(runs, edges, strict=True):
        run.last, run.last_there = _reach(ours.words, theirs.words, (run.last, run.last_there), edge, 1)
    for run, following in pairwise(
        runs
    ):  # an anchor may cross the seam: its words go to the run with the nearer offset
        while run.last > run.first:
            offset = theirs.starts[run.last_there] - ours.starts[run.last]
            if abs(offset - run.offset) <= abs(offset - following.offset):
                break
            run.last, run.last_there = run.last - 1, run.last_there - 1
    edges = [(-1, -1)] + [(run.last, run.last_there) for run in runs[:-1]]
    for run, edge in zip(runs, edges, strict=True):
        run.first, run.first_there = _reach(ours.words, theirs.words, (run.first, run.first_there), edge, -1)


def _reach(
    ours: list[str], theirs: list[str], place: tuple[int, int], edge: tuple[int, int], step: int
) -> tuple[int, int]:
    """Return the last pair of indices, going by `step` from `place` towards `edge`, up to which the words match.

    A misheard, missing or extra word is skipped if the `RESUMED` words after it match.
    """

    def is_same(index: int, index_there: int) -> bool:
        is_inside = (edge[0] - index) * step > 0 and (edge[1] - index_there) * step > 0
        return is_inside and ours[index] == theirs[index_there]

    while True:
        for skip, skip_there, needed in ((1, 1, 1), (2, 2, RESUMED), (1, 2, RESUMED), (2, 1, RESUMED)):
            here, there = place[0] + skip * step, place[1] + skip_there * step
            if all(is_same(here + number * step, there + number * step) for number in range(needed)):
                place = (here, there)
                break
        else:
            return place


def _pieces(runs: list[_Run], ours: _Words, length: int | None, edition_length: int | None) -> list[Piece]:
    """Return the runs as stretches of whole seconds, which touch if only a few words separate them."""
    starts = [max(floor(ours.starts[run.first]), -run.offset) for run in runs]
    ends = [ceil(ours.ends[run.last]) for run in runs]
    if runs[0].first <= SLACK:
        starts[0] = max(0, -runs[0].offset)
    if len(ours.words) - 1 - runs[-1].last <= SLACK:
        ends[-1] = max(ends[-1], length or 0)
    for number, (run, following) in enumerate(pairwise(runs)):
        start = starts[number + 1]
        if following.first - run.last - 1 <= SLACK or ends[number] > start:
            ends[number] = start
        ends[number] = min(ends[number], start + following.offset - run.offset)
    for number, run in enumerate(runs):  # cues may run past the end of the recording
        if length:
            ends[number] = min(ends[number], length)
        if edition_length:
            ends[number] = min(ends[number], edition_length - run.offset)
    pieces: list[Piece] = []
    for run, start, end in zip(runs, starts, ends, strict=True):
        if pieces:  # times that go backwards may still make two stretches overlap
            start = max(start, pieces[-1].end_seconds, pieces[-1].edition_end - run.offset)
        if end <= start:
            continue
        if pieces and pieces[-1].offset_seconds == run.offset and pieces[-1].end_seconds == start:
            start = pieces.pop().start_seconds
        pieces.append(Piece(start, end, run.offset))
    return pieces
