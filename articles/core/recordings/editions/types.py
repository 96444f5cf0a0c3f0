"""The map from the clock that citations live on to an edition's: stretches, each with one offset."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from articles.core.language.messages import lazy_message
from articles.core.timestamps import format_timestamp


class MapError(ValueError):
    """Stretches or pairs of which no map can be made; the message says which and what to do."""


@dataclass(frozen=True, order=True)
class Piece:
    """A stretch of the reference clock, whole seconds, the end not included: what is at t there is at t + offset."""

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
    """Stretches in the order of the reference clock; no two share a moment on either clock. Raises MapError."""

    pieces: tuple[Piece, ...] = ()

    def __init__(self, pieces: Iterable[Piece] = ()) -> None:
        object.__setattr__(self, "pieces", tuple(sorted(pieces)))
        for _, message in faults(self.pieces):
            raise MapError(message)

    def to_edition(self, seconds: int) -> int | None:
        """The second of the edition at which the moment is heard, None if the edition lacks it."""
        piece = self._piece_at(seconds)
        return None if piece is None else seconds + piece.offset_seconds

    def to_reference(self, seconds: int) -> int | None:
        """The second of the reference clock that a second of the edition stands for, None if it stands for none."""
        index = bisect_right(self._edition_starts, seconds) - 1
        if index < 0:
            return None
        piece = self._by_edition[index]
        return seconds - piece.offset_seconds if seconds < piece.edition_end else None

    def range_to_edition(self, start_seconds: int, end_seconds: int | None = None) -> tuple[int, int | None] | None:
        """A moment or range on the edition's clock: the start alone where the end does not map, None without a start.

        A range that ends where a stretch ends is mapped by that stretch; one over an advertisement contains it.
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
        """The stretches (start, end) of a recording of that length that the edition lacks, or nobody has mapped."""
        edges = [(0, 0), *((piece.start_seconds, piece.end_seconds) for piece in self.pieces)]
        found = [(before[1], after[0]) for before, after in pairwise([*edges, (duration_seconds, duration_seconds)])]
        return [(start, min(end, duration_seconds)) for start, end in found if start < min(end, duration_seconds)]

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
    """What keeps `pieces` from being a map: the index of a piece, and a sentence that says what to do."""
    sound = []
    for index, piece in enumerate(pieces):
        if piece.start_seconds < 0 or piece.end_seconds <= piece.start_seconds:
            yield (
                index,
                lazy_message("%(clocks)s ends before it starts: exchange the two times.", clocks=_clocks(piece)),
            )
        elif piece.edition_start < 0:
            yield index, _before_the_start(piece)
        else:
            sound.append((index, piece))
    sound.sort(key=lambda pair: pair[1])
    clashes = [(later[0], _overlap(before[1], later[1])) for before, later in pairwise(sound) if _meet(before, later)]
    if not clashes:
        sound.sort(key=lambda pair: pair[1].edition_start)
        clashes = [
            (later[0], _overlap_there(before[1], later[1]))
            for before, later in pairwise(sound)
            if later[1].edition_start < before[1].edition_end
        ]
    yield from clashes


def _meet(before: tuple[int, Piece], later: tuple[int, Piece]) -> bool:
    return later[1].start_seconds < before[1].end_seconds


def _clocks(piece: Piece) -> str:
    return f"{format_timestamp(max(piece.start_seconds, 0))}-{format_timestamp(max(piece.end_seconds, 0))}"


def _before_the_start(piece: Piece) -> str:
    first = format_timestamp(-piece.offset_seconds)
    return lazy_message(
        "%(piece)s begins %(seconds)s s before the start of the edition: let it begin at %(first)s, or "
        "mend the offset.",
        piece=piece,
        seconds=-piece.edition_start,
        first=first,
    )


def _overlap(before: Piece, later: Piece) -> str:
    return lazy_message(
        "%(later)s begins before %(before)s has ended: let one begin where the other ends.", later=later, before=before
    )


def _overlap_there(before: Piece, later: Piece) -> str:
    shared = Piece(later.edition_start, min(before.edition_end, later.edition_end), 0)
    return lazy_message(
        "%(later)s and %(before)s share %(shared)s of the edition: shorten one of them, or mend its offset.",
        later=later,
        before=before,
        shared=shared,
    )
