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
        index = bisect_right(self._starts, seconds) - 1
        if index < 0 or seconds >= self.pieces[index].end_seconds:
            return None
        return seconds + self.pieces[index].offset_seconds

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

    @cached_property
    def _starts(self) -> list[int]:
        return [piece.start_seconds for piece in self.pieces]


def faults(pieces: Iterable[Piece]) -> Iterator[tuple[int, str]]:
    """Yield what keeps `pieces` from forming a map: the index of a piece, and a message that says what to do."""
    valid = []
    for index, piece in enumerate(pieces):
        if piece.start_seconds < 0 or piece.end_seconds <= piece.start_seconds:
            clocks = Piece(max(piece.start_seconds, 0), max(piece.end_seconds, 0), 0)
            yield index, lazy_message("%(clocks)s ends before it starts. Swap the two times.", clocks=str(clocks))
        elif piece.edition_start < 0:
            message = lazy_message(
                "%(piece)s starts %(seconds)s s before the start of the edition. Start it at %(first)s or fix the offset.",
                piece=piece,
                seconds=-piece.edition_start,
                first=format_timestamp(-piece.offset_seconds),
            )
            yield index, message
        else:
            valid.append((piece, index))
    valid.sort()
    has_clash = False
    for (before, _), (later, index) in pairwise(valid):
        if later.start_seconds < before.end_seconds:
            has_clash = True
            message = lazy_message(
                "%(later)s starts before %(before)s ends. Start one where the other ends.", later=later, before=before
            )
            yield index, message
    if has_clash:
        return
    for (before, _), (later, index) in pairwise(sorted(valid, key=lambda pair: pair[0].edition_start)):
        if later.edition_start < before.edition_end:
            message = lazy_message(
                "%(later)s and %(before)s overlap at %(shared)s in the edition. Shorten one of them or fix its offset.",
                later=later,
                before=before,
                shared=Piece(later.edition_start, min(before.edition_end, later.edition_end), 0),
            )
            yield index, message
