"""Splits texts into words and normalises them to search tokens, the same for every database.

Words lose case, accents and their English ending and become tokens of the characters `0-9a-z_`. Databases only
compare tokens, so that their own rules for words, stems and locales make no difference.
"""

import re
import sys
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, lru_cache
from itertools import pairwise
from typing import NamedTuple

import Stemmer  # type: ignore[import-not-found]  # the C extension has no types

from articles.core.language.words import APOSTROPHES, UNSPACED, elided_length

LONGEST = 120  # characters of a token; longer words are cut off
SURFACE = "="  # marks a word as written, with its ending
FORM = "=="  # marks a word as written in a text, where stems are searched, to tell which rows have the word itself
START = "<"  # marks the first one or two characters of a word as written
SHORT = 2  # characters up to which a beginning is a token of its own, because too many words share it
TOGETHER = "+"  # between two consecutive words
BREAK = "."  # between two texts, so that no phrase matches across them


def _ranges(numbers: Iterable[int]) -> str:
    """Return the body of a character class of the code points `numbers`, which must be ascending."""
    ranges: list[list[int]] = []
    for number in numbers:
        if ranges and ranges[-1][1] == number - 1:
            ranges[-1][1] = number
        else:
            ranges.append([number, number])
    return "".join(f"\\U{first:08x}-\\U{last:08x}" for first, last in ranges)


@cache
def _word() -> re.Pattern[str]:
    """Return what matches a word; its thousands of characters take a moment, so only where a text isn't ASCII."""
    # Accents, vowel signs and joiners are part of a word, but `\w` doesn't match them.
    marks = _ranges(n for n in range(0x300, min(sys.maxunicode, 0x1F000)) if unicodedata.category(chr(n))[0] == "M")
    inside = marks + "\u00ad\u200b-\u200d\u2060"
    letters = rf"[^\W\d_{UNSPACED}{APOSTROPHES}][^\W\d_{UNSPACED}{APOSTROPHES}]*"
    letter_run = rf"{letters}(?:[{inside}]+(?:{letters})?)*"
    return re.compile(
        rf"{_ASCII_ALONE}|(?P<number>\d+(?:[.,]\d+)*)|(?P<unspaced>(?:[{UNSPACED}][{inside}]*)+)|{letter_run}(?:[{APOSTROPHES}]{letter_run})*"
    )


