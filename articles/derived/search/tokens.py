"""Cuts texts into words and brings them into the form in which they are looked for, the same on every database.

A word loses case, accents and its English ending here, and becomes a token of the characters `0-9a-z_`: the databases
only ever compare tokens, so that none of their own ideas about words, stems or locales can make a difference.
"""

import re
import sys
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

import Stemmer  # type: ignore[import-not-found]  # the C extension has no types

LONGEST = 120  # characters of a token; what is longer is the same if it begins the same
SURFACE = "="  # marks a word as it is written, ending and all
START = "<"  # marks the first one or two characters of a word as it is written
SHORT = 2  # characters of a beginning that is a token of its own: so many words begin so that it is asked for whole
TOGETHER = "+"  # between two words that stand one after the other
BREAK = "."  # between two texts: no phrase runs across it


def _ranges(numbers: Iterable[int]) -> str:
    """The body of a character class that holds the code points `numbers`, which ascend."""
    found: list[list[int]] = []
    for number in numbers:
        if found and found[-1][1] == number - 1:
            found[-1][1] = number
        else:
            found.append([number, number])
    return "".join(f"\\U{first:08x}-\\U{last:08x}" for first, last in found)


# Accents, vowel signs and joiners belong to the word that they stand in, which `\w` does not know.
_MARKS = _ranges(n for n in range(0x300, min(sys.maxunicode, 0x1F000)) if unicodedata.category(chr(n))[0] == "M")
_INSIDE = _MARKS + "\u00ad\u200b-\u200d\u2060"
# Scripts that do not divide words: Thai and Lao, Burmese, Khmer, kana, Han.
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003fffd"
_LETTERS = rf"[^\W\d_{_UNSPACED}][^\W\d_{_UNSPACED}]*"
_LETTER_RUN = rf"{_LETTERS}(?:[{_INSIDE}]+(?:{_LETTERS})?)*"
_WORD = re.compile(
    rf"(?P<number>\d+(?:[.,]\d+)*)|(?P<unspaced>(?:[{_UNSPACED}][{_INSIDE}]*)+)|{_LETTER_RUN}(?:['’]{_LETTER_RUN})*"
)
_ASCII_WORD = re.compile(r"[A-Za-z]+(?:'[A-Za-z]+)*|(?P<number>\d+(?:[.,]\d+)*)")  # the same, sooner
_PLAIN = re.compile(r"[0-9a-z]+|[0-9]+(?:_[0-9]+)*")
# Letters that no decomposition brings to their plain form.
_LETTERS_APART = str.maketrans(
    {"ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "ħ": "h"}
)
_STEMMER = Stemmer.Stemmer("english")


class Word(NamedTuple):
    """One word: its token, the token of it as it is written, and [start:end] in the text."""

    token: str
    written: str
    start: int
    end: int


def words_of(text: str) -> list[Word]:
    """Return the words of `text` in order.

    Numbers and letters that touch are words of their own: “GLP-1”, “GLP 1” and “GLP1” are the same two. A run of a
    script that does not divide words gives its overlapping pairs of characters.
    """
    words: list[Word] = []
    for match in (_ASCII_WORD if text.isascii() else _WORD).finditer(text):
        group = match.lastgroup
        if group == "unspaced":
            words.extend(_pairs(text, match.start(), match.end()))
            continue
        token, written = _tokens(match[0], group is not None)
        if token:
            words.append(Word(token, written, match.start(), match.end()))
    return words


def sequence(words: Iterable[Word]) -> str:
    """The words' tokens in their order, a space between them and at both ends."""
    return f" {' '.join(word.token for word in words)} "


def beginning(written: str) -> str:
    """What has to be among a row's tokens where it has a word that begins so; with `*`, the beginning of a token."""
    return f"{START}{written}" if len(written) <= SHORT else f"{SURFACE}{written}*"


def surfaces(words: Iterable[Word]) -> str:
    """The words as they are written, each once, and how they begin; a space before each."""
    tokens: dict[str, None] = {}
    for word in words:
        tokens[f" {SURFACE}{word.written}"] = None
        for length in range(1, min(SHORT, len(word.written)) + 1):
            tokens[f" {START}{word.written[:length]}"] = None
    return "".join(tokens)


def neighbours(words: list[Word]) -> Iterator[str]:
    """A token for every two words that follow each other."""
    for one, other in pairwise(words):
        yield f"{one.token}{TOGETHER}{other.token}"


def _pairs(text: str, start: int, end: int) -> Iterator[Word]:
    at = [number for number in range(start, end) if not unicodedata.combining(text[number])] + [end]
    if len(at) == 2:
        yield Word(*_tokens(text[start:end], False), start, end)
    for number in range(len(at) - 2):
        first, last = at[number], at[number + 2]
        yield Word(*_tokens(text[first:last], False), first, last)


@lru_cache(maxsize=131_072)
def _tokens(piece: str, is_number: bool) -> tuple[str, str]:
    """The token of a word and of it as it is written; two empty ones where nothing is left of it."""
    if is_number:
        digits = (str(unicodedata.digit(c)) if c.isdecimal() else "_" if c == "." else "" for c in piece)
        number = "".join(digits)[:LONGEST]
        return number, number
    decomposed = unicodedata.normalize("NFKD", piece.casefold().translate(_LETTERS_APART))
    letters = (c for c in decomposed if not unicodedata.combining(c) and unicodedata.category(c) != "Cf")
    folded = "".join(letters).replace("’", "'").removesuffix("'s").replace("'", "").translate(_LETTERS_APART)
    if _PLAIN.fullmatch(folded):
        return str(_STEMMER.stemWord(folded))[:LONGEST], folded[:LONGEST]
    # A character always gives the same digits: what begins alike still begins alike.
    encoded = f"_{folded.encode('utf-8', 'surrogatepass').hex()}"[:LONGEST] if folded else ""
    return encoded, encoded
