"""Formats single timestamps: `00:06:31`."""

from .grammar import TimestampError, parse_timestamp


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
