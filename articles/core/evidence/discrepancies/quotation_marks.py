"""Reads what stands between quotation marks of any kind, and which of it is quoted."""

import re
from collections.abc import Iterator
from typing import NamedTuple

LONGEST = 1500  # characters of a quotation

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
    return rf"(?<![^\W_]){opening}((?:{character}){{1,{LONGEST}}}?){closing}(?![^\W_])"


_QUOTATION = re.compile("|".join(_quoted(*marks) for marks in _MARKS))
_GAP = re.compile(r"\s*(?:\[\s*(?:\.\s?){3}\]|(?:\.\s?){3,}|\[?…\]?)\s*")
_ADDED = re.compile(r"(?<![^\W_])(?:\[[^\[\]\n]{0,80}\]|\([^()\n]{0,80}\))(?![^\W_])")
_ANY_MARK = re.compile('[“”„"«»]')
_ATTRIBUTION = re.compile(r"\s+(?:[—–―]|--)\s*[^\W\d_]+(?:[ .'’-]+[^\W\d_]+){0,5}\.?\s*$")
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


def quotation_without_marks(claim: str) -> Quotation | None:
    """Return what a claim quotes that no pair of marks encloses, because the quotation is a block or has more sentences.

    That is all of it up to a closing mark, from an opening mark on, or in whole; None if marks enclose a part of it.
    What follows a dash at the end, such as “– Ada Lovelace”, isn’t quoted.
    """
    marks = [match.start() for match in _ANY_MARK.finditer(claim)]
    if len(marks) % 2 == 0:
        attribution = _ATTRIBUTION.search(claim)
        end = attribution.start() if attribution else len(claim)
        return None if marks else Quotation(0, end, claim[:end])
    is_closing = marks[0] > 0 and not claim[marks[0] - 1].isspace()
    start, end = (0, marks[0]) if is_closing else (marks[-1] + 1, len(claim))
    return Quotation(start, end, claim[start:end])


def parts(quotation: str) -> list[str]:
    """Return what a quotation quotes: cut at each ellipsis, without what was added in brackets."""
    return [_BRACKET.sub("", _ADDED.sub(" ", part)) for part in _GAP.split(quotation)]
