"""Reads and writes the points of a recording that a text cites: `[00:06:31]`."""

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache

EXAMPLE = "[00:06:31]"

# A field is one to four digits; which of them are right is decided in parse_timestamp, with a message.
_TIME = r"(?:[0-9]{1,4}:[0-5][0-9]:[0-5][0-9]|[0-9]{1,3}:[0-5][0-9])"
_DASH = r"[-‐‑–—−]"
_KEY = r"[A-Za-z][A-Za-z0-9_-]*"
_RANGE = rf"{_TIME}(?:[ \t]*{_DASH}[ \t]*{_TIME})?"
_MARK_BODY = re.compile(rf"[ \t]*(?:({_KEY})[ \t]+)?({_RANGE}(?:[ \t]*,[ \t]*{_RANGE})*)[ \t]*")

# What somebody who wanted to write a mark may have written: times of any number and kind of fields.
_FIELD = r"(?:\d+|[HhMmSsXx?]{1,2})"
_ATTEMPT = rf"{_FIELD}(?::{_FIELD}){{1,5}}"
_JOIN = rf"(?:[ \t]*(?:{_DASH}|[,;|/&+])[ \t]*|[ \t]+(?:to|and|bis|und)[ \t]+|[ \t]+)"
_ATTEMPT_BODY = re.compile(
    rf"[ \t]*(?:{_KEY}[ \t]+)?{_ATTEMPT}(?:{_JOIN}(?:{_KEY}[ \t]+)?{_ATTEMPT})*[ \t,;|]*"
)
_ATTEMPT_TIME = re.compile(_ATTEMPT)
_LEADING_TIME = re.compile(rf"[ \t]*(?:{_KEY}[ \t]+)?[0-9]{{1,2}}:[0-9]{{2}}:[0-9]{{2}}(?![0-9:])")
_BRACKET = re.compile(r"\[([^\[\]\r\n`]*)(\]?)")
_HALF_DAY = re.compile(r"[ap]\.?m\b", re.IGNORECASE)
_SPLIT_RANGE = re.compile(rf"[ \t]*{_DASH}[ \t]*")
_MARKUP = frozenset("*_<>\\$!&~")


class TimestampError(ValueError):
    """A text that is no timestamp; the message says how to mend it."""


