"""Converts offsets in a text to lines and columns; lines end with a line feed."""

import re
from bisect import bisect_right


class Lines:
    """The line starts of a text, for converting many offsets."""

    def __init__(self, text: str) -> None:
        self._starts = [0, *(match.end() for match in re.finditer("\n", text))]

    def place(self, offset: int) -> tuple[int, int]:
        """Return the line and column of the character at `offset`, both from 1."""
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1
