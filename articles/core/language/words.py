"""What counts as a word in scripts and languages where spaces alone don't tell."""

import re

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


def elided_length(word: str) -> int:
    """Return how many characters at the start of `word` are an elided word with its apostrophe: 2 in “l’océan”."""
    match = None if word.isascii() and word.isalnum() else _ELIDED.match(word)  # most words; ʼ is a letter
    return match.end() if match else 0
