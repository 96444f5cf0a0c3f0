"""Draws a claim's curve: how much of it is said around each moment of a transcript."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .index import BIN_SECONDS, Index
from .tokens import Word, words_of

# A word counts less the farther it is from the moment, and reaches back less than forward: one cites where
# something begins. Seconds in which the weight falls to 1/e.
BEFORE, AFTER = 12.0, 18.0
CONTEXT_BEFORE, CONTEXT_AFTER = 20.0, 30.0
SATURATION = 0.6
NUMBER_WEIGHT = 1.3
PAIR_WEIGHT = 0.4
CONTEXT_WEIGHT = 0.3
_MAX_TERMS, _MAX_CONTEXT = 60, 30
_REACH = 4  # kernels are cut where they fall below exp(-4)


def _kernel(before: float, after: float) -> np.ndarray:
    """Weights for a word's contribution to the moments from `after` before it to `before` behind it."""
    offsets = np.arange(-int(_REACH * after / BIN_SECONDS), int(_REACH * before / BIN_SECONDS) + 1)
    distance = offsets * BIN_SECONDS
    return np.exp(np.where(distance < 0, distance / after, -distance / before))


_NEAR, _WIDE = _kernel(BEFORE, AFTER), _kernel(CONTEXT_BEFORE, CONTEXT_AFTER)
_NEAR_SHIFT, _WIDE_SHIFT = int(_REACH * AFTER / BIN_SECONDS), int(_REACH * CONTEXT_AFTER / BIN_SECONDS)


@dataclass(frozen=True)
class Query:
    """A claim's content words once each, their weights, and the content words of its context."""

    words: tuple[Word, ...]
    weights: np.ndarray
    context: tuple[str, ...]

    @property
    def terms(self) -> list[str]:
        """The claim's terms in their order."""
        return [word.term for word in self.words]


@dataclass(frozen=True)
class Curve:
    """Values per bin of `BIN_SECONDS`: `value` for finding moments, `coverage` in [0, 1] of the claim's weight."""

    value: np.ndarray
    coverage: np.ndarray
    mass: np.ndarray


def query(index: Index, claim: str, context: str = "") -> Query:
    """Read a claim and its context into terms; both are cut to a length that no sentence has."""
    words: dict[str, Word] = {}
    for word in words_of(claim, is_english=index.is_english):
        if not word.is_stop:
            words.setdefault(word.term, word)
    chosen = tuple(words.values())[:_MAX_TERMS]
    weights = np.array([index.rarity(word.term) * (NUMBER_WEIGHT if word.is_number else 1.0) for word in chosen])
    around: dict[str, None] = {}
    for word in reversed(words_of(context, is_english=index.is_english)):
        if not word.is_stop and word.term not in words:
            around.setdefault(word.term)
    return Query(chosen, weights, tuple(around)[:_MAX_CONTEXT])


def curve(index: Index, asked: Query) -> Curve:
    """Return the claim's curve over the whole transcript."""
    terms = asked.terms
    said = _saturated(index, [index.places(term) for term in terms], _NEAR, _NEAR_SHIFT)
    mass = asked.weights @ said
    value = mass.copy()
    total = float(asked.weights.sum())
    pairs, pair_weights = _pairs(index, asked)
    if pairs:
        value += PAIR_WEIGHT * (pair_weights @ _saturated(index, pairs, _NEAR, _NEAR_SHIFT))
    if asked.context:
        weights = np.array([index.rarity(term) for term in asked.context])
        around = _saturated(index, [index.places(term) for term in asked.context], _WIDE, _WIDE_SHIFT)
        value += CONTEXT_WEIGHT * (weights @ around)
    return Curve(value, mass / total if total else mass, mass)


def _pairs(index: Index, asked: Query) -> tuple[list[np.ndarray], np.ndarray]:
    """Places where neighbours in the claim are neighbours in the transcript, with the rarer word's weight halved
    between them."""
    places: list[np.ndarray] = []
    weights: list[float] = []
    terms = asked.terms
    for gap in (1, 2):
        for first in range(len(terms) - gap):
            found = index.pair_places(terms[first], terms[first + gap])
            if len(found):
                places.append(found)
                weights.append(float(min(asked.weights[first], asked.weights[first + gap])))
    return places, np.array(weights)


def _saturated(index: Index, places: Sequence[np.ndarray], kernel: np.ndarray, shift: int) -> np.ndarray:
    """For each list of words the weight of its occurrences around each bin, rows × bins, in [0, 1)."""
    width = index.bin_count + len(kernel)
    rows = np.repeat(np.arange(len(places)), [len(found) for found in places])
    if not len(rows):
        return np.zeros((len(places), index.bin_count))
    bins = index.bins[np.concatenate(places)]
    flat = (rows * width + bins)[:, None] + np.arange(len(kernel))
    weights = np.broadcast_to(kernel, flat.shape)
    table = np.bincount(flat.ravel(), weights.ravel(), len(places) * width).reshape(len(places), width)
    around = table[:, shift : shift + index.bin_count]
    saturated: np.ndarray = around / (around + SATURATION)
    return saturated
