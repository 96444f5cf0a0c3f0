"""A map from two transcripts of one recording that carry different advertisements."""

import re
from bisect import insort
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from math import ceil, floor
from statistics import median
from typing import Protocol

from articles.editions.chains import longest_increasing
from articles.editions.values import OffsetMap, Piece

GRAM = 4  # words in a row that stand once in each transcript: an anchor
SMOOTHED = 4  # anchors on each side of one, whose median offset is what the anchor is taken to say
STRAY = 3.0  # seconds from that median: an anchor further off is chance
SAME = 1.0  # seconds: offsets that differ by no more are one
UNMATCHED = 60  # words in a row without an anchor, some 24 s of speech: other words are said there
SLACK = 8  # words that a recogniser may have heard otherwise beside a seam
ANCHORS_MIN = 3
WOBBLE, WOBBLE_SECONDS = 5, 30  # a short stretch a little off between two that agree: cues cut differently

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
    """All words of a transcript, each with its start and end: a cue's time is shared out by the length of its text."""

    words: list[str] = field(default_factory=list)
    starts: list[float] = field(default_factory=list)
    ends: list[float] = field(default_factory=list)


@dataclass
class _Run:
    """Matched words from (first, first_there) to (last, last_there), all indices, and the offsets of their anchors."""

    first: int
    first_there: int
    last: int
    last_there: int
    offsets: list[float]

    @property
    def offset(self) -> int:
        return round(median(self.offsets))


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
    return read


def _anchors(ours: _Words, theirs: _Words) -> list[tuple[int, int, float]]:
    """(index here, index there, offset in seconds) of each anchor of the chain, in order."""
    known = _single(ours.words)
    there = _single(theirs.words)
    pairs = sorted((index, there[gram]) for gram, index in known.items() if gram in there)
    chain = longest_increasing([place for _, place in pairs])
    return [(i, j, theirs.starts[j] - ours.starts[i]) for i, j in (pairs[number] for number in chain)]


def _single(words: list[str]) -> dict[tuple[str, ...], int]:
    """Where each run of `GRAM` words starts that stands once."""
    found: dict[tuple[str, ...], int] = {}
    for index, gram in enumerate(zip(*(words[shift:] for shift in range(GRAM)), strict=False)):
        found[gram] = -1 if gram in found else index
    return {gram: index for gram, index in found.items() if index >= 0}


def _runs(anchors: list[tuple[int, int, float]]) -> list[_Run]:
    """Anchors in a row that say the same offset, without a long stretch of other words between them."""
    offsets = [offset for _, _, offset in anchors]
    runs: list[_Run] = []
    ordered: list[float] = []
    for number, (index, place, offset) in enumerate(anchors):
        smooth = median(offsets[max(0, number - SMOOTHED) : number + SMOOTHED + 1])
        if abs(offset - smooth) > STRAY:
            continue
        run = runs[-1] if runs else None
        is_same = run is not None and abs(smooth - ordered[len(ordered) // 2]) <= SAME
        if run is None or not is_same or max(index - run.last, place - run.last_there) > UNMATCHED:
            run = _Run(index, place, index, place, [])
            runs.append(run)
            ordered = []
        insort(ordered, smooth)
        run.offsets.append(offset)
        run.last, run.last_there = index + GRAM - 1, place + GRAM - 1
    return [run for run in runs if len(run.offsets) >= ANCHORS_MIN]


def _settled(runs: list[_Run], ours: _Words) -> list[_Run]:
    """Runs without those that only tell how differently the cues were cut."""
    settled: list[_Run] = []
    for run in runs:
        settled.append(run)
        if len(settled) < 3:
            continue
        before, middle, after = settled[-3:]
        is_short = ours.ends[middle.last] - ours.starts[middle.first] < WOBBLE_SECONDS
        is_near = abs(middle.offset - before.offset) <= WOBBLE and abs(after.offset - before.offset) <= SAME
        edges = [(before, middle), (middle, after)]
        is_close = all(max(b.first - a.last, b.first_there - a.last_there) <= UNMATCHED for a, b in edges)
        if is_short and is_near and is_close:
            offsets = [*before.offsets, *after.offsets]
            settled[-3:] = [_Run(before.first, before.first_there, after.last, after.last_there, offsets)]
    return settled


def _grow(runs: list[_Run], ours: _Words, theirs: _Words) -> None:
    """Let each run take the words beside it that are the same on both sides, up to its neighbours."""
    limits = [(run.first, run.first_there) for run in runs[1:]] + [(len(ours.words), len(theirs.words))]
    for run, (end, end_there) in zip(runs, limits, strict=True):
        while (
            run.last + 1 < end
            and run.last_there + 1 < end_there
            and ours.words[run.last + 1] == theirs.words[run.last_there + 1]
        ):
            run.last += 1
            run.last_there += 1
    edges = [(-1, -1), *((run.last, run.last_there) for run in runs)]
    for run, (start, start_there) in zip(runs, edges, strict=False):
        while (
            run.first - 1 > start
            and run.first_there - 1 > start_there
            and ours.words[run.first - 1] == theirs.words[run.first_there - 1]
        ):
            run.first -= 1
            run.first_there -= 1


def _pieces(runs: list[_Run], ours: _Words, length: int | None, edition_length: int | None) -> list[Piece]:
    """Runs as stretches of whole seconds that meet where nothing but a few words lies between them."""
    starts = [max(floor(ours.starts[run.first]), -run.offset) for run in runs]
    ends = [ceil(ours.ends[run.last]) for run in runs]
    if runs and runs[0].first <= SLACK:
        starts[0] = max(0, -runs[0].offset)
    if runs and len(ours.words) - 1 - runs[-1].last <= SLACK:
        ends[-1] = max(ends[-1], length or 0)
        if edition_length is not None:
            ends[-1] = min(ends[-1], edition_length - runs[-1].offset)
    for number, (run, following) in enumerate(pairwise(runs)):
        start = starts[number + 1]
        if following.first - run.last - 1 <= SLACK or ends[number] > start:
            ends[number] = start
        ends[number] = min(ends[number], start + following.offset - run.offset)
    pieces: list[Piece] = []
    for run, start, end in zip(runs, starts, ends, strict=True):
        if end <= start:
            continue
        if pieces and pieces[-1].offset_seconds == run.offset and pieces[-1].end_seconds == start:
            start = pieces.pop().start_seconds
        pieces.append(Piece(start, end, run.offset))
    return pieces
