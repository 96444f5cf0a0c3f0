"""What somebody typed, read as words and phrases; no text is ever refused as malformed."""

import re
from dataclasses import dataclass
from itertools import pairwise

from .tokens import TOGETHER, Word, beginning, words_of

LONGEST = 200  # characters
TERMS_MAX = 16
# Words that nearly every sentence holds: with others beside them they narrow nothing.
STOP_WORDS = frozenset(
    [
        "a",
        "an",
        "and",
        "are",
        "as",
        "at",
        "be",
        "by",
        "did",
        "do",
        "does",
        "for",
        "from",
        "how",
        "in",
        "is",
        "it",
        "of",
        "on",
        "or",
        "so",
        "than",
        "that",
        "the",
        "their",
        "then",
        "there",
        "these",
        "they",
        "this",
        "to",
        "was",
        "were",
        "what",
        "when",
        "where",
        "which",
        "who",
        "whom",
        "whose",
        "why",
        "will",
        "with",
    ]
)
_TERM = re.compile('["“”„«»]([^"“”„«»]+)["“”„«»]|([^\\s"“”„«»]+)')
_SPACES = re.compile(r"\s+")


@dataclass(frozen=True)
class Term:
    """Words that stand one after the other; of the last one only the beginning where `is_beginning`."""

    words: tuple[str, ...]
    written: str
    is_beginning: bool = False


@dataclass(frozen=True)
class Query:
    """`text` as it is shown; all `terms` have to be found; `left_out` counts those that were too many.

    Words as they are written, and so beginnings of words, are known of titles and headings only.
    """

    text: str
    terms: tuple[Term, ...] = ()
    left_out: int = 0
    is_too_long: bool = False
    is_of_own: bool = False  # the unfinished word has to be the row's own, not one of the title or a heading above

    @property
    def all_of(self) -> list[list[str]]:
        """Tokens, of which one of every list has to be there; one that ends in `*` is the beginning of a token."""
        found: list[list[str]] = []
        for term in self.terms:
            *before, last = term.words
            whole = before if term.is_beginning else list(term.words)
            found += [[f"{one}{TOGETHER}{other}"] for one, other in pairwise(whole)]
            if len(whole) == 1:
                found.append([whole[0]])
            if term.is_beginning:
                begun = beginning(term.written)
                found.append([begun] if self.is_of_own else [last, begun])
        return found

    @property
    def sequences(self) -> list[str]:
        """Phrases of three words and more as they have to stand in a text's sequence of tokens."""
        whole = (term.words[:-1] if term.is_beginning else term.words for term in self.terms)
        return [f" {' '.join(words)} " for words in whole if len(words) > 2]

    def with_beginning(self) -> "Query":
        """The same, with the last word taken as the beginning of one; a phrase in quotation marks stays whole."""
        if not self.terms or self.text.endswith(('"', "“", "”", "„", "«", "»")):
            return self
        *before, last = self.terms
        return Query(self.text, (*before, Term(last.words, last.written, True)), self.left_out)


def parse(text: str, *, is_typing: bool = False) -> Query:
    """Read `text` into terms: a word, or a phrase in quotation marks; what is written together is a phrase too.

    While somebody `is_typing`, the last word may be unfinished, and is never dropped for being a common one.
    """
    shown = _SPACES.sub(" ", text.replace("\0", " ")).strip()
    if len(shown) > LONGEST:
        return Query(f"{shown[:LONGEST]}…", is_too_long=True)
    terms: list[Term] = []
    kept: list[Term] = []
    for match in _TERM.finditer(shown):
        words = words_of(match[1] or match[2])
        if not words:
            continue
        term = Term(tuple(word.token for word in words), words[-1].written)
        terms.append(term)
        is_last = is_typing and match.end() == len(shown)
        if match[1] or is_last or not _is_stop(words):
            kept.append(term)
    kept = list(dict.fromkeys(kept or terms))
    query = Query(shown, tuple(kept[:TERMS_MAX]), max(0, len(kept) - TERMS_MAX))
    return query.with_beginning() if is_typing else query


def _is_stop(words: list[Word]) -> bool:
    return len(words) == 1 and words[0].written in STOP_WORDS


def page_number(text: str | None) -> int:
    """The number of a page as an address has it; 1 where that is none."""
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 6 else 1
