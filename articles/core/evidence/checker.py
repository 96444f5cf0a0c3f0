"""Checks claims against a transcript: what is said at the cited moment, and where else it is said."""

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from articles.core.recordings.transcripts import Cue

from .excerpts import excerpt, passage_start, whole_cues
from .index import BIN_SECONDS, Index
from .language import obstacle
from .missing import TranscriptPassage, missing_parts
from .scoring import Curve, curve, query
from .types import (
    NOT_CHECKED,
    NOT_FOUND,
    PARTLY,
    SAID_ELSEWHERE,
    SAID_HERE,
    SAID_NEARBY,
    Candidate,
    ClaimCheck,
    Verdict,
)

CHECKER_VERSION = 2

NEARBY_SECONDS = 120.0
APART_SECONDS = 50.0  # between two candidates
CANDIDATE_SECONDS = 75.0
CANDIDATES = 5

# Logistic scales and thresholds: docs/evidence.md says from what and how they were set.
_RELATIVE = (4.56, 0.40, -2.71)  # of the curve's height against its peak, against its mean in deviations
_ABSOLUTE = (14.9, 0.51, -5.73)  # of the claim's share that is said, of the weight that is said
HERE, NEARBY, ELSEWHERE = 0.25, 0.4, 0.5
_FLOOR, _ENOUGH = 0.3, 0.3
_LATEST = 1000 * 3600.0
_EARLY, _LATE = 5.0, 15.0  # seconds by which a citation may miss
_PASSAGE_BEFORE, _PASSAGE_AFTER, _LONGEST_CUE = 20.0, 60.0, 120.0
_LEAD, _REACH = 22.0, 8.0


