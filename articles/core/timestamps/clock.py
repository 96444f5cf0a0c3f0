"""Parses and formats single timestamps: `00:06:31`."""

from articles.core.language.messages import lazy_message, lazy_plural

EXAMPLE = "[00:06:31]"


class TimestampError(ValueError):
    """The text isn't a timestamp; the message says how to fix it."""


def parse_timestamp(text: str) -> int:
    """Return the whole seconds of `00:06:31`, `0:06:31`, `06:31` or `62:28` (without hours, minutes may exceed 59).

    Raises TimestampError for anything else.
    """
    fields = text.strip().split(":")
    values = {"text": text, "example": EXAMPLE}
    if not all(field.isascii() and field.isdigit() for field in fields):
        raise TimestampError(
            lazy_message("“%(text)s” needs digits 0-9 separated by colons: write it like %(example)s.", **values)
        )
    if len(fields) not in (2, 3):
        raise TimestampError(
            lazy_plural(
                "“%(text)s” has %(count)s field; a timestamp has hours, minutes and seconds: write it like %(example)s.",
                "“%(text)s” has %(count)s fields; a timestamp has hours, minutes and seconds: write it like %(example)s.",
                len(fields),
                **values,
            )
        )
    *hours, minutes, seconds = fields
    if len(seconds) != 2 or (hours and len(minutes) != 2):
        raise TimestampError(
            lazy_message(
                "“%(text)s” needs two digits for minutes and for seconds: write it like %(example)s.", **values
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
            lazy_message("“%(text)s” is longer than any recording: write it like %(example)s.", **values)
        )
    return (int(hours[0]) * 3600 if hours else 0) + int(minutes) * 60 + int(seconds)


def format_timestamp(seconds: int) -> str:
    """Return the canonical form `00:06:31`, with at least two digits for the hours. Raises ValueError below 0."""
    if seconds < 0:
        raise ValueError(f"A timestamp can't be before the start of the recording: {seconds} s.")
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def format_label(seconds: int) -> str:
    """Return the form shown to readers: `06:31`, and `1:31:01` from one hour on."""
    if seconds < 3600:
        return f"{seconds // 60:02}:{seconds % 60:02}"
    return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def format_iso(seconds: int) -> str:
    """Return an ISO 8601 duration for HTML's `datetime`: `PT6M31S`, `PT1H31M1S`, `PT0S`."""
    parts = ((seconds // 3600, "H"), (seconds // 60 % 60, "M"), (seconds % 60, "S"))
    return "PT" + ("".join(f"{number}{unit}" for number, unit in parts if number) or "0S")


def one_field_lower(text: str) -> int | None:
    """Return `07:54:00` read as 7 minutes 54 seconds (474), in case somebody appended `:00` to minutes and seconds.

    Return None unless the text has three fields of which the last is 00.
    """
    fields = text.strip().split(":")
    if len(fields) != 3 or fields[2] != "00":
        return None
    try:
        return parse_timestamp(f"{fields[0]}:{fields[1]}")
    except TimestampError:
        return None
