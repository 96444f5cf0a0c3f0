"""Finds the sentence of a text that matches a query best, and the matching words in it."""

from collections.abc import Iterator
from typing import NamedTuple

from articles.core.language import sentences

from .query import Query, Term
from .tokens import BREAK, Word, beginning, words_of

LONGEST = 320  # characters of a shown sentence
READ = 20_000  # characters of a text that are searched for a sentence


class Run(NamedTuple):
    """A piece of text, and whether it matches."""

    text: str
    is_found: bool


def runs(text: str, query: Query) -> list[Run]:
    """Split `text` into matching and other runs, which concatenated give `text`."""
    words = words_of(text)
    spans = sorted(_spans(words, query))
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
    """Return the first sentence of `text` with the most matching terms, shortened around the matches."""
    best, most = "", -1
    for start, end in sentences.split(text[:READ]):
        sentence = text[start:end]
        number = count_matches(sentence, query)
        if number > most:
            best, most = sentence, number
        if most == len(query.terms):
            break
    return shortened(best, query)


def shortened(text: str, query: Query) -> str:
    """Return about `LONGEST` characters of `text` at most, around the first match."""
    text = " ".join(text.split())
    if len(text) <= LONGEST:
        return text
    spans = sorted(_spans(words_of(text), query))
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
        f" {' '.join(term.words)} " in own or (term.is_beginning and f" {beginning(term.written).rstrip('*')}" in rest)
        for term in query.terms
    )


def count_matches(text: str, query: Query) -> int:
    """Return how many terms match `text`."""
    words = words_of(text)
    return sum(any(True for _ in _positions(words, term)) for term in query.terms)


def _spans(words: list[Word], query: Query) -> list[tuple[int, int]]:
    return [
        (words[at].start, words[at + len(term.words) - 1].end)
        for term in query.terms
        for at in _positions(words, term)
    ]  # fmt: skip


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
