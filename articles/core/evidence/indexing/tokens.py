"""Cuts a text into terms: stemmed words and normalised numbers, marked as stop words, units or negations."""

import re
from bisect import bisect_right
from collections.abc import Sequence
from functools import lru_cache
from operator import itemgetter
from typing import NamedTuple

import Stemmer  # type: ignore[import-not-found]  # the C extension has no types

from articles.core.language.folding import fold
from articles.core.language.words import UNSPACED

from .numbers import LONGEST_NUMBER, NUMBER_STARTS, UNIT_TERMS, factor_of, is_times, number_term, spelled
from .stems import stem

# Words that say little. Negations are separate, because they decide what a sentence says.
_STOP_WORDS = """
a about after again all also am an and any are as at be because been before being between both but by can could
did do does doing done down during each even ever every few for from get gets getting go goes going gonna got had
has have having he her here hers him his how i if in into is it its itself just kind know let like lot made make
makes making many may maybe me mean might more most much must my of off oh ok okay on one only onto or other our
out over own put quite really right said same say says see she should so some something sort still such take than
that the their them then there these they thing things this those though through to too uh um under until up upon
us very was way we well were what when where which while who whom why will with within would yeah yes yet you your
i'm i've i'd i'll you're you've you'd you'll he's she's it's that's there's they're they've we're we've we'll
we'd what's let's who's
"""
_NEGATIONS = """
no not never none nothing nobody neither nor without cannot cant can't don't dont doesn't didn't won't wouldn't
isn't aren't wasn't weren't haven't hasn't hadn't shouldn't couldn't ain't hardly rarely barely unable
"""
_COMMONEST = """
the and of to in is that it for was with this are you be have not on as they we what there your i
"""
STOP_WORDS = frozenset(_STOP_WORDS.split())
NEGATIONS = frozenset(_NEGATIONS.split())
WITHOUT = "without"  # unlike the other negations, it cancels one before it: “can’t do without”
ENGLISH_WORDS = frozenset(_COMMONEST.split())
_TOKEN = re.compile(
    r"[$€£](?=\d)|\d[\d,]*(?:\.\d+)?(?:(?:k|m|bn|b)\b)?|%|[^\W\d_]+(?:['’][^\W\d_]+)*\d*", re.IGNORECASE
)
# Sound descriptions such as [laughs], and abbreviations that would split into letters.
_SKIPPED = re.compile(r"\[[^\[\]\n]{1,40}\]|♪|\b(?:e\.g|i\.e)\b\.?", re.IGNORECASE)
_SKIPPED_SIGNS = ("[", "♪", ".g", ".G", ".e", ".E")
_UNSPACED = re.compile(f"[{UNSPACED}]")
_STEMMER = Stemmer.Stemmer("english")


class Word(NamedTuple):
    """One word of a text: its term, its offsets [start:end], and what kind of word it is."""

    term: str
    start: int
    end: int
    is_stop: bool = False
    is_number: bool = False
    is_unit: bool = False
    is_negation: bool = False


@lru_cache(maxsize=65_536)
def _english_word(piece: str) -> tuple[str, bool, bool, bool, bool]:
    """Return the term of a word, and whether it is a stop word, a unit, a negation, or may begin a number."""
    folded = fold(piece)
    if folded in NEGATIONS:
        return folded if folded == WITHOUT else "not", True, False, True, False
    if folded in STOP_WORDS:
        return folded, True, False, False, folded == "one"
    bare = folded.removesuffix("'s").replace("'", "")
    unit = UNIT_TERMS.get(bare)
    is_number = piece[0].isdecimal() or folded in NUMBER_STARTS
    return unit or str(_STEMMER.stemWord(bare)), False, unit is not None, False, is_number


@lru_cache(maxsize=8)
def words_of(text: str, *, is_english: bool, language: str = "") -> tuple[Word, ...]:
    """Return the words of a text in order. A claim is read several times while it is checked.

    English is stemmed, with its numbers normalised. Other languages lose their case and accents, and those that `stem`
    knows by name their endings; scripts without spaces give overlapping pairs of characters. Sound descriptions in square brackets are skipped.
    """
    may_have_skipped = any(sign in text for sign in _SKIPPED_SIGNS)
    skipped = [match.span() for match in _SKIPPED.finditer(text)] if may_have_skipped else []
    spans = [match.span() for match in _TOKEN.finditer(text)]
    if skipped:
        spans = [span for span in spans if not _is_within(span[0], skipped)]
    if is_english:
        return tuple(_english_words(text, spans))
    words: list[Word] = []
    for start, end in spans:
        piece = text[start:end]
        if _UNSPACED.search(piece):
            words += _pairs(piece, start)
        else:
            words.append(Word(stem(piece, language), start, end, is_number=piece[0].isdecimal()))
    return tuple(words)


def _is_within(place: int, spans: Sequence[tuple[int, int]]) -> bool:
    """Return whether `place` is in one of `spans`, which are in order and don't overlap."""
    after = bisect_right(spans, place, key=itemgetter(0))
    return after > 0 and place < spans[after - 1][1]


def _pairs(piece: str, start: int) -> list[Word]:
    if len(piece) == 1:
        return [Word(piece, start, start + 1)]
    return [Word(piece[i : i + 2], start + i, start + i + 2) for i in range(len(piece) - 1)]


def _english_words(text: str, spans: Sequence[tuple[int, int]]) -> list[Word]:
    words: list[Word] = []
    skip_to = 0
    for index, (start, end) in enumerate(spans):
        if index < skip_to:
            continue
        term, is_stop, is_unit, is_negation, may_be_number = _english_word(text[start:end])
        if may_be_number:
            following = [fold(text[first:last]) for first, last in spans[index : index + LONGEST_NUMBER]]
            counted = spelled(following)
            if counted is not None:
                number, taken = counted
                skip_to = index + taken
                words.append(Word(number_term(number), start, spans[skip_to - 1][1], False, True))
                continue
        if factor := factor_of(term):
            value, length = factor
            words.append(Word(number_term(value), start, start + length, False, True))
            words.append(Word("times", start + length, end, is_unit=True))
        elif words and words[-1].is_number and is_times(fold(text[start:end]), is_joined=words[-1].end == start):
            words.append(Word("times", start, end, is_unit=True))
        else:
            words.append(Word(term, start, end, is_stop, False, is_unit, is_negation))
    return words


def english_share(text: str) -> float:
    """Return the share of words that are among the most common in English, in [0, 1]."""
    words = [match.group().casefold() for match in _TOKEN.finditer(text)]
    return sum(word in ENGLISH_WORDS for word in words) / len(words) if words else 0.0
