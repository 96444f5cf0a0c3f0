"""Indexes a transcript once: where each term is said, and how rare it is."""

import math
from collections import Counter
from collections.abc import Sequence

import numpy as np

from articles.core.recordings.transcripts import Cue

from .timing import word_seconds
from .tokens import Word, english_share, words_of

BIN_SECONDS = 5.0
_MINUTE = 60.0
_ENGLISH_SHARE = 0.14
_ENDS = frozenset(".!?…。！？؟।")
_MAX_BINS = 20_000  # 27 hours; beyond that moments are counted into the last one


class Index:
    """A transcript's words by time. `cues` are in the order of their start; times are seconds."""

    def __init__(self, cues: Sequence[Cue]) -> None:
        self.cues = tuple(sorted(cues, key=lambda cue: cue.start_seconds))
        self.is_english = _is_english(self.cues)
        by_cue = [words_of(cue.text, is_english=self.is_english) for cue in self.cues]
        words = [word for found in by_cue for word in found]
        self.seconds = word_seconds(self.cues, [len(found) for found in by_cue])
        self.cue_of = np.repeat(np.arange(len(by_cue), dtype=np.int32), [len(found) for found in by_cue])
        self.starts = np.fromiter((word.start for word in words), np.int32, len(words))
        self.ends = np.fromiter((word.end for word in words), np.int32, len(words))
        self._flags = [word[3:] for word in words]
        numbers: dict[str, int] = {}
        self._terms = np.fromiter((numbers.setdefault(word.term, len(numbers)) for word in words), np.int32, len(words))
        self._vocabulary = list(numbers)
        self.begins = np.concatenate(
            [_beginnings(cue.text, found) for cue, found in zip(self.cues, by_cue, strict=True)] or [np.zeros(0, bool)]
        )
        self.rank = np.cumsum([not word.is_stop for word in words], dtype=np.int32)
        self.duration = max((cue.end_seconds for cue in self.cues), default=0.0)
        last = float(self.seconds[-1]) if len(words) else 0.0
        self.bin_count = min(_MAX_BINS, int(max(self.duration, last) / BIN_SECONDS) + 1)
        self.bins = np.minimum(self.seconds / BIN_SECONDS, self.bin_count - 1).astype(np.int32)
        self.postings = _postings(words)
        minutes = (self.seconds / _MINUTE).astype(np.int32).tolist()
        pairs = {(word.term, minute) for word, minute in zip(words, minutes, strict=True)}
        self._minutes_with = Counter(term for term, _ in pairs)
        self._minute_count = max(len(set(minutes)), 1)

    def rarity(self, term: str) -> float:
        """Return the inverse document frequency of a term, a document being a minute; above 0."""
        count = self._minutes_with.get(term, 0)
        return math.log(1 + (self._minute_count - count + 0.5) / (count + 0.5))

    def places(self, term: str) -> np.ndarray:
        """Return the numbers of the words that are this term, ascending."""
        return self.postings.get(term, _NOWHERE)

    def pair_places(self, first: str, second: str) -> np.ndarray:
        """Return the words `first` behind which `second` follows as the next content word or the one after."""
        one, two = self.postings.get(first), self.postings.get(second)
        if one is None or two is None:
            return _NOWHERE
        ranks, following = self.rank[one], self.rank[two]
        at = np.searchsorted(following, ranks, side="right")
        at_most = np.minimum(at, len(following) - 1)
        near = (at < len(following)) & (following[at_most] - ranks <= 2)
        found: np.ndarray = one[near]
        return found

    def words(self, at: slice) -> list[Word]:
        """Return the words of a slice, with their offsets in the text of their cue."""
        columns = (self._terms[at].tolist(), self.starts[at].tolist(), self.ends[at].tolist(), self._flags[at])
        return [
            Word(self._vocabulary[term], start, end, *flags) for term, start, end, flags in zip(*columns, strict=True)
        ]

    def between(self, start: float, end: float) -> slice:
        """Return the slice of the words said from `start` to `end` in seconds, both included."""
        low = int(np.searchsorted(self.seconds, start, side="left"))
        return slice(low, max(low, int(np.searchsorted(self.seconds, end, side="right"))))


def _is_english(cues: Sequence[Cue]) -> bool:
    """Judge by the words of some two hundred cues from everywhere in the recording."""
    step = max(1, len(cues) // 200)
    return english_share(" ".join(cue.text[:400] for cue in cues[::step])) >= _ENGLISH_SHARE


_NOWHERE = np.zeros(0, np.int32)


def _beginnings(text: str, words: Sequence[Word]) -> np.ndarray:
    """Which words of a cue begin it or a sentence."""
    begins = np.zeros(len(words), bool)
    end = -1
    for number, word in enumerate(words):
        begins[number] = end < 0 or (word.start - end > 1 and not _ENDS.isdisjoint(text[end : word.start]))
        end = word.end
    return begins


def _postings(words: Sequence[Word]) -> dict[str, np.ndarray]:
    numbers: dict[str, list[int]] = {}
    for number, word in enumerate(words):
        if not word.is_stop or word.is_negation:
            numbers.setdefault(word.term, []).append(number)
    return {term: np.array(found, np.int32) for term, found in numbers.items()}
