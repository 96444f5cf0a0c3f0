"""Reads durations as feeds write them."""

import math
import re

from articles.core.timestamps import format_label, one_field_lower

LONGEST = 24 * 3600  # seconds; longer durations are nearly always minutes written as hours

_FIELDS = re.compile(r"(?:(\d{1,4}):)?(\d{1,5}):(\d{1,2})(?:[.,]\d{1,9})?\Z", re.ASCII)
_NUMBER = re.compile(r"\d{1,12}(?:[.,]\d{1,9})?\Z", re.ASCII)


def parse_duration(text: str) -> int:
    """Return the whole seconds of an `itunes:duration`: `3723`, `3723.4`, `62:03`, `1:02:03`, `01:02:03.400`.

    Raises ValueError with a readable message for anything else, for zero, and for more than a day.
    """
    text = text.strip()
    if _NUMBER.match(text):
        seconds = math.floor(float(text.replace(",", ".")) + 0.5)
    elif match := _FIELDS.match(text):
        hours, minutes, rest = match.groups()
        if int(rest) > 59 or (hours is not None and int(minutes) > 59):
            raise ValueError("Minutes and seconds go from 0 to 59; the length was ignored.")
        seconds = int(hours or 0) * 3600 + int(minutes) * 60 + int(rest)
    else:
        raise ValueError("This isn’t a length such as 3723, 62:03 or 1:02:03; it was ignored.")
    if seconds == 0:
        raise ValueError("The length is 0; it was ignored.")
    if seconds > LONGEST:
        lower = one_field_lower(text)
        hint = f" ({format_label(lower)} was probably meant)" if lower else ""
        raise ValueError(f"The length is over a day{hint}; it was ignored. Enter the right one by hand.")
    return seconds
