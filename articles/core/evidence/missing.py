"""Finds the parts of an English claim that a passage lacks: numbers with units, list items, negations."""

import re
from collections.abc import Sequence, Set
from itertools import dropwhile, islice, takewhile

from rapidfuzz import fuzz

from .tokens import Word, words_of

_DIVIDER = re.compile(r",\s+(?:and\s+|or\s+)?|\s+(?:and|or)\s+", re.IGNORECASE)
_CONJUNCTION = re.compile(r"\b(?:and|or)\b", re.IGNORECASE)
_CLAUSE_OPENERS = frozenset(
    ("which", "who", "while", "as", "but", "unlike", "including", "such", "where", "when", "if", "though")
)
_DENYING = frozenset(("rather", "instead", "avoid", "lack", "less", "fail", "stop", "unlik", "imposs", "false", "zero"))
_LABEL_ENDS = (".", ")", ":")
_ITEM_WORDS = 4
_LIKE, _LONG = 84, 5  # similarity of 100, letters; names are often misheard
_SCOPE = 4  # words after a negation that it may deny
_AGREED = 2  # words in the scope of a negation that both sides must share before it counts against the claim


class TranscriptPassage:
    """The words said around a moment, and their terms."""

    def __init__(self, words: Sequence[Word]) -> None:
        self.words = words
        self.terms = frozenset(word.term for word in words)
        self._by_letter: dict[str, list[str]] = {}
        for term in sorted(self.terms):
            if len(term) >= _LONG - 1:
                self._by_letter.setdefault(term[0], []).append(term)

    def says(self, term: str) -> bool:
        """Return whether the term is said, or a long word so similar that it may be a misheard name."""
        if term in self.terms:
            return True
        if len(term) < _LONG or not term.isalpha():
            return False
        return any(
            abs(len(other) - len(term)) <= 2 and fuzz.ratio(term, other) >= _LIKE
            for other in self._by_letter.get(term[0], ())
        )


def missing_parts(claim: str, passage: TranscriptPassage) -> tuple[str, ...]:
    """Return the parts of the claim that the passage lacks, as the claim writes them, in order."""
    words = words_of(claim, is_english=True)
    missing = [*_numbers(claim, words, passage), *_items(claim, words, passage), *_negations(claim, words, passage)]
    return tuple(dict.fromkeys(text for _, text in sorted(missing)))


def _numbers(claim: str, words: Sequence[Word], passage: TranscriptPassage) -> list[tuple[int, str]]:
    missing: list[tuple[int, str]] = []
    for index, word in enumerate(words):
        if not word.is_number:
            continue
        unit = _unit(words, index)
        is_written = claim[word.start].isdecimal()
        if float(word.term) < (2 if is_written else 10) and unit is None:
            continue  # “one” is often a pronoun, and “two ways” may be said without the number
        if unit is None and claim[word.end : word.end + 1] in _LABEL_ENDS:
            before = claim[: word.start].strip()
            if not before or claim[word.end : word.end + 1] == ":":
                continue  # the number of a list item or heading
        units = [_unit(passage.words, at) for at, other in enumerate(passage.words) if other.term == word.term]
        fits = any(unit is None or other is None or other.term == unit.term for other in units)
        if not fits:
            low = min(word.start, unit.start) if unit else word.start
            high = max(word.end, unit.end) if unit else word.end
            missing.append((low, claim[low:high]))
    return missing


def _unit(words: Sequence[Word], number: int) -> Word | None:
    for index in (number + 1, number - 1, number + 2):
        if 0 <= index < len(words) and words[index].is_unit:
            is_sign = words[index].end - words[index].start == 1 and index == number - 1
            if index > number or is_sign:
                return words[index]
    return None


def _items(claim: str, words: Sequence[Word], passage: TranscriptPassage) -> list[tuple[int, str]]:
    """Return the list items that aren't said, for lists of which at least half the items are."""
    missing: list[tuple[int, str]] = []
    for items in _lists(claim, words):
        lacking = [item for item in items if not any(passage.says(word.term) for word in item)]
        if len(lacking) * 2 <= len(items):
            missing += [(item[0].start, claim[item[0].start : item[-1].end]) for item in lacking]
    return missing


