"""Compares what a claim quotes with what is said, word for word.

A quotation may differ from the recording as careful people's do: without fillers, with contractions written out,
numbers as digits, an ellipsis for what is left out and brackets for what is added. Speech recognition mishears names and
splits words, so words with similar letters count as the same.
"""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import NamedTuple

import numpy as np
from rapidfuzz import fuzz
from rapidfuzz.distance import LCSseq

from articles.core.evidence.indexing.index import Index
from articles.core.evidence.indexing.tokens import Word

from .opposites import say_opposites
from .quotation_marks import LONGEST, Quotation, parts, quotation_without_marks, quotations

SAME = 0.8  # from this similarity on, a quotation is said like this
_OPPOSITE = 0.79  # the most similar that a wording can be which says the opposite of the quotation
# From this one on, the closest wording is worth showing, and from a lower one if it shares enough words of such a weight.
_ALIKE, _RESEMBLES = 0.6, 0.3
_SHARED_WORDS, _SHARED_WEIGHT = 2, 2.0
LEAST_WORDS, LEAST_CONTENT = 3, 2  # shorter ones are mostly terms and scare quotes, which nobody need have said
# The weights of words that say little, and of numbers and negations, which decide what is said, relative to others.
_STOP_WEIGHT, _STRICT_WEIGHT = 0.3, 2.0
_SKIP_COST = 0.4  # of a word that is said in the middle and left out, relative to its weight
_SIMILAR = 70  # similarity of letters, of 100, from which on a word may have been misheard
_PLACES = 4  # of the best places by shared words, how many are compared word for word
_AROUND = 4  # words before and after those that are compared
MOST = 12  # discrepancies of a kind that are looked for in a claim

_FILLERS = frozenset(
    ("uh", "um", "er", "ah", "oh", "ok", "okay", "well", "like", "just", "really", "actually", "basically", "literally",
     "kind", "sort", "mean", "yeah", "know", "you", "so", "and")
)  # fmt: skip
_ENDINGS = {"'s": "is", "'re": "are", "'ve": "have", "'ll": "will", "'d": "would", "'m": "am"}
_SPOKEN = {"gonna": ("going", "to"), "wanna": ("want", "to"), "gotta": ("got", "to"), "let's": ("let", "us")}


class Misquotation(NamedTuple):
    """A quotation that isn't said like this, and the most similar wording, None if nothing is similar."""

    quotation: Quotation
    closest: "Wording | None"


class Wording(NamedTuple):
    """What is said like a quotation: the span of the transcript's words, and how similar it is, in [0, 1]."""

    words: slice
    similarity: float


class Spoken(NamedTuple):
    """A word as it is compared, with its weight and the number of the word that it comes from."""

    term: str
    weight: float
    number: int


def misquotations(index: Index, claim: str, heard: slice, *, is_quotation: bool) -> Iterator[Misquotation]:
    """Yield each quotation in a claim that is said neither in the words `heard` nor anywhere else in the recording.

    If `is_quotation`, all of it is one as far as marks don't say something else, and unless it is longer than one between
    marks may be.
    """
    whole = quotation_without_marks(claim) if is_quotation and len(claim) <= LONGEST else None
    for quotation in [whole] if whole else islice(quotations(claim), MOST):
        for part in parts(quotation.text):
            words = index.words_of(part)
            if not is_compared(part, words):
                continue
            here = closest(index, words, heard)
            if here and here.similarity >= SAME:
                continue
            best = closest(index, words) or here
            if best and best.similarity >= SAME:
                continue
            wording = here if here and best and here.similarity >= best.similarity else best
            yield Misquotation(quotation, wording if wording and _resembles(index, words, wording) else None)
            break


def _resembles(index: Index, words: Sequence[Word], wording: Wording) -> bool:
    """Return whether a wording tells what may have been meant: one word in common, or a few that say little, don't."""
    said = {word.term for word in index.words(wording.words)}
    shared = [word for word in spoken(words) if word.term in said]
    is_enough = len(shared) >= _SHARED_WORDS and _weight(shared) >= _SHARED_WEIGHT
    return wording.similarity >= (_RESEMBLES if is_enough else _ALIKE)


def is_compared(part: str, words: Sequence[Word]) -> bool:
    """Return whether what is quoted is long enough to be somebody's words, and not a title."""
    content = [part[word.start] for word in words if not word.is_stop or word.is_negation]
    is_title = all(letter.isupper() or not letter.isalpha() for letter in content)
    return len(words) >= LEAST_WORDS and len(content) >= LEAST_CONTENT and not (is_title and part != part.upper())


def spoken(words: Sequence[Word]) -> list[Spoken]:
    """Return words as they are compared: contractions in full, with a weight of 0 for fillers."""
    result: list[Spoken] = []
    for number, word in enumerate(words):
        if not word.is_stop or word.is_negation:
            is_strict = word.is_number or word.is_negation
            result.append(Spoken(word.term, _STRICT_WEIGHT if is_strict else 1.0, number))
            continue
        term, head = word.term, word.term.split("'")[0]
        ending = _ENDINGS.get(term[len(head) :])
        whole = _SPOKEN.get(term) or ((head, ending) if ending else (term,))
        result += [Spoken(piece, 0.0 if piece in _FILLERS else _STOP_WEIGHT, number) for piece in whole]
    return result


