"""Folds words and names to the form in which they are compared."""

import unicodedata
from functools import lru_cache


@lru_cache(maxsize=65_536)
def fold(word: str) -> str:
    """Return the word without case and accents, with straight apostrophes."""
    decomposed = unicodedata.normalize("NFKD", word.casefold().replace("’", "'"))
    return "".join(character for character in decomposed if not unicodedata.combining(character))


def folded_name(name: str) -> str:
    """Return the form in which names are the same: without case and width, composed (Unicode, section 3.13, D145)."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())
