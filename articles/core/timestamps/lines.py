"""Finds lines and columns of offsets in a text; lines end with a line feed."""

import re
from bisect import bisect_right


class Lines:
    """Finds lines and columns of many offsets in one text."""

    def __init__(self, text: str) -> None:
        self._starts = [0, *(match.end() for match in re.finditer("\n", text))]

    def place(self, offset: int) -> tuple[int, int]:
        """Return line and column of a character, both from 1."""
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1
