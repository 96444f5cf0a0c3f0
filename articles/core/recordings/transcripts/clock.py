"""Reads timestamps in the notations that transcripts use."""

import math
import re

from .types import MAX_SECONDS

# WebVTT, "collect a WebVTT timestamp": 00 to 59 for minutes and seconds, three for the fraction; hours are
# optional and can have any number of digits. SubRip's decimal comma is accepted as well.
STRICT = r"(?:(\d{1,9}):)?([0-5]\d):([0-5]\d)[.,](\d{3})(?!\d)"
LOOSE = re.compile(r"(?:(\d{1,3}):)?(\d{1,3}):(\d{1,2})(?:[.,:](\d{1,9}))?(?![\d:])", re.ASCII)


def seconds_of(hours: str | None, minutes: str, seconds: str, fraction: str | None) -> float | None:
    """Return the seconds given by the groups of a `STRICT` or `LOOSE` match, None if they aren't a time.

    Minutes may exceed 59 only without hours (`62:28`).
    """
    whole = int(hours or 0) * 3600 + int(minutes) * 60 + int(seconds)
    if int(seconds) > 59 or (hours is not None and int(minutes) > 59) or whole >= MAX_SECONDS:
        return None
    return whole + (int(fraction) / 10 ** len(fraction) if fraction else 0.0)


def loose_seconds(match: re.Match[str] | None) -> float | None:
    """Return the seconds of a `LOOSE` match, None if there is none or it is invalid."""
    return seconds_of(*match.groups()) if match else None


def number_seconds(value: object) -> float | None:
    """Return the seconds given by a JSON value: a number, a numeric string or a timestamp; None for anything else."""
    if isinstance(value, bool):
        return None
    if isinstance(value, str):
        match = LOOSE.fullmatch(value.strip())
        if match:
            return loose_seconds(match)
        if len(value) > 40:
            return None
        try:
            value = float(value)
        except ValueError:
            return None
    if not isinstance(value, int | float) or value < 0 or value > MAX_SECONDS * 1000:
        return None
    return float(value) if math.isfinite(value) else None
