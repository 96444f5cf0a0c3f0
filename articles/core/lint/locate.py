"""Finds where a plain sentence stands in the Markdown it was read from, by its letters and digits.

What Markdown puts between them (emphasis, brackets, line breaks) has neither; what has (addresses, targets of wiki
links, marks, footnote marks) is passed over.
"""

import re
from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator
from itertools import pairwise

from articles.core.markdown import Sentence
from articles.core.timestamps import Mark, code_spans, find_marks, is_escaped

from .letters import Letters, Span, outside
from .place import MarkedUpPlace, Piece, Place

_LINE = re.compile(r"\r\n?|\n")
_NOTE = re.compile(r"\[\^[^\[\]\s]{1,100}\]")
_ADDRESS = re.compile(r"\]\((?:[^()\n]|\([^()\n]*\))*\)")
_TARGET = re.compile(r"\[\[[^\[\]|\r\n`]+\|(?=[ \t]*[^\s\]])")
_CELL_BORDER = re.compile(r"(?<!\\)\|")
ENDINGS = frozenset(".!?…؟۔।॥。！？｡")
_WORD = re.compile(r"[^\W_]")
_AFTER_WORDS = " .,;:!?…()[]{}\"'“”‘’«»%*_`|-–—。！？」』"
_MARKUP = frozenset("*_~`")
_ATTEMPTS = 50  # places that begin inside a word before a search gives up


