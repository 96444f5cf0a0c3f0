"""Cuts readable passages out of a transcript: from the beginning of a sentence, and no longer than a glance."""

import math

import numpy as np

from .index import Index

EXCERPT_LENGTH = 280  # characters
_LOOK_BACK = 90  # characters within which the beginning of the sentence is looked for
_SENTENCE_END = ".!?…。！？؟।"


def excerpt(index: Index, start: float, end: float) -> str:
    """Return what is said from `start` to `end` in seconds, cut to `EXCERPT_LENGTH`, "" where nothing is."""
    words = index.between(start, end)
    if words.start == words.stop:
        return ""
    first, last = int(index.cue_of[words.start]), int(index.cue_of[words.stop - 1])
    pieces: list[str] = []
    length = 0
    for number in range(first, last + 1):
        text = index.cues[number].text
        begin = _beginning(text, int(index.starts[words.start])) if number == first else 0
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
        return passage + (closing if closing and closing in _SENTENCE_END else " …" if closing else "")
    cut = passage.rfind(" ", EXCERPT_LENGTH // 2, EXCERPT_LENGTH)
    return passage[: cut if cut > 0 else EXCERPT_LENGTH].rstrip(" ,;:") + " …"


def passage_start(index: Index, peak: float, lead: float, reach: float) -> float:
    """Return the whole second at which the sentence or cue begins that leads up to the moment `peak`.

    It is the beginning nearest to `lead` seconds before, no farther from there than `reach`; else that moment.
    """
    wished = max(0.0, peak - lead)
    words = index.between(wished - reach, wished + reach)
    moments = index.seconds[words][index.begins[words]]
    best = float(moments[np.argmin(np.abs(moments - wished))]) if len(moments) else wished
    return float(math.floor(best))


def whole_cues(index: Index, start: float, end: float, longest: float) -> slice:
    """Return the words from `start` to `end`, widened to whole cues where these are at most `longest` seconds."""
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
    return not before or before[-1] in _SENTENCE_END


def _beginning(text: str, offset: int) -> int:
    """Where the sentence around `offset` begins, or the word there if that is too far back."""
    best = max((text.rfind(mark + " ", max(0, offset - _LOOK_BACK), offset) for mark in _SENTENCE_END), default=-1)
    if best >= 0:
        return best + 2
    return 0 if offset <= _LOOK_BACK else offset
