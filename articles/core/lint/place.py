"""Where one sentence stands in its source, and where the parts of it stand there."""

from bisect import bisect_right
from dataclasses import dataclass, field
from typing import NamedTuple

from .letters import Letters

_SIGNS = frozenset("%‰°")


@dataclass(frozen=True)
class Place:
    """[start, end) of a sentence in the source; `end` lies before its full stop, behind marks before that.

    Between `start` and `end` the sentence stands letter by letter as in its text, which begins at `shift`.
    """

    start: int
    end: int
    shift: int = field(default=0, repr=False)

    def span(self, text: str, first: int, last: int) -> tuple[int, int]:
        """Return [start, end) in the source of `text[first:last]`, a part of the sentence's text.

        What does not stand in the source, as the heads of a table's row, is the whole sentence.
        """
        return max(self.start, self.shift + first), min(self.end, self.shift + last)


class Piece(NamedTuple):
    """Letters of a sentence from `first` to `last`, and where among the source's letters they begin."""

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
        """Return the index in the source's letters of a letter of the sentence."""
        after = bisect_right(self.pieces, index, key=lambda piece: piece.first) - 1
        piece = self.pieces[max(after, 0)]
        return piece.source_first + index - piece.first if piece.first <= index < piece.last else None

    def _with_sign(self, end: int, text: str) -> int:
        """Return `end` behind the sign that `text` ends with: `20 %`."""
        if text[-1] not in _SIGNS:
            return end
        found = self.source.find(text[-1], end, end + 2)
        return found + 1 if found >= 0 else end
