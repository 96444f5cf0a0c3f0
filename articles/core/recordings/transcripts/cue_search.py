"""Finds words and phrases in a transcript, across cue boundaries."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from articles.core.language.folding import fold
from articles.core.language.words import APOSTROPHES, UNSPACED, elided_length

from .types import Cue

TOGETHER_SECONDS = 30.0  # all terms must be said within this time
SHORT_SECONDS = 15.0  # all words of a cue up to this length count as said at its start
TERMS_MAX = 16  # as in the search of articles
AROUND = 90  # characters on either side of a match
_TERM = re.compile(r"[\"“”„]([^\"“”„]+)[\"“”„]|(\S+)")
_LETTERS = rf"[^\W_{UNSPACED}{APOSTROPHES}]+"
_WORD = re.compile(rf"[{UNSPACED}]|{_LETTERS}(?:[{APOSTROPHES}]{_LETTERS})*")


@dataclass(frozen=True)
class SearchHit:
    """A place where all terms are said: seconds from the start, and an excerpt."""

    start_seconds: float
    excerpt: str


def search(cues: Sequence[Cue], query: str) -> list[SearchHit]:
    """Return all hits in time order, at least `TOGETHER_SECONDS` apart.

    A term is a word prefix ("depress" finds "depression") or a phrase in quotation marks. Case, accents and
    punctuation are ignored. `cues` are ordered by start. Returns nothing if the query has no terms.
    """
    terms = _terms(query)
    if not terms:
        return []
    spoken = _SpokenWords(cues)
    places = sorted((spoken.places(term) for term in terms), key=len)
    if not all(places):
        return []
    rarest, others = places[0], places[1:]
    seconds = [[spoken.seconds[at] for at in term_places] for term_places in others]
    results: list[SearchHit] = []
    latest = -TOGETHER_SECONDS
    for at in rarest:
        moment = spoken.seconds[at]
        if moment - latest < TOGETHER_SECONDS:
            continue
        nearby = [_nearest(moment, term_seconds) for term_seconds in seconds]
        if any(near is None for near in nearby):
            continue
        latest = moment
        first = min([moment, *(near for near in nearby if near is not None)])
        results.append(SearchHit(first, spoken.excerpt(at)))
    return results


def terms_left_out(query: str) -> int:
    """Return how many terms of `query` `search` ignores because there are more than `TERMS_MAX`."""
    return max(len(_all_terms(query)) - TERMS_MAX, 0)


class _SpokenWords:
    """All words of a transcript in order, each with the second at which it is said."""

    def __init__(self, cues: Sequence[Cue]) -> None:
        self._text = " ".join(cue.text for cue in cues)
        self._spans: list[tuple[int, int]] = []
        self.seconds: list[float] = []
        self._words: list[str] = []
        offset = 0
        for cue in cues:
            spans = list(_spans(cue.text))
            # The words of a long cue aren't all said at its start, so they are spread evenly over it.
            length = cue.end_seconds - cue.start_seconds
            pace = length / max(len(spans), 1) if length > SHORT_SECONDS else 0.0
            for number, (start, end) in enumerate(spans):
                self._spans.append((offset + start, offset + end))
                self.seconds.append(cue.start_seconds + number * pace)
                self._words.append(fold(cue.text[start:end]))
            offset += len(cue.text) + 1

    def places(self, term: list[str]) -> list[int]:
        """Return the indices of the words where the term starts; its last word matches as a prefix."""
        *before, last = term
        return [
            at - len(before)
            for at in range(len(before), len(self._words))
            if self._words[at].startswith(last) and self._words[at - len(before) : at] == before
        ]

    def excerpt(self, at: int) -> str:
        """Return the text around the word with this index, cut at word boundaries."""
        start, end = self._spans[at]
        first = max(0, start - AROUND)
        last = min(len(self._text), end + AROUND)
        if first:
            first = self._text.find(" ", first, start) + 1 or start
        if last < len(self._text):
            cut = self._text.rfind(" ", end, last)
            last = cut if cut > 0 else last
        return f"{'… ' if first else ''}{self._text[first:last].strip()}{' …' if last < len(self._text) else ''}"


def _spans(text: str) -> Iterator[tuple[int, int]]:
    """Yield the spans of the words in `text`; in scripts without spaces, each character is one."""
    for match in _WORD.finditer(text):
        yield match.start() + elided_length(match[0]), match.end()


def _terms(query: str) -> list[list[str]]:
    return _all_terms(query)[:TERMS_MAX]


def _all_terms(query: str) -> list[list[str]]:
    """Return the folded words of each term."""
    terms = [match.group(1) or match.group(2) for match in _TERM.finditer(query)]
    folded = [[fold(term[start:end]) for start, end in _spans(term)] for term in terms]
    return [words for words in folded if words]


def _nearest(moment: float, seconds: list[float]) -> float | None:
    at = bisect_left(seconds, moment)
    near = [second for second in seconds[max(0, at - 1) : at + 1] if abs(second - moment) <= TOGETHER_SECONDS]
    return min(near, key=lambda second: abs(second - moment)) if near else None
