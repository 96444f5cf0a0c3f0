"""The form in which words are compared."""

import unicodedata
from functools import lru_cache


@lru_cache(maxsize=65_536)
def fold(word: str) -> str:
    """Return a word without case and accents, its apostrophe a straight one."""
    decomposed = unicodedata.normalize("NFKD", word.casefold().replace("’", "'"))
    return "".join(character for character in decomposed if not unicodedata.combining(character))
