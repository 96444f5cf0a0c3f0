"""Reads malformed citation marks, `[00:75:12]`, `[06:31 ff]`, `[06:31`, with their repair if it is certain."""

import re
from dataclasses import dataclass

from articles.core.language.messages import LazyMessage, lazy_message, message_of

from .characters import plain_digits, seen
from .clock import format_timestamp
from .grammar import EXAMPLE, Form, TimestampError, parse_time, parse_timestamp

# A field has one to four digits; the grammar decides which are valid, with a message.
_TIME = r"(?:[0-9]{1,4}:[0-5][0-9]:[0-5][0-9]|[0-9]{1,3}:[0-5][0-9])(?:\.[0-9]{1,9})?"
DASH = r"[-‐‑–—−]"
_KEY = r"[A-Za-z][A-Za-z0-9_-]*"
NUMBERED_KEY = r"[A-Za-z][A-Za-z_-]{0,20}[0-9]{1,3}"  # surely a source: `e2`, but not “see” or “Mark”
_RANGE = rf"{_TIME}(?:[ \t]*{DASH}[ \t]*{_TIME})?"
MARK_BODY = re.compile(rf"[ \t]*(?:({_KEY})[ \t]+)?({_RANGE}(?:[ \t]*,[ \t]*{_RANGE})*)[ \t]*")

# What an attempt at a mark may look like: times with any number and kind of fields.
_FIELD = r"(?:\d+|[HhMmSsXx?]{1,2})"
_ATTEMPT = rf"{_FIELD}(?::{_FIELD}){{1,5}}"
_JOIN = rf"(?:[ \t]*(?:{DASH}|[,;|/&+])[ \t]*|[ \t]+(?:to|and|bis|und)[ \t]+|[ \t]+)"
_ATTEMPT_BODY = re.compile(rf"[ \t]*(?:{_KEY}[ \t]+)?{_ATTEMPT}(?:{_JOIN}(?:{_KEY}[ \t]+)?{_ATTEMPT})*[ \t,;|]*")
_ATTEMPT_TIME = re.compile(_ATTEMPT)
_LEADING_TIME = re.compile(rf"[ \t]*(?:{_KEY}[ \t]+)?[0-9]{{1,2}}:[0-9]{{2}}:[0-9]{{2}}(?![0-9:])")
_LEADING_SHORT = re.compile(rf"[ \t]*(?:{NUMBERED_KEY}[ \t]+)?[0-9]{{1,3}}:[0-5][0-9](?![0-9:])")
_AFTER_DASH = re.compile(rf"[ \t]*(?:{DASH}[ \t]*)+(?=[0-9])")

# What may follow minutes and seconds in a citation's brackets; other words may mean a time of day or a verse.
_NOTE = re.compile(
    r"(?:[ \t?.…,;:+()/|'\"‐‑–—−-]|(?<![A-Za-z])(?:ff?|on|onwards?|end|to|till?|until|approx|about|roughly|ca|circa|maybe|"
    r"bis|ende?|ab|etwa|ungefähr|und|folgende)(?![A-Za-z])){1,20}",
    re.IGNORECASE,
)
_MORE_DIGITS = re.compile(
    rf"[ \t]*(?:{DASH}|[;,/.])[ \t]*[0-9]{{1,2}}[ \t]*"
)  # after `06:31` or `e2 6:31`; `3:16-18` may be verses
_KEY_AFTER = re.compile(rf"[ \t,;|(/@-]*(?P<key>{NUMBERED_KEY})[ \t)]*")
_TIME_OF_DAY = re.compile(r"(?:[ap]\.?m|uhr|h|o.clock|noon)\b", re.IGNORECASE)
_CLOSED_LATER = re.compile(r"\r?\n[^\[\]]{0,300}\]")  # the brackets hold more than a citation

_WRITTEN = re.compile(r"(?:[0-9]{1,4}:)?[0-9]{1,4}:[0-9]{2}(?:[.,][0-9]{1,9}(?![0-9:])|[:;][0-9]{2})?(?![0-9:])")
_BETWEEN = re.compile(rf"[ \t]*(?:{DASH}|[,;|/&+])?[ \t]*|[ \t]+(?:to|and|bis|und)[ \t]+")
_CONTINUED = re.compile(r"\r?\n[ \t>]*(?P<rest>[^\[\]\r\n`]{0,60})\]")
_WRONG_CLOSING = frozenset(")}>】］〕〗⟧）｝＞")
_MARKUP = frozenset("*_<>\\$!&~")


