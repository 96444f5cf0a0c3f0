"""The map from the reference clock to an edition's clock: stretches, each with one offset."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from articles.core.language.messages import lazy_message
from articles.core.timestamps import format_timestamp


class MapError(ValueError):
    """Stretches or pairs that don't form a map; the message says which and what to do."""


@dataclass(frozen=True, order=True)
class Piece:
    """A stretch of the reference clock in whole seconds, end excluded: time t is at t + offset in the edition."""

    start_seconds: int
    end_seconds: int
    offset_seconds: int

    @property
    def edition_start(self) -> int:
        return self.start_seconds + self.offset_seconds

    @property
    def edition_end(self) -> int:
        return self.end_seconds + self.offset_seconds

    def __str__(self) -> str:
        return f"{format_timestamp(self.start_seconds)}-{format_timestamp(self.end_seconds)}"


@dataclass(frozen=True)
class OffsetMap:
    """Stretches ordered by the reference clock. Raises MapError if two of them overlap on either clock."""

    pieces: tuple[Piece, ...] = ()

    def __init__(self, pieces: Iterable[Piece] = ()) -> None:
        object.__setattr__(self, "pieces", tuple(sorted(pieces)))
        for _, message in faults(self.pieces):
            raise MapError(message)

    def to_edition(self, seconds: int) -> int | None:
        """Return the second of the edition for a second of the reference clock, None if the edition lacks it."""
        piece = self._piece_at(seconds)
        return None if piece is None else seconds + piece.offset_seconds

    def to_reference(self, seconds: int) -> int | None:
        """Return the second of the reference clock for a second of the edition, None if it has no counterpart."""
        index = bisect_right(self._edition_starts, seconds) - 1
        if index < 0:
            return None
        piece = self._by_edition[index]
        return seconds - piece.offset_seconds if seconds < piece.edition_end else None

    def range_to_edition(self, start_seconds: int, end_seconds: int | None = None) -> tuple[int, int | None] | None:
        """Map a range to the edition's clock: (start, None) if only the start maps, None if it doesn't.

        A range that ends where a stretch ends is mapped by that stretch. A range across an advertisement includes it.
        """
        start = self.to_edition(start_seconds)
        if start is None:
            return None
        if end_seconds is None:
            return start, None
        index = bisect_left(self._starts, end_seconds) - 1
        piece = self.pieces[index] if index >= 0 else None
        if piece is None or end_seconds > piece.end_seconds:
            return start, None
        end = end_seconds + piece.offset_seconds
        return start, end if end > start else None

    def gaps(self, duration_seconds: int) -> list[tuple[int, int]]:
        """Return the stretches (start, end) of a recording of this length that aren't mapped to the edition."""
        edges = [(0, 0), *((piece.start_seconds, piece.end_seconds) for piece in self.pieces)]
        between = [(before[1], after[0]) for before, after in pairwise([*edges, (duration_seconds, duration_seconds)])]
        return [(start, min(end, duration_seconds)) for start, end in between if start < min(end, duration_seconds)]

    def _piece_at(self, seconds: int) -> Piece | None:
        index = bisect_right(self._starts, seconds) - 1
        if index < 0 or seconds >= self.pieces[index].end_seconds:
            return None
        return self.pieces[index]

    @cached_property
    def _starts(self) -> list[int]:
        return [piece.start_seconds for piece in self.pieces]

    @cached_property
    def _by_edition(self) -> list[Piece]:
        return sorted(self.pieces, key=lambda piece: piece.edition_start)

    @cached_property
    def _edition_starts(self) -> list[int]:
        return [piece.edition_start for piece in self._by_edition]


def faults(pieces: Iterable[Piece]) -> Iterator[tuple[int, str]]:
    """Yield what keeps `pieces` from forming a map: the index of a piece, and a message that says what to do."""
    valid = []
    for index, piece in enumerate(pieces):
        if piece.start_seconds < 0 or piece.end_seconds <= piece.start_seconds:
            yield (
                index,
                lazy_message("%(clocks)s ends before it starts. Swap the two times.", clocks=_clocks(piece)),
            )
        elif piece.edition_start < 0:
            yield index, _starts_too_early(piece)
        else:
            valid.append((index, piece))
    valid.sort(key=lambda pair: pair[1])
    clashes = [
        (later[0], _overlap_message(before[1], later[1]))
        for before, later in pairwise(valid)
        if _overlap(before, later)
    ]
    if not clashes:
        valid.sort(key=lambda pair: pair[1].edition_start)
        clashes = [
            (later[0], _edition_overlap_message(before[1], later[1]))
            for before, later in pairwise(valid)
            if later[1].edition_start < before[1].edition_end
        ]
    yield from clashes


def _overlap(before: tuple[int, Piece], later: tuple[int, Piece]) -> bool:
    return later[1].start_seconds < before[1].end_seconds


def _clocks(piece: Piece) -> str:
    return f"{format_timestamp(max(piece.start_seconds, 0))}-{format_timestamp(max(piece.end_seconds, 0))}"


def _starts_too_early(piece: Piece) -> str:
    first = format_timestamp(-piece.offset_seconds)
    return lazy_message(
        "%(piece)s starts %(seconds)s s before the start of the edition. Start it at %(first)s or fix the offset.",
        piece=piece,
        seconds=-piece.edition_start,
        first=first,
    )


def _overlap_message(before: Piece, later: Piece) -> str:
    return lazy_message(
        "%(later)s starts before %(before)s ends. Start one where the other ends.", later=later, before=before
    )


def _edition_overlap_message(before: Piece, later: Piece) -> str:
    shared = Piece(later.edition_start, min(before.edition_end, later.edition_end), 0)
    return lazy_message(
        "%(later)s and %(before)s overlap at %(shared)s in the edition. Shorten one of them or fix its offset.",
        later=later,
        before=before,
        shared=shared,
    )
