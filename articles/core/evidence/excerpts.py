"""Cuts short, readable excerpts from a transcript, beginning at a sentence where possible."""

import math
from collections.abc import Mapping, Sequence

import numpy as np

from articles.core.recordings.transcripts import Cue

from .indexing.index import CLOSING, SENTENCE_ENDS, Index
from .indexing.timing import word_seconds

EXCERPT_LENGTH = 280  # characters
_START_BEFORE, _START_AFTER = 25.0, 10.0  # seconds around the curve's peak in which the sentence begins
_WORD_SECONDS = 2.0
_FOLLOWS = 18.0  # seconds in which a word that follows a beginning loses its weight to 1/e, as in the curve
_LOOK_BACK = 90  # characters to search backwards for the beginning of the sentence


def excerpt(index: Index, start: float, end: float) -> str:
    """Return the transcript from `start` to `end` in seconds, cut to `EXCERPT_LENGTH`; "" if nothing is said."""
    words = index.between(start, end)
    if words.start == words.stop:
        return ""
    first, last = int(index.cue_of[words.start]), int(index.cue_of[words.stop - 1])
    pieces: list[str] = []
    length = 0
    for number in range(first, last + 1):
        text = index.cues[number].text
        begin = _sentence_start(text, int(index.starts[words.start])) if number == first else 0
        finish = int(index.ends[words.stop - 1]) if number == last else len(text)
        if number == first and begin:
            pieces.append("… " if not _is_sentence_start(text, begin) else "")
        pieces.append(text[begin:finish].strip() + ("" if number == last else " "))
        length += finish - begin
        if length > EXCERPT_LENGTH:
            break
    passage = "".join(pieces)
    closing = index.cues[last].text[int(index.ends[words.stop - 1]) :][:1]
    if len(passage) <= EXCERPT_LENGTH:
        return passage + (closing if closing and closing in SENTENCE_ENDS else " …" if closing else "")
    cut = passage.rfind(" ", EXCERPT_LENGTH // 2, EXCERPT_LENGTH)
    return passage[: cut if cut > 0 else EXCERPT_LENGTH].rstrip(" ,;:") + " …"


def spoken_text(index: Index, words: slice) -> str:
    """Return what is said in a slice of the transcript's words, as it is written there, from its first to last word."""
    first, last = int(index.cue_of[words.start]), int(index.cue_of[words.stop - 1])
    pieces = [index.cues[number].text for number in range(first, last + 1)]
    pieces[-1] = pieces[-1][: int(index.ends[words.stop - 1])]
    pieces[0] = pieces[0][int(index.starts[words.start]) :]
    return " ".join(" ".join(pieces).split())


def opening(cues: Sequence[Cue], second: int, words: int) -> str:
    """Return at most so many words, from the sentence or cue on that begins at the whole `second` or closest to it.

    `second` is the start of a candidate, and `cues` are those around it in order; "" without any.
    """
    said = [cue.text.split() for cue in cues]
    seconds = iter(word_seconds(cues, [len(of_cue) for of_cue in said]).tolist())
    spoken: list[str] = []
    beginnings: list[
        tuple[int, int]
    ] = []  # how far from the second, and the number of the word: the last one in that second
    for cue, of_cue in zip(cues, said, strict=True):
        for number, word in enumerate(of_cue):
            at = next(seconds)
            if not number:
                at = _beginning_of(cue, at)
            if not number or of_cue[number - 1].rstrip(CLOSING)[-1:] in SENTENCE_ENDS:
                beginnings.append((abs(math.floor(at) - second), -len(spoken)))
            spoken.append(word)
    first = -min(beginnings, default=(0, 0))[1]
    return " ".join(spoken[first : first + words]) + (" …" if first + words < len(spoken) else "")


def passage_start(index: Index, weights: Mapping[str, float], peak: float) -> float:
    """Return the second at which the sentence begins that says the terms in `weights` around `peak` seconds.

    That is the beginning after which the terms follow soonest, by weight. In a transcript without punctuation, cues
    count as sentences. Without a beginning near the peak, it is the last one before it.
    """
    near = index.between(peak - _START_BEFORE, peak + _START_AFTER)
    beginnings = near.start + np.flatnonzero(index.sentences[near])
    if not len(beginnings):
        beginnings = np.flatnonzero(index.sentences[: near.start])[-1:]
    if not len(beginnings):
        return 0.0
    starts = index.seconds[beginnings]
    value = np.zeros(len(beginnings))
    for term, weight in weights.items():
        places = index.places(term)
        following = np.searchsorted(places, beginnings)
        is_said = following < len(places)
        said = index.seconds[places[following[is_said]]]
        value[is_said] += weight * np.exp((starts[is_said] - said) / _FOLLOWS)
    best = int(np.argmax(value))
    word, second = int(beginnings[best]), float(starts[best])
    cue = int(index.cue_of[word])
    begins_cue = word == 0 or int(index.cue_of[word - 1]) != cue
    return _beginning_of(index.cues[cue], second) if begins_cue else second


def _beginning_of(cue: Cue, second: float) -> float:
    """Return when a cue begins, whose first word is said at `second`.

    A word's second is that of its middle. The cue knows better when it begins, unless its time was corrected.
    """
    return cue.start_seconds if second - _WORD_SECONDS <= cue.start_seconds <= second else second


def whole_cues(index: Index, start: float, end: float, longest: float) -> slice:
    """Return the words from `start` to `end`, widened to whole cues that last at most `longest` seconds."""
    words = index.between(start, end)
    if words.start == words.stop:
        return words
    low, high = words.start, words.stop
    first, last = index.cues[int(index.cue_of[low])], index.cues[int(index.cue_of[high - 1])]
    if first.end_seconds - first.start_seconds <= longest:
        low = int(np.searchsorted(index.cue_of, index.cue_of[low], side="left"))
    if last.end_seconds - last.start_seconds <= longest:
        high = int(np.searchsorted(index.cue_of, index.cue_of[high - 1], side="right"))
    return slice(low, high)


def _is_sentence_start(text: str, offset: int) -> bool:
    before = text[max(0, offset - 4) : offset].rstrip(" \"“'‘([")
    return not before or before[-1] in SENTENCE_ENDS


def _sentence_start(text: str, offset: int) -> int:
    """Return the offset at which the sentence around `offset` begins, or `offset` if that is too far back."""
    best = max((text.rfind(mark + " ", max(0, offset - _LOOK_BACK), offset) for mark in SENTENCE_ENDS), default=-1)
    if best >= 0:
        return best + 2
    return 0 if offset <= _LOOK_BACK else offset