@dataclass(frozen=True, slots=True)
class Malformed:
    """A malformed mark at `text[start:end]`; `replacement` is what to write instead, if that is certain.

    `text` is what is written on its first line.
    """

    start: int
    end: int
    text: str
    message: LazyMessage
    replacement: str | None = None


def malformed_mark(text: str, match: re.Match[str]) -> Malformed | None:
    """Return what `match`, an opening bracket with a body and perhaps a closing one, was meant as, None if no mark."""
    body, closing = match.groups()
    if closing and _ATTEMPT_BODY.fullmatch(body):
        attempts = _ATTEMPT_TIME.findall(body)
        if any(_looks_like_time(time) for time in attempts):
            return _malformed_times(match.start(), match.group(), body, attempts)
        return None
    if not closing and (continued := _CONTINUED.match(text, match.end())):
        joined = f"{body.rstrip()} {continued['rest']}"
        if MARK_BODY.fullmatch(joined):
            message = lazy_message("A citation is on one line: write it like %(example)s.", example=EXAMPLE)
            return Malformed(match.start(), continued.end(), match.group(), message, _repaired(joined))
    if closing and (dash := _AFTER_DASH.match(body)) and MARK_BODY.fullmatch(body, dash.end()):
        message = lazy_message("Separate timestamps with commas, and use one dash for a range.")
        return Malformed(match.start(), match.end(), match.group(), message)
    leading = _LEADING_TIME.match(body) or _leading_short(text, match)
    if leading is None or _TIME_OF_DAY.match(body[leading.end() :].lstrip()):
        return None
    times = MARK_BODY.match(body)
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
    replacement = _repaired(body) or (_moved_out(times, body[times.end() :].strip()) if times else None)
    return Malformed(match.start(), match.end(), match.group(), message, replacement)


def _leading_short(text: str, match: re.Match[str]) -> re.Match[str] | None:
    """Return the minutes and seconds that begin the brackets, None if they may be a time of day, a verse or a ratio."""
    body, closing = match.groups()
    leading = _LEADING_SHORT.match(body)
    if leading is None or text[match.start() - 1 : match.start()] == "[":  # a wiki link
        return None
    if not closing:
        return None if _CLOSED_LATER.match(text, match.end()) else leading
    times = MARK_BODY.match(body)
    end = max(leading.end(), times.end() if times else 0)
    is_note = _NOTE.fullmatch(body, end) or _KEY_AFTER.fullmatch(body, end)
    if is_note or (leading.group().strip()[0] not in "123456789" and _MORE_DIGITS.fullmatch(body, end)):
        return leading
    return None


def _moved_out(times: re.Match[str], rest: str) -> str | None:
    """Return the mark and what follows it in the brackets, None if that may belong to the times, as in `06:31 - end`."""
    mark = _repaired(times.group())
    if mark is None or re.match(DASH, rest) or _MORE_DIGITS.fullmatch(rest):
        return None
    if not rest.strip("?().,;:… "):
        return f"{mark} (?)" if "?" in rest else mark
    if key := _KEY_AFTER.fullmatch(rest):
        return None if times.group(1) else f"[{key['key']} {mark[1:]}"
    return f"{mark}{' ' if rest[0].isalnum() else ''}{rest}"


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
        if ";" in time.group() and time.group().count(":") == 1:
            return None  # frames, or seconds after hours and minutes
        try:
            seconds.append(int(parse_time(time.group(), Form.FILE).seconds))
        except TimestampError:
            return None
    is_all = position == len(body) and all(_BETWEEN.fullmatch(separator) for separator in separators)
    if not seconds or not is_all or separators[0]:
        return None
    moments, is_range = [format_timestamp(seconds[0])], False
    for separator, before, second in zip(separators[1:], seconds, seconds[1:], strict=False):
        joins = re.fullmatch(rf"[ \t]*{DASH}[ \t]*|[ \t]+(?:to|bis)[ \t]+", separator)
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
    if len(fields) == 4 and all(field.isdigit() for field in fields):
        return True  # hours, minutes, seconds and frames
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
