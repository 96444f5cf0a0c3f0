"""Finds words and phrases in a transcript, across the borders of its cues."""

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from articles.core.language.folding import fold

from .types import Cue

TOGETHER_SECONDS = 30.0  # within which all that is looked for has to be said
SHORT_SECONDS = 15.0  # a cue as short as this is said at its start
TERMS_MAX = 8
AROUND = 90  # characters on either side of what was found
_TERM = re.compile(r"[\"“”„]([^\"“”„]+)[\"“”„]|(\S+)")
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")


@dataclass(frozen=True)
class Found:
    """A place at which all terms are said: seconds from the start, and the words there."""

    start_seconds: float
    excerpt: str


def search(cues: Sequence[Cue], query: str, limit: int = 20) -> list[Found]:
    """Return at most `limit` places in the order of time, at least `TOGETHER_SECONDS` apart.

    A term is a word, found at the beginning of words ("depress" finds "depression"), or a phrase in quotation marks.
    Case, accents and punctuation do not matter. Cues are in the order of their start. No terms: nothing is found.
    """
    terms = _terms(query)
    if not terms:
        return []
    said = _Said(cues)
    places = sorted((said.places(term) for term in terms), key=len)
    if not all(places):
        return []
    rarest, others = places[0], places[1:]
    seconds = [[said.seconds[at] for at in found] for found in others]
    results: list[Found] = []
    latest = -TOGETHER_SECONDS
    for at in rarest:
        moment = said.seconds[at]
        if moment - latest < TOGETHER_SECONDS:
            continue
        together = [_nearest(moment, of_term) for of_term in seconds]
        if any(near is None for near in together):
            continue
        latest = moment
        first = min([moment, *(near for near in together if near is not None)])
        results.append(Found(first, said.excerpt(at)))
        if len(results) == limit:
            break
    return results


class _Said:
    """All words of a transcript in their order, each with the moment at which it is said."""

    def __init__(self, cues: Sequence[Cue]) -> None:
        self._text = " ".join(cue.text for cue in cues)
        self._spans: list[tuple[int, int]] = []
        self.seconds: list[float] = []
        self._words: list[str] = []
        offset = 0
        for cue in cues:
            spans = [match.span() for match in _WORD.finditer(cue.text)]
            # A cue of a minute is not all said at its start: its words are spread evenly over it.
            length = cue.end_seconds - cue.start_seconds
            pace = length / max(len(spans), 1) if length > SHORT_SECONDS else 0.0
            for number, (start, end) in enumerate(spans):
                self._spans.append((offset + start, offset + end))
                self.seconds.append(cue.start_seconds + number * pace)
                self._words.append(fold(cue.text[start:end]))
            offset += len(cue.text) + 1

    def places(self, term: list[str]) -> list[int]:
        """Return the numbers of the words with which the term begins; its last word may go on."""
        *before, last = term
        return [
            at - len(before)
            for at in range(len(before), len(self._words))
            if self._words[at].startswith(last) and self._words[at - len(before) : at] == before
        ]

    def excerpt(self, at: int) -> str:
        """Return the words around the word with this number, cut at words."""
        start, end = self._spans[at]
        first = max(0, start - AROUND)
        last = min(len(self._text), end + AROUND)
        if first:
            first = self._text.find(" ", first, start) + 1 or start
        if last < len(self._text):
            cut = self._text.rfind(" ", end, last)
            last = cut if cut > 0 else last
        return f"{'… ' if first else ''}{self._text[first:last].strip()}{' …' if last < len(self._text) else ''}"


def _terms(query: str) -> list[list[str]]:
    """Return the words of each term, folded."""
    found = [match.group(1) or match.group(2) for match in _TERM.finditer(query)]
    words = [[fold(word) for word in _WORD.findall(term)] for term in found]
    return [term for term in words if term][:TERMS_MAX]


def _nearest(moment: float, seconds: list[float]) -> float | None:
    at = bisect_left(seconds, moment)
    near = [one for one in seconds[max(0, at - 1) : at + 1] if abs(one - moment) <= TOGETHER_SECONDS]
    return min(near, key=lambda one: abs(one - moment)) if near else None
