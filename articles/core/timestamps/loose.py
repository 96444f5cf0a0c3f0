"""Finds times clearly meant as citations: `@6:31`, `06:31]`, `00:06:31` before a line, in a code span."""

import re
from collections.abc import Iterator

from .attempts import NUMBERED_KEY
from .marks import Mark, find_marks, format_mark
from .notation import PADDED, canonical

_AT = re.compile(r"(?<![\w@/.:(\[])@[ \t]?(?P<time>[0-9]{1,2}(?::[0-5][0-9]){1,2})(?![\w:])")
_T = re.compile(r"(?<![\w=&?/#(\[])[#?]?t=(?P<time>[0-9]{2,6}s?|[0-9]{1,2}m[0-9]{1,2}s)(?![\w:=]|\.\d)")
_PADDED = re.compile(rf"{PADDED}(?<![^ \n].{{8}})(?![\w:])")
_FOLLOWED = re.compile(r"[ \t]*(?:[-–—:|][ \t]*)?[^\W\d_]")
_RAISED = "[⁰¹²³⁴⁵⁶⁷⁸⁹]"
_SUPERSCRIPT = re.compile(rf"(?P<time>{_RAISED}{{1,2}}(?:[:ː]{_RAISED}{{2}}){{1,2}})(?![\w:\])])")
_TAGGED = re.compile(
    r"<(?P<tag>sup|sub|small|span|b|i|em|strong|mark|kbd|code)\b[^<>\r\n]{0,100}>[ \t]*\[?(?P<time>[^<>\[\]\r\n]{4,40})\]?[ \t]*"
    r"</(?P=tag)>|\^(?P<raised>[0-9]{1,2}(?::[0-5][0-9]){1,2})\^",
    re.IGNORECASE,
)
_CODED = re.compile(r"(?<!`)(?P<ticks>`{1,2})[ ]?(?P<mark>\[[^\[\]`\r\n]{8,60}\])[ ]?(?P=ticks)(?!`)")
_TIME = r"[0-9]{1,3}:[0-5][0-9](?::[0-5][0-9])?"
_UNOPENED = re.compile(rf"(?<![\w.:,/\[-])(?P<time>{_TIME}(?:[ \t]*[-–,][ \t]*{_TIME}){{0,9}})\](?![(\[:])")
_SOURCE = re.compile(rf"(?<!\S){NUMBERED_KEY}[ \t]{{1,9}}$")
_LOOK_BACK = 1000  # characters in which an opening bracket is looked for
_AFTER = re.compile(r"[*_\"”’)]{0,3}(?:[.!?…。！？](?:\s|$)|[ \t]*(?:\r?\n|$))")
_BEFORE = re.compile(r"(?:^|[\s(\"“])(?P<word>[^\W\d_]{2,})[,]?[ \t]+$")
_OTHER = re.compile(
    r"at|um|gegen|by|until|till|bis|before|after|from|ab|for|if|when|where|write|like|as|use|with|is|was|were|in|of|lasts?|lasted|takes?|took|ist|war|dauert"
)  # a time after these words is part of the sentence


def loose_times(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield [start, end) and the mark of each time without brackets that can hardly mean anything else."""
    if "@" in text:
        for match in _AT.finditer(text):
            if match["time"].count(":") == 2 or ends_claim(text, *match.span()):
                yield from _written(match, match["time"])
    if "t=" in text:
        for match in _T.finditer(text):
            if ends_claim(text, *match.span()):
                yield from _written(match, f"t={match['time']}")
    for match in _PADDED.finditer(text):
        start, end = match.span()
        if _stands_alone(text, start, end):
            yield from _written(match, match.group())
    for match in _UNOPENED.finditer(text) if "]" in text else ():
        source = _SOURCE.search(text, max(0, match.start() - 40), match.start())
        start = source.start() if source else match.start()
        mark = None if _is_in_brackets(text, start) else canonical(text[start : match.end() - 1])
        if mark:
            yield start, match.end(), mark
    for match in _SUPERSCRIPT.finditer(text) if not text.isascii() else ():
        yield from _written(match, match["time"])
    if "</" in text or "^" in text:
        for match in _TAGGED.finditer(text):
            mark = canonical(match["time"] or match["raised"])
            if mark:
                yield *match.span(), mark
    if "`[" in text or "` [" in text:
        for match in _CODED.finditer(text):
            marks = find_marks(match["mark"], in_code=True)
            is_mark = len(marks) == 1 and isinstance(marks[0], Mark) and re.search(PADDED, match["mark"])
            if is_mark and isinstance(marks[0], Mark) and ends_claim(text, *match.span()):
                yield *match.span(), format_mark(marks[0])


def ends_claim(text: str, start: int, end: int) -> bool:
    """Return whether a citation is likely at [start, end): after an ordinary word, at the end of a sentence or block."""
    before = _BEFORE.search(text, max(0, start - 40), start)
    if before is None or not _AFTER.match(text, end):
        return False
    word = before["word"]
    return not word[0].isupper() and not _OTHER.fullmatch(word)


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Return whether a padded time begins a paragraph or list item, or ends a claim and can't be a duration or clock."""
    line = text.rfind("\n", 0, start) + 1
    before = text[line:start]
    is_first = not text[text.rfind("\n", 0, max(0, line - 1)) + 1 : line].strip()
    if before in ("- ", "* ", "+ ") or (not before and is_first):
        return _FOLLOWED.match(text, end) is not None
    return text.startswith("00:", start) and ends_claim(text, start, end)


def _is_in_brackets(text: str, at: int) -> bool:
    """Return whether a bracket before `at` is still open."""
    start = max(0, at - _LOOK_BACK)
    for opening, closing in ("[]", "()"):
        is_last = text.rfind(opening, start, at) > text.rfind(closing, start, at)
        if is_last or text.count(opening, start, at) > text.count(closing, start, at):
            return True
    return False


def _written(match: re.Match[str], time: str) -> Iterator[tuple[int, int, str]]:
    if mark := canonical(time):
        yield *match.span(), mark
