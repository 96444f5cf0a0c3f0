"""Finds the parts of an English claim that a passage lacks: numbers with their units, and negations."""

from collections.abc import Iterator, Sequence
from functools import cached_property

from rapidfuzz import fuzz

from articles.core.evidence.indexing.tokens import Word, words_of

from .denials import Denials, denials, denied_phrases, denied_wordings, has_denial_near, with_base_forms
from .occurrences import claimed_measures
from .quantities import Measure, parts_in, quantities_in, spoken_measures, with_totals
from .readings import POINT, is_said, values_in
from .units import Quantity, equivalents, is_among, may_be_same

_LIKE, _LONG = 84, 5  # similarity of 100, letters; names are often misheard
_AGREED = 3  # words in the scope of a negation that both sides must share before it counts against the claim


class TranscriptPassage:
    """The words said around a moment, and their terms."""

    def __init__(self, words: Sequence[Word]) -> None:
        self.words = words
        self.terms = frozenset(word.term for word in words)
        self._by_letter: dict[str, list[str]] = {}
        for term in sorted(self.terms):
            if len(term) >= _LONG - 1:
                self._by_letter.setdefault(term[0], []).append(term)

    @cached_property
    def values(self) -> frozenset[float]:
        """Every number that may be said."""
        return values_in(self.words)

    @cached_property
    def quantities(self) -> frozenset[Quantity]:
        """The numbers that are said with a unit."""
        return quantities_in(self.words)

    @cached_property
    def measures(self) -> tuple[Measure, ...]:
        """The numbers as they are said, each with its unit."""
        return tuple(spoken_measures(self.words))

    @cached_property
    def parts(self) -> frozenset[float]:
        """The fractions that are said on their own."""
        return parts_in(self.words)

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
    missing = [*_numbers(claim, words, passage), *_negations(claim, words, passage)]
    return tuple(dict.fromkeys(text for _, text in sorted(missing)))


def _numbers(claim: str, words: Sequence[Word], passage: TranscriptPassage) -> Iterator[tuple[int, str]]:
    for measure, totals in with_totals(claimed_measures(claim, words)):
        first, unit = words[measure.first], measure.unit
        # “One” is often a pronoun, and “two ways” may be said without the number.
        if unit is None and measure.value < (2 if claim[first.start].isdecimal() else 10):
            continue
        if not _has(passage, measure) and passage.quantities.isdisjoint(totals):
            low = min(first.start, unit.start) if unit else first.start
            high = max(words[measure.last].end, unit.end) if unit else words[measure.last].end
            yield low, claim[low:high]


def _has(passage: TranscriptPassage, measure: Measure) -> bool:
    """Return whether the number is said with the same unit, with none, or converted as in “1,000 mg” for “a gram”."""
    value, unit = measure.value, measure.unit
    if unit is None:
        return is_said(value, passage.values)
    if is_among(value, unit, passage.quantities):
        return True
    units = [other.unit for other in passage.measures if other.value == value]
    if value in passage.parts or None in units:
        return True
    if units:
        return any(may_be_same(unit, other) for other in units if other)
    if value < 1:  # “half” is one of the passage’s numbers even in “a gram and a half”
        bare = {other.value for other in passage.measures if other.unit is None}
        return POINT in passage.terms or not bare.isdisjoint(equivalents(value, unit))
    return is_said(value, passage.values)


def _negations(claim: str, words: Sequence[Word], passage: TranscriptPassage) -> list[tuple[int, str]]:
    """Return a negation that only one side has, judged by the words after it that both sides share."""
    denied_here, denied_there = denials(words), denials(passage.words)
    based, said = with_base_forms(words), with_base_forms(passage.words)
    # “Couldn’t bring” and “if she brought” may mean the same, so what the claim denies needs the same forms.
    forms = (words, passage.words) if denied_here else (based, said)
    if found := _negation_by_words(claim, *forms, denied_here, denied_there):
        return found
    for negation, _ in (*denied_phrases(based, denied_here, said), *denied_wordings(based, denied_here, said)):
        return [(words[negation].start, claim[words[negation].start : words[negation].end])]
    for _, phrase in (*denied_phrases(said, denied_there, based), *denied_wordings(said, denied_there, based)):
        start, end = words[phrase.start].start, words[phrase.stop - 1].end
        return [(start, f"{claim[start:end]} (denied there)")]
    return []


def _negation_by_words(
    claim: str, words: Sequence[Word], said: Sequence[Word], denied_here: Denials, found_there: Denials
) -> list[tuple[int, str]]:
    """Return a negation that only one side has, whose scope has three content words that both sides share."""
    terms_there = frozenset(word.term for word in said)
    denied_there = {at for indices in found_there.values() for at in indices}
    affirmed_there = frozenset(word.term for at, word in enumerate(said) if not word.is_stop and at not in denied_there)
    denied_terms = {said[at].term for at in denied_there}
    terms = {word.term for word in words if not word.is_stop}
    if denied_here:
        indices = {at for denied in denied_here.values() for at in denied}
        scope = {words[at].term for at in indices if not words[at].is_number and words[at].term in terms_there}
        if len(scope) < _AGREED or scope & denied_terms or has_denial_near(scope, said, terms):
            return []
        at = words[next(iter(denied_here))]
        return [(at.start, claim[at.start : at.end])]
    run: list[Word] = []
    for word in [*(word for word in words if not word.is_stop), None]:
        if word and word.term in denied_terms and word.term not in affirmed_there:
            run.append(word)
            continue
        shared = {other.term for other in run if not other.is_number}
        if len(shared) >= _AGREED and not has_denial_near(shared, words, terms_there):
            return [(run[0].start, f"{claim[run[0].start : run[-1].end]} (denied there)")]
        run = []
    return []
