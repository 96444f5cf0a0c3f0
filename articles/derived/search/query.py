"""Parses search input into words and phrases; no input is malformed."""

import re
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from articles.core.parsing.numbers import whole_number

from .tokens import TOGETHER, beginning, characters_in, form, words_of

LONGEST = 200  # characters
TERMS_MAX = 16
# Words in nearly every sentence: next to other terms they narrow nothing down.
_STOP_WORDS = """
a an and are as at be by did do does for from how in is it of on or so than that the their then there these they
this to was were what when where which who whom whose why will with
"""
STOP_WORDS = frozenset(_STOP_WORDS.split())
_TERM = re.compile('["“”„«»]([^"“”„«»]+)["“”„«»]|([^\\s"“”„«»]+)')


@dataclass(frozen=True)
class Term:
    """Consecutive words; with `is_beginning`, the last one may be unfinished.

    `is_character` is set for a single character of a script without spaces, which may be a part of any word. `forms` are
    the tokens of the words as written, without those that are never stemmed.
    """

    words: tuple[str, ...]
    written: str
    forms: tuple[str, ...] = ()
    is_beginning: bool = False
    is_character: bool = False


@dataclass(frozen=True)
class Query:
    """A parsed query: the `text` to show, the `terms`, all of which must match, and how many were `left_out`.

    Unfinished words only match in titles and headings, which are also indexed by spelling.
    """

    text: str
    terms: tuple[Term, ...] = ()
    left_out: int = 0
    is_too_long: bool = False
    is_exact: bool = False  # a row must have the words as written; only titles and texts have those
    is_of_own: bool = False  # the unfinished word must be in the row itself, not in the title or a heading above

    @property
    def all_of(self) -> list[list[str]]:
        """Lists of tokens: a row must contain one of each list. A token ending in `*` is the beginning of one."""
        alternatives: list[list[str]] = []
        for term in self.terms:
            *before, last = term.words
            whole = before if term.is_beginning else list(term.words)
            alternatives += [[f"{first}{TOGETHER}{second}"] for first, second in pairwise(whole)]
            if self.is_exact:
                alternatives += [[token] for token in term.forms]
            if len(whole) == 1 and not (self.is_exact and term.forms):
                alternatives.append([whole[0]])
            if term.is_beginning:
                prefix = beginning(term.written)
                alternatives.append([prefix] if self.is_of_own else [last, prefix])
        return alternatives

    @property
    def sequences(self) -> list[str]:
        """Phrases of three or more words, as they must occur in a text's sequence of tokens."""
        whole = (term.words[:-1] if term.is_beginning else term.words for term in self.terms)
        return [f" {' '.join(words)} " for words in whole if len(words) > 2]

    def exactly(self) -> "Query | None":
        """Return the query for rows with the words as they are written, None if none of them is ever stemmed."""
        return replace(self, is_exact=True) if any(term.forms for term in self.terms) else None

    def with_beginning(self) -> "Query":
        """Return the query with its last word taken as the beginning of one, unless it ends with a quoted phrase."""
        if not self.terms or self.text.endswith(('"', "“", "”", "„", "«", "»")):
            return self
        *before, last = self.terms
        return Query(self.text, (*before, replace(last, is_beginning=True)), self.left_out)


def parse(text: str, *, is_typing: bool = False) -> Query:
    """Parse `text` into terms: words, phrases in quotation marks, and words joined without a space.

    With `is_typing`, the last word may be unfinished and isn't dropped for being common.
    """
    shown = " ".join(text.replace("\0", " ").split())
    if len(shown) > LONGEST:
        return Query(f"{shown[:LONGEST]}…", is_too_long=True)
    terms: list[Term] = []
    kept: list[Term] = []
    for match in _TERM.finditer(shown):
        words = words_of(match[1] or match[2])
        if not words:
            continue
        is_character = len(words) == 1 and len(characters_in(words[0].token)) == 1
        forms = tuple(token for word in words if (token := form(word.written)))
        term = Term(tuple(word.token for word in words), words[-1].written, forms, is_character=is_character)
        terms.append(term)
        is_last = is_typing and match.end() == len(shown)
        if match[1] or is_last or len(words) > 1 or words[0].written not in STOP_WORDS:
            kept.append(term)
    kept = list(dict.fromkeys(kept or terms))
    query = Query(shown, tuple(kept[:TERMS_MAX]), max(0, len(kept) - TERMS_MAX))
    return query.with_beginning() if is_typing else query


@dataclass
class Results:
    """A page of results; with `is_more`, there are at least `count` of them."""

    query: Query
    found: list[Any]
    count: int
    page: int
    page_count: int
    is_more: bool = False
    is_beginning: bool = False  # nothing contained the last word, so words that begin with it were searched


def paginate(ranked: list[Any], page: int, per_page: int) -> tuple[list[Any], int, int]:
    """Return the items of a page, its number and the number of pages; a `page` beyond the last gives the last."""
    page_count = max(1, -(-len(ranked) // per_page))
    page = min(max(page, 1), page_count)
    return ranked[(page - 1) * per_page : page * per_page], page, page_count


def page_number(text: str | None) -> int:
    """Return the page number in a URL parameter; 1 if it isn't a valid number."""
    return whole_number(text, 99_999) or 1