def _lists(claim: str, words: Sequence[Word]) -> list[list[list[Word]]]:
    """Return the short items of lists such as “a, b and c”, with “and” or “or” before the last item."""
    lists: list[list[list[Word]]] = []
    dividers = list(_DIVIDER.finditer(claim))
    run: list[list[Word]] = []
    for position, divider in enumerate(dividers):
        before = words_between(words, dividers[position - 1].end() if position else 0, divider.start())
        if not run:
            run = [_tail(before)]
        elif len(before) <= _ITEM_WORDS and not _ends_list(claim, before):
            run.append([word for word in before if not word.is_stop])
        else:
            run = [_tail(before)]
        if not _CONJUNCTION.search(divider.group()):
            continue
        end = dividers[position + 1].start() if position + 1 < len(dividers) else len(claim)
        run.append(_head(words_between(words, divider.end(), end)))
        if len(run) >= 3 and all(run) and not _is_clause(run):
            lists.append(run)
        run = []
    return lists


def words_between(words: Sequence[Word], start: int, end: int) -> list[Word]:
    """Return the words that begin between the offsets `start` and `end`."""
    return [word for word in words if start <= word.start < end]


def _tail(words: Sequence[Word]) -> list[Word]:
    """Return the last content words before a comma, at most two: the first item of a list."""
    tail = takewhile(lambda word: not word.is_stop, reversed(words))
    return list(islice(tail, 2))[::-1]


def _head(words: Sequence[Word]) -> list[Word]:
    """Return the first content words after an “and”, at most two: the last item of a list."""
    head = takewhile(lambda word: not word.is_stop, dropwhile(lambda word: word.is_stop, words))
    return list(islice(head, 2))


def _ends_list(claim: str, words: Sequence[Word]) -> bool:
    """Return whether the words between two commas aren't an item: no content words, or the beginning of a clause."""
    if not any(not word.is_stop for word in words):
        return True
    return claim[words[0].start : words[0].end].casefold() in _CLAUSE_OPENERS


def _is_clause(items: Sequence[Sequence[Word]]) -> bool:
    """Return whether some but not all items are adverbs, as where a main clause continues after a comma."""
    adverbs = sum(item[0].term.endswith("li") for item in items)
    return 0 < adverbs < len(items)


def _negations(claim: str, words: Sequence[Word], passage: TranscriptPassage) -> list[tuple[int, str]]:
    """Return a negation that only one side has, judged by the words after it that both sides share."""
    denied_there = _denied(passage.words)
    affirmed_there = frozenset(
        word.term for at, word in enumerate(passage.words) if not word.is_stop and at not in denied_there
    )
    denied_terms = {passage.words[at].term for at in denied_there}
    denied_here = _denied(words)
    if denied_here:
        scope = {words[at].term for at in denied_here if words[at].term in passage.terms}
        if len(scope) < _AGREED or scope & denied_terms or _has_denial_near(scope, passage):
            return []
        at = next(word for word in words if word.is_negation)
        return [(at.start, claim[at.start : at.end])]
    run: list[Word] = []
    for word in [*(word for word in words if not word.is_stop), None]:
        if word and word.term in denied_terms and word.term not in affirmed_there:
            run.append(word)
            continue
        if len({denied.term for denied in run}) >= _AGREED:
            return [(run[0].start, f"{claim[run[0].start : run[-1].end]} (denied there)")]
        run = []
    return []


def _denied(words: Sequence[Word]) -> set[int]:
    """Return the indices of content words at most `_SCOPE` words after a negation."""
    denied: set[int] = set()
    for index, word in enumerate(words):
        if word.is_negation:
            scope = range(index + 1, min(len(words), index + 1 + _SCOPE))
            denied.update(position for position in scope if not words[position].is_stop)
    return denied


def _has_denial_near(terms: Set[str], passage: TranscriptPassage) -> bool:
    return any(
        other.is_negation or other.term in _DENYING
        for at, word in enumerate(passage.words)
        if word.term in terms
        for other in passage.words[max(0, at - 12) : at + 13]
    )
