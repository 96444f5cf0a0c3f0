"""Locates a plain sentence in the Markdown it was read from by comparing only letters and digits.

Most markup (emphasis, brackets, line breaks) contains neither. Markup that does (addresses, targets of wiki links,
marks, footnote marks) is skipped.
"""

import re
from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator
from itertools import pairwise

from articles.core.markdown import Sentence
from articles.core.timestamps import Mark, code_spans, find_marks, is_escaped

from .letters import Letters, Span, Spans
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
_ATTEMPTS = 50  # matches starting inside a word before a search gives up


class SentenceLocator:
    """Locates sentences in one Markdown text. `as_text` are the offsets of marks that remain in the plain text."""

    def __init__(self, source: str, as_text: Collection[int] = ()) -> None:
        self._source = source
        self._lines = [0, *(match.end() for match in _LINE.finditer(source))]
        self._code = code_spans(source)
        self._skipped = self._find_skipped(as_text)
        self._by_start = {span.start: span for span in self._skipped}
        self._by_end = {span.end: span for span in self._skipped}
        self._readings: list[Letters | None] = []

    def of(self, sentence: Sentence, after: int = 0) -> Place | None:
        """Return the place of the sentence in its block, preferably at or after `after`; None if it isn't found."""
        low, high = self._bounds(sentence)
        if place := self._find_verbatim(sentence.text, max(low, after), high):
            return place
        plain = Letters(sentence.text)
        if not plain.text:
            return None
        for letters in self._letters():
            for begin in (after, low) if low < after < high else (low,):
                first = self._find(letters, plain.text, begin, high)
                if first is not None:
                    return self._make_place(sentence.text, letters, first, plain, high)
        return self._find_row(plain, low, high)

    def all(self, sentences: Iterable[Sentence]) -> list[Place | None]:
        """Return the place of each sentence of the text, given in order; equal sentences get different places."""
        places: list[Place | None] = []
        after = 0
        for sentence in sentences:
            place = self.of(sentence, after)
            places.append(place)
            after = place.end if place else after
        return places

    def block(self, sentence: Sentence) -> tuple[int, int]:
        """Return [start, end) of the sentence's block, without surrounding white space."""
        low, high = self._bounds(sentence)
        written = self._source[low:high]
        start = low + len(written) - len(written.lstrip())
        return start, max(start, low + len(written.rstrip()))

    def _find_skipped(self, as_text: Collection[int]) -> list[Span]:
        source = self._source
        kept = frozenset(as_text)
        marks = find_marks(source)
        ends = {mark.end for mark in marks}
        cited = [mark for mark in marks if isinstance(mark, Mark) and mark.start not in kept]
        skipped = [Span(mark.start, mark.end, "mark") for mark in cited]
        if "[^" in source:
            skipped += [Span(*match.span(), "note") for match in _NOTE.finditer(source)]
        if "](" in source:
            links = [match.span() for match in _ADDRESS.finditer(source)]
            skipped += [Span(start, end, "address") for start, end in links if start + 1 not in ends]
        if "[[" in source:
            skipped += [Span(*match.span(), "target") for match in _TARGET.finditer(source)]
        return [span for span in Spans(self._code).outside(sorted(skipped)) if not is_escaped(source, span.start)]

    def _letters(self) -> Iterator[Letters]:
        """Yield readings of the source: without skipped markup, with marks and notes, and with everything."""
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

    def _find_verbatim(self, text: str, low: int, high: int) -> Place | None:
        """Return the place of a sentence that follows `low` without markup: a fast path for the usual case."""
        source = self._source
        first, next_word = _WORD.search(text), _WORD.search(source, low, high)
        if first is None or next_word is None:
            return None
        core = text[first.start() :].rstrip(_AFTER_WORDS)
        start = next_word.start()
        end = start + len(core)
        if end > high or not core[-1].isalnum() or not source.startswith(core, start) or _splits_word(source, end):
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
        """Return the index of the first letter of `wanted` where it appears as whole words, None if nowhere."""
        source = self._source
        first, limit = letters.index(low), letters.index(high)
        for _ in range(_ATTEMPTS):
            first = letters.text.find(wanted, first, limit)
            if first < 0:
                return None
            start, end = letters.start(first), letters.end(first + len(wanted) - 1)
            if not (_splits_word(source, start) or _splits_word(source, end)):
                return first
            first += 1
        return None

    def _make_place(self, text: str, letters: Letters, first: int, plain: Letters, high: int) -> Place:
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
        """Return the offset after the sentence's closing quotes, emphasis, links and marks, before its full stop."""
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

    def _find_row(self, plain: Letters, low: int, high: int) -> Place | None:
        """Return the place of a table row; the sentence also contains the column heads."""
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
                index = plain.text.find(letters.text[first:last], at)
                if index < 0:
                    return None
                at = index + last - first
                pieces.append(Piece(index, at, first))
                end = low + left + 1 + len(line[left + 1 : right].rstrip())
                while end > letters.end(last - 1) and self._source[end - 1] in ENDINGS:
                    end -= 1
        if not pieces:
            return None
        start = letters.start(pieces[0].source_first)
        return MarkedUpPlace(start, end, 0, self._source, letters, plain, tuple(pieces))


def _splits_word(source: str, offset: int) -> bool:
    """Return whether `offset` is inside a word; always False in scripts without spaces between words."""
    if not 0 < offset < len(source):
        return False
    before, after = source[offset - 1], source[offset]
    return before.isalnum() and after.isalnum() and before < "\u2e80" and after < "\u2e80"
