"""Finds the code in an imported Markdown text, which must be left exactly as it is."""

from itertools import pairwise

from articles.core.timestamps import code_spans, indented_code

Span = tuple[int, int]


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
        spans = sorted([*spans, *indented_code(text)])
    return [span for before, span in pairwise([(0, 0), *spans]) if span[0] >= before[1]]