@dataclass(frozen=True, slots=True)
class Moment:
    """One point, or a range with its end, in whole seconds; `text` is what was written."""

    start_seconds: int
    end_seconds: int | None
    text: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A citation mark at `text[start:end]`, brackets included; key "" means the default source."""

    start: int
    end: int
    text: str
    key: str
    moments: tuple[Moment, ...]


@dataclass(frozen=True, slots=True)
class Malformed:
    """Something at `text[start:end]` that was meant as a mark; `replacement` is a mark that says the same."""

    start: int
    end: int
    text: str
    message: str
    replacement: str | None = None


def parse_timestamp(text: str) -> int:
    """Return whole seconds of `00:06:31`, `0:06:31`, `06:31` or `62:28` (minutes may pass 59 without hours).

    Raises TimestampError for everything else.
    """
    fields = text.strip().split(":")
    if not all(field.isascii() and field.isdigit() for field in fields):
        raise TimestampError(f"“{text}” needs digits 0-9 with colons between: write it like {EXAMPLE}.")
    if len(fields) not in (2, 3):
        raise TimestampError(
            f"“{text}” has {len(fields)} field{'s' * (len(fields) != 1)}; "
            f"a moment has hours, minutes and seconds: write it like {EXAMPLE}."
        )
    *hours, minutes, seconds = fields
    if len(seconds) != 2 or (hours and len(minutes) != 2):
        raise TimestampError(
            f"Minutes and seconds have two digits; “{text}” does not: write it like {EXAMPLE}."
        )
    if int(seconds) > 59:
        raise TimestampError(f"Seconds go from 00 to 59; “{text}” has {seconds}.")
    if hours and int(minutes) > 59:
        raise TimestampError(f"Minutes after hours go from 00 to 59; “{text}” has {minutes}.")
    if len(minutes) > 3 or (hours and not 1 <= len(hours[0]) <= 4):
        raise TimestampError(f"“{text}” is longer than any recording: write it like {EXAMPLE}.")
    return (int(hours[0]) * 3600 if hours else 0) + int(minutes) * 60 + int(seconds)


def format_timestamp(seconds: int) -> str:
    """Return the canonical form: `00:06:31`, hours with two digits or more. Raises ValueError below 0."""
    if seconds < 0:
        raise ValueError(f"A moment cannot lie before the start of the recording: {seconds} s.")
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def format_label(seconds: int) -> str:
    """Return what a reader sees: `06:31`, and from one hour on `1:31:01`."""
    if seconds < 3600:
        return f"{seconds // 60:02}:{seconds % 60:02}"
    return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def format_iso(seconds: int) -> str:
    """Return an ISO 8601 duration, as HTML's `datetime` wants it: `PT6M31S`, `PT1H31M1S`, `PT0S`."""
    parts = ((seconds // 3600, "H"), (seconds // 60 % 60, "M"), (seconds % 60, "S"))
    return "PT" + ("".join(f"{number}{unit}" for number, unit in parts if number) or "0S")


def one_field_lower(text: str) -> int | None:
    """Return the seconds of `07:54:00` read as 7 minutes 54 seconds (474), where 00 was put at the end.

    None when the text has no three fields or does not end in 00.
    """
    fields = text.strip().split(":")
    if len(fields) != 3 or fields[2] != "00":
        return None
    try:
        return parse_timestamp(f"{fields[0]}:{fields[1]}")
    except TimestampError:
        return None


def format_mark(mark: Mark) -> str:
    """Return the canonical writing: `[e2 00:06:31-00:07:10, 00:08:44]`."""
    moments = ", ".join(format_moment(moment) for moment in mark.moments)
    return f"[{mark.key} {moments}]" if mark.key else f"[{moments}]"


def format_moment(moment: Moment) -> str:
    """Return `00:06:31` or `00:06:31-00:07:10`."""
    start = format_timestamp(moment.start_seconds)
    return start if moment.end_seconds is None else f"{start}-{format_timestamp(moment.end_seconds)}"


def find_marks(text: str, *, in_code: bool = False) -> list[Mark | Malformed]:
    """Return every mark and every malformed one in text order; never raises, linear in the text.

    Brackets after an odd number of backslashes are left alone. So are Markdown's code spans and fences,
    found by their backticks and tildes (not by indentation), unless `in_code` is true. A mark stands in
    one line.
    """
    found: list[Mark | Malformed] = []
    for match in _BRACKET.finditer(text):
        body, closing = match.groups()
        if ":" not in body or is_escaped(text, match.start()):
            continue
        if closing and (mark := _read_body(body)) is not None:
            if isinstance(mark, str):
                found.append(Malformed(match.start(), match.end(), match.group(), mark))
            else:
                found.append(Mark(match.start(), match.end(), match.group(), *mark))
        elif (malformed := _read_attempt(text, match)) is not None:
            found.append(malformed)
    if found and not in_code and ("`" in text or "~~~" in text):
        return _outside(found, code_spans(text))
    return found


@lru_cache(maxsize=4096)
def _read_body(body: str) -> tuple[str, tuple[Moment, ...]] | str | None:
    """Return key and moments of what stands between the brackets, a message, or None if it is no mark."""
    match = _MARK_BODY.fullmatch(body)
    if match is None:
        return None
    moments = []
    for part in match.group(2).split(","):
        written = part.strip(" \t")
        start, *end = (parse_timestamp(time) for time in _SPLIT_RANGE.split(written))
        if end and end[0] <= start:
            return f"The range “{written}” does not end after its start: write the earlier moment first."
        moments.append(Moment(start, end[0] if end else None, written))
    return match.group(1) or "", tuple(moments)


def _read_attempt(text: str, match: re.Match[str]) -> Malformed | None:
    body, closing = match.groups()
    if closing and _ATTEMPT_BODY.fullmatch(body):
        times = _ATTEMPT_TIME.findall(body)
        if any(_looks_like_time(time) for time in times):
            return _malformed(match.start(), match.group(), body, times)
        return None
    leading = _LEADING_TIME.match(body)
    if leading is None or _HALF_DAY.match(body[leading.end() :].lstrip()):
        return None
    if not closing:
        end = match.start() + 1 + leading.end()
        message = f"The closing bracket is missing on this line: write it like {EXAMPLE}."
        return Malformed(match.start(), end, text[match.start() : end], message)
    if text[match.end() : match.end() + 1] in ("(", "[", ":") or not _MARKUP.isdisjoint(body):
        return None
    message = f"Only moments stand in the brackets of a citation: write {EXAMPLE} and the words outside."
    return Malformed(match.start(), match.end(), match.group(), message)


def _looks_like_time(time: str) -> bool:
    """Tell `00:75:12`, `05:3` and `HH:MM:SS` (meant as a time) from `16:9` and `1:2:3` (ratios)."""
    fields = time.split(":")
    if len(fields) == 2 and all(field.isdigit() for field in fields):
        return (len(fields[0]) < 4 and len(fields[1]) == 2) or (fields[0][0] == "0" and len(fields[0]) == 2)
    return any(len(field) == 2 for field in fields) and not all(field in "?Xx" for field in fields)


def _malformed(start: int, written: str, body: str, times: list[str]) -> Malformed:
    end = start + len(written)
    seconds = []
    for time in times:
        try:
            seconds.append(parse_timestamp(time))
        except TimestampError as error:
            return Malformed(start, end, written, str(error))
    separators = {part.strip() for part in re.split(rf"(?:{_KEY}[ \t]+)?{_ATTEMPT}", body)}
    if re.search(r"[A-Za-z]", body):
        message = "Several moments of a named source, or words between moments, need a pair of brackets each."
        return Malformed(start, end, written, message)
    message = "Several moments are separated by commas, a range by one dash."
    replacement = f"[{', '.join(format_timestamp(second) for second in seconds)}]"
    is_list = not any(re.search(_DASH, separator) for separator in separators)
    return Malformed(start, end, written, message, replacement if is_list else None)


def is_escaped(text: str, offset: int) -> bool:
    """Tell whether an odd number of backslashes stands before the character."""
    before = offset
    while before and text[before - 1] == "\\":
        before -= 1
    return (offset - before) % 2 == 1


_FENCE = re.compile(r"((?:[ \t>]|[-*+][ \t]|\d{1,9}[.)][ \t])*)(`{3,}(?=[^`]*$)|~{3,})")
_TICKS = re.compile("`+")
_LINE = re.compile(r"[^\r\n]*(?:\r\n?|\n)|[^\r\n]+")


def code_spans(text: str) -> list[tuple[int, int]]:
    """Return the spans of fenced blocks and of code spans in text order, read by their lines alone."""
    spans: list[tuple[int, int]] = []
    paragraph = 0
    fence, fence_start, is_quoted = "", 0, False
    for match in _LINE.finditer(text):
        line, position = match.group(), match.start()
        if fence and is_quoted and not line.lstrip().startswith(">"):
            spans.append((fence_start, position))
            fence, paragraph = "", position
        opening = None if fence else _FENCE.match(line.rstrip("\r\n"))
        if fence:
            closing = line.lstrip(" \t>").rstrip()
            if len(closing) >= len(fence) and set(closing) == {fence[0]}:
                spans.append((fence_start, match.end()))
                fence, paragraph = "", match.end()
        elif opening:
            spans.extend(_backtick_spans(text, paragraph, position))
            fence, fence_start, is_quoted = opening.group(2), position, ">" in opening.group(1)
        elif not line.strip():
            spans.extend(_backtick_spans(text, paragraph, position))
            paragraph = position
    spans.extend([(fence_start, len(text))] if fence else _backtick_spans(text, paragraph, len(text)))
    return spans


def _backtick_spans(text: str, start: int, end: int) -> list[tuple[int, int]]:
    if text.find("`", start, end) < 0:
        return []
    runs = [match.span() for match in _TICKS.finditer(text, start, end)]
    closings: dict[int, list[int]] = {}
    for index in range(len(runs) - 1, -1, -1):
        closings.setdefault(runs[index][1] - runs[index][0], []).append(index)
    spans, index = [], 0
    while index < len(runs):
        first, last = runs[index]
        if is_escaped(text, first):
            first += 1
        same = closings.get(last - first, [])
        while same and same[-1] <= index:
            same.pop()
        index += 1
        if first < last and same:
            spans.append((first, runs[same[-1]][1]))
            index = same[-1] + 1
    return spans


def _outside(found: list[Mark | Malformed], spans: list[tuple[int, int]]) -> list[Mark | Malformed]:
    starts = [start for start, _ in spans]
    kept = []
    for mark in found:
        before = bisect_right(starts, mark.start) - 1
        if before < 0 or mark.start >= spans[before][1]:
            kept.append(mark)
    return kept


def line_and_column(text: str, offset: int) -> tuple[int, int]:
    """Return line and column of a character, both from 1; lines end with a line feed."""
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)


class Lines:
    """Finds lines and columns of many offsets in one text."""

    def __init__(self, text: str) -> None:
        self._starts = [0, *(match.end() for match in re.finditer("\n", text))]

    def place(self, offset: int) -> tuple[int, int]:
        """Return line and column of a character, both from 1."""
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1
