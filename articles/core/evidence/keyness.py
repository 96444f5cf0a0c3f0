"""Chooses the sentences of a stretch of a transcript that are most characteristic of it."""

import math
from collections import Counter
from dataclasses import dataclass

import numpy as np

from .excerpts import spoken_text
from .indexing.index import SENTENCE_ENDS, Index

COUNT = 3  # passages of a stretch
LENGTH = 280  # characters of a passage
_SHORTEST = 5  # words; below that a sentence says too little by itself
_USUAL = 12  # words; what shorter sentences are counted as, so that they don't win by being short


@dataclass(frozen=True)
class KeyPassage:
    """A sentence of a transcript: the whole second at which it begins, and its words, cut to `LENGTH` characters."""

    start_seconds: int
    text: str


def key_passages(index: Index, start_seconds: int, end_seconds: int, count: int = COUNT) -> tuple[KeyPassage, ...]:
    """Return up to `count` sentences that begin from `start_seconds` up to, not at, `end_seconds`, in order of time.

    A word is worth its keyness: how much more often it is said in the stretch than in the rest of the recording, by the
    log-likelihood ratio (Dunning 1993, “Accurate Methods for the Statistics of Surprise and Coincidence”; for keywords
    Rayson and Garside 2000, “Comparing Corpora using Frequency Profiling”). If the stretch is the whole recording, a
    word is worth more the more often it is said. A sentence is worth the sum of its distinct words, divided by the
    square root of its length in words. The best one is taken first; its words are then worth nothing, so that the next
    one says something else (as in SumBasic, Nenkova and Vanderwende 2005). Of equal sentences the first is taken.
    Sentences whose words are no more frequent here than elsewhere are never taken.
    """
    sentences = _sentences(index, start_seconds, end_seconds)
    worth = _keyness(index, start_seconds, end_seconds)
    terms = {sentence.start: _terms(index, sentence) & worth.keys() for sentence in sentences}
    chosen: list[slice] = []
    while len(chosen) < count:
        best, best_worth = None, 0.0
        for sentence in sentences:
            length = max(sentence.stop - sentence.start, _USUAL)
            # Summed in a fixed order, because the sum of floats depends on it.
            total = math.fsum(worth[term] for term in sorted(terms[sentence.start])) / math.sqrt(length)
            if total > best_worth:
                best, best_worth = sentence, total
        if best is None:
            break
        chosen.append(best)
        worth = {term: value for term, value in worth.items() if term not in terms[best.start]}
        terms = {start: left & worth.keys() for start, left in terms.items()}
    # Where cues overlap, a later word may be said before an earlier one.
    timed = sorted((_second(index, sentence, start_seconds), sentence.start, sentence) for sentence in chosen)
    return tuple(KeyPassage(second, _text(index, sentence)) for second, _, sentence in timed)


def _sentences(index: Index, start: int, end: int) -> list[slice]:
    """Return the slices of the sentences that begin in a stretch; only if all are short, also the short ones."""
    begins = np.flatnonzero(index.sentences)
    ends = np.append(begins[1:], len(index.seconds))
    in_stretch = (index.seconds[begins] >= start) & (index.seconds[begins] < end)
    pairs = zip(begins[in_stretch].tolist(), ends[in_stretch].tolist(), strict=True)
    sentences = [slice(first, last) for first, last in pairs]
    return [sentence for sentence in sentences if sentence.stop - sentence.start >= _SHORTEST] or sentences


def _terms(index: Index, words: slice) -> set[str]:
    return {word.term for word in index.words(words) if not word.is_stop}


def _keyness(index: Index, start: int, end: int) -> dict[str, float]:
    """Return what each content word that is more frequent in a stretch than elsewhere is worth, above 0."""
    span = slice(*np.searchsorted(index.seconds, (start, end)).tolist())
    here = Counter(word.term for word in index.words(span) if not word.is_stop)
    counts = {term: (count, len(index.places(term)) - count) for term, count in here.items()}
    size = sum(here.values())
    rest = (int(index.rank[-1]) if len(index.rank) else 0) - size
    if rest <= 0:
        return {term: math.log1p(count) for term, count in here.items()}
    found = {}
    for term, (count, elsewhere) in counts.items():
        if count * rest > elsewhere * size:
            share = (count + elsewhere) / (size + rest)
            ratio = count * math.log(count / (size * share))
            ratio += elsewhere * math.log(elsewhere / (rest * share)) if elsewhere else 0.0
            found[term] = 2 * ratio
    return found


def _second(index: Index, words: slice, start: int) -> int:
    """Return the second at which a sentence begins: of its cue, if it begins one, else the one of its first word."""
    cue = int(index.cue_of[words.start])
    begins_cue = words.start == 0 or int(index.cue_of[words.start - 1]) != cue
    second = float(index.seconds[words.start])
    return max(start, int(min(index.cues[cue].start_seconds, second) if begins_cue else second))


def _text(index: Index, words: slice) -> str:
    closing = index.cues[int(index.cue_of[words.stop - 1])].text[int(index.ends[words.stop - 1]) :][:1]
    text = spoken_text(index, words) + (closing if closing in SENTENCE_ENDS else "")
    if len(text) > LENGTH:
        cut = text.rfind(" ", LENGTH // 2, LENGTH)
        return text[: cut if cut > 0 else LENGTH].rstrip(" ,;:") + " …"
    return text
