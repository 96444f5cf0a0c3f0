"""Converts imported Markdown into ours: time links become citation marks, raw HTML becomes Markdown.

Everything else, code in particular, is copied unchanged. Problems are reported with their location.
"""

import re
from bisect import bisect_right
from collections import deque
from dataclasses import dataclass, field

from articles.core.language.messages import lazy_message
from articles.core.timestamps import (
    UNSEEN,
    Intended,
    Malformed,
    Mark,
    find_marks,
    format_mark,
    link_targets,
    seen_address,
)

from .callouts import Boxes
from .code_spans import protected_spans
from .html_tags import KNOWN, TAG, line_start, replace
from .intended import UNSEEN_REMOVED, intended_in, reason_of, unusual_in
from .time_links import Anchor, anchor_at, decide, read_times
from .writer import Converted, Writer

Replacement = tuple[int, str]  # the offset at which the text continues, and the text to put there instead

_TOKEN = re.compile(
    r"\\[\\\[\]<`]"
    r"|\[\[[^\[\]<\n]*\]\]"
    r"|\[(?P<linked>[^\[\]\n]{0,300})\]\(\s*(?=<a[\s>])"
    r"|(?P<wrapper>[\[(])\s*(?=<a[\s>])"
    r"|(?P<bracket>\[[^\[\]<\n]{3,120}\])"
    rf"|(?<=\])\((?P<address>[^()<>\n]{{0,500}}[{UNSEEN}][^()<>\n]{{0,500}})\)"
    r"|(?P<anchor><a(?=[\s>]))"
    r"|(?P<close></a\s*>)"
    r"|(?P<comment><!--)"
    r"|(?P<tag></?[A-Za-z][A-Za-z0-9]*(?=[\s/>]))",
    re.IGNORECASE,
)
_PLAIN_MARK = re.compile(r"\[[0-9]{2}:[0-5][0-9]:[0-5][0-9]\]")
_SEPARATOR = re.compile(r"\s*(?:[,;|&/]|[-‐‑–—−])?\s*(?=<a[\s>])")
_TABLE_ROW = re.compile(r"[ \t>]*\|")
_LINK_END = re.compile(r"\s*\)")


