"""What counts as a word in scripts and languages where spaces alone don't tell."""

import re
from collections.abc import Iterable

APOSTROPHES = "'’\u02bc\uff07"

# Body of a character class of the scripts without spaces between words: Thai and Lao, Burmese, Khmer, kana, and
# Han with its signs for repetition, closing and zero (々〆〇).
UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003fffd"
)

# Articles, pronouns and conjunctions that French, Italian and Catalan elide before a vowel, as in Lucene's
# ElisionFilter. English contractions and possessives differ: “don’t” has none of these before the apostrophe, and
# “D’s” has a single letter after it.
_ELIDED = re.compile(
    r"(?:[cdjlmnstv]|qu|jusqu|lorsqu|presqu|puisqu|quelqu|quoiqu"
    r"|un|gl|agl|al|all|coll|dagl|dall|degl|dell|nell|negl|pell|quell|quest|sugl|sull|tutt)"
    rf"[{APOSTROPHES}](?=[^\W\d_].)",
    re.IGNORECASE,
)


# Letters that regular expressions take for an ASCII letter when they ignore case, but that stay as they are or grow in
# lower case.
_LIKE_ASCII = str.maketrans({"\u0130": "i", "\u0131": "i", "\u017f": "s"})


def lowered(text: str) -> str:
    """Return `text` in lower case with the same offsets, for expressions of ASCII words, which needn't ignore case then.

    That takes a fraction of the time: of many words only those with the right first letter are compared.
    """
    return text.lower() if text.isascii() else text.translate(_LIKE_ASCII).lower()


def by_first_letter(words: Iterable[str]) -> str:
    """Return an expression for any of `words`, themselves expressions that begin with a letter, which are tried in order."""
    grouped: dict[str, list[str]] = {}
    for word in words:
        grouped.setdefault(word[0], []).append(word[1:])
    return "|".join(f"{first}(?:{'|'.join(rest)})" for first, rest in grouped.items())


def elided_length(word: str) -> int:
    """Return how many characters at the start of `word` are an elided word with its apostrophe: 2 in “l’océan”."""
    match = None if word.isascii() and word.isalnum() else _ELIDED.match(word)  # most words; ʼ is a letter
    return match.end() if match else 0
