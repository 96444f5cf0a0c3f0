"""Cuts a body into blocks, and blocks into sentences; the pieces and gaps join to the body again."""

import re
from dataclasses import dataclass

from articles.core.language.sentences import split
from articles.core.timestamps import Mark, find_marks

_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_FENCE = re.compile(r"[ \t>]*(`{3,}(?=[^`]*$)|~{3,})")
_OWN_LINE = re.compile(
    r"[ \t]*(?:[-*+][ \t]|\d{1,9}[.)][ \t]|>|\#{1,6}(?:[ \t]|$)|\||:::|\[\^[^\]\s]{1,100}\]:|(?:[-*_=][ \t]*){2,}$)"
)
_ONE_LINE = re.compile(r"[ \t]*(?:\#{1,6}(?:[ \t]|$)|\||:::|(?:[-*_=][ \t]*){2,}$)")


@dataclass(frozen=True, slots=True)
class Cut:
    """A text as pieces, with a gap of white space before each and after the last: `len(gaps) == len(pieces) + 1`."""

    pieces: list[str]
    gaps: list[str]
    is_code: list[bool]


def blocks(text: str) -> Cut:
    """Cut at blank lines; a fenced block is one block, whatever it contains."""
    spans: list[tuple[int, int, bool]] = []
    fence, start, end, is_code = "", -1, 0, False
    for match in _LINE.finditer(text):
        line = match.group().rstrip()
        if fence:
            closing = line.lstrip(" \t>")
            fence = "" if len(closing) >= len(fence) and set(closing) == {fence[0]} else fence
            end = max(end, match.start() + len(line))
            continue
        if not line:
            if start >= 0:
                spans.append((start, end, is_code))
            start, is_code = -1, False
            continue
        if opening := _FENCE.match(line):
            fence, is_code = opening.group(1), True
        if start < 0:
            start = match.start()
        end = match.start() + len(line)
    if start >= 0:
        spans.append((start, end, is_code))
    return _cut(text, spans)


def sentences(text: str) -> Cut:
    """Cut every block into sentences.

    Every list item, heading, table row and line of code starts a new piece; the lines of a paragraph are read as
    one. A mark after a full stop belongs to the sentence before it. A line without words, such as a rule, is also a
    piece.
    """
    cut = blocks(text)
    spans: list[tuple[int, int, bool]] = []
    offset = 0
    for gap, block, is_code in zip(cut.gaps, cut.pieces, cut.is_code, strict=False):
        offset += len(gap)
        block_spans = _code_lines(block) if is_code else _sentences(block)
        spans += [(offset + start, offset + end, is_code) for start, end in block_spans]
        offset += len(block)
    return _cut(text, spans)


def _cut(text: str, spans: list[tuple[int, int, bool]]) -> Cut:
    pieces, gaps, end = [], [], 0
    for start, stop, _ in spans:
        gaps.append(text[end:start])
        pieces.append(text[start:stop])
        end = stop
    gaps.append(text[end:])
    return Cut(pieces, gaps, [is_code for _, _, is_code in spans])


def _code_lines(block: str) -> list[tuple[int, int]]:
    return [
        (match.start(), match.start() + len(match.group().rstrip()))
        for match in _LINE.finditer(block)
        if match.group().strip()
    ]


def _sentences(block: str) -> list[tuple[int, int]]:
    folded, marks = _fold(block)
    spans: list[list[int]] = [[start, end] for start, end in split(folded)]
    spans = _with_marks(block, folded, spans, marks)
    pieces: list[tuple[int, int]] = []
    end = 0
    for start, stop in [*spans, [len(block), len(block)]]:
        # What remains between sentences has no words: a rule `---`, or the line below a table's header.
        pieces += [(end + first, end + last) for first, last in _code_lines(block[end:start])]
        if start < stop:
            pieces.append((start, stop))
        end = stop
    return pieces


def _fold(block: str) -> tuple[str, list[Mark]]:
    """Return the block with the lines of each paragraph joined and marks blanked; no character changes its offset."""
    lines = _LINE.findall(block)
    for index in range(len(lines) - 1):
        if not _OWN_LINE.match(lines[index + 1]) and not _ONE_LINE.match(lines[index]):
            lines[index] = lines[index].replace("\n", " ")
    folded = "".join(lines)
    if "[" not in block or ":" not in block:
        return folded, []
    marks = [mark for mark in find_marks(block) if isinstance(mark, Mark)]
    parts, end = [], 0
    for mark in marks:
        parts += [folded[end : mark.start], " " * len(mark.text)]
        end = mark.end
    return "".join([*parts, folded[end:]]), marks


def _with_marks(block: str, folded: str, spans: list[list[int]], marks: list[Mark]) -> list[list[int]]:
    """Widen the sentences over the marks between them; a mark with no sentence on its line gets a span of its own."""
    index = 0
    added: list[list[int]] = []
    for mark in marks:
        while index < len(spans) and spans[index][1] <= mark.start:
            index += 1
        if index < len(spans) and spans[index][0] <= mark.start:
            continue
        if index and "\n" not in folded[spans[index - 1][1] : mark.start]:
            spans[index - 1][1] = mark.end
        elif index < len(spans) and "\n" not in folded[mark.end : spans[index][0]]:
            spans[index][0] = mark.start
        elif added and "\n" not in folded[added[-1][1] : mark.start]:
            added[-1][1] = mark.end
        else:
            added.append([mark.start, mark.end])
    return sorted(spans + added) if added else spans
