"""The grammar of times. Every time in a text, form, address, feed or file is read here, completely or not at all.

    time     = clock | seconds | units | iso
    clock    = [hours ":"] minutes ":" 1 or 2 digits [fraction | frames]
    hours    = 1 to 4 digits
    minutes  = 1 to 3 digits
    fraction = ("." | ",") 1 to 9 digits | ":" 3 digits
    frames   = (";" | ":") 2 digits
    seconds  = 1 to 9 digits [("." | ",") 1 to 9 digits]
    units    = amount unit [between amount unit [between amount unit]]
    amount   = 1 to 6 digits [("." | ",") 1 to 9 digits]
    unit     = "h" | "hour" | … | "m" | "min" | … | "s" | "sec" | …, also in German, perhaps with a full stop
    between  = ["," | "and" | "und"], with spaces or without
    iso      = ("PT" | "P0DT") [amount "H"] [amount "M"] [amount "S"]

Digits are 0 to 9, and spaces around a time are ignored. In a clock, seconds go from 0 to 59, and so do minutes after
hours; seconds, and minutes after hours, have two digits, or one in Form.SHORT. A colon before a fraction or frames
needs hours in front: `00:06:31` has neither. Units come once, from hours to seconds, and amounts after the first are
below 60. No time has more than 40 characters. Each caller states the forms that it accepts; frames are ignored, and
given back in `Time.frames` for the caller to report.
"""

import re
from dataclasses import dataclass
from enum import Flag, auto
from itertools import pairwise

from articles.core.language.messages import lazy_message, lazy_plural

EXAMPLE = "[00:06:31]"
LONGEST = 40  # characters; no time is longer


class TimestampError(ValueError):
    """The text isn't a time in an accepted form; the message says how to fix it."""


class Form(Flag):
    """A way to write a time."""

    CLOCK = auto()  # 6:31, 00:06:31, 62:28: lower fields have two digits
    SHORT = auto()  # 0:1:5: a lower field may have one digit
    FRACTION = auto()  # 00:06:31.250 and 00:06:31,250
    FRAMES = auto()  # 00:06:31;12 and 00:06:31:12
    SECONDS = auto()  # 391 and 391.5
    UNITS = auto()  # 6m31s, 1 h 2 min, 1 minute 12 seconds
    ISO = auto()  # PT6M31S (ISO 8601)

    FILE = CLOCK | SHORT | FRACTION | FRAMES
    ANY = FILE | SECONDS | UNITS
    TYPED = CLOCK | FRACTION | SECONDS | UNITS


@dataclass(frozen=True, slots=True)
class Time:
    """A time in seconds; `is_short` if a lower field has one digit, `frames` as written and ignored ("" if none)."""

    seconds: float
    is_short: bool = False
    frames: str = ""


# For larger patterns: finds what is meant as a clock; `parse_time` decides whether it is one.
CLOCK_PATTERN = r"(?:[0-9]{1,4}:)?[0-9]{1,4}:[0-9]{1,2}(?:[.,][0-9]{1,9}|[:;][0-9]{2,3})?(?![0-9]|[:;][0-9])"

_CLOCK = re.compile(
    r"(?:(?P<hours>[0-9]{1,4}):)?(?P<minutes>[0-9]{1,3}):(?P<seconds>[0-9]{1,2})"
    r"(?:[.,](?P<fraction>[0-9]{1,9})|(?(hours):(?P<thousandths>[0-9]{3})|(?!))|(?(hours)[:;]|;)(?P<frames>[0-9]{2}))?"
)
_SECONDS = re.compile(r"[0-9]{1,9}(?:[.,][0-9]{1,9})?")
_UNIT = re.compile(
    r"([0-9]{1,6}(?:[.,][0-9]{1,9})?)\s*"
    r"(h|hrs?|hours?|std|stunden?|m|mins?|minuten?|minutes?|s|secs?|seconds?|sek|sekunden?)(?![a-z])\.?",
    re.IGNORECASE,
)
_ISO = re.compile(r"P(?:0+D)?T(?=\d)", re.IGNORECASE)
_UNITS = re.compile(rf"{_UNIT.pattern}(?:\s*(?:,|and\b|und\b)?\s*{_UNIT.pattern}){{0,2}}", re.IGNORECASE)