# Most words of most texts. Trying the thousands of characters for each of their letters takes several times as long.
_ASCII_ALONE = r"[A-Za-z]++(?=[\x00-&(-@\[-`{-\x7f])"
_ALL_UNSPACED = re.compile(rf"[{UNSPACED}]+")
_ASCII_WORD = re.compile(r"[A-Za-z]+(?:'[A-Za-z]+)*|(?P<number>\d+(?:[.,]\d+)*)")  # the same for ASCII, but faster
_PLAIN = re.compile(r"[0-9a-z]+|[0-9]+(?:_[0-9]+)*")
# Letters that Unicode decomposition doesn't reduce to plain ones.
_LETTERS_APART = str.maketrans(
    {"ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "ħ": "h"}
)
_APOSTROPHES = frozenset(APOSTROPHES)
_STRAIGHT = str.maketrans(dict.fromkeys(APOSTROPHES, "'"))
_STEMMER = Stemmer.Stemmer("english")


class Word(NamedTuple):
    """A word: its token, its token as written (unstemmed), and its span [start:end] in the text."""

    token: str
    written: str
    start: int
    end: int


def words_of(text: str) -> list[Word]:
    """Return the words of `text` in order.

    Adjacent numbers and letters are separate words: “GLP-1”, “GLP 1” and “GLP1” all give the same two. What is elided
    before a vowel isn't part of the word: “l’océan” gives the same as “océan”. In scripts without spaces, overlapping
    pairs of characters serve as words, or a single character without neighbours.
    """
    words: list[Word] = []
    may_elide = not _APOSTROPHES.isdisjoint(text)
    for match in (_ASCII_WORD if text.isascii() else _word()).finditer(text):
        group, (start, end), piece = match.lastgroup, match.span(), match[0]
        if group == "unspaced":
            words.extend(_pairs(text, start, end))
            continue
        if may_elide and (elided := elided_length(piece)):
            start, piece = start + elided, piece[elided:]
        token, written = _tokens(piece, group is not None)
        if token:
            words.append(Word(token, written, start, end))
    return words


def characters_of(text: str) -> list[Word]:
    """Return each character of `text` that is in a script without spaces, as a word of its own."""
    return [
        word
        for match in _word().finditer(text)
        if match.lastgroup == "unspaced"
        for word in _characters(text, match.start(), match.end())
    ]


def beginning(written: str) -> str:
    """Return the token that a row has if one of its words begins with `written`; with `*`, the beginning of a token."""
    return f"{START}{written}" if len(written) <= SHORT else f"{SURFACE}{written}*"


def surfaces(words: Iterable[Word]) -> str:
    """Return the distinct words as written and their beginnings, each preceded by a space."""
    tokens: dict[str, None] = {}
    for word in words:
        tokens[f" {SURFACE}{word.written}"] = None
        for length in range(1, min(SHORT, len(word.written)) + 1):
            tokens[f" {START}{word.written[:length]}"] = None
    return "".join(tokens)


def form(written: str) -> str:
    """Return the token that a row has if it has this word as written; "" if the word is never stemmed."""
    return f"{FORM}{written}" if written[:1].isalpha() else ""


def forms(words: Iterable[Word]) -> str:
    """Return the tokens of the distinct words as written, each preceded by a space."""
    return "".join(f" {token}" for token in dict.fromkeys(form(word.written) for word in words) if token)


def indexed(texts: Sequence[Sequence[Word]]) -> str:
    """Return the tokens of texts in order, for phrases, followed by the pairs of neighbours, for words in sequence.

    In scripts without spaces, the single characters follow, too: they are words as well.
    """
    tokens = [[word.token for word in words] for words in texts]
    pairs = (f"{first}{TOGETHER}{second}" for each in tokens for first, second in pairwise(each))
    unspaced = (token for each in tokens for token in each if token[0] == "_")
    more = dict.fromkeys([*pairs, *(character for token in unspaced for character in characters_in(token))])
    in_order = (f" {' '.join(each)} " for each in tokens)
    return f"{BREAK.join(in_order)}{BREAK} {' '.join(more)} "


@lru_cache(maxsize=65_536)
def characters_in(token: str) -> tuple[str, ...]:
    """Return the tokens of the single characters in `token` if it is of a script without spaces, otherwise nothing."""
    if not token.startswith("_") or len(token) == LONGEST:
        return ()
    folded = bytes.fromhex(token[1:]).decode("utf-8", "surrogatepass")
    return tuple(map(_encoded, folded)) if _ALL_UNSPACED.fullmatch(folded) else ()


def _characters(text: str, start: int, end: int) -> list[Word]:
    """Return the characters of a run of unspaced text, each with its accents."""
    at = [number for number in range(start, end) if not unicodedata.combining(text[number])] + [end]
    return [Word(*_tokens(text[first:last], False), first, last) for first, last in pairwise(at)]


def _pairs(text: str, start: int, end: int) -> Iterator[Word]:
    characters = _characters(text, start, end)
    if len(characters) == 1:
        yield from characters
    for first, second in pairwise(characters):
        yield Word(*_tokens(text[first.start : second.end], False), first.start, second.end)


@lru_cache(maxsize=131_072)
def _tokens(piece: str, is_number: bool) -> tuple[str, str]:
    """Return a word's stemmed token and its token as written; ("", "") if nothing is left of it."""
    if is_number:
        digits = (str(unicodedata.digit(c)) if c.isdecimal() else "_" if c == "." else "" for c in piece)
        number = "".join(digits)[:LONGEST]
        return number, number
    decomposed = unicodedata.normalize("NFKD", piece.casefold().translate(_LETTERS_APART))
    letters = (c for c in decomposed if not unicodedata.combining(c) and unicodedata.category(c) != "Cf")
    folded = "".join(letters).translate(_STRAIGHT).removesuffix("'s").replace("'", "").translate(_LETTERS_APART)
    if _PLAIN.fullmatch(folded):
        return str(_STEMMER.stemWord(folded))[:LONGEST], folded[:LONGEST]
    # Each character always gives the same digits, so that common beginnings are preserved.
    encoded = _encoded(folded)[:LONGEST] if folded else ""
    return encoded, encoded


def _encoded(folded: str) -> str:
    return f"_{folded.encode('utf-8', 'surrogatepass').hex()}"
