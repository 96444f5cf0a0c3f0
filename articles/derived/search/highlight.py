"""Finds the sentence of a text that matches a query best, and the matching words in it."""

from collections.abc import Iterator
from typing import NamedTuple

from articles.core.language import sentences

from .query import Query, Term
from .tokens import BREAK, Word, beginning, characters_of, form, words_of

LONGEST = 320  # characters of a shown sentence
READ = 20_000  # characters of a text that are searched for a sentence


class Run(NamedTuple):
    """A piece of text, and whether it matches."""

    text: str
    is_found: bool


def runs(text: str, query: Query) -> list[Run]:
    """Split `text` into matching and other runs, which concatenated give `text`."""
    spans = sorted(_spans(text, query))
    parts: list[Run] = []
    at = 0
    for start, end in spans:
        if end <= at:
            continue
        start = max(start, at)
        if start > at:
            parts.append(Run(text[at:start], False))
        if parts and parts[-1].is_found:
            parts[-1] = Run(parts[-1].text + text[start:end], True)
        else:
            parts.append(Run(text[start:end], True))
        at = end
    if at < len(text):
        parts.append(Run(text[at:], False))
    return parts


def best_sentence(text: str, query: Query) -> str:
    """Return the first sentence of `text` with the most matching terms, as typed if possible, shortened around the matches."""
    best, most = "", (-1, -1)
    for start, end in sentences.split(text[:READ]):
        sentence = text[start:end]
        number = count_matches(sentence, query), exact_count(sentence, query)
        if number > most:
            best, most = sentence, number
        if most == (len(query.terms),) * 2:
            break
    return shortened(best, query)


def shortened(text: str, query: Query) -> str:
    """Return about `LONGEST` characters of `text` at most, around the first match."""
    text = " ".join(text.split())
    if len(text) <= LONGEST:
        return text
    spans = sorted(_spans(text, query))
    first = max(0, (spans[0][0] if spans else 0) - LONGEST // 3)
    if first:
        first = text.find(" ", first) + 1 or first
    last = min(len(text), first + LONGEST)
    if last < len(text) and text.rfind(" ", first, last) > first:
        last = text.rfind(" ", first, last)
    return f"{'… ' if first else ''}{text[first:last].strip()}{' …' if last < len(text) else ''}"


def match_count(words: str, query: Query) -> int:
    """Return how many terms match a row's own text, given its `words` as written by `indexing` (own text last)."""
    *_, own, rest = words.split(BREAK)
    return sum(
        f" {' '.join(term.words)} " in own
        or (term.is_beginning and f" {beginning(term.written).rstrip('*')}" in rest)
        or (term.is_character and _has_character(own, term.words[0]))
        for term in query.terms
    )


def count_matches(text: str, query: Query) -> int:
    """Return how many terms match `text`."""
    return sum(any(True for _ in _positions(words, term)) for term, words in _words_by_term(text, query))


def exact_count(text: str, query: Query) -> int:
    """Return how many terms have all their words in `text` as they are written in the query."""
    written = {form(word.written) for word in words_of(text)} if any(term.forms for term in query.terms) else set()
    return sum(written.issuperset(term.forms) for term in query.terms)


def _has_character(sequence: str, token: str) -> bool:
    """Return whether a pair of characters in a row's sequence of tokens begins or ends with the character `token`."""
    pairs = (pair for pair in sequence.split() if pair.startswith("_"))
    return any(pair.startswith(token) or pair.endswith(token[1:]) for pair in pairs)


def _spans(text: str, query: Query) -> list[tuple[int, int]]:
    return [
        (words[at].start, words[at + len(term.words) - 1].end)
        for term, words in _words_by_term(text, query)
        for at in _positions(words, term)
    ]


def _words_by_term(text: str, query: Query) -> list[tuple[Term, list[Word]]]:
    """Return each term with the words of `text` among which it can be."""
    words = words_of(text)
    return [(term, characters_of(text) if term.is_character else words) for term in query.terms]


def _positions(words: list[Word], term: Term) -> Iterator[int]:
    """Yield the indices in `words` at which `term` begins."""
    *before, last = term.words
    for at in range(len(words) - len(before)):
        end = words[at + len(before)]
        is_end = end.token == last
        if term.is_beginning:
            is_end = is_end or end.written.startswith(term.written)
        if is_end and all(words[at + number].token == token for number, token in enumerate(before)):
            yield at
