"""Reads timestamps in the notations that transcripts use."""

import math
import re

from .types import MAX_SECONDS

# WebVTT, "collect a WebVTT timestamp": two digits each for minutes and seconds, three for the fraction; hours are
# optional and can have any number of digits. SubRip's decimal comma is accepted as well.
STRICT = r"(?:(\d{1,9}):)?(\d{2}):(\d{2})[.,](\d{3})(?!\d)"
LOOSE = re.compile(r"(?:(\d{1,3}):)?(\d{1,3}):(\d{1,2})(?:[.,:](\d{1,9}))?(?![\d:])", re.ASCII)


def strict_seconds(hours: str | None, minutes: str, seconds: str, fraction: str) -> float | None:
    """Return the seconds of the groups of a `STRICT` match, None if minutes or seconds are above 59."""
    if int(minutes) > 59 or int(seconds) > 59:
        return None
    whole = int(hours or 0) * 3600 + int(minutes) * 60 + int(seconds)
    return whole + int(fraction) / 1000 if whole < MAX_SECONDS else None


def loose_seconds(match: re.Match[str] | None) -> float | None:
    """Return the seconds of a `LOOSE` match, None if there is none or it is invalid.

    Minutes may exceed 59 only without hours (`62:28`).
    """
    if match is None:
        return None
    hours, minutes, seconds, fraction = match.groups()
    if int(seconds) > 59 or (hours is not None and int(minutes) > 59):
        return None
    whole = int(hours or 0) * 3600 + int(minutes) * 60 + int(seconds)
    return whole + (int(fraction) / 10 ** len(fraction) if fraction else 0.0)


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
