"""Reads the lengths of recordings as feeds write them."""

import math
import re

from articles.core.timestamps import format_label, one_field_lower

LONGEST = 24 * 3600  # seconds; a longer one is nearly always minutes written as hours

_FIELDS = re.compile(r"(?:(\d{1,4}):)?(\d{1,5}):(\d{1,2})(?:[.,]\d{1,9})?\Z", re.ASCII)
_NUMBER = re.compile(r"\d{1,12}(?:[.,]\d{1,9})?\Z", re.ASCII)


def parse_duration(text: str) -> int:
    """Return whole seconds of `itunes:duration`: `3723`, `3723.4`, `62:03`, `1:02:03`, `01:02:03.400`.

    Raises ValueError with a sentence for everything else, for nothing, and for more than a day.
    """
    text = text.strip()
    if _NUMBER.match(text):
        seconds = math.floor(float(text.replace(",", ".")) + 0.5)
    elif match := _FIELDS.match(text):
        hours, minutes, rest = match.groups()
        if int(rest) > 59 or (hours is not None and int(minutes) > 59):
            raise ValueError("Minutes and seconds go from 0 to 59: the length is not taken.")
        seconds = int(hours or 0) * 3600 + int(minutes) * 60 + int(rest)
    else:
        raise ValueError("It is no length such as 3723, 62:03 or 1:02:03: it is not taken.")
    if seconds == 0:
        raise ValueError("A length of 0 says nothing: it is not taken.")
    if seconds > LONGEST:
        lower = one_field_lower(text)
        hint = f" (perhaps {format_label(lower)} was meant)" if lower else ""
        raise ValueError(f"It is longer than a day{hint}: it is not taken; write the right one by hand.")
    return seconds
