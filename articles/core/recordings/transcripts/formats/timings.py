"""Recognises the lines with timings of WebVTT and SubRip: `00:00:03.000 --> 00:00:05.000`."""

import re

from articles.core.timestamps import CLOCK_PATTERN

ARROW = "-->"
_SPACES = r"[ \t\f\xa0]*"
_MEANT = re.compile(r"[0-9]\s*[:.,]\s*[0-9]|\A\s*-->")  # “A --> B” is speech
_TIMINGS = re.compile(
    rf"{_SPACES}(?:[0-9]{{1,6}}[.)]?[ \t]+)?({CLOCK_PATTERN}){_SPACES}(?:-->|-?->|-- >|--&gt;|→|⟶){_SPACES}({CLOCK_PATTERN})(.*)"
)
_SPACED = re.compile(r"(?<=[0-9])(?: ?([:,.]) | ([:,.]))(?=[0-9])")  # 00: 01: 05, 000, as translators leave it
# Two times alone on a line were meant as timings, whatever is between or around them.
_LOOSE_TIMINGS = re.compile(rf"[\s\[(]*({CLOCK_PATTERN})[^\w\n]{{1,6}}({CLOCK_PATTERN})([\s\])]*)")


def match_timings(line: str) -> re.Match[str] | None:
    """Match the start, the end and what follows of a line with timings, None for any other line."""
    if ":" not in line:
        return None
    match = _TIMINGS.match(line) or _LOOSE_TIMINGS.fullmatch(line)
    if match is None and ARROW in line:
        match = _TIMINGS.match(_SPACED.sub(r"\1\2", line))
    return match


def is_arrow(line: str) -> bool:
    """Tell whether a line was meant as timings, readable or not."""
    return (ARROW in line and _MEANT.search(line) is not None) or match_timings(line) is not None
