"""Finds what was clearly meant as a citation but isn't written as a mark: `[6m31s]`, `【00:06:31】`, `\\[00:06:31\\]`, links."""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from .addresses import FORMS as ADDRESS_FORMS
from .addresses import seconds_in
from .characters import seen
from .clock import format_timestamp
from .code import code_spans, is_escaped
from .grammar import Form, TimestampError, parse_time
from .marks import Mark, find_marks, format_mark

Kind = Literal["escaped", "linked", "notation"]

FORMS = Form.CLOCK | Form.FRACTION | Form.UNITS  # of each time; after `t=` also seconds

_LONGEST = 100  # characters between brackets
_OPEN, _CLOSE = "[【［〔⟦({（｛", "]】］〕⟧)}）｝"
_PAIRS = dict(zip(_OPEN, _CLOSE, strict=True))
_BRACKETS = re.compile(
    rf"(?P<open>(?<!\\)\\*[{re.escape(_OPEN)}])(?P<body>[^{re.escape(_OPEN + _CLOSE)}\r\n`]{{1,{_LONGEST}}})(?P<close>[{re.escape(_CLOSE)}])"
)
_LINK = re.compile(
    rf"\[(?P<label>(?:\\?\[)?[^\[\]()\r\n`]{{1,{_LONGEST}}}\]?)\]"
    r"\([ \t]*<?(?P<address>(?:https?://|[#?/])[^\s()<>]{0,2000}|)>?(?:[ \t]+[\"'][^\"'\r\n]{0,200}[\"'])?[ \t]*\)"
)
_KEY = re.compile(r"(?P<key>[A-Za-z][A-Za-z0-9_-]*)[ \t]+(?=[0-9@?#&t])")
_PREFIX = re.compile(r"[@?#&]?[ \t]*(?P<t>t[ \t]*[=:])[ \t]*|(?:@|at\b)[ \t]*", re.IGNORECASE)
_RANGE = re.compile(r"[ \t]*(?:[-‐‑–—−]{1,3}>?|=>|[→⇒~〜…]|\.{2,3})[ \t]*|[ \t]+(?:to|until|bis)[ \t]+")
_LIST = re.compile(r"[ \t]*[,;、][ \t]*")
_UNIT = re.compile(r"\d[ \t]*[a-z]", re.IGNORECASE)
_ESCAPE = re.compile(r"\\(?![\w\s])")
_PADDED = re.compile(r"[0-9]{2}:[0-9]{2}:[0-9]{2}")
_SAME = str.maketrans({"∶": ":", "ː": ":", "꞉": ":", "′": "m", "’": "m", "'": "m", "″": "s", "”": "s", '"': "s"})


@dataclass(frozen=True, slots=True)
class Intended:
    """A citation meant at `text[start:end]`; `replacement` is the mark to write instead.

    `address` is that of a link to a recording on the web: another recording's stays a link. `label` is the label's
    time in whole seconds if the address leads to another one, else None.
    """

    start: int
    end: int
    text: str
    kind: Kind
    replacement: str
    address: str = ""
    label: int | None = None


def find_intended(text: str) -> list[Intended]:
    """Return what was meant as a citation in text order, without marks and code. Never raises, linear in the text."""
    found = sorted([*_links(text), *_bracketed(text)], key=lambda intended: (intended.start, -intended.end))
    if not found:
        return []
    code = code_spans(text)
    starts, ends = [start for start, _ in code], [0, *(end for _, end in code)]
    kept: list[Intended] = []
    for intended in found:
        is_inside = kept and intended.start < kept[-1].end
        if not is_inside and intended.start >= ends[bisect_right(starts, intended.start)]:
            kept.append(intended)
    return kept


