"""Finds the numbers and names of an English claim that never occur in the whole recording."""

import re
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import islice, pairwise

from rapidfuzz import fuzz, process

from articles.core.evidence.indexing.index import Index
from articles.core.evidence.indexing.tokens import STOP_WORDS, Word, words_of
from articles.core.language.folding import fold

from .quantities import Measure, measures, quantities_in, with_totals
from .readings import POINT, VALUES, is_said, readings, value_of
from .units import Quantity, Unit, is_among

_LABEL_ENDS = (".", ")", ":")
_FEWEST, _FEWEST_DIGIT = 10.0, 2.0  # smaller numbers are seldom meant as figures, in words and in digits
_MOST_NAMES = 40  # of a claim that are looked up, so that one of thousands of names takes no longer
_SIMILAR = 70  # similarity of letters, of 100, from which on a name may have been misheard, …
_CLOSE = 84  # … and from which on a part of a full name may have been, by itself
_NAME = re.compile(r"(?<![^\W_])[^\W\d_]+(?:['’-][^\W\d_]+)*")
_OPENING = re.compile(r"(?:^|[.!?:;…–—•*\n-])[\W_]*$|[\"“„«‘(\[]$")
_LABEL = re.compile(r"[^.!?:]{1,80}:\s")
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")
_ACRONYM = re.compile(r"[A-Z]{1,6}(?:s|['’]s)?")  # they are often said in full
_TITLES = frozenset(("professor", "prof", "doctor", "dr", "mr", "mrs", "ms", "sir", "president", "senator"))
_SCALES = frozenset(("celsius", "fahrenheit", "hg"))
_NUMBERED = re.compile(
    r"\b(?:level|step|phase|part|stage|chapter|type)s?\s(?:\d{1,3}(?:,\s|[\s-](?:(?:or|and|to)\s)?|–)){0,2}$",
    re.IGNORECASE,
)
_LABELLED = 24  # characters before a number in which its label may begin: “chapters 12, 14 or 16”
_JOINED = re.compile(r"\d+(?![kmstBKMT]\b)[^\W\d_]\b")
_CURRENCIES = ("$", "€", "£")


class Occurrences:
    """What occurs anywhere in a recording."""

    def __init__(self, index: Index) -> None:
        self._index = index

    def absent_numbers(self, claim: str) -> Iterator[tuple[int, int]]:
        """Yield [start, end) of each number in a claim that is said nowhere, in digits or words, or with another unit."""
        words = words_of(claim, is_english=True)
        for measure, totals in with_totals(claimed_measures(claim, words)):
            word, unit, value = words[measure.first], measure.unit, measure.value
            least = _FEWEST_DIGIT if claim[word.start].isdecimal() else _FEWEST
            if value < least or is_said(value, self._values):
                continue
            if not self._quantities.isdisjoint(totals) or (unit and is_among(value, unit, self._quantities)):
                continue
            # “250 %” may be said as “two and a half times”.
            is_factor = value > 100 and unit is not None and unit.name == "percent"
            if not (is_factor and value / 100 in self._values):
                yield word.start, words[measure.last].end

    def absent_names(self, claim: str) -> Iterator[tuple[int, int]]:
        """Yield [start, end) of each name in a claim of which no word is said anywhere, nor anything that sounds so.

        A single word at the beginning of a sentence, in a label before a colon, or in a title may have its capital
        from there.
        """
        for start, end in islice(_names(claim), _MOST_NAMES):
            name = claim[start:end]
            pieces = _HUMP.sub(" ", name)
            terms = [
                word.term
                for word in words_of(pieces, is_english=True)
                if not word.is_stop and not word.is_number and not _is_title(pieces[word.start : word.end])
            ]
            is_word = fold(name) in _SCALES or f" {name.lower()} " in claim
            is_full = len([word for word in name.split() if not _is_title(word)]) > 1
            if terms and not is_word and not self._is_heard(terms, is_full=is_full):
                yield start, end

    @cached_property
    def _values(self) -> frozenset[float]:
        """Every number that may be said."""
        terms = {term: value for term in self._index.postings if (value := value_of(term)) is not None} | VALUES
        valued = [(place, value) for term, value in terms.items() for place in self._index.all_places(term).tolist()]
        return readings(sorted(valued), frozenset(self._index.places(POINT).tolist()))

    @cached_property
    def _quantities(self) -> frozenset[Quantity]:
        """Every number that is said with a unit, so that “90 minutes” is “an hour and a half”."""
        return quantities_in(self._index.words(slice(0, len(self._index.seconds))))

    @cached_property
    def _vocabulary(self) -> list[str]:
        speakers = {cue.speaker for cue in self._index.cues if cue.speaker}
        names = (word.term for speaker in speakers for word in words_of(speaker, is_english=True))
        return [*self._index.postings, *names]

    def _is_heard(self, terms: Sequence[str], *, is_full: bool) -> bool:
        """Return whether one of a name's terms is said, or something that sounds so.

        A part of a full name sounds like one ordinary word or another in any long recording (“Karl” like “kale”), so it
        has to be closer, or next to what sounds like the part beside it.
        """
        if any(len(self._index.all_places(term)) for term in terms):
            return True
        least = _CLOSE if is_full else _SIMILAR
        if any(process.extractOne(term, self._vocabulary, scorer=fuzz.ratio, score_cutoff=least) for term in terms):
            return True
        return is_full and any(
            place + step in second
            for first, second in pairwise([self._places_like(term) for term in terms])
            for place in first
            for step in (1, 2)
        )

    def _places_like(self, term: str) -> set[int]:
        """Return the indices of the words that sound like the term."""
        alike = process.extract(term, self._vocabulary, scorer=fuzz.ratio, score_cutoff=_SIMILAR, limit=None)
        return {place for other, *_ in alike for place in self._index.all_places(other).tolist()}


