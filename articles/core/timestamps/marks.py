"""Finds the citation marks of a text, `[00:06:31]`, and malformed attempts at one."""

import re
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from articles.core.language.messages import LazyMessage, lazy_message

from .addresses import is_other_place
from .attempts import DASH, MARK_BODY, Malformed, malformed_mark
from .characters import seen
from .clock import format_timestamp
from .code import code_spans, is_escaped
from .grammar import Form, parse_time
from .references import label_of, link_targets

FORMS = Form.CLOCK | Form.FRACTION  # of each time in a mark; fractions of a second are dropped

_BRACKET = re.compile(r"\[([^\[\]\r\n`]*)(\]?)")
_SPLIT_RANGE = re.compile(rf"[ \t]*{DASH}[ \t]*")
WITH_HOURS = re.compile(r"[0-9]:[0-9]{2}:[0-9]{2}")
_WEB_ADDRESS = re.compile(r"\([ \t]*<?(https?://[^\s()<>]+)")
_ADDRESS = re.compile(
    r"\([ \t]*<?(?P<address>(?:[^\s()<>]|\([^\s()<>]{0,200}\)){1,2000})>?(?:[ \t]+[\"'][^\"'\r\n]{0,200}[\"'])?[ \t]*\)"
)
_REFERENCE = re.compile(r"\[([^\[\]\r\n]{1,100})\]")


@dataclass(frozen=True, slots=True)
class Moment:
    """One point in time, or a range with its end, in whole seconds; `text` is as written."""

    start_seconds: int
    end_seconds: int | None
    text: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A citation mark at `text[start:end]`, brackets included; key "" means the default source.

    `address` is that of a link, `[06:31](https://…)` or `[06:31][label]`: unless the mark's recording plays there, this is
    a link and cites nothing. A relative address only counts if it has no moment and the mark no hours.
    """

    start: int
    end: int
    text: str
    key: str
    moments: tuple[Moment, ...]
    address: str = ""


def format_mark(mark: Mark) -> str:
    """Return the canonical form: `[e2 00:06:31-00:07:10, 00:08:44]`."""
    moments = ", ".join(format_moment(moment) for moment in mark.moments)
    return f"[{mark.key} {moments}]" if mark.key else f"[{moments}]"


def format_moment(moment: Moment) -> str:
    """Return `00:06:31` or `00:06:31-00:07:10`."""
    start = format_timestamp(moment.start_seconds)
    return start if moment.end_seconds is None else f"{start}-{format_timestamp(moment.end_seconds)}"


def find_marks(text: str, *, in_code: bool = False) -> list[Mark | Malformed]:
    """Return the marks and malformed marks of a text in order. Never raises, linear in the text.

    A mark is on one line; characters in it that nobody sees are ignored. Brackets after an odd number of backslashes
    are ignored, and so are Markdown's code spans and fences, found by their backticks and tildes (not by indentation),
    unless `in_code` is true.
    """
    marks: list[Mark | Malformed] = []
    targets = link_targets(text) if "][" in text else {}
    for match in _BRACKET.finditer(text):
        body = match[1]
        if ":" not in body:
            continue
        start, end = match.span()
        if text[start - 1 : start] == "\\" and is_escaped(text, start):
            continue
        if match[2] and (mark := _read_body(body)) is not None:
            if isinstance(mark, LazyMessage):
                marks.append(Malformed(start, end, match[0], mark))
            else:
                address = _address(text, end, match[0], targets) if text[end : end + 1] in ("(", "[") else ""
                marks.append(Mark(start, end, match[0], *mark, address))
        elif (malformed := malformed_mark(text, match)) is not None:
            marks.append(malformed)
    if marks and not in_code:
        return _outside_code(marks, code_spans(text))
    return marks


@lru_cache(maxsize=4096)
def _read_body(body: str) -> tuple[str, tuple[Moment, ...]] | LazyMessage | None:
    """Return the key and moments between the brackets, an error message, or None if this isn't a mark."""
    match = MARK_BODY.fullmatch(body) or MARK_BODY.fullmatch(seen(body))
    if match is None:
        return None
    moments = []
    for part in match.group(2).split(","):
        written = part.strip(" \t")
        start, *end = (int(parse_time(time, FORMS).seconds) for time in _SPLIT_RANGE.split(written))
        if end and end[0] <= start:
            return lazy_message(
                "The range “%(written)s” doesn't end after its start: write the earlier timestamp first.",
                written=written,
            )
        moments.append(Moment(start, end[0] if end else None, written))
    return match.group(1) or "", tuple(moments)


def _address(text: str, end: int, written: str, targets: Mapping[str, str]) -> str:
    """Return the address to which the mark `written`, which ends at `end`, is a link; "" if it is none."""
    if match := _WEB_ADDRESS.match(text, end):
        return match[1]
    if reference := _REFERENCE.match(text, end):
        address = targets.get(label_of(reference[1]), "")
    else:
        match = _ADDRESS.match(text, end)
        address = match["address"] if match else ""
    is_place = is_other_place(address) and not WITH_HOURS.search(written)
    return address if is_place or address.startswith(("http://", "https://")) else ""


def _outside_code(marks: list[Mark | Malformed], spans: list[tuple[int, int]]) -> list[Mark | Malformed]:
    starts = [start for start, _ in spans]
    ends = [0, *(end for _, end in spans)]
    return [mark for mark in marks if mark.start >= ends[bisect_right(starts, mark.start)]]
