"""Reads what stands between quotation marks of any kind, and which of it is quoted."""

import re
from collections.abc import Iterator
from typing import NamedTuple

_LONGEST = 1500  # characters of a quotation

# Opening marks, what may not stand inside, closing marks. An apostrophe inside a word closes nothing, and straight
# marks stand close to what they enclose.
_MARKS = (
    ("“", "“”", "”"), ("„", "„“”", "“”"), ("«", "«»", "»"), ("»", "«»", "«"), ("‹", "‹›", "›"), ("›", "‹›", "‹"),
    ("「", "「」", "」"), ("『", "『』", "』"), ("‘", "‘’", "’"), ("‚", "‚‘’", "‘’"),
    (r"\"(?=\S)", '"', r"(?<=\S)\""), (r"'(?=\S)", "'", r"(?<=\S)'"),
)  # fmt: skip


def _quoted(opening: str, inside: str, closing: str) -> str:
    """Return a pattern. No character fits both alternatives: text without a closing mark would take exponential time."""
    apostrophes = "".join(mark for mark in "'’" if mark in inside)
    character = rf"[^{inside}]|(?<=\w)[{apostrophes}](?=\w)" if apostrophes else rf"[^{inside}]"
    closing = closing if len(closing) > 2 else f"[{closing}]"
    return rf"(?<![^\W_]){opening}((?:{character}){{1,{_LONGEST}}}?){closing}(?![^\W_])"


_QUOTATION = re.compile("|".join(_quoted(*marks) for marks in _MARKS))
_GAP = re.compile(r"\s*(?:\[\s*(?:\.\s?){3}\]|(?:\.\s?){3,}|\[?…\]?)\s*")
_ADDED = re.compile(r"(?<![^\W_])(?:\[[^\[\]\n]{0,80}\]|\([^()\n]{0,80}\))(?![^\W_])")
_BRACKET = re.compile(r"[\[\]]")


class Quotation(NamedTuple):
    """A quotation at [start, end) of a claim, without its marks."""

    start: int
    end: int
    text: str


def quotations(claim: str) -> Iterator[Quotation]:
    """Yield what stands between quotation marks in a claim, outermost only; apostrophes and inches are none."""
    for match in _QUOTATION.finditer(claim):
        group = match.lastindex or 0
        yield Quotation(*match.span(group), match[group])


def parts(quotation: str) -> list[str]:
    """Return what a quotation quotes: cut at each ellipsis, without what was added in brackets."""
    return [_BRACKET.sub("", _ADDED.sub(" ", part)) for part in _GAP.split(quotation)]
