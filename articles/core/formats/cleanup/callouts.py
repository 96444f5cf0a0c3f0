"""Boxes (`<div>`) in imported texts: callouts become ours; of other boxes the text remains, unindented."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from articles.core.language.messages import LazyMessage, lazy_message

from .html_tags import attribute, tag_removed

Piece = tuple[int, str]  # offset in the file, and the text that replaces what was there
Report = Callable[[int, str, LazyMessage, str], None]  # offset in the file, text, reason, code

_KINDS = ("callout-title", "callout-content", "callout-icon", "callout")


@dataclass
class _Box:
    """An open box: the index of its first piece, its kind, its offset in the file, and its title so far."""

    first_piece: int
    kind: str
    offset: int
    title: str = ""


@dataclass
class Boxes:
    """Tracks the boxes of one text while its `pieces` are written, and lays out each box when it is closed."""

    pieces: list[Piece]
    report: Report
    _open: list[_Box] = field(default_factory=list)

    def meet(self, match: re.Match[str], offset: int) -> None:
        """Open or close a box at a `<div>` or `</div>` found at `offset` in the file."""
        if match["slash"]:
            self._close(match[0], offset)
            return
        classes = attribute(match["attributes"], "class").lower()
        kind = next((kind for kind in _KINDS if kind in classes), "")
        if not self._open or kind == "callout":
            reason = lazy_message("A box became a callout.") if kind == "callout" else tag_removed("div")
            self.report(offset, match[0], reason, "html")
        self._open.append(_Box(len(self.pieces), kind, offset))

    def _close(self, tag: str, offset: int) -> None:
        if not self._open:
            reason = lazy_message("A closing </div> without an opening one was removed.")
            self.report(offset, tag, reason, "html")
            return
        box = self._open.pop()
        callout = next((outer for outer in reversed(self._open) if outer.kind == "callout"), None)
        if box.kind == "callout-title" and callout:
            title = " ".join("".join(text for _, text in self.pieces[box.first_piece :]).split())
            callout.title = f"{callout.title} {title}".strip()
            del self.pieces[box.first_piece :]
        elif box.kind == "callout" or not self._open:
            self.pieces[box.first_piece :] = _lay_out(self.pieces[box.first_piece :], box)


def _lay_out(pieces: list[Piece], box: _Box) -> list[Piece]:
    """Return a box's text without indentation, as a callout if it was one and isn't already written as one."""
    lines: list[list[Piece]] = [[]]
    for offset, text in pieces:
        for index, part in enumerate(text.split("\n")):
            if index:
                lines.append([])
            if part:
                lines[-1].append((offset, part))
            offset += len(part) + 1
    texts = ["".join(part for _, part in line) for line in lines]
    while texts and not texts[0].strip():
        del texts[0], lines[0]
    while texts and not texts[-1].strip():
        del texts[-1], lines[-1]
    indent = min((len(text) - len(text.lstrip(" \t")) for text in texts if text.strip()), default=0)
    is_callout = box.kind == "callout" and not (texts and texts[0].lstrip().startswith(">"))
    prefix = "> " if is_callout else ""
    result: list[Piece] = []
    if is_callout:
        result.append((box.offset, f"> [!note] {box.title}".rstrip() + ("\n" if texts else "")))
    elif box.title:
        result.append((box.offset, f"**{box.title}**\n\n"))
    for number, (line, text) in enumerate(zip(lines, texts, strict=True)):
        start = line[0][0] if line else box.offset
        result.append((start, "\n" if number else ""))
        result.append((start, prefix if text.strip() else prefix.rstrip()))
        cut = indent
        for offset, part in line if text.strip() else []:
            rest = part[cut:]
            if rest:
                result.append((offset + len(part) - len(rest), rest))
            cut = max(0, cut - len(part))
    return [(offset, text) for offset, text in result if text]
