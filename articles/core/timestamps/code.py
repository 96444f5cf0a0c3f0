"""Finds code in Markdown by its backticks and tildes, and characters escaped by a backslash."""

import re

_FENCE = re.compile(r"((?:[ \t>]|[-*+][ \t]|\d{1,9}[.)][ \t])*)(`{3,}(?=[^`]*$)|~{3,})")
_TICKS = re.compile("`+")
_ITEM = re.compile(r"[ \t>]*(?:[-*+]|\d{1,9}[.)])(?:[ \t]|$)")
_LAID_OUT = re.compile(r"\s*</?(?:div|section|svg|p|span|a)\b|.*\bdata-t=", re.IGNORECASE)
_LINE = re.compile(r"[^\r\n]*(?:\r\n?|\n)|[^\r\n]+")


def is_escaped(text: str, offset: int) -> bool:
    """Return whether the character at `offset` follows an odd number of backslashes."""
    before = offset
    while before and text[before - 1] == "\\":
        before -= 1
    return (offset - before) % 2 == 1


def code_spans(text: str, *, only_fenced: bool = False) -> list[tuple[int, int]]:
    """Return the spans of fenced blocks and code spans in text order, found line by line without parsing Markdown."""
    if "`" not in text and "~~~" not in text:
        return []
    fenced: list[tuple[int, int]] = []
    inline: list[tuple[int, int]] = []
    paragraph = 0
    fence, fence_start, is_quoted = "", 0, False
    for match in _LINE.finditer(text):
        line, position = match.group(), match.start()
        if fence and is_quoted and not line.lstrip().startswith(">"):
            fenced.append((fence_start, position))
            fence, paragraph = "", position
        opening = None if fence else _FENCE.match(line.rstrip("\r\n"))
        if fence:
            closing = line.lstrip(" \t>").rstrip()
            if len(closing) >= len(fence) and set(closing) == {fence[0]}:
                fenced.append((fence_start, match.end()))
                fence, paragraph = "", match.end()
        elif opening:
            inline += _backtick_spans(text, paragraph, position)
            fence, fence_start, is_quoted = opening.group(2), position, ">" in opening.group(1)
        elif not line.strip():
            inline += _backtick_spans(text, paragraph, position)
            paragraph = position
    if fence:
        fenced.append((fence_start, len(text)))
    else:
        inline += _backtick_spans(text, paragraph, len(text))
    return fenced if only_fenced else sorted(fenced + inline)


def _backtick_spans(text: str, start: int, end: int) -> list[tuple[int, int]]:
    if text.find("`", start, end) < 0:
        return []
    runs = [match.span() for match in _TICKS.finditer(text, start, end)]
    closings: dict[int, list[int]] = {}
    for index in range(len(runs) - 1, -1, -1):
        closings.setdefault(runs[index][1] - runs[index][0], []).append(index)
    spans, index = [], 0
    while index < len(runs):
        first, last = runs[index]
        if is_escaped(text, first):
            first += 1
        same = closings.get(last - first, [])
        while same and same[-1] <= index:
            same.pop()
        index += 1
        if first < last and same:
            spans.append((first, runs[same[-1]][1]))
            index = same[-1] + 1
    return spans


def indented_code(text: str) -> list[tuple[int, int]]:
    """Return the spans of lines of indented code (CommonMark 4.4): after a blank line or more code, outside lists.

    Indented lines with time links or layout tags are indented prose, not code.
    """
    spans: list[tuple[int, int]] = []
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
