"""Identifies the language of a text by its most common words, and takes the endings off words of the languages it knows."""

import re
from collections import Counter
from functools import lru_cache

import Stemmer  # type: ignore[import-not-found]  # the C extension has no types

from articles.core.language.folding import fold

_LEAST_SHARE = 0.14  # of a text's words that are among a language's most common ones
_COMMONEST = {
    "german": "der die und das ist nicht ein ich zu den es von mit sich auf eine auch wir dass wie dem sie man aber wenn",
    "french": "de la le et les des est que un une pas je dans qui il pour ce en on du c'est vous sur mais avec",
    "spanish": "de que la el y en los se un por las una no para con es lo del como pero más muy esto cuando está",
    "italian": "di che e il la un è per una non in sono del si con le i da come della ma più anche gli questo",
    "portuguese": "de que o a e um não uma é em os se para com do da por mais as no na você mas como isso",
    "dutch": "de het een en van ik is dat niet in die te zijn op er met voor je we maar dan ook als aan wat",
}
_WORDS = {language: frozenset(words.split()) for language, words in _COMMONEST.items()}
_STEMMERS = {language: Stemmer.Stemmer(language) for language in _WORDS}
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")


def language_by_words(text: str) -> str:
    """Return the name of the language that most of the common words in a text are of, "" if hardly any are.

    English isn't among them.
    """
    counts = Counter(match.group().casefold().replace("’", "'") for match in _WORD.finditer(text))
    shares = {language: sum(counts[word] for word in words) for language, words in _WORDS.items()}
    best = max(shares, key=shares.__getitem__)
    return best if shares[best] > _LEAST_SHARE * counts.total() else ""


@lru_cache(maxsize=65_536)
def stem(word: str, language: str) -> str:
    """Return a word without its ending, case and accents; whole if `language` isn't a name that `language_by_words` gives.

    Accents distinguish endings, so they go last.
    """
    stemmer = _STEMMERS.get(language)
    return fold(str(stemmer.stemWord(word.casefold()))) if stemmer else fold(word)
