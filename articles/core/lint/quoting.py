"""Tells which parts of a sentence are quoted: they are somebody's words, and stay as they were said."""

import re

_QUOTE = re.compile(r"“[^“”]*”|\"[^\"]*\"|«[^«»]*»|„[^„“”]*[“”]|(?<!\w)‘[^‘’]*’(?!\w)")


class Quotes:
    """The quotes of one text, to be asked about offsets in rising order."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._spans: list[tuple[int, int]] | None = None
        self._passed = 0

    def hold(self, offset: int) -> bool:
        """Tell whether the offset lies in a quote."""
        if self._spans is None:
            self._spans = [match.span() for match in _QUOTE.finditer(self._text)]
        while self._passed < len(self._spans) and self._spans[self._passed][1] <= offset:
            self._passed += 1
        return self._passed < len(self._spans) and self._spans[self._passed][0] <= offset
