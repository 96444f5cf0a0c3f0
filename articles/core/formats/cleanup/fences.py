"""Removes the code fence in which assistants hand over a whole article, perhaps after a sentence of their own."""

import re
from bisect import bisect_left
from typing import NamedTuple

from articles.core.language.messages import lazy_message
from articles.core.timestamps import code_spans

from .headings import Problems

Span = tuple[int, int]

_WRAPPED = re.compile(
    r"^(?P<fence>`{3,}|~{3,})[ \t]*(?P<info>(?:markdown|md)?)[ \t]*(?:\n|\Z)", re.IGNORECASE | re.MULTILINE
)
_FENCE = re.compile(r"^(?P<signs>`{3,}|~{3,})(?P<info>[^\n`]*)(?:\n|\Z)", re.MULTILINE)
_TIME_LINK = re.compile(r"\bdata-t\s*=", re.IGNORECASE)
_CITED = re.compile(r"\bdata-t\s*=|\[\d{1,3}:\d\d(?::\d\d)?\]", re.IGNORECASE)
_HEADING = re.compile(r"^#{1,6}[ \t]", re.MULTILINE)


class _Fence(NamedTuple):
    """A line that opens or closes a block of code; one with `has_info` only opens."""

    start: int
    end: int
    length: int
    has_info: bool


def unwrap(text: str, start: int, problems: Problems) -> tuple[str, int, int]:
    """Return the text without a fence around the article, at the same offsets, and [start, end) of the article.

    A ```markdown fence is around the article if it begins and ends with it, if it follows a single paragraph, goes on
    to the end and has headings, or if it holds timestamps; another fence, if it holds time links. A removed fence is
    reported.
    """
    if "```" not in text and "~~~" not in text:
        return text, start, len(text)
    openings = {start + begin for begin, _ in code_spans(text[start:], only_fenced=True)}
    is_article, closings = _Articles(text, start), _closings(text, start)
    for match in _WRAPPED.finditer(text, start):
        if match.start() not in openings:
            continue
        closing, end = closings.get(match.start(), (len(text), len(text)))
        if not is_article(match, closing, end):
            continue
        written = match[0].strip()
        is_first, is_last = match.start() == start, end >= is_article.end
        if closing == end:
            reason = lazy_message("A code fence around the article was never closed, so it was removed.")
        elif is_first and is_last:
            reason = lazy_message("A code fence around the whole article was removed.")
        else:
            reason = lazy_message("A code fence around the article was removed.")
        problems.report(match.start(), written, reason, "fence")
        if is_first and is_last:
            return text, match.end(), closing
        return _blanked(text, match.span(), (closing, end)), start, len(text)
    return text, start, len(text)


class _Articles:
    """Tells whether what is in a fence is the article of a text, whose every sign is looked for once."""

    def __init__(self, text: str, start: int) -> None:
        found = [[match.span() for match in sign.finditer(text, start)] for sign in (_TIME_LINK, _CITED, _HEADING)]
        self._time_links, self._citations, self._headings = found
        self.end = len(text.rstrip())
        self._first = _next_words(text, start)
        gap = text.find("\n\n", self._first)
        self._second_paragraph = len(text) if gap < 0 else _next_words(text, gap)

    def __call__(self, opening: re.Match[str], closing: int, end: int) -> bool:
        """`closing` and `end` are where the line that closes the fence begins and ends."""
        fenced = opening.end(), closing
        if not opening["info"]:
            return _any_within(self._time_links, *fenced)
        is_rest = end >= self.end and opening.start() <= self._second_paragraph
        is_whole = opening.start() <= self._first
        return _any_within(self._citations, *fenced) or (is_rest and (is_whole or _any_within(self._headings, *fenced)))


def _closings(text: str, start: int) -> dict[int, Span]:
    """Return {where a fence begins: [start, end) of the line that closes it} for fences that are closed.

    A fence at the very end closes those before it, whatever is in between; otherwise fences in one come in pairs. Each
    line is looked at once for each length up to its own.
    """
    end = len(text.rstrip())
    closings: dict[int, Span] = {}
    for sign in "`~":
        found = [match for match in _FENCE.finditer(text, start) if match["signs"][0] == sign]
        fences = [_Fence(*match.span(), len(match["signs"]), bool(match["info"].strip())) for match in found]
        for length in sorted({fence.length for fence in fences}):
            fences = [fence for fence in fences if fence.length >= length]
            last = fences[-1]
            if last.end >= end and not last.has_info:
                closings |= {fence.start: last[:2] for fence in fences[:-1] if fence.length == length}
            else:
                closings |= _paired(fences, length)
    return closings


def _paired(fences: list[_Fence], length: int) -> dict[int, Span]:
    """Return the closing lines, as in `_closings`, of the fences of this length among those that can close them."""
    closings: dict[int, Span] = {}
    depth, unclosed = 0, list[tuple[int, int]]()  # the depth in each, and where it begins
    for fence in fences:
        depth += 1 if fence.has_info else -1
        while unclosed and depth < unclosed[-1][0]:
            closings[unclosed.pop()[1]] = fence[:2]
        if fence.length == length:
            unclosed.append((depth, fence.start))
    return closings


def _next_words(text: str, start: int) -> int:
    return len(text) - len(text[start:].lstrip())


def _any_within(spans: list[Span], start: int, end: int) -> bool:
    """Whether any of the ordered `spans` is in [start, end)."""
    at = bisect_left(spans, (start, 0))
    return at < len(spans) and spans[at][1] <= end


def _blanked(text: str, *spans: tuple[int, int]) -> str:
    """Return a text in which the lines at `spans` are empty, so that all offsets stay."""
    for start, end in spans:
        line = text[start:end]
        text = text[:start] + " " * len(line.rstrip("\n")) + line[len(line.rstrip("\n")) :] + text[end:]
    return text