@dataclass
class Converter(Writer):
    """Converts parts of one imported text; `video_id` is that of its recording on YouTube."""

    video_id: str = ""
    _is_line: bool = field(init=False)
    _boxes: Boxes = field(init=False)
    _no_comment_before: int = field(init=False)
    _targets: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        self._targets = link_targets(self.source)

    def convert(self, start: int, end: int, *, is_line: bool = False) -> Converted:
        """Convert `source[start:end]`; `is_line` for a heading, which stays one line."""
        text = self._text = self.source[start:end]
        self._start, self._is_line, self._copied, self._no_comment_before = start, is_line, 0, 0
        self._pieces = []
        self._boxes = Boxes(self._pieces, self.report)
        spans = protected_spans(text)
        starts = [span[0] for span in spans]
        position = 0
        intended = deque(intended_in(text, self.video_id, self._targets))
        while True:
            match = _TOKEN.search(text, position)
            while intended and intended[0].start < position:
                intended.popleft()
            if intended and (match is None or intended[0].start <= match.start()):
                meant = intended.popleft()
                index = bisect_right(starts, meant.start) - 1
                if index < 0 or meant.start >= spans[index][1]:
                    self._copy_until(meant.start)
                    self._write(start + meant.start, self._meant(meant))
                    self._copied = meant.end
                position = meant.end
                continue
            if match is None:
                break
            index = bisect_right(starts, match.start()) - 1
            if index >= 0 and match.start() < spans[index][1]:
                position = max(spans[index][1], match.start() + 1)
                continue
            replacement = self._replacement(match)
            if replacement is None:
                position = match.end()
                continue
            position, words = replacement
            self._copy_until(match.start())
            self._write(start + match.start(), words)
            self._copied = position
        self._copy_until(len(text))
        return self._assemble()

    def _meant(self, intended: Intended) -> str:
        """Return the citation that was meant, and report it."""
        self._report(intended.start, intended.end, *reason_of(intended))
        return intended.replacement

    def _replacement(self, match: re.Match[str]) -> Replacement | None:
        if match["anchor"]:
            return self._anchor(match.start())
        if match["linked"] is not None:
            return self._linked(match)
        if match["wrapper"]:
            return self._wrapped(match)
        if match["bracket"]:
            return self._bracket(match)
        if match["address"]:
            return self._address(match)
        if match["close"]:
            self._report(*match.span(), lazy_message("A closing </a> without an opening one was removed."))
            return match.end(), ""
        if match["comment"]:
            return self._comment(match.start())
        return self._tag(match.start()) if match["tag"] else None

    def _address(self, match: re.Match[str]) -> Replacement | None:
        address = seen_address(match["address"])
        if address == match["address"]:
            return None
        self._report(*match.span(), UNSEEN_REMOVED, "characters")
        return match.end(), f"({address})"

    def _comment(self, start: int) -> Replacement | None:
        closing = -1 if start < self._no_comment_before else self._text.find("-->", start)
        if closing < 0:
            self._no_comment_before = len(self._text)
            return None
        self._report(start, closing + 3, lazy_message("A comment was removed; readers never saw it."))
        return closing + 3, ""

    def _decide(self, anchor: Anchor) -> tuple[str, str]:
        """Return the mark and the words of a time link; report it if it looks wrong."""
        decision = decide(anchor)
        reason, code = decision.reason, decision.code
        if not code and not anchor.is_whole:
            reason, code = lazy_message("An unclosed time link became a citation."), "html"
        if reason is not None:
            self._report(anchor.start, anchor.end, reason, code)
        return decision.mark, decision.words

    def _anchor(self, start: int) -> Replacement | None:
        anchor = anchor_at(self._text, start)
        if anchor is None:
            return None
        if anchor.is_time:
            following = anchor_at(self._text, anchor.end)
            if not anchor.label and following and following.is_time and following.data == anchor.data:
                self._report(start, anchor.end, lazy_message("A duplicate time link was removed."))
                return anchor.end, ""
            mark, words = self._decide(anchor)
            return anchor.end, f"{words} {mark}".strip()
        words = anchor.label.strip()
        safe = re.fullmatch(r"(?:https?://|mailto:|/|#)[^\s<>()]*", anchor.href)
        self._report(start, anchor.end, lazy_message("An HTML link was converted to Markdown."))
        return anchor.end, f"[{words}]({anchor.href})" if safe and words else words

    def _linked(self, match: re.Match[str]) -> Replacement | None:
        """Convert `[label](<a …>…</a>)`, where the label may be another time."""
        anchor = anchor_at(self._text, match.end())
        closing = _LINK_END.match(self._text, anchor.end) if anchor else None
        if anchor is None or closing is None or not anchor.is_time:
            return None
        mark, words = self._decide(anchor)
        outer = read_times(match["linked"])
        if outer is None:
            words = f"{match['linked']} {words}".strip()
        elif outer.canonical is None or f"[{outer.canonical}]" != mark:
            reason = lazy_message(
                "The text around the link says %(outer)s, the link %(mark)s; the link was kept.",
                outer=outer.written,
                mark=mark,
            )
            self._report(match.start(), closing.end(), reason, "time-differs")
        return closing.end(), f"{words} {mark}".strip()

    def _wrapped(self, match: re.Match[str]) -> Replacement | None:
        """Convert time links alone in brackets: `[…]` combines them into one mark, `(…)` is dropped around the marks."""
        position, anchors, separators = match.end(), list[Anchor](), list[str]()
        while (anchor := anchor_at(self._text, position)) is not None and anchor.is_time and anchor.is_whole:
            anchors.append(anchor)
            separator = _SEPARATOR.match(self._text, anchor.end)
            if separator is None:
                position = anchor.end
                break
            separators.append(separator[0])
            position = separator.end()
        closer = "]" if match["wrapper"] == "[" else ")"
        closing = re.compile(rf"\s*{re.escape(closer)}").match(self._text, position)
        if not anchors or closing is None or position != anchors[-1].end:
            return None
        decisions = [self._decide(anchor) for anchor in anchors]
        marks = [mark for mark, _ in decisions]
        if any(words or not mark for mark, words in decisions):
            inside = " ".join(part for mark, words in decisions for part in (words, mark) if part)
            return closing.end(), match["wrapper"] + inside + closer
        if match["wrapper"] == "(":
            return closing.end(), ", ".join(marks)
        inside = "".join(f"{mark[1:-1]}{separator}" for mark, separator in zip(marks, [*separators, ""], strict=True))
        times = read_times(inside)
        joined = ", ".join(mark[1:-1] for mark in marks)
        return closing.end(), f"[{times.canonical if times and times.canonical else joined}]"

    def _bracket(self, match: re.Match[str]) -> Replacement | None:
        """Leave a mark without a link unchanged if it is valid; fix it if only its separators differ from ours."""
        if ":" not in match[0] or _PLAIN_MARK.fullmatch(match[0]):
            return None
        marks = find_marks(match[0], in_code=True)
        malformed = next((mark for mark in marks if isinstance(mark, Malformed)), None)
        if malformed is None:
            mark = next((mark for mark in marks if isinstance(mark, Mark)), None)
            is_label = self._text[match.end() : match.end() + 1] in ("(", "[")
            unusual = mark and unusual_in(mark, is_label=is_label)
            if not mark or not unusual:
                return None
            self._report(*match.span(), *unusual)
            return match.end(), format_mark(mark)
        times = read_times(match[0])
        if times and times.canonical:
            return match.end(), f"[{times.canonical}]"
        self._report(*match.span(), malformed.message, "time-broken")
        return (match.end(), match[0].replace("|", ",")) if "|" in match[0] else None

    def _tag(self, start: int) -> Replacement | None:
        text = self._text
        match = TAG.match(text, start)
        if match is None or match["name"].lower() not in KNOWN:
            return None
        if match["name"].lower() == "div":
            self._copy_until(start)  # the box begins or ends after the text before it
            self._boxes.meet(match, self._start + start)
            return match.end(), ""
        in_row = _TABLE_ROW.match(text, line_start(text, start)) is not None
        replacement, reason = replace(match, is_line=not self._is_line and not in_row)
        if reason:
            self._report(*match.span(), reason)
        end = match.end()
        if replacement == "\\\n":  # text after a hard break starts a new line, so its indentation goes
            end += len(text[end : end + 80]) - len(text[end : end + 80].lstrip(" \t"))
        return end, replacement
