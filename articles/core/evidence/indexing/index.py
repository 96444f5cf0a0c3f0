"""Indexes a transcript: where each term is said, and how rare it is."""

import math
from collections import Counter
from collections.abc import Sequence

import numpy as np

from articles.core.recordings.transcripts import Cue

from .stems import language_by_words
from .timing import word_seconds
from .tokens import Word, english_share, words_of

BIN_SECONDS = 5.0
_MINUTE = 60.0
_ENGLISH_SHARE = 0.14
SENTENCE_ENDS = frozenset(".!?…。！？؟।")
CLOSING = " \"”’»')]"
_LONGEST_SENTENCE = 60  # words, on average, above which a transcript counts as not punctuated
_MAX_BINS = 20_000  # 27 hours; anything later is counted in the last bin


class Index:
    """The words of a transcript by time, in seconds. `cues` are in start order."""

    def __init__(self, cues: Sequence[Cue]) -> None:
        self.cues = tuple(sorted(cues, key=lambda cue: cue.start_seconds))
        sample = _sample(self.cues)
        self.is_english = english_share(sample) >= _ENGLISH_SHARE
        self._language = "" if self.is_english else language_by_words(sample)
        by_cue = [self.words_of(cue.text) for cue in self.cues]
        words = [word for cue_words in by_cue for word in cue_words]
        counts = [len(cue_words) for cue_words in by_cue]
        self.seconds = word_seconds(self.cues, counts)
        self.cue_of = np.repeat(np.arange(len(by_cue), dtype=np.int32), counts)
        self.starts = np.fromiter((word.start for word in words), np.int32, len(words))
        self.ends = np.fromiter((word.end for word in words), np.int32, len(words))
        self._flags = [word[3:] for word in words]
        term_ids: dict[str, int] = {}
        self._terms = np.fromiter(
            (term_ids.setdefault(word.term, len(term_ids)) for word in words), np.int32, len(words)
        )
        self._vocabulary = list(term_ids)
        self._numbers = term_ids
        self.begins = np.concatenate(
            [_beginnings(cue.text, cue_words) for cue, cue_words in zip(self.cues, by_cue, strict=True)]
            or [np.zeros(0, bool)]
        )
        self.sentences = self._sentences()
        self.rank = np.cumsum([not word.is_stop for word in words], dtype=np.int32)
        self.duration = max((cue.end_seconds for cue in self.cues), default=0.0)
        last = float(self.seconds[-1]) if len(words) else 0.0
        self.bin_count = min(_MAX_BINS, int(max(self.duration, last) / BIN_SECONDS) + 1)
        self.bins = np.minimum(self.seconds / BIN_SECONDS, self.bin_count - 1).astype(np.int32)
        self.postings = _postings(words)
        minutes = (self.seconds / _MINUTE).astype(np.int32).tolist()
        term_minutes = {(word.term, minute) for word, minute in zip(words, minutes, strict=True)}
        self._minutes_with = Counter(term for term, _ in term_minutes)
        self._minute_count = max(len(set(minutes)), 1)

    def _sentences(self) -> np.ndarray:
        """Return a boolean per word: whether it begins a sentence, or a cue if hardly any sentence end is written."""
        sentences = self.begins.copy()
        for word in np.flatnonzero(np.diff(self.cue_of)) + 1:
            before, cue = self.cues[int(self.cue_of[word - 1])], self.cues[int(self.cue_of[word])]
            is_end = before.text.rstrip(CLOSING)[-1:] in SENTENCE_ENDS
            sentences[word] = is_end or bool(cue.speaker and cue.speaker != before.speaker)
        is_punctuated = np.count_nonzero(sentences) * _LONGEST_SENTENCE >= len(sentences)
        return sentences if is_punctuated else self.begins

    def words_of(self, text: str) -> tuple[Word, ...]:
        """Return the words of a text as the transcript's are read."""
        return words_of(text, is_english=self.is_english, language=self._language)

    def rarity(self, term: str) -> float:
        """Return the inverse document frequency of a term, with minutes as documents; above 0."""
        count = self._minutes_with.get(term, 0)
        return math.log(1 + (self._minute_count - count + 0.5) / (count + 0.5))

    def places(self, term: str) -> np.ndarray:
        """Return the ascending indices of the words that are this term."""
        return self.postings.get(term, _NOWHERE)

    def all_places(self, term: str) -> np.ndarray:
        """Return the ascending indices of the words that are this term, be it a stop word or not."""
        places = self.postings.get(term)
        if places is None:
            number = self._numbers.get(term)
            places = _NOWHERE if number is None else np.flatnonzero(self._terms == number)
        return places

    def pair_places(self, first: str, second: str) -> np.ndarray:
        """Return the indices of `first` where `second` is the next content word or the one after it."""
        first_places, second_places = self.postings.get(first), self.postings.get(second)
        if first_places is None or second_places is None:
            return _NOWHERE
        ranks, following = self.rank[first_places], self.rank[second_places]
        next_place = np.searchsorted(following, ranks, side="right")
        clipped = np.minimum(next_place, len(following) - 1)
        near = (next_place < len(following)) & (following[clipped] - ranks <= 2)
        pairs: np.ndarray = first_places[near]
        return pairs

    def words(self, span: slice) -> list[Word]:
        """Return the words of a slice, with their offsets in the text of their cue."""
        columns = (self._terms[span].tolist(), self.starts[span].tolist(), self.ends[span].tolist(), self._flags[span])
        return [
            Word(self._vocabulary[term], start, end, *flags) for term, start, end, flags in zip(*columns, strict=True)
        ]

    def between(self, start: float, end: float) -> slice:
        """Return the slice of the words said from `start` to `end` in seconds, both included."""
        low = int(np.searchsorted(self.seconds, start, side="left"))
        return slice(low, max(low, int(np.searchsorted(self.seconds, end, side="right"))))


def _sample(cues: Sequence[Cue]) -> str:
    """Return the text of about two hundred cues from across the recording, to judge its language by."""
    step = max(1, len(cues) // 200)
    return " ".join(cue.text[:400] for cue in cues[::step])


_NOWHERE = np.zeros(0, np.int32)


def _beginnings(text: str, words: Sequence[Word]) -> np.ndarray:
    """Return a boolean per word: whether it begins the cue or a sentence."""
    begins = np.zeros(len(words), bool)
    end = -1
    for index, word in enumerate(words):
        begins[index] = end < 0 or (word.start - end > 1 and not SENTENCE_ENDS.isdisjoint(text[end : word.start]))
        end = word.end
    return begins


def _postings(words: Sequence[Word]) -> dict[str, np.ndarray]:
    by_term: dict[str, list[int]] = {}
    for index, word in enumerate(words):
        if not word.is_stop or word.is_negation:
            by_term.setdefault(word.term, []).append(index)
    return {term: np.array(indices, np.int32) for term, indices in by_term.items()}
