"""Shows where a text answers a query: the sentence that says most of it, and in it the words."""

from collections.abc import Iterator
from typing import NamedTuple

from articles.core.language import sentences

from .query import Query, Term
from .tokens import BREAK, Word, beginning, words_of

LONGEST = 320  # characters of a sentence that is shown
READ = 20_000  # characters of a text in which a sentence is looked for


class Run(NamedTuple):
    """A piece of text, and whether it was looked for."""

    text: str
    is_found: bool


def runs(text: str, query: Query) -> list[Run]:
    """Cut `text` into runs that together are `text`."""
    words = words_of(text)
    spans = sorted(_spans(words, query))
    found: list[Run] = []
    at = 0
    for start, end in spans:
        if end <= at:
            continue
        start = max(start, at)
        if start > at:
            found.append(Run(text[at:start], False))
        if found and found[-1].is_found:
            found[-1] = Run(found[-1].text + text[start:end], True)
        else:
            found.append(Run(text[start:end], True))
        at = end
    if at < len(text):
        found.append(Run(text[at:], False))
    return found


def best_sentence(text: str, query: Query) -> str:
    """The sentence of `text` that answers the most terms, the first of several; cut around what was found."""
    best, most = "", -1
    for start, end in sentences.split(text[:READ]):
        sentence = text[start:end]
        number = number_told(sentence, query)
        if number > most:
            best, most = sentence, number
        if most == len(query.terms):
            break
    return shortened(best, query)


def shortened(text: str, query: Query) -> str:
    """At most about `LONGEST` characters of `text`, with the first that was looked for among them."""
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


def told(words: str, query: Query) -> int:
    """How many of the terms a row's own text holds, by its `words` (indexing writes them), the text being the last."""
    *_, own, rest = words.split(BREAK)
    return sum(_is_told(own, rest, term) for term in query.terms)


def _is_told(own: str, rest: str, term: Term) -> bool:
    if term.is_beginning and f" {beginning(term.written).rstrip('*')}" in rest:
        return True
    return f" {' '.join(term.words)} " in own


def number_told(text: str, query: Query) -> int:
    """How many of the terms `text` holds."""
    words = words_of(text)
    return sum(any(True for _ in _places(words, term)) for term in query.terms)


def _spans(words: list[Word], query: Query) -> list[tuple[int, int]]:
    return [
        (words[at].start, words[at + len(term.words) - 1].end)
        for term in query.terms
        for at in _places(words, term)
    ]  # fmt: skip


def _places(words: list[Word], term: Term) -> Iterator[int]:
    """The numbers of the words at which `term` begins."""
    *before, last = term.words
    for at in range(len(words) - len(before)):
        end = words[at + len(before)]
        is_end = end.token == last
        if term.is_beginning:
            is_end = is_end or end.written.startswith(term.written)
        if is_end and all(words[at + number].token == token for number, token in enumerate(before)):
            yield at
