"""A map from two transcripts of one recording that carry different advertisements."""

import re
from bisect import insort
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from math import ceil, floor
from statistics import median
from typing import Protocol

from articles.core.diff.alignment import longest_increasing

from .types import OffsetMap, Piece

GRAM = 4  # words in a row that stand once in each transcript: an anchor
SMOOTHED = 4  # anchors on each side of one, whose median offset is what the anchor is taken to say
STRAY = 3.0  # seconds from that median: an anchor further off is chance
SAME = 1.0  # seconds: offsets that differ by no more are one
UNMATCHED = 60  # words in a row without an anchor, some 24 s of speech: other words are said there
SLACK = 8  # words that a recogniser may have heard otherwise beside a seam
RESUMED = 3
ANCHORS_MIN = 3
WOBBLE, WOBBLE_SECONDS = 5, 30  # a stretch so little off the one beside it, and so short: cues cut differently

# Scripts that put no spaces between words are read sign by sign.
_WORD = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]|[^\W_]+")


class Spoken(Protocol):
    """A cue: seconds from the start of its recording, and what is said."""

    @property
    def start_seconds(self) -> float: ...

    @property
    def end_seconds(self) -> float: ...

    @property
    def text(self) -> str: ...


@dataclass
class _Words:
    """All words of a transcript, each with its start and end: a cue's time is shared out by the length of its text.

    `depths` are the seconds since the cue's start: the deeper in its cue, the less is known of when a word is said.
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
    """Matched words from (first, first_there) to (last, last_there), all indices, and their anchors."""

    first: int
    first_there: int
    last: int
    last_there: int
    anchors: list[_Anchor]

    @cached_property
    def offset(self) -> int:
        """Whole seconds: what the anchors near the starts of their cues say, where times are written and not shared."""
        surest = sorted(self.anchors, key=lambda anchor: anchor.depth)[: max(ANCHORS_MIN, len(self.anchors) // 4)]
        return round(median(anchor.offset for anchor in surest))


def from_transcripts(
    reference_cues: Sequence[Spoken],
    edition_cues: Sequence[Spoken],
    *,
    reference_length: int | None = None,
    edition_length: int | None = None,
) -> OffsetMap:
    """Return the map between two transcripts of the same recording, both in the order of time.

    Words in a row that stand once in each are anchors (patience differencing, Cohen); of them the longest chain that
    goes forward on both sides is kept. Neighbours whose offsets agree within a second make a stretch, which grows as
    far as the words are the same. What has no counterpart, as advertisements have none, stays unmapped. An empty map
    says that the two have nothing in common. Takes n log n of the number of words.
    """
    ours, theirs = _words(reference_cues), _words(edition_cues)
    runs = _settled(_runs(_anchors(ours, theirs)), ours)
    if not runs:
        return OffsetMap()
    _grow(runs, ours, theirs)
    return OffsetMap(_pieces(runs, ours, reference_length, edition_length))


def _words(cues: Sequence[Spoken]) -> _Words:
    read = _Words()
    for cue in cues:
        text = cue.text.casefold()
        rate = (cue.end_seconds - cue.start_seconds) / max(len(text), 1)
        for match in _WORD.finditer(text):
            read.words.append(match.group())
            read.starts.append(cue.start_seconds + match.start() * rate)
            read.ends.append(cue.start_seconds + match.end() * rate)
            read.depths.append(match.start() * rate)
    return read


def _anchors(ours: _Words, theirs: _Words) -> list[_Anchor]:
    """The anchors of the chain, in order."""
    known = _single(ours.words)
    there = _single(theirs.words)
    pairs = sorted((index, there[gram]) for gram, index in known.items() if gram in there)
    chain = longest_increasing([place for _, place in pairs])
    return [
        _Anchor(i, j, theirs.starts[j] - ours.starts[i], ours.depths[i] + theirs.depths[j])
        for i, j in (pairs[number] for number in chain)
    ]


def _single(words: list[str]) -> dict[tuple[str, ...], int]:
    """Where each run of `GRAM` words starts that stands once."""
    found: dict[tuple[str, ...], int] = {}
    for index, gram in enumerate(zip(*(words[shift:] for shift in range(GRAM)), strict=False)):
        found[gram] = -1 if gram in found else index
    return {gram: index for gram, index in found.items() if index >= 0}


def _runs(anchors: list[_Anchor]) -> list[_Run]:
    """Anchors in a row that say the same offset, without a long stretch of other words between them."""
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


def _settled(runs: list[_Run], ours: _Words) -> list[_Run]:
    """Runs without those that only tell how differently the cues were cut: the run beside one takes its words."""

    def takes(long: _Run, short: _Run) -> bool:
        is_short = ours.ends[short.last] - ours.starts[short.first] < WOBBLE_SECONDS
        return is_short and abs(short.offset - long.offset) <= WOBBLE

    settled: list[_Run] = []
    for run in runs:
        before = settled[-1] if settled else None
        if before is None or max(run.first - before.last, run.first_there - before.last_there) > UNMATCHED:
            settled.append(run)
        elif takes(before, run):
            before.last, before.last_there = run.last, run.last_there
        elif takes(run, before):
            run.first, run.first_there = before.first, before.first_there
            settled[-1] = run
        else:
            settled.append(run)
    return settled


def _grow(runs: list[_Run], ours: _Words, theirs: _Words) -> None:
    """Let each run take the words beside it that are the same on both sides, up to its neighbours."""
    edges = [(run.first, run.first_there) for run in runs[1:]] + [(len(ours.words), len(theirs.words))]
    for run, edge in zip(runs, edges, strict=True):
        run.last, run.last_there = _reach(ours.words, theirs.words, (run.last, run.last_there), edge, 1)
    for run, following in pairwise(runs):  # an anchor may reach over the seam: its words are where their time is
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
    """The last pair of indices, going by `step` from `place` to before `edge`, up to which the same words are said.

    A word that was heard otherwise, left out or put in is passed over where `RESUMED` words after it are the same.
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
    """Runs as stretches of whole seconds that meet where nothing but a few words lies between them."""
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
    for number, run in enumerate(runs):  # cues may run past the end
        if length:
            ends[number] = min(ends[number], length)
        if edition_length:
            ends[number] = min(ends[number], edition_length - run.offset)
    pieces: list[Piece] = []
    for run, start, end in zip(runs, starts, ends, strict=True):
        if pieces:  # times that go backwards may still make two of them overlap
            start = max(start, pieces[-1].end_seconds, pieces[-1].edition_end - run.offset)
        if end <= start:
            continue
        if pieces and pieces[-1].offset_seconds == run.offset and pieces[-1].end_seconds == start:
            start = pieces.pop().start_seconds
        pieces.append(Piece(start, end, run.offset))
    return pieces
