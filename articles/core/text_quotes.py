"""Names a passage of a text by its words and those around it, and finds it again in a later text.

As a TextQuoteSelector with a TextPositionSelector in the W3C's Web Annotation Data Model (4.2.4 and 4.2.5).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from rapidfuzz import fuzz

from articles.core.language.words import UNSPACED
from articles.core.markdown import hidden_spans

CONTEXT = 32  # characters kept on each side
EXACT_MAX = 2_000  # characters of a passage
ALONE = 32  # characters of a passage that is the same one whatever is around it
SAME_SIDE = 75  # from this ratio (0 to 100) on, what is on one side of a passage counts as what was there
SIMILAR = 72  # from this ratio on, words count as the passage, edited since
OFTEN = 1_000  # places with the same words that are looked at
NEAR = 200  # characters around a passage that are compared word by word
LONGER = 3  # times as long as it was: what an edited passage may be
# What readers don't see as words of the text: times, and where links and images lead.
_UNREAD = re.compile(r"\[[^\[\]\n]*\d:\d\d[^\[\]\n]*\]|\d{1,2}:\d\d(?::\d\d)?|\]\([^()\s]*(?: \"[^\"\n]*\")?\)")
_WORD = re.compile(rf"[{UNSPACED}]|[^\W_]+")
_END = re.compile(r"[^\w\s*`\[\]]+$")


@dataclass(frozen=True)
class TextQuote:
    """The words of a passage as they are written, and up to `CONTEXT` characters `prefix` and `suffix` around them.

    `start` is where it was, in characters.
    """

    exact: str
    prefix: str
    suffix: str
    start: int


@dataclass(frozen=True)
class Found:
    """Where a passage is now; `is_same` is False if its words have changed."""

    start: int
    end: int
    is_same: bool = True


def quote_at(text: str, start: int, end: int) -> TextQuote:
    """Return the `TextQuote` of `text[start:end]`, which isn't empty."""
    return TextQuote(text[start:end], text[max(0, start - CONTEXT) : start], text[end : end + CONTEXT], start)


def find(quote: TextQuote, text: str) -> Found | None:
    """Return where the passage is in `text`, None if it is gone.

    Of several places with the same words it is the one with the most similar surroundings, then the nearest. A few words
    that only happen to be there too aren't the passage.
    """
    if not quote.exact:
        return None
    best = max(
        islice(_occurrences(quote.exact, text), OFTEN), key=lambda start: _rank(quote, text, start), default=None
    )
    if best is not None and (len(quote.exact) >= ALONE or max(_sides(quote, text, best)) >= SAME_SIDE):
        return Found(best, best + len(quote.exact))
    return _between(quote, text) or _similar(quote, text)


def is_there(quote: TextQuote, text: str) -> bool:
    """Return whether the passage is in `text` as it was: these words, and on both sides what was there or much like it."""
    for start in islice(_occurrences(quote.exact, text) if quote.exact else (), OFTEN):
        is_at_edge = quote.prefix or start == 0, quote.suffix or start + len(quote.exact) == len(text)
        if all(is_at_edge) and min(_sides(quote, text, start)) >= SAME_SIDE:
            return True
    return False


def spans_of(words: str, text: str) -> list[tuple[int, int]]:
    """Return the spans of `text` that `words` may be, copied from the text or from how readers see it.

    White space, marks, times and addresses of links don't count; a span begins and ends with one of the words, and has
    the punctuation that `words` ends with.
    """
    exact = words.strip()
    if not exact:
        return []
    return [(start, start + len(exact)) for start in _occurrences(exact, text)] or list(_by_words(exact, text))


def agreement(text: str, start: int, end: int, before: str, after: str) -> int:
    """Return how many of the last words of `before` and the first of `after` are around `text[start:end]`, up to ten."""
    there = _words(text[max(0, start - NEAR) : start]), _words(text[end : end + NEAR])
    tail, head = _words(before)[-5:], _words(after)[:5]
    return _common(tail[::-1], there[0][::-1]) + _common(head, there[1])


