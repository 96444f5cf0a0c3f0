"""Converts imported Markdown into ours: time links become citation marks, raw HTML becomes Markdown.

Everything else, code in particular, is copied unchanged. Problems are reported with their location.
"""

import re
from bisect import bisect_right
from dataclasses import dataclass, field

from articles.core.formats.types import Place
from articles.core.timestamps import Lines, Malformed, find_marks

from .callouts import Boxes, Piece, Report
from .code_spans import protected_spans
from .html_tags import KNOWN, TAG, line_start, replace
from .time_links import Anchor, anchor_at, decide, read_times

_TOKEN = re.compile(
    r"\\[\\\[\]<`]"
    r"|\[\[[^\[\]<\n]*\]\]"
    r"|\[(?P<linked>[^\[\]\n]{0,300})\]\(\s*(?=<a[\s>])"
    r"|(?P<wrapper>[\[(])\s*(?=<a[\s>])"
    r"|(?P<bracket>\[[^\[\]<\n]{3,120}\])"
    r"|(?P<anchor><a(?=[\s>]))"
    r"|(?P<close></a\s*>)"
    r"|(?P<comment><!--)"
    r"|(?P<tag></?[A-Za-z][A-Za-z0-9]*(?=[\s/>]))",
    re.IGNORECASE,
)
_SEPARATOR = re.compile(r"\s*(?:[,;|&/]|[-‐‑–—−])?\s*(?=<a[\s>])")
_TABLE_ROW = re.compile(r"[ \t>]*\|")
_LINK_END = re.compile(r"\s*\)")


@dataclass
class Converted:
    """A converted text and the places its parts came from."""

    text: str
    places: tuple[Place, ...]