class Fit(NamedTuple):
    """How a quotation fits a passage: similarity, [start, end) there, and how much of the quotation is before and after.

    All but the similarity, in [0, 1], are numbers of words.
    """

    similarity: float
    start: int
    end: int
    before: int
    after: int


def compare(quoted: Sequence[Spoken], said: Sequence[Spoken]) -> Fit:
    """Return how a quotation fits the passage in `said` that it fits best.

    The similarity is the share of its weight that is said in this order, less a part of the weight that is said in
    between. It isn't the same if only one of them denies something, or one has the opposite of a word of the other.
    """
    best, passage = 0.0, (0, 0, 0, 0)
    fits, first, begin = 0.0, 0, 0
    here = there = 0
    for at, other, size in LCSseq.editops(_terms(quoted), _terms(said)).as_matching_blocks():
        if size and fits > 0.0:
            fits += _gain(quoted[here:at], said[there:other])
        if fits <= 0.0:
            fits, first, begin = 0.0, at, other
        fits += _weight(quoted[at : at + size])
        here, there = at + size, other + size
        if fits > best:
            best, passage = fits, (first, here, begin, there)
    first, here, begin, there = passage
    head, tail = quoted[:first], quoted[here:]
    before, after = said[max(0, begin - len(head)) : begin], said[there : there + len(tail)]
    around = said[max(0, begin - len(head)) : there + len(tail)]
    if _is_misheard(head, before):
        best, begin, head = best + _weight(head), begin - len(before), ()
    if _is_misheard(tail, after):
        best, there, tail = best + _weight(tail), there + len(after), ()
    similarity = best / (_weight(quoted) or 1.0)
    if similarity > _OPPOSITE and say_opposites(
        *(_terms([word for word in words if word.weight]) for words in (quoted, around))
    ):
        similarity = _OPPOSITE
    return Fit(similarity, begin, there, len(head), len(tail))


def _gain(quoted: Sequence[Spoken], said: Sequence[Spoken]) -> float:
    """Return what different words between two that are the same add to the similarity: nothing, or a negative."""
    if _is_misheard(quoted, said):
        return _weight(quoted)
    return -_SKIP_COST * _weight(said)


def _weight(words: Sequence[Spoken]) -> float:
    return sum(word.weight for word in words)


def _terms(words: Sequence[Spoken]) -> list[str]:
    return [word.term for word in words]


def _is_misheard(quoted: Sequence[Spoken], said: Sequence[Spoken]) -> bool:
    first, second = ("".join(word.term for word in words if word.weight) for words in (quoted, said))
    if not first or any(word.weight == _STRICT_WEIGHT for word in (*quoted, *said)):
        return False
    return fuzz.ratio(first, second) >= _SIMILAR


def closest(index: Index, words: Sequence[Word], within: slice | None = None) -> Wording | None:
    """Return the wording in the transcript, or in its words `within`, that is most like `words`; None if none is.

    It is as long as `words`, within its sentences.
    """
    quoted = spoken(words)
    best: Wording | None = None
    for place in _places(index, words, within):
        low = max(0, place - _AROUND)
        said = spoken(index.words(slice(low, place + len(words) + len(words) // 3 + _AROUND)))
        fit = compare(quoted, said)
        if fit.end > fit.start and (best is None or fit.similarity > best.similarity):
            start, end = low + said[fit.start].number, low + said[fit.end - 1].number + 1
            best = Wording(_in_sentence(index, start, end, fit), fit.similarity)
    return best


def _in_sentence(index: Index, start: int, end: int, fit: Fit) -> slice:
    """Return the words [start, end) with as many more as the quotation has, as long as no sentence begins between."""
    for _ in range(fit.before):
        if start and not index.sentences[start]:
            start -= 1
    for _ in range(fit.after):
        if end < len(index.sentences) and not index.sentences[end]:
            end += 1
    return slice(start, end)


def _places(index: Index, words: Sequence[Word], within: slice | None) -> list[int]:
    """Return the indices of the transcript's words at which a passage with these words may begin, likeliest first."""
    length = len(index.seconds)
    span = within or slice(0, length)
    reach = 2 + len(words) // 4  # words by which a place may be off when something is left out or added
    votes = np.zeros(span.stop - span.start + len(words) + 1)
    for offset, word in enumerate(words):
        places = index.all_places(word.term)
        places = places[(places >= span.start) & (places < span.stop)]
        weight = _STOP_WEIGHT if word.is_stop and not word.is_negation else 1.0
        votes[places - span.start - offset + len(words)] += weight
    smooth = np.convolve(votes, np.ones(reach), "same")
    result: list[int] = []
    for _ in range(_PLACES):
        at = int(np.argmax(smooth))
        if smooth[at] <= 0.0:
            break
        result.append(max(0, span.start + at - len(words) - reach // 2))
        smooth[max(0, at - len(words) // 2) : at + len(words) // 2 + 1] = 0.0
    return result