def parse_time(text: str, forms: Form) -> Time:
    """Return the time that all of `text`, without surrounding spaces, says in one of `forms`.

    Raises TimestampError otherwise, also for fields out of range.
    """
    written = text.strip()
    if len(written) <= LONGEST:
        if Form.CLOCK in forms and (clock := _CLOCK.fullmatch(written)) and _allows(forms, clock):
            return _clock_time(clock, text)
        if Form.SECONDS in forms and _SECONDS.fullmatch(written):
            return Time(_number(written))
        if Form.UNITS in forms and _UNITS.fullmatch(written):
            return _units_time(written, text)
        if Form.ISO in forms and (prefix := _ISO.match(written)) and _UNITS.fullmatch(written, prefix.end()):
            return _units_time(written[prefix.end() :], text)
    raise TimestampError(_explain(text))


def parse_timestamp(text: str) -> int:
    """Return the whole seconds of `00:06:31`, `0:06:31`, `06:31` or `62:28`, as `parse_time` with Form.CLOCK."""
    return int(parse_time(text, Form.CLOCK).seconds)


def parse_typed(text: str) -> int:
    """Return the whole seconds of a time as people type it into a field: `391`, `06:31`, `6m31s`, or pasted `[00:06:31]`.

    Raises TimestampError.
    """
    return int(parse_time(text.strip().strip("[]"), Form.TYPED).seconds)


def _allows(forms: Form, clock: re.Match[str]) -> bool:
    has_fraction = clock["fraction"] or clock["thousandths"]
    return (
        (not _is_short(clock) or Form.SHORT in forms)
        and (not has_fraction or Form.FRACTION in forms)
        and (not clock["frames"] or Form.FRAMES in forms)
    )


def _is_short(clock: re.Match[str]) -> bool:
    return len(clock["seconds"]) == 1 or (clock["hours"] is not None and len(clock["minutes"]) == 1)


def _clock_time(clock: re.Match[str], text: str) -> Time:
    hours, minutes, seconds = clock["hours"], clock["minutes"], clock["seconds"]
    if int(seconds) > 59:
        raise TimestampError(
            lazy_message("Seconds go from 00 to 59; “%(text)s” has %(seconds)s.", text=text, seconds=seconds)
        )
    if hours and int(minutes) > 59:
        raise TimestampError(
            lazy_message(
                "Minutes after hours go from 00 to 59; “%(text)s” has %(minutes)s.", text=text, minutes=minutes
            )
        )
    whole = int(hours or 0) * 3600 + int(minutes) * 60 + int(seconds)
    fraction = float(f"0.{clock['fraction'] or clock['thousandths'] or 0}")
    return Time(whole + fraction, _is_short(clock), clock["frames"] or "")


def _units_time(written: str, text: str) -> Time:
    fields = _UNIT.findall(written)
    units = [_unit_seconds(unit.lower()) for _, unit in fields]
    numbers = [_number(number) for number, _ in fields]
    is_ordered = all(higher > lower for higher, lower in pairwise(units))
    if not is_ordered or any(number >= 60 for number in numbers[1:]):
        raise TimestampError(
            lazy_message("“%(text)s” isn’t a time: write hours, minutes and seconds once, in that order.", text=text)
        )
    return Time(sum(number * unit for number, unit in zip(numbers, units, strict=True)))


def _unit_seconds(unit: str) -> int:
    if unit.startswith(("h", "st")):
        return 3600
    return 60 if unit.startswith("m") else 1


def _number(written: str) -> float:
    return float(written.replace(",", "."))


def _explain(text: str) -> str:
    """Return what keeps `text` from being a timestamp, and how to write it."""
    fields = text.strip().split(":")
    values = {"text": text, "example": EXAMPLE}
    if len(fields) == 1 and fields[0].isascii() and fields[0].isdigit() and len(fields[0]) > 9:
        return lazy_message("“%(text)s” is longer than any recording: write it like %(example)s.", **values)
    clock = _CLOCK.fullmatch(text.strip())
    is_short = clock is not None and _is_short(clock)
    if not is_short and not all(field.isascii() and field.isdigit() for field in fields):
        return lazy_message("“%(text)s” needs digits 0-9 separated by colons: write it like %(example)s.", **values)
    if not is_short and len(fields) not in (2, 3):
        return lazy_plural(
            "“%(text)s” has %(count)s field; a timestamp has hours, minutes and seconds: write it like %(example)s.",
            "“%(text)s” has %(count)s fields; a timestamp has hours, minutes and seconds: write it like %(example)s.",
            len(fields),
            **values,
        )
    *hours, minutes, seconds = fields
    if is_short or len(seconds) != 2 or (hours and len(minutes) != 2):
        return lazy_message(
            "“%(text)s” needs two digits for minutes and for seconds: write it like %(example)s.", **values
        )
    return lazy_message("“%(text)s” is longer than any recording: write it like %(example)s.", **values)
