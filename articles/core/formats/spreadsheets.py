"""Writes CSV (RFC 4180) in which no cell is a formula, however a spreadsheet opens the file (OWASP, CSV injection)."""

import csv
import re
from collections.abc import Iterable
from typing import Any, Protocol
from unicodedata import category, normalize

_FORMULA = frozenset("=+-−@|%")
_BLANK = re.compile(r"\s+")
_PIECE = re.compile(r"[^;]*;?")  # spreadsheets of half the world split lines at semicolons


class Output(Protocol):
    """Anything that takes lines of text."""

    def write(self, text: str, /) -> object:
        """Write the text."""


class Writer:
    """Writes rows as CSV to `output`, every cell quoted. Numbers stay numbers; everything else is text on one line."""

    def __init__(self, output: Output, *, line_end: str = "\r\n") -> None:
        self._writer = csv.writer(output, quoting=csv.QUOTE_ALL, lineterminator=line_end)

    def row(self, cells: Iterable[object]) -> Any:
        """Write one row; return what the output's `write` returns."""
        return self._writer.writerow([safe_cell(cell) for cell in cells])


def safe_cell(cell: object) -> object:
    """Return a number as it is, and anything else as text on one line, with an apostrophe before what starts a formula."""
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return cell
    text = "" if cell is None else _BLANK.sub(" ", str(cell).replace("\0", "\ufffd"))
    return "".join(f"'{piece}" if _is_formula(piece) else piece for piece in _PIECE.findall(text))


def _is_formula(text: str) -> bool:
    """Return whether the first character that a spreadsheet doesn't ignore starts a formula, also in another width."""
    for character in text:
        for seen in normalize("NFKC", character):
            if not (seen.isspace() or seen == '"' or category(seen) in ("Cc", "Cf")):
                return seen in _FORMULA
    return False
