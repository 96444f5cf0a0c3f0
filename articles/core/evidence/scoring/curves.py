"""Computes a claim's curve: how much of it is said around each moment of a transcript."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from articles.core.evidence.indexing.index import BIN_SECONDS, Index
from articles.core.evidence.indexing.tokens import Word

# Seconds in which a word's weight falls to 1/e. A word counts less the farther it is from the moment, and less before
# it than after it, because citations point to where something begins.
BEFORE, AFTER = 12.0, 18.0
CONTEXT_BEFORE, CONTEXT_AFTER = 20.0, 30.0
SATURATION = 0.6
NUMBER_WEIGHT = 1.3
PAIR_WEIGHT = 0.4
CONTEXT_WEIGHT = 0.3
_MAX_TERMS, _MAX_CONTEXT = 60, 30
_REACH = 4  # kernels end where they fall below exp(-4)


def _kernel(before: float, after: float) -> np.ndarray:
    """Return a word's weights for the bins around it; they decay over `after` seconds before and `before` after it."""
    offsets = np.arange(-int(_REACH * after / BIN_SECONDS), int(_REACH * before / BIN_SECONDS) + 1)
    distance = offsets * BIN_SECONDS
    return np.exp(np.where(distance < 0, distance / after, -distance / before))


_NEAR, _WIDE = _kernel(BEFORE, AFTER), _kernel(CONTEXT_BEFORE, CONTEXT_AFTER)
_NEAR_SHIFT, _WIDE_SHIFT = int(_REACH * AFTER / BIN_SECONDS), int(_REACH * CONTEXT_AFTER / BIN_SECONDS)


@dataclass(frozen=True)
class Query:
    """A claim's distinct content words with their weights, and the content words of its context."""

    words: tuple[Word, ...]
    weights: np.ndarray
    context: tuple[str, ...]

    @property
    def terms(self) -> list[str]:
        """The claim's terms, in order."""
        return [word.term for word in self.words]

    @cached_property
    def weight_of(self) -> dict[str, float]:
        """The weight of each of the claim's terms."""
        return dict(zip(self.terms, self.weights.tolist(), strict=True))


@dataclass(frozen=True)
class Curve:
    """Values per bin of `BIN_SECONDS`.

    `value` ranks moments, `mass` is the weight of the claim's words that are said, and `coverage` is its share of the
    claim's weight, in [0, 1].
    """

    value: np.ndarray
    coverage: np.ndarray
    mass: np.ndarray

    # Each candidate is compared with all moments, so these are computed once.
    @cached_property
    def peak(self) -> float:
        """The highest value."""
        return float(self.value.max())

    @cached_property
    def mean(self) -> float:
        """The mean value."""
        return float(self.value.mean())

    @cached_property
    def deviation(self) -> float:
        """The standard deviation of the values."""
        return float(self.value.std())

    def best(self, start: float, end: float) -> int:
        """Return the bin with the highest value from `start` to `end` seconds; the last bin if that is past the end."""
        last = len(self.value) - 1
        low = min(last, max(0, int(start / BIN_SECONDS)))
        high = min(last, max(low, int(end / BIN_SECONDS)))
        return low + int(np.argmax(self.value[low : high + 1]))


def build_query(index: Index, claim: str, context: str = "") -> Query:
    """Return the query for a claim and its context, each limited to more terms than any sentence has."""
    words: dict[str, Word] = {}
    for word in index.words_of(claim):
        if not word.is_stop:
            words.setdefault(word.term, word)
    terms = tuple(words.values())[:_MAX_TERMS]
    weights = np.array([index.rarity(word.term) * (NUMBER_WEIGHT if word.is_number else 1.0) for word in terms])
    around: dict[str, None] = {}
    for word in reversed(index.words_of(context)):
        if not word.is_stop and word.term not in words:
            around.setdefault(word.term)
    return Query(terms, weights, tuple(around)[:_MAX_CONTEXT])


def build_curve(index: Index, query: Query) -> Curve:
    """Return the curve of a query over the whole transcript."""
    terms = query.terms
    said_weights = _saturated(index, [index.places(term) for term in terms], _NEAR, _NEAR_SHIFT)
    mass = query.weights @ said_weights
    value = mass.copy()
    total = float(query.weights.sum())
    pairs, pair_weights = _pairs(index, query)
    if pairs:
        value += PAIR_WEIGHT * (pair_weights @ _saturated(index, pairs, _NEAR, _NEAR_SHIFT))
    if query.context:
        weights = np.array([index.rarity(term) for term in query.context])
        around = _saturated(index, [index.places(term) for term in query.context], _WIDE, _WIDE_SHIFT)
        value += CONTEXT_WEIGHT * (weights @ around)
    return Curve(value, mass / total if total else mass, mass)


def _pairs(index: Index, query: Query) -> tuple[list[np.ndarray], np.ndarray]:
    """Return the places where neighbours in the claim are neighbours in the transcript, and the weight of each pair.

    The weight of a pair is the smaller weight of its two words.
    """
    places: list[np.ndarray] = []
    weights: list[float] = []
    terms = query.terms
    for gap in (1, 2):
        for first in range(len(terms) - gap):
            pair_places = index.pair_places(terms[first], terms[first + gap])
            if len(pair_places):
                places.append(pair_places)
                weights.append(float(min(query.weights[first], query.weights[first + gap])))
    return places, np.array(weights)


def _saturated(index: Index, places: Sequence[np.ndarray], kernel: np.ndarray, shift: int) -> np.ndarray:
    """Return for each array of places the weight of its words around each bin: rows × bins, in [0, 1)."""
    width = index.bin_count + len(kernel)
    rows = np.repeat(np.arange(len(places)), [len(row) for row in places])
    if not len(rows):
        return np.zeros((len(places), index.bin_count))
    bins = index.bins[np.concatenate(places)]
    flat = (rows * width + bins)[:, None] + np.arange(len(kernel))
    weights = np.broadcast_to(kernel, flat.shape)
    table = np.bincount(flat.ravel(), weights.ravel(), len(places) * width).reshape(len(places), width)
    around = table[:, shift : shift + index.bin_count]
    saturated: np.ndarray = around / (around + SATURATION)
    return saturated