class SentenceLocator:
    """Finds sentences in one Markdown text. `as_text` are the offsets of marks that stay text in the plain text."""

    def __init__(self, source: str, as_text: Collection[int] = ()) -> None:
        self._source = source
        self._lines = [0, *(match.end() for match in _LINE.finditer(source))]
        self._code = code_spans(source) if "`" in source or "~~~" in source else []
        self._skipped = self._passed_over(as_text)
        self._by_start = {span.start: span for span in self._skipped}
        self._by_end = {span.end: span for span in self._skipped}
        self._readings: list[Letters | None] = []

    def of(self, sentence: Sentence, after: int = 0) -> Place | None:
        """Return where the sentence stands in its block, at or after `after` if it stands there; None if nowhere."""
        low, high = self._bounds(sentence)
        if place := self._as_written(sentence.text, max(low, after), high):
            return place
        plain = Letters(sentence.text)
        if not plain.text:
            return None
        for letters in self._letters():
            if low < after < high:
                first = self._find(letters, plain.text, after, high)
                if first is not None:
                    return self._placed(sentence.text, letters, first, plain, high)
            first = self._find(letters, plain.text, low, high)
            if first is not None:
                return self._placed(sentence.text, letters, first, plain, high)
        return self._row(plain, low, high)

    def all(self, sentences: Iterable[Sentence]) -> list[Place | None]:
        """Return the place of each of the sentences of the text, given in order: equal ones get one each."""
        places: list[Place | None] = []
        after = 0
        for sentence in sentences:
            place = self.of(sentence, after)
            places.append(place)
            after = place.end if place else after
        return places

    def block(self, sentence: Sentence) -> tuple[int, int]:
        """Return [start, end) of the block that the sentence stands in, without white space around it."""
        low, high = self._bounds(sentence)
        written = self._source[low:high]
        start = low + len(written) - len(written.lstrip())
        return start, max(start, low + len(written.rstrip()))

    def _passed_over(self, as_text: Collection[int]) -> list[Span]:
        source = self._source
        kept = frozenset(as_text)
        marks = find_marks(source)
        ends = {mark.end for mark in marks}
        cited = [mark for mark in marks if isinstance(mark, Mark) and mark.start not in kept]
        found = [Span(mark.start, mark.end, "mark") for mark in cited]
        if "[^" in source:
            found += [Span(*match.span(), "note") for match in _NOTE.finditer(source)]
        if "](" in source:
            links = [match.span() for match in _ADDRESS.finditer(source)]
            found += [Span(start, end, "address") for start, end in links if start + 1 not in ends]
        if "[[" in source:
            found += [Span(*match.span(), "target") for match in _TARGET.finditer(source)]
        return [span for span in outside(sorted(found), self._code) if not is_escaped(source, span.start)]

    def _letters(self) -> Iterator[Letters]:
        """Yield readings of the source: without what is passed over, with marks and notes, with everything."""
        for number in range(3):
            if number == len(self._readings):
                kept = ("mark", "note") if number == 1 else ("mark", "note", "address", "target")
                skipped = [span for span in self._skipped if not number or span.kind not in kept]
                is_new = not number or len(skipped) < len(self._skipped)
                self._readings.append(Letters(self._source, skipped, self._code) if is_new else None)
            reading = self._readings[number]
            if reading is not None:
                yield reading

    def _bounds(self, sentence: Sentence) -> tuple[int, int]:
        lines = self._lines
        first = min(max(sentence.first_line - 1, 0), len(lines) - 1)
        last = max(sentence.last_line, first + 1)
        return lines[first], lines[last] if last < len(lines) else len(self._source)

    def _as_written(self, text: str, low: int, high: int) -> Place | None:
        """Return the place of a sentence without markup that is the next one from `low` on: the usual case, quick."""
        source = self._source
        first, next_one = _WORD.search(text), _WORD.search(source, low, high)
        if first is None or next_one is None:
            return None
        core = text[first.start() :].rstrip(_AFTER_WORDS)
        start = next_one.start()
        end = start + len(core)
        if end > high or not core[-1].isalnum() or not source.startswith(core, start) or _joins(source, end):
            return None
        before = bisect_right(self._skipped, start, key=lambda span: span.start) - 1
        if before >= 0 and self._skipped[before].end > start:
            return None
        if before + 1 < len(self._skipped) and self._skipped[before + 1].start < end:
            return None
        tail = text[first.start() + len(core) :]
        shift = start - first.start()
        return Place(self._opening(start, text[: first.start()]), self._closing(end, tail, high), shift)

    def _find(self, letters: Letters, wanted: str, low: int, high: int) -> int | None:
        """Return the index of the first letter where the sentence stands as whole words."""
        source = self._source
        first, limit = letters.index(low), letters.index(high)
        for _ in range(_ATTEMPTS):
            first = letters.text.find(wanted, first, limit)
            if first < 0:
                return None
            start, end = letters.start(first), letters.end(first + len(wanted) - 1)
            if not (_joins(source, start) or _joins(source, end)):
                return first
            first += 1
        return None

    def _placed(self, text: str, letters: Letters, first: int, plain: Letters, high: int) -> Place:
        head = text[: plain.start(0)]
        tail = text[plain.end(len(plain.text) - 1) :]
        start = self._opening(letters.start(first), head)
        end = self._closing(letters.end(first + len(plain.text) - 1), tail, high)
        return MarkedUpPlace(start, end, 0, self._source, letters, plain, (Piece(0, len(plain.text), first),))

    def _opening(self, start: int, head: str) -> int:
        source = self._source
        while start:
            before = source[start - 1]
            span = self._by_end.get(start)
            if head and before == head[-1]:
                head = head[:-1]
                start -= 1
            elif span and span.kind == "target":
                start = span.start
            elif before in _MARKUP or before == "[":
                start -= 1
            else:
                break
        return start

    def _closing(self, end: int, tail: str, high: int) -> int:
        """Return the place behind what closes the sentence (quotes, emphasis, links, marks), before its full stop."""
        source = self._source
        tail = next((tail[:index] for index, sign in enumerate(tail) if sign in ENDINGS), tail)
        at = end
        while at < high:
            sign = source[at]
            span = self._by_start.get(at)
            if span and span.kind != "target":
                at = end = span.end
            elif tail and (sign == tail[0] or (sign.isspace() and tail[0].isspace())):
                tail = tail[1:]
                at += 1
                end = end if sign.isspace() else at
            elif sign in _MARKUP or (sign == "]" and at == end):
                at += 1
                end = at
            elif sign in " \t" or (sign == "\n" and source[at + 1 : at + 2] == "["):
                at += 1
                follows = self._by_start.get(at)
                if not tail and source[at : at + 1] not in (" ", "\t") and not (follows and follows.kind == "mark"):
                    break
            else:
                break
        return end

    def _row(self, plain: Letters, low: int, high: int) -> Place | None:
        """Return the place of a table's row; the sentence has the heads of its columns among its words."""
        line = self._source[low:high]
        if "|" not in line or _LINE.search(line.rstrip("\r\n")):
            return None
        borders = [-1, *(match.start() for match in _CELL_BORDER.finditer(line)), len(line)]
        letters = next(self._letters())
        pieces: list[Piece] = []
        at = 0
        for left, right in pairwise(borders):
            first, last = letters.index(low + left + 1), letters.index(low + right)
            if first < last:
                found = plain.text.find(letters.text[first:last], at)
                if found < 0:
                    return None
                at = found + last - first
                pieces.append(Piece(found, at, first))
                end = low + left + 1 + len(line[left + 1 : right].rstrip())
                while end > letters.end(last - 1) and self._source[end - 1] in ENDINGS:
                    end -= 1
        if not pieces:
            return None
        start = letters.start(pieces[0].source_first)
        return MarkedUpPlace(start, end, 0, self._source, letters, plain, tuple(pieces))


def _joins(source: str, offset: int) -> bool:
    """Tell whether a Latin word goes on across `offset`; scripts that do not divide words go on everywhere."""
    if not 0 < offset < len(source):
        return False
    before, after = source[offset - 1], source[offset]
    return before.isalnum() and after.isalnum() and before < "\u2e80" and after < "\u2e80"


def place_of(sentence: Sentence, source: str) -> tuple[int, int] | None:
    """Return [start, end) at which a sentence stands in the Markdown `source` that it was read from.

    `end` lies before the closing full stop and behind the marks before that: there a mark ` [00:06:31]` would be
    written. None if the sentence is not found; of equal ones in one block the first counts.
    """
    place = SentenceLocator(source).of(sentence)
    return (place.start, place.end) if place else None