@dataclass
class Converter:
    """Converts parts of one imported text; `lines` are those of the whole file."""

    source: str
    lines: Lines
    report: Report
    _pieces: list[Piece] = field(init=False)
    _boxes: Boxes = field(init=False)
    _no_comment_before: int = field(init=False)

    def convert(self, start: int, end: int, *, is_line: bool = False) -> Converted:
        """Convert `source[start:end]`; `is_line` for a heading, which stays one line."""
        text = self.source[start:end]
        self._pieces, self._no_comment_before = [], 0
        self._boxes = Boxes(self._pieces, self.report)
        spans = protected_spans(text)
        starts = [span[0] for span in spans]
        position = copied = 0
        while (match := _TOKEN.search(text, position)) is not None:
            index = bisect_right(starts, match.start()) - 1
            if index >= 0 and match.start() < spans[index][1]:
                position = max(spans[index][1], match.start() + 1)
                continue
            token_end = self._token(text, match, start, copied, is_line=is_line)
            if token_end is None:
                position = match.end()
            else:
                position = copied = token_end
        self._copy(start + copied, text[copied:])
        return self._assemble()

    def _copy(self, offset: int, text: str) -> None:
        if text:
            self._pieces.append((offset, text))

    def _token(self, text: str, match: re.Match[str], base: int, copied: int, *, is_line: bool) -> int | None:
        """Write the text before a token and its replacement; return where to continue, None to leave the token."""
        written: list[Piece] = []
        end: int | None = None
        if match["anchor"]:
            end = self._anchor(text, match.start(), base, written)
        elif match["linked"] is not None:
            end = self._linked(text, match, base, written)
        elif match["wrapper"]:
            end = self._wrapped(text, match, base, written)
        elif match["bracket"]:
            end = self._bracket(match, base, written)
        elif match["close"]:
            self.report(base + match.start(), match[0], "A closing </a> without an opening one was removed.", "html")
            end = match.end()
        elif match["comment"]:
            end = self._comment(text, match.start(), base)
        elif match["tag"]:
            return self._tag(text, match, base, copied, is_line=is_line)
        if end is None:
            return None
        self._copy(base + copied, text[copied : match.start()])
        self._pieces.extend(written)
        return end

    def _comment(self, text: str, start: int, base: int) -> int | None:
        closing = -1 if start < self._no_comment_before else text.find("-->", start)
        if closing < 0:
            self._no_comment_before = len(text)
            return None
        comment = text[start : closing + 3]
        self.report(base + start, comment, "A comment was removed; readers never saw it.", "html")
        return closing + 3

    def _decide(self, anchor: Anchor, base: int, text: str) -> tuple[str, str]:
        """Return the mark and the words of a time link; report it if it looks wrong."""
        decision = decide(anchor)
        reason, code = decision.reason, decision.code
        if not code and not anchor.is_whole:
            reason, code = "An unclosed time link became a citation.", "html"
        if code:
            self.report(base + anchor.start, text[anchor.start : anchor.end], reason, code)
        return decision.mark, decision.words

    def _anchor(self, text: str, start: int, base: int, written: list[Piece]) -> int | None:
        anchor = anchor_at(text, start)
        if anchor is None:
            return None
        offset = base + start
        if anchor.is_time:
            following = anchor_at(text, anchor.end)
            if not anchor.label and following and following.is_time and following.data == anchor.data:
                self.report(offset, text[start : anchor.end], "A duplicate time link was removed.", "html")
                return anchor.end
            mark, words = self._decide(anchor, base, text)
            written.append((offset, f"{words} {mark}".strip()))
            return anchor.end
        words = anchor.label.strip()
        safe = re.fullmatch(r"(?:https?://|mailto:|/|#)[^\s<>()]*", anchor.href)
        written.append((offset, f"[{words}]({anchor.href})" if safe and words else words))
        self.report(offset, text[start : anchor.end], "An HTML link was converted to Markdown.", "html")
        return anchor.end

    def _linked(self, text: str, match: re.Match[str], base: int, written: list[Piece]) -> int | None:
        """Convert `[label](<a …>…</a>)`, where the label may be another time."""
        anchor = anchor_at(text, match.end())
        closing = _LINK_END.match(text, anchor.end) if anchor else None
        if anchor is None or closing is None or not anchor.is_time:
            return None
        mark, words = self._decide(anchor, base, text)
        outer = read_times(match["linked"])
        if outer is None:
            words = f"{match['linked']} {words}".strip()
        elif outer.canonical is None or f"[{outer.canonical}]" != mark:
            reason = f"The text around the link says {outer.written}, the link {mark}; the link was kept."
            self.report(base + match.start(), text[match.start() : closing.end()], reason, "time-differs")
        written.append((base + match.start(), f"{words} {mark}".strip()))
        return closing.end()

    def _wrapped(self, text: str, match: re.Match[str], base: int, written: list[Piece]) -> int | None:
        """Convert time links alone in brackets: `[…]` combines them into one mark, `(…)` is dropped around the marks."""
        position, anchors, separators = match.end(), list[Anchor](), list[str]()
        while (anchor := anchor_at(text, position)) is not None and anchor.is_time and anchor.is_whole:
            anchors.append(anchor)
            separator = _SEPARATOR.match(text, anchor.end)
            if separator is None:
                position = anchor.end
                break
            separators.append(separator[0])
            position = separator.end()
        closer = "]" if match["wrapper"] == "[" else ")"
        closing = re.compile(rf"\s*{re.escape(closer)}").match(text, position)
        if not anchors or closing is None or position != anchors[-1].end:
            return None
        decisions = [self._decide(anchor, base, text) for anchor in anchors]
        marks = [mark for mark, _ in decisions]
        if any(words or not mark for mark, words in decisions):
            result = " ".join(part for mark, words in decisions for part in (words, mark) if part)
            written.append((base + match.start(), match["wrapper"] + result + closer))
        elif match["wrapper"] == "(":
            written.append((base + match.start(), ", ".join(marks)))
        else:
            inside = "".join(f"{mark[1:-1]}{sep}" for mark, sep in zip(marks, [*separators, ""], strict=True))
            times = read_times(inside)
            joined = ", ".join(mark[1:-1] for mark in marks)
            written.append((base + match.start(), f"[{times.canonical if times and times.canonical else joined}]"))
        return closing.end()

    def _bracket(self, match: re.Match[str], base: int, written: list[Piece]) -> int | None:
        """Leave a mark without a link unchanged if it is valid; fix it if only its separators differ from ours."""
        if ":" not in match[0]:
            return None
        malformed = next((mark for mark in find_marks(match[0], in_code=True) if isinstance(mark, Malformed)), None)
        if malformed is None:
            return None
        times = read_times(match[0])
        offset = base + match.start()
        if times and times.canonical:
            written.append((offset, f"[{times.canonical}]"))
            return match.end()
        self.report(offset, match[0], malformed.message, "time-broken")
        if "|" in match[0]:
            written.append((offset, match[0].replace("|", ",")))
            return match.end()
        return None

    def _tag(self, text: str, token: re.Match[str], base: int, copied: int, *, is_line: bool) -> int | None:
        match = TAG.match(text, token.start())
        if match is None or match["name"].lower() not in KNOWN:
            return None
        offset = base + match.start()
        if match["name"].lower() == "div":
            self._copy(base + copied, text[copied : match.start()])
            self._boxes.meet(match, offset)
            return match.end()
        in_row = _TABLE_ROW.match(text, line_start(text, match.start())) is not None
        replacement, reason = replace(match, is_line=not is_line and not in_row)
        if reason:
            self.report(offset, match[0], reason, "html")
        self._copy(base + copied, text[copied : match.start()])
        self._copy(offset, replacement)
        end = match.end()
        if replacement == "\\\n":  # text after a hard break starts a new line, so its indentation goes
            end += len(text[end : end + 80]) - len(text[end : end + 80].lstrip(" \t"))
        return end

    def _assemble(self) -> Converted:
        places: list[Place] = []
        length = 0
        for offset, text in self._pieces:
            places.append((length, *self.lines.place(offset)))
            length += len(text)
        return Converted("".join(text for _, text in self._pieces), tuple(places))