def _bracketed(text: str) -> Iterator[Intended]:
    for match in _BRACKETS.finditer(text):
        opening, body = match["open"], match["body"]
        bracket = opening[-1]
        if _PAIRS[bracket] != match["close"] or not any(character.isdigit() for character in body):
            continue
        start = match.start() + (len(opening) - 1) // 2 * 2  # two backslashes are one that is shown
        if bracket == "[" and (is_escaped(text, match.end("open") - 1) or body.endswith("\\")):
            yield from _escaped(text, start, match.end(), body)
        elif text[match.end() : match.end() + 1] in ("(", "[") or text[start - 1 : start] in ("]", "!"):
            continue  # part of a link
        elif text[start - 1 : start] == "[" and text.startswith("]", match.end()):
            continue  # a wiki link
        elif bracket in "({（｛":
            if _PADDED.fullmatch(unicodedata.normalize("NFKC", seen(body)).strip()):
                yield from _noted(text, start, match.end(), body)
        elif bracket != "[" or not find_marks(match.group()[len(opening) - 1 :], in_code=True):
            yield from _noted(text, start, match.end(), body)


def _escaped(text: str, start: int, end: int, body: str) -> Iterator[Intended]:
    bare = f"[{_ESCAPE.sub('', body)}]"
    marks = find_marks(bare, in_code=True)
    replacement = _canonical(bare[1:-1]) or (bare if marks else None)
    if replacement:
        yield Intended(start, end, text[start:end], "escaped", replacement)


def _noted(text: str, start: int, end: int, body: str) -> Iterator[Intended]:
    if replacement := _canonical(body):
        yield Intended(start, end, text[start:end], "notation", replacement)


def _links(text: str) -> Iterator[Intended]:
    if "](" not in text:
        return
    for match in _LINK.finditer(text):
        if is_escaped(text, match.start()) or text[match.start() - 1 : match.start()] == "!":
            continue
        label = _canonical(match["label"].replace("\\", "").strip("[] "))
        if label is None:
            continue
        address = match["address"]
        carried = seconds_in(address)
        (mark,) = find_marks(label)
        assert isinstance(mark, Mark)  # noqa: S101  (canonical)
        shown = mark.moments[0].start_seconds
        differs = carried is not None and carried != shown
        replacement = f"[{format_timestamp(carried)}]" if carried is not None and differs else label
        is_web = address.startswith(("http://", "https://"))
        yield Intended(
            match.start(),
            match.end(),
            match.group(),
            "linked",
            replacement,
            address if is_web else "",
            shown if differs else None,
        )


@lru_cache(maxsize=4096)
def _canonical(body: str) -> str | None:
    """Return the mark that says what is between the brackets, None unless all of it is times."""
    written = unicodedata.normalize("NFKC", seen(body.translate(_SAME))).strip(" \t*_~")
    key = _KEY.match(written)
    if key and ":" not in written and key["key"].isalpha():
        return None  # “see 6m31s” is words, “e2 6m31s” names a source
    moments = []
    for part in _LIST.split(written[key.end() :] if key else written):
        seconds = [_seconds(time) for time in _RANGE.split(part)]
        first, *last = seconds
        if first is None or len(last) > 1 or (last and (last[0] is None or last[0] <= first)):
            return None
        end = f"-{format_timestamp(last[0])}" if last and last[0] is not None else ""
        moments.append(f"{format_timestamp(first)}{end}")
    bare = f"[{', '.join(moments)}]"
    marks = find_marks(f"[{key['key']} {bare[1:]}" if key and key["key"].lower() != "at" else bare)
    return format_mark(marks[0]) if len(marks) == 1 and isinstance(marks[0], Mark) else None


def _seconds(written: str) -> int | None:
    """Return the whole seconds of one time; without `@` or `t=`, a duration has to have two units."""
    prefix = _PREFIX.match(written)
    time = written[prefix.end() :] if prefix else written
    if not prefix and ":" not in time and len(_UNIT.findall(time)) < 2:
        return None
    try:
        return int(parse_time(time, ADDRESS_FORMS if prefix and prefix["t"] else FORMS).seconds)
    except TimestampError:
        return None