def _occurrences(exact: str, text: str) -> Iterator[int]:
    start = text.find(exact)
    while start >= 0:
        yield start
        start = text.find(exact, start + 1)


def _sides(quote: TextQuote, text: str, start: int) -> tuple[float, float]:
    """How much of what is before and after a place is as it was (0 to 100); where nothing was, as much as can be."""
    end = start + len(quote.exact)
    before, after = text[max(0, start - len(quote.prefix)) : start], text[end : end + len(quote.suffix)]
    return (
        fuzz.ratio(quote.prefix, before) if quote.prefix else 100.0,
        fuzz.ratio(quote.suffix, after) if quote.suffix else 100.0,
    )


def _rank(quote: TextQuote, text: str, start: int) -> tuple[float, int]:
    return sum(_sides(quote, text, start)), -abs(start - quote.start)


def _between(quote: TextQuote, text: str) -> Found | None:
    """Return what is now between the words that were before and after the passage; None if they aren't there once each."""
    if not (quote.prefix.strip() and quote.suffix.strip()) or text.count(quote.prefix) != 1:
        return None
    start = text.find(quote.prefix) + len(quote.prefix)
    end = text.find(quote.suffix, start)
    if end <= start or end - start > LONGER * len(quote.exact) + CONTEXT or not text[start:end].strip():
        return None
    return Found(start, end, is_same=False)


def _similar(quote: TextQuote, text: str) -> Found | None:
    """Return the words of `text` that are most like the passage; None if they aren't like it, or are too few to say."""
    if not ALONE // 2 <= len(quote.exact) <= EXACT_MAX or len(text) < len(quote.exact) // 2:
        return None
    match = fuzz.partial_ratio_alignment(quote.exact, text, score_cutoff=SIMILAR)
    if match is None or match.dest_end <= match.dest_start:
        return None
    if len(quote.exact) > len(text):  # then the shorter one is looked for in the longer one
        return Found(0, len(text), is_same=False)
    start, end = match.dest_start, match.dest_end
    while start > 0 and text[start - 1].isalnum() and text[start].isalnum():
        start -= 1
    while end < len(text) and text[end - 1].isalnum() and text[end].isalnum():
        end += 1
    words = text[start:end]
    start, end = start + len(words) - len(words.lstrip()), end - len(words) + len(words.rstrip())
    return Found(start, end, is_same=False) if start < end else None


def _by_words(exact: str, text: str) -> Iterator[tuple[int, int]]:
    wanted = _words(exact)
    tokens = list(_tokens(text))
    if not wanted or len(wanted) > len(tokens):
        return
    words = [word for word, _, _ in tokens]
    end_marks = _END.search(exact)
    for index in range(len(words) - len(wanted) + 1):
        if words[index] == wanted[0] and words[index : index + len(wanted)] == wanted:
            start, end = tokens[index][1], tokens[index + len(wanted) - 1][2]
            if end_marks and text.startswith(end_marks.group(), end):
                end += len(end_marks.group())
            yield start, end


def _words(text: str) -> list[str]:
    return [word for word, _, _ in _tokens(text)]


def _tokens(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield (word without case, start, end) of what readers see as words of the text."""
    unread = sorted([match.span() for match in _UNREAD.finditer(text)] + hidden_spans(text))
    at = 0
    for match in _WORD.finditer(text):
        start, end = match.span()
        while at < len(unread) and unread[at][1] <= start:
            at += 1
        if at == len(unread) or end <= unread[at][0]:
            yield match.group().casefold(), start, end


def _common(one: list[str], other: list[str]) -> int:
    """The number of words with which both begin."""
    number = 0
    for word, same in zip(one, other, strict=False):
        if word != same:
            break
        number += 1
    return number