class Transcript:
    """A transcript, indexed once; every check after that takes about a millisecond.

    Cues may overlap, go backwards or be without text; seconds are of the recording that the citations mean.
    Negative and non-finite times are taken as 0.
    """

    def __init__(self, cues: Sequence[Cue]) -> None:
        self._index = Index([_clean(cue) for cue in cues])

    @property
    def cues(self) -> Sequence[Cue]:
        """The cues in the order of their start."""
        return self._index.cues

    def check(
        self, claim: str, start_seconds: float, end_seconds: float | None = None, context: str = ""
    ) -> ClaimCheck:
        """Compare a claim with what is said from `start_seconds` (to `end_seconds`).

        `context` is text that says what the claim is about and need not be said itself: the section's
        heading and the sentence before. Never raises.
        """
        index = self._index
        reason = obstacle(index, claim)
        if reason:
            return ClaimCheck(NOT_CHECKED, reason=reason)
        start = _clean_seconds(start_seconds)
        end = max(start, _clean_seconds(end_seconds)) if end_seconds is not None else start
        asked = query(index, claim, context)
        drawn = curve(index, asked)
        candidates = self._candidates(drawn, CANDIDATES)
        here = self._best_bin(drawn, start - _EARLY, end + _LATE)
        is_inside = start <= index.duration + _LATE
        score = self._score(drawn, self._best_bin(drawn, start, end)) if is_inside else 0.0
        words = whole_cues(index, start - _PASSAGE_BEFORE, end + _PASSAGE_AFTER, _LONGEST_CUE)
        said = TranscriptPassage(index.words(words))
        matched = tuple(claim[word.start : word.end] for word in asked.words if said.says(word.term))
        passage = excerpt(index, start - 1.0, max(end, start + 30.0))
        verdict: Verdict = NOT_FOUND
        missing: tuple[str, ...] = ()
        where: Candidate | None = None
        if matched and self._absolute(drawn, here) >= HERE:
            missing = missing_parts(claim, said) if index.is_english else ()
            verdict = PARTLY if missing else SAID_HERE
        else:
            where = self._elsewhere(drawn, candidates, start, end)
            if where is not None:
                is_near = _distance(where, start, end) <= NEARBY_SECONDS
                verdict = SAID_NEARBY if is_near else SAID_ELSEWHERE
        return ClaimCheck(verdict, score, passage, matched, missing, where, candidates)

    def locate(self, claim: str, limit: int = 5, context: str = "") -> list[Candidate]:
        """Return at most `limit` moments at which the claim may be said, distinct ones, best first."""
        if obstacle(self._index, claim):
            return []
        return list(self._candidates(curve(self._index, query(self._index, claim, context)), limit))

    def _candidates(self, drawn: Curve, limit: int) -> tuple[Candidate, ...]:
        remaining = np.where(drawn.mass > 0, drawn.value, -np.inf)
        apart = int(APART_SECONDS / BIN_SECONDS)
        found: list[Candidate] = []
        while len(found) < limit:
            peak = int(np.argmax(remaining))
            if not np.isfinite(remaining[peak]):
                break
            # The curve orders them; a score that knows less (the share that is said) does not contradict it.
            candidate = self._candidate(drawn, peak)
            bound = found[-1].score if found else 1.0
            found.append(replace(candidate, score=min(candidate.score, bound)))
            remaining[max(0, peak - apart + 1) : peak + apart] = -np.inf
        return tuple(found)

    def _candidate(self, drawn: Curve, peak: int) -> Candidate:
        index = self._index
        start = passage_start(index, peak * BIN_SECONDS, _LEAD, _REACH)
        end = max(start + 1.0, min(start + CANDIDATE_SECONDS, float(math.ceil(index.duration))))
        return Candidate(start, end, self._score(drawn, peak), excerpt(index, start, end))

    def _elsewhere(self, drawn: Curve, candidates: Sequence[Candidate], start: float, end: float) -> Candidate | None:
        """The best moment near the citation that is good enough, else the best of all if it is."""
        near = self._best_bin(drawn, start - NEARBY_SECONDS, end + NEARBY_SECONDS)
        if self._absolute(drawn, near) >= NEARBY:
            close = [one for one in candidates if _distance(one, start, end) <= NEARBY_SECONDS]
            return close[0] if close else self._candidate(drawn, near)
        best = int(np.argmax(drawn.value))
        return candidates[0] if candidates and self._absolute(drawn, best) >= ELSEWHERE else None

    def _best_bin(self, drawn: Curve, start: float, end: float) -> int:
        """The bin with the highest value among those from `start` to `end`; the last one if beyond the end."""
        last = len(drawn.value) - 1
        low = min(last, max(0, int(start / BIN_SECONDS)))
        high = min(last, max(low, int(end / BIN_SECONDS)))
        return low + int(np.argmax(drawn.value[low : high + 1]))

    def _score(self, drawn: Curve, at: int) -> float:
        """How the moment compares with the whole recording, lowered where little of the claim is said."""
        peak, mean = float(drawn.value.max()), float(drawn.value.mean())
        if peak <= 0.0:
            return 0.0
        height = float(drawn.value[at])
        slope, deviations, shift = _RELATIVE
        z = slope * height / peak + deviations * (height - mean) / (float(drawn.value.std()) + 1e-6) + shift
        share = min(1.0, self._absolute(drawn, at) / _ENOUGH)
        return round(_logistic(z) * (_FLOOR + (1.0 - _FLOOR) * share), 4)

    def _absolute(self, drawn: Curve, at: int) -> float:
        share, weight, shift = _ABSOLUTE
        return _logistic(share * float(drawn.coverage[at]) + weight * float(drawn.mass[at]) + shift)


def _distance(moment: Candidate, start: float, end: float) -> float:
    return max(moment.start_seconds - end, start - moment.start_seconds, 0.0)


def _logistic(value: float) -> float:
    return 1.0 / (1.0 + math.exp(-max(-60.0, min(60.0, value))))


def _clean_seconds(seconds: float) -> float:
    return min(max(0.0, seconds), _LATEST) if math.isfinite(seconds) else 0.0


def _clean(cue: Cue) -> Cue:
    start = _clean_seconds(cue.start_seconds)
    return Cue(start, max(start, _clean_seconds(cue.end_seconds)), cue.speaker, cue.text)
