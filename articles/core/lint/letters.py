"""Keeps the letters and digits of a text in one string, with the offset of each."""

import html
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from typing import Literal, NamedTuple, TypeVar

from articles.core.timestamps import is_escaped

Kind = Literal["mark", "note", "address", "target"]

Item = TypeVar("Item", bound=tuple[int, int, str])

_RUN = re.compile(r"[^\W_]+")
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")


class Span(NamedTuple):
    """[start, end) of the source that is skipped."""

    start: int
    end: int
    kind: Kind


class Letters:
    """The letters and digits of a text outside `skipped`; entities are decoded, except inside `verbatim`."""

    def __init__(self, text: str, skipped: Iterable[Span] = (), verbatim: Iterable[tuple[int, int]] = ()) -> None:
        pieces: list[str] = []
        self._firsts: list[int] = []
        self._starts: list[int] = []
        self._ends: list[int] = []
        self._is_entity: list[bool] = []
        length = 0
        for start, end, written in _runs(text, skipped, verbatim):
            self._firsts.append(length)
            self._starts.append(start)
            self._ends.append(end)
            self._is_entity.append(end - start != len(written))
            pieces.append(written)
            length += len(written)
        self.text = "".join(pieces)

    def index(self, offset: int) -> int:
        """Return the number of letters and digits before `offset`."""
        run = bisect_right(self._starts, offset) - 1
        if run < 0:
            return 0
        until = self._firsts[run + 1] if run + 1 < len(self._firsts) else len(self.text)
        if offset >= self._ends[run]:
            return until
        return self._firsts[run] + (0 if self._is_entity[run] else offset - self._starts[run])

    def start(self, index: int) -> int:
        """Return where the letter with this index begins."""
        run = bisect_right(self._firsts, index) - 1
        return self._starts[run] + (0 if self._is_entity[run] else index - self._firsts[run])

    def end(self, index: int) -> int:
        """Return where the letter with this index ends."""
        run = bisect_right(self._firsts, index) - 1
        return self._ends[run] if self._is_entity[run] else self._starts[run] + index - self._firsts[run] + 1


def _runs(text: str, skipped: Iterable[Span], verbatim: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int, str]]:
    """Yield start, end and letters of each run outside `skipped`; entities are decoded only outside `verbatim`."""
    entities = []
    if "&" in text:
        for match in _ENTITY.finditer(text):
            decoded = html.unescape(match.group())
            if decoded != match.group() and not is_escaped(text, match.start()):
                entities.append((match.start(), match.end(), "".join(_RUN.findall(decoded))))
        entities = Spans(verbatim).outside(entities)
    breaks = sorted([*((span.start, span.end, "") for span in skipped), *entities])
    end = 0
    for first, last, letters in breaks:
        if first < end:
            continue
        for match in _RUN.finditer(text, end, first):
            yield match.start(), match.end(), match.group()
        if letters:
            yield first, last, letters
        end = last
    for match in _RUN.finditer(text, end):
        yield match.start(), match.end(), match.group()


class Spans:
    """Spans [start, end) in order."""

    def __init__(self, spans: Iterable[tuple[int, int]]) -> None:
        self._spans = list(spans)
        self._starts = [start for start, _ in self._spans]

    def hold(self, offset: int) -> bool:
        """Return whether the offset is inside one of the spans."""
        before = bisect_right(self._starts, offset) - 1
        return before >= 0 and offset < self._spans[before][1]

    def outside(self, items: Iterable[Item]) -> list[Item]:
        """Return the items that don't start inside one of the spans."""
        return [item for item in items if not self.hold(item[0])]
