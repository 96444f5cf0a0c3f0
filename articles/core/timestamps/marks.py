"""Finds the citation marks of a text, `[00:06:31]`, and malformed attempts at one."""

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache

from articles.core.language.messages import lazy_message, message_of

from .characters import plain_digits, seen
from .clock import format_timestamp
from .code import code_spans, is_escaped
from .grammar import EXAMPLE, Form, TimestampError, parse_time, parse_timestamp

FORMS = Form.CLOCK | Form.FRACTION  # of each time in a mark; fractions of a second are dropped

# A field has one to four digits; the grammar decides which are valid, with a message.
_TIME = r"(?:[0-9]{1,4}:[0-5][0-9]:[0-5][0-9]|[0-9]{1,3}:[0-5][0-9])(?:\.[0-9]{1,9})?"
_DASH = r"[-‐‑–—−]"
_KEY = r"[A-Za-z][A-Za-z0-9_-]*"
_RANGE = rf"{_TIME}(?:[ \t]*{_DASH}[ \t]*{_TIME})?"
_MARK_BODY = re.compile(rf"[ \t]*(?:({_KEY})[ \t]+)?({_RANGE}(?:[ \t]*,[ \t]*{_RANGE})*)[ \t]*")

# What an attempt at a mark may look like: times with any number and kind of fields.
_FIELD = r"(?:\d+|[HhMmSsXx?]{1,2})"
_ATTEMPT = rf"{_FIELD}(?::{_FIELD}){{1,5}}"
_JOIN = rf"(?:[ \t]*(?:{_DASH}|[,;|/&+])[ \t]*|[ \t]+(?:to|and|bis|und)[ \t]+|[ \t]+)"
_ATTEMPT_BODY = re.compile(rf"[ \t]*(?:{_KEY}[ \t]+)?{_ATTEMPT}(?:{_JOIN}(?:{_KEY}[ \t]+)?{_ATTEMPT})*[ \t,;|]*")
_ATTEMPT_TIME = re.compile(_ATTEMPT)
_LEADING_TIME = re.compile(rf"[ \t]*(?:{_KEY}[ \t]+)?[0-9]{{1,2}}:[0-9]{{2}}:[0-9]{{2}}(?![0-9:])")
_BRACKET = re.compile(r"\[([^\[\]\r\n`]*)(\]?)")
_WRITTEN = re.compile(r"(?:[0-9]{1,4}:)?[0-9]{1,4}:[0-9]{2}(?:[.,][0-9]{1,9}(?![0-9:])|[:;][0-9]{2})?(?![0-9:])")
_BETWEEN = re.compile(rf"[ \t]*(?:{_DASH}|[,;|/&+])?[ \t]*|[ \t]+(?:to|and|bis|und)[ \t]+")
_CONTINUED = re.compile(r"\r?\n[ \t>]*(?P<rest>[^\[\]\r\n`]{0,60})\]")
_WRONG_CLOSING = frozenset(")}>】］〕〗⟧）｝＞")
_HALF_DAY = re.compile(r"[ap]\.?m\b", re.IGNORECASE)
_SPLIT_RANGE = re.compile(rf"[ \t]*{_DASH}[ \t]*")
_ADDRESS = re.compile(r"\(<?(https?://[^\s()<>]+)")
_MARKUP = frozenset("*_<>\\$!&~")


@dataclass(frozen=True, slots=True)
class Moment:
    """One point in time, or a range with its end, in whole seconds; `text` is as written."""

    start_seconds: int
    end_seconds: int | None
    text: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A citation mark at `text[start:end]`, brackets included; key "" means the default source.

    `address` is the web address that follows as in a link, `[06:31](https://…)`: if another recording plays there, this
    is a link and cites nothing.
    """

    start: int
    end: int
    text: str
    key: str
    moments: tuple[Moment, ...]
    address: str = ""


@dataclass(frozen=True, slots=True)
class Malformed:
    """A malformed mark at `text[start:end]`; `replacement` is what to write instead, if that is certain.

    `text` is what is written on its first line.
    """

    start: int
    end: int
    text: str
    message: str
    replacement: str | None = None


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

    A mark is on one line; characters in it that nobody sees are ignored. Brackets after an odd number of backslashes are ignored, and so are Markdown's code spans
    and fences, found by their backticks and tildes (not by indentation), unless `in_code` is true.
    """
    marks: list[Mark | Malformed] = []
    for match in _BRACKET.finditer(text):
        body = match[1]
        if ":" not in body:
            continue
        start, end = match.span()
        if text[start - 1 : start] == "\\" and is_escaped(text, start):
            continue
        if match[2] and (mark := _read_body(body)) is not None:
            if isinstance(mark, str):
                marks.append(Malformed(start, end, match[0], mark))
            else:
                address = _address(text, end) if text.startswith("(", end) else ""
                marks.append(Mark(start, end, match[0], *mark, address))
        elif (malformed := _malformed_mark(text, match)) is not None:
            marks.append(malformed)
    if marks and not in_code:
        return _outside_code(marks, code_spans(text))
    return marks


