"""Reads times in square brackets inside the lines of a plain transcript."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from articles.core.language.messages import lazy_message
from articles.core.recordings.transcripts.captions.speakers import prefixed

from ...parsed import Parsed
from .layouts import INLINE


@dataclass
class Block:
    """A time and what is said from there; `lines` are pairs of line number and text."""

    line: int
    start: float
    end: float | None = None
    name: str = ""
    lines: list[tuple[int, str]] = field(default_factory=list)


def begin_inside(parsed: Parsed, number: int, line: str) -> Block | None:
    """Return the block that begins at the first time inside a line, None without one; words before it are reported."""
    match = INLINE.search(line)
    start = parsed.time(number, 1, match["start"]) if match else None
    if match is None or start is None:
        return None
    before = line[: match.start()]
    if any(letter.isalnum() for letter in before):
        parsed.skip(number, 0, before, lazy_message("Text before the first time was skipped."))
    named = prefixed(before)
    return Block(number, start, None, named[0] if named else "", [(number, line[match.end() :].strip())])


def inline_only(parsed: Parsed, texts: dict[int, str]) -> list[Block]:
    """Return one block from the first time in square brackets inside a text, if there is one."""
    block: Block | None = None
    for number, line in texts.items():
        if block is not None:
            block.lines.append((number, line))
        elif (block := begin_inside(parsed, number, line)) is None:
            parsed.skip(number, 0, line, lazy_message("Text before the first time was skipped."))
    return [block] if block else []


def split_inline(parsed: Parsed, block: Block) -> Iterator[Block]:
    """Yield the block, split where times in square brackets inside it go on."""
    current = Block(block.line, block.start, None, block.name)
    speaker = block.name
    for number, line in block.lines:
        if named := prefixed(line):
            speaker = named[0]
        at = 0
        for match in INLINE.finditer(line):
            start = parsed.time(number, 0, match["start"])
            if start is None or start < current.start or (block.end is not None and start >= block.end):
                continue
            if before := line[at : match.start()].strip():
                current.lines.append((number, before))
            yield current
            at = match.end()
            current = Block(number, start, None, "" if prefixed(line[at:]) else speaker)
        if rest := line[at:].strip():
            current.lines.append((number, rest))
    current.end = block.end
    yield current