def claimed_measures(claim: str, words: Sequence[Word]) -> Iterator[Measure]:
    """Yield the numbers of a claim with their units, without those that aren’t meant as figures."""
    for measure in measures(words, claim):
        if not _is_in_name(claim, words[measure.first], words[measure.last], measure.unit):
            yield measure


def _is_in_name(claim: str, word: Word, last: Word, unit: Unit | None) -> bool:
    """Return whether a number isn't meant as a figure: in a label, name or saying, such as “2.”, “Level 2”, “COVID-19”,
    “83b” or “24/7”.
    """
    if unit is not None and 0 <= unit.start - last.end <= 1:
        return False
    before = claim[max(0, word.start - 2) : word.start]
    is_always = "24/7" in claim[max(0, word.start - 3) : word.end + 2]
    is_after_letter = len(before) == 2 and before[0].isalpha() and before[1] == "-"
    is_numbered = _NUMBERED.search(claim, max(0, word.start - _LABELLED), word.start) is not None
    return is_always or is_after_letter or is_numbered or _is_label(claim, word) or _is_joined(claim, word)


def _is_title(word: str) -> bool:
    """Return whether a word of a name says nothing of whose it is: a title, or letters that are often said in full."""
    return fold(word) in _TITLES or _ACRONYM.fullmatch(word) is not None


def _is_label(claim: str, word: Word) -> bool:
    """Return whether a number is that of a list item or heading, such as “2.” or “Level 1:”."""
    if claim[word.end : word.end + 1] not in _LABEL_ENDS:
        return False
    return claim[word.end] == ":" or not claim[: word.start].strip()


def _is_joined(claim: str, word: Word) -> bool:
    """Return whether a number is joined to a letter, as in “83b”, that is no ordinal’s, decade’s or scale’s."""
    is_money = claim[max(0, word.start - 1) : word.start] in _CURRENCIES
    return not is_money and _JOINED.match(claim, word.start) is not None


def _names(claim: str) -> Iterator[tuple[int, int]]:
    """Yield [start, end) of each run of words with a capital that their place doesn't explain."""
    label = _LABEL.match(claim)
    run: list[tuple[int, int]] = []
    title = before = -1  # the ends of the last name, as long as only stop words follow it, and of the last word
    is_in_title = False
    words = [match.span() for match in _NAME.finditer(claim, label.end() if label else 0)]
    for start, end in [*words, (len(claim), len(claim))]:
        is_capital = claim[start : start + 1].isupper()
        follows = claim[before:start] == " "
        if run and not (is_capital and follows):
            is_opening = _OPENING.search(claim, 0, run[0][0]) is not None
            is_heading = is_opening and before > run[-1][1]  # a sentence follows: “Quiet Harbours In a storm, …”
            if not is_heading and (len(run) > 1 or not (is_in_title or is_opening)):
                yield run[0][0], run[-1][1]
            title, run = run[-1][1], []
        is_stop = fold(claim[start:end]) in STOP_WORDS
        if is_capital and not is_stop:
            is_in_title = is_in_title if run else follows and title >= 0
            run.append((start, end))
        elif not (is_stop and follows):
            title = -1
        before = end
