"""Finds the code in an imported Markdown text, which must be left exactly as it is."""

import re
from itertools import pairwise

from articles.core.timestamps import code_spans

Span = tuple[int, int]

_ITEM = re.compile(r"[ \t>]*(?:[-*+]|\d{1,9}[.)])(?:[ \t]|$)")
_LAID_OUT = re.compile(r"\s*</?(?:div|section|svg|p|span|a)\b|.*\bdata-t=", re.IGNORECASE)


def fenced_lines(text: str) -> list[bool]:
    """Return for each line of `text` whether it belongs to a fenced block."""
    blocks = iter([*code_spans(text, only_fenced=True), (len(text) + 1, len(text) + 2)])
    start, end = next(blocks)
    in_fence: list[bool] = []
    offset = 0
    for line in text.split("\n"):
        while offset >= end:
            start, end = next(blocks)
        in_fence.append(start <= offset < end)
        offset += len(line) + 1
    return in_fence


def has_open_fence(text: str) -> bool:
    """Return whether a fenced block of `text` is never closed, so that it would swallow what follows."""
    return fenced_lines(f"{text}\n\n-")[-1]


def protected_spans(text: str) -> list[Span]:
    """Return the code in `text` (fenced, indented, in backticks) as ordered, non-overlapping [start, end).

    Indented lines with time links or layout tags are indented prose, not code.
    """
    spans = code_spans(text)
    if "    " in text or "\t" in text:
        spans = sorted([*spans, *_indented_code(text)])
    return [span for before, span in pairwise([(0, 0), *spans]) if span[0] >= before[1]]


def _indented_code(text: str) -> list[Span]:
    """Return lines of indented code (CommonMark 4.4): after a blank line or more code, and not inside a list."""
    spans: list[Span] = []
    is_list, was_blank, was_code = False, True, False
    offset = 0
    for line in text.split("\n"):
        blank = not line.strip()
        deep = line.startswith(("    ", "\t"))
        code = deep and not blank and not is_list and (was_blank or was_code) and not _LAID_OUT.match(line)
        if code:
            spans.append((offset, offset + len(line)))
        elif _ITEM.match(line):
            is_list = True
        elif not blank and not line.startswith((" ", "\t")):
            is_list = False
        was_blank, was_code = blank, code or (was_code and blank)
        offset += len(line) + 1
    return spans
