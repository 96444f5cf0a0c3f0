"""The place of a sentence in its source, and of parts of the sentence."""

from bisect import bisect_right
from dataclasses import dataclass, field
from typing import NamedTuple

from .letters import Letters

_SIGNS = frozenset("%‰°")


@dataclass(frozen=True)
class Place:
    """[start, end) of a sentence in the source; `end` is before its full stop and after any marks before it.

    Between `start` and `end` the source equals the sentence's text, whose offset 0 is at `shift`.
    """

    start: int
    end: int
    shift: int = field(default=0, repr=False)

    def span(self, text: str, first: int, last: int) -> tuple[int, int]:
        """Return [start, end) in the source of `text[first:last]`, a part of the sentence's text.

        For text that isn't in the source there, such as the heads of a table row, return the whole sentence.
        """
        return max(self.start, self.shift + first), min(self.end, self.shift + last)


class Piece(NamedTuple):
    """The letters [first, last) of a sentence, and the index of the first among the source's letters."""

    first: int
    last: int
    source_first: int


@dataclass(frozen=True)
class MarkedUpPlace(Place):
    """The place of a sentence with markup between its letters."""

    source: str = field(default="", repr=False)
    letters: Letters = field(default_factory=lambda: Letters(""), repr=False)
    plain: Letters = field(default_factory=lambda: Letters(""), repr=False)
    pieces: tuple[Piece, ...] = field(default=(), repr=False)

    def span(self, text: str, first: int, last: int) -> tuple[int, int]:
        low, high = self.plain.index(first), self.plain.index(last)
        start, end = self._index(low), self._index(high - 1)
        if low >= high or start is None or end is None or start > end:
            return self.start, self.end
        return self.letters.start(start), self._with_sign(self.letters.end(end), text[first:last])

    def _index(self, index: int) -> int | None:
        """Return the index among the source's letters of the sentence's letter `index`, None if it isn't there."""
        after = bisect_right(self.pieces, index, key=lambda piece: piece.first) - 1
        piece = self.pieces[max(after, 0)]
        return piece.source_first + index - piece.first if piece.first <= index < piece.last else None

    def _with_sign(self, end: int, text: str) -> int:
        """Return `end` moved past the sign that `text` ends with, as in `20 %`."""
        if text[-1] not in _SIGNS:
            return end
        sign = self.source.find(text[-1], end, end + 2)
        return sign + 1 if sign >= 0 else end
