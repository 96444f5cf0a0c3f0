"""Reads and writes single points of a recording: `00:06:31`."""

from articles.core.language.messages import lazy_message, lazy_plural

EXAMPLE = "[00:06:31]"


class TimestampError(ValueError):
    """A text that is no timestamp; the message says how to mend it."""


def parse_timestamp(text: str) -> int:
    """Return whole seconds of `00:06:31`, `0:06:31`, `06:31` or `62:28` (minutes may pass 59 without hours).

    Raises TimestampError for everything else.
    """
    fields = text.strip().split(":")
    if not all(field.isascii() and field.isdigit() for field in fields):
        raise TimestampError(
            lazy_message(
                "“%(text)s” needs digits 0-9 with colons between: write it like %(example)s.",
                text=text,
                example=EXAMPLE,
            )
        )
    if len(fields) not in (2, 3):
        raise TimestampError(
            lazy_plural(
                "“%(text)s” has %(count)s field; a moment has hours, minutes and seconds: write it like %(example)s.",
                "“%(text)s” has %(count)s fields; a moment has hours, minutes and seconds: write it like %(example)s.",
                len(fields),
                text=text,
                example=EXAMPLE,
            )
        )
    *hours, minutes, seconds = fields
    if len(seconds) != 2 or (hours and len(minutes) != 2):
        raise TimestampError(
            lazy_message(
                "Minutes and seconds have two digits; “%(text)s” does not: write it like %(example)s.",
                text=text,
                example=EXAMPLE,
            )
        )
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
    if len(minutes) > 3 or (hours and not 1 <= len(hours[0]) <= 4):
        raise TimestampError(
            lazy_message(
                "“%(text)s” is longer than any recording: write it like %(example)s.", text=text, example=EXAMPLE
            )
        )
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
