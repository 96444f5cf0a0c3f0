"""Cuts short, readable excerpts from a transcript, beginning at a sentence where possible."""

import math

import numpy as np

from .index import SENTENCE_ENDS, Index

EXCERPT_LENGTH = 280  # characters
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


def passage_start(index: Index, peak: float, lead: float, reach: float) -> float:
    """Return the whole second at which the sentence or cue leading up to `peak` begins; all values are seconds.

    This is the beginning nearest to `lead` seconds before `peak` and within `reach` of it, or that very moment if
    nothing begins there.
    """
    target = max(0.0, peak - lead)
    words = index.between(target - reach, target + reach)
    beginnings = index.seconds[words][index.begins[words]]
    nearest = float(beginnings[np.argmin(np.abs(beginnings - target))]) if len(beginnings) else target
    return float(math.floor(nearest))


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