@lru_cache(maxsize=4096)
def _read_body(body: str) -> tuple[str, tuple[Moment, ...]] | str | None:
    """Return the key and moments between the brackets, an error message, or None if this isn't a mark."""
    match = _MARK_BODY.fullmatch(body) or _MARK_BODY.fullmatch(seen(body))
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


def _address(text: str, end: int) -> str:
    match = _ADDRESS.match(text, end)
    return match.group(1) if match else ""


def _malformed_mark(text: str, match: re.Match[str]) -> Malformed | None:
    body, closing = match.groups()
    if closing and _ATTEMPT_BODY.fullmatch(body):
        attempts = _ATTEMPT_TIME.findall(body)
        if any(_looks_like_time(time) for time in attempts):
            return _malformed_times(match.start(), match.group(), body, attempts)
        return None
    leading = _LEADING_TIME.match(body)
    if not closing and (continued := _CONTINUED.match(text, match.end())):
        joined = f"{body.rstrip()} {continued['rest']}"
        if _MARK_BODY.fullmatch(joined):
            message = lazy_message("A citation is on one line: write it like %(example)s.", example=EXAMPLE)
            return Malformed(match.start(), continued.end(), match.group(), message, _repaired(joined))
    if leading is None or _HALF_DAY.match(body[leading.end() :].lstrip()):
        return None
    times = _MARK_BODY.match(body)
    if not closing:
        read = body[: (times or leading).end()].rstrip()
        end = match.start() + 1 + len(read)
        end += text[end : end + 1] in _WRONG_CLOSING
        message = lazy_message(
            "The closing bracket is missing on this line: write it like %(example)s.", example=EXAMPLE
        )
        return Malformed(match.start(), end, text[match.start() : end], message, _repaired(read))
    if text[match.end() : match.end() + 1] in ("(", "[", ":") or not _MARKUP.isdisjoint(body):
        return None
    message = lazy_message(
        "The brackets of a citation take timestamps only: write %(example)s and move the words outside.",
        example=EXAMPLE,
    )
    rest = body[times.end() :].strip() if times else ""
    replacement = _repaired(body)
    if replacement is None and times and rest and _read_body(times.group()):
        replacement = f"[{times.group().strip()}]{' ' if rest[0].isalnum() else ''}{rest}"
    return Malformed(match.start(), match.end(), match.group(), message, replacement)


def _repaired(body: str) -> str | None:
    """Return the mark with the times that `body` consists of, None if one of them is no time.

    Frames and fractions are left out, and a later time after a dash or “to” ends a range.
    """
    body = plain_digits(seen(body)).strip(" \t,;|")
    key = re.match(rf"({_KEY})[ \t]+", body)
    position, separators, seconds = key.end() if key else 0, list[str](), list[int]()
    for time in _WRITTEN.finditer(body, position):
        separators.append(body[position : time.start()])
        position = time.end()
        try:
            seconds.append(int(parse_time(time.group(), Form.FILE).seconds))
        except TimestampError:
            return None
    is_all = position == len(body) and all(_BETWEEN.fullmatch(separator) for separator in separators)
    if not seconds or not is_all or separators[0]:
        return None
    moments, is_range = [format_timestamp(seconds[0])], False
    for separator, before, second in zip(separators[1:], seconds, seconds[1:], strict=False):
        joins = re.fullmatch(rf"[ \t]*{_DASH}[ \t]*|[ \t]+(?:to|bis)[ \t]+", separator)
        if joins and (is_range or second <= before):
            return None
        is_range = joins is not None
        if is_range:
            moments[-1] += f"-{format_timestamp(second)}"
        else:
            moments.append(format_timestamp(second))
    return f"[{key.group(1) + ' ' if key else ''}{', '.join(moments)}]"


def _looks_like_time(time: str) -> bool:
    """Return whether this was meant as a time (`00:75:12`, `05:3`, `HH:MM:SS`) and not a ratio (`16:9`, `1:2:3`)."""
    fields = time.split(":")
    if len(fields) == 2 and all(field.isdigit() for field in fields):
        return (len(fields[0]) < 4 and len(fields[1]) == 2) or (fields[0][0] == "0" and len(fields[0]) == 2)
    return any(len(field) == 2 for field in fields) and not all(field in "?Xx" for field in fields)


def _malformed_times(start: int, written: str, body: str, times: list[str]) -> Malformed:
    end = start + len(written)
    replacement = _repaired(body)
    for time in times:
        try:
            parse_timestamp(plain_digits(time))
        except TimestampError as error:
            return Malformed(start, end, written, message_of(error), replacement)
    if any(not time.isascii() for time in times):
        message = lazy_message("Write timestamps with the digits 0 to 9: write it like %(example)s.", example=EXAMPLE)
    elif re.search(r"[A-Za-z]", body):
        message = lazy_message(
            "Use separate brackets for each timestamp if you name several sources or write words between timestamps."
        )
    else:
        message = lazy_message("Separate timestamps with commas, and use one dash for a range.")
    return Malformed(start, end, written, message, replacement)


def _outside_code(marks: list[Mark | Malformed], spans: list[tuple[int, int]]) -> list[Mark | Malformed]:
    starts = [start for start, _ in spans]
    ends = [0, *(end for _, end in spans)]
    return [mark for mark in marks if mark.start >= ends[bisect_right(starts, mark.start)]]
