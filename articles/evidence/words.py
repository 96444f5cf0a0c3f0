"""Cuts a text into terms: words with their stems, numbers in one form, and what of them carries weight."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import Stemmer

from articles.evidence.numbers import UNIT_TERMS, number_term, spelled

# Words that say little, with the negations kept apart: those decide what a sentence says.
STOP_WORDS = frozenset(
    """
    a about after again all also am an and any are as at be because been before being between both but by can could
    did do does doing done down during each even ever every few for from get gets getting go goes going gonna got had
    has have having he her here hers him his how i if in into is it its itself just kind know let like lot made make
    makes making many may maybe me mean might more most much must my of off oh ok okay on one only onto or other our
    out over own put quite really right said same say says see she should so some something sort still such take than
    that the their them then there these they thing things this those though through to too uh um under until up upon
    us very was way we well were what when where which while who whom why will with within would yeah yes yet you your
    i'm i've i'd i'll you're you've you'd you'll he's she's it's that's there's they're they've we're we've we'll
    we'd what's let's who's
    """.split()
)
NEGATIONS = frozenset(
    """
    no not never none nothing nobody neither nor without cannot cant can't don't dont doesn't didn't won't wouldn't
    isn't aren't wasn't weren't haven't hasn't hadn't shouldn't couldn't ain't hardly rarely barely unable
    """.split()
)
ENGLISH_WORDS = frozenset(
    "the and of to in is that it for was with this are you be have not on as they we what there your i".split()
)
_TOKEN = re.compile(
    r"[$€£](?=\d)|\d[\d,]*(?:\.\d+)?(?:(?:k|m|bn|b)\b)?|%|[^\W\d_]+(?:['’][^\W\d_]+)*\d*", re.IGNORECASE
)
_SOUND_MARK = re.compile(r"\[[^\[\]\n]{1,40}\]|♪")
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
_STEMMER = Stemmer.Stemmer("english")


@dataclass(frozen=True)
class Word:
    """One word of a text: its term, [start:end] in the text, and what it is."""

    term: str
    start: int
    end: int
    is_stop: bool = False
    is_number: bool = False
    is_unit: bool = False
    is_negation: bool = False


@lru_cache(maxsize=65_536)
def _folded(word: str) -> str:
    decomposed = unicodedata.normalize("NFKD", word.casefold().replace("’", "'"))
    return "".join(c for c in decomposed if not unicodedata.combining(c))


@lru_cache(maxsize=65_536)
def _english_term(folded: str) -> str:
    bare = folded.removesuffix("'s").replace("'", "")
    return UNIT_TERMS.get(bare) or str(_STEMMER.stemWord(bare))


def words_of(text: str, *, is_english: bool) -> list[Word]:
    """Return the words of a text in order.

    English is stemmed and its numbers are brought into one form; other languages are case-folded and lose
    their accents; scripts that do not divide words give overlapping pairs of characters. Sound marks in
    square brackets are no words.
    """
    marks = [match.span() for match in _SOUND_MARK.finditer(text)] if "[" in text or "♪" in text else []
    found = [match.span() for match in _TOKEN.finditer(text)]
    if marks:
        found = [
            span for span in found if not any(start <= span[0] < end for start, end in marks)
        ]
    if is_english:
        return _english(text, found)
    words: list[Word] = []
    for start, end in found:
        piece = text[start:end]
        if _UNSPACED.search(piece):
            words += _pairs(piece, start)
        else:
            words.append(Word(_folded(piece), start, end, is_number=piece[0].isdecimal()))
    return words


def _pairs(piece: str, start: int) -> list[Word]:
    if len(piece) == 1:
        return [Word(piece, start, start + 1)]
    return [Word(piece[i : i + 2], start + i, start + i + 2) for i in range(len(piece) - 1)]


def _english(text: str, found: Sequence[tuple[int, int]]) -> list[Word]:
    folded = [_folded(text[start:end]) for start, end in found]
    words: list[Word] = []
    index = 0
    while index < len(found):
        start, end = found[index]
        word = folded[index]
        if word in _NUMBER_STARTS or word[0].isdecimal():
            value = spelled(folded[index : index + 8])
            if value is not None and word != "one":
                number, taken = value
                last = found[index + taken - 1][1]
                words.append(Word(number_term(number), start, last, is_number=True))
                index += taken
                continue
        index += 1
        if word in NEGATIONS:
            words.append(Word("not", start, end, is_stop=True, is_negation=True))
        elif word in STOP_WORDS:
            words.append(Word(word, start, end, is_stop=True))
        else:
            words.append(Word(_english_term(word), start, end, is_unit=word in UNIT_TERMS))
    return words


_NUMBER_STARTS = frozenset(
    """
    two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen
    nineteen twenty thirty forty fifty sixty seventy eighty ninety one
    """.split()
)


def english_share(text: str) -> float:
    """Return the share of the words of a text that are among the commonest of English, in [0, 1]."""
    words = [match.group().casefold() for match in _TOKEN.finditer(text)]
    return sum(word in ENGLISH_WORDS for word in words) / len(words) if words else 0.0


def initials(words: Sequence[Word], key: Callable[[Word], bool]) -> str:
    """Return the first letters of the words that `key` takes, in order."""
    return "".join(word.term[0] for word in words if key(word))
