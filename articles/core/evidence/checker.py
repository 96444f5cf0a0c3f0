"""Checks claims against a transcript: whether they are said at the cited moment, and where else they may be."""

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from articles.core.recordings.transcripts import Cue

from .excerpts import excerpt, passage_start, whole_cues
from .index import BIN_SECONDS, Index
from .language import obstacle
from .missing import TranscriptPassage, missing_parts
from .scoring import Curve, build_curve, build_query
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
APART_SECONDS = 50.0  # minimum distance between two candidates
CANDIDATE_SECONDS = 75.0
CANDIDATES = 5

# Logistic coefficients and thresholds; docs/evidence.md explains how they were fitted.
_RELATIVE = (4.56, 0.40, -2.71)  # height relative to the peak, height above the mean in standard deviations, offset
_ABSOLUTE = (14.9, 0.51, -5.73)  # share of the claim that is said, weight that is said, offset
HERE, NEARBY, ELSEWHERE = 0.25, 0.4, 0.5
_FLOOR, _ENOUGH = 0.3, 0.3
_LATEST = 1000 * 3600.0
_EARLY, _LATE = 5.0, 15.0  # seconds by which a citation may be early or late
_PASSAGE_BEFORE, _PASSAGE_AFTER, _LONGEST_CUE = 20.0, 60.0, 120.0
_LEAD, _REACH = 22.0, 8.0


class Transcript:
    """A transcript, indexed once so that each check takes about a millisecond.

    Cues may overlap, go backwards or have no text; their times are seconds of the recording that is cited. Negative
    and non-finite times count as 0.
    """

    def __init__(self, cues: Sequence[Cue]) -> None:
        self._index = Index([_clean(cue) for cue in cues])

    @property
    def cues(self) -> Sequence[Cue]:
        """The cues in start order."""
        return self._index.cues

    def check(
        self, claim: str, start_seconds: float, end_seconds: float | None = None, context: str = ""
    ) -> ClaimCheck:
        """Check a claim against the transcript at `start_seconds`, or up to `end_seconds`.

        `context` is text that tells what the claim is about but needn't be said itself, such as the section's heading
        and the sentence before. Never raises.
        """
        index = self._index
        reason = obstacle(index, claim)
        if reason:
            return ClaimCheck(NOT_CHECKED, reason=reason)
        start = _clean_seconds(start_seconds)
        end = max(start, _clean_seconds(end_seconds)) if end_seconds is not None else start
        query = build_query(index, claim, context)
        curve = build_curve(index, query)
        candidates = self._candidates(curve, CANDIDATES)
        here = self._best_bin(curve, start - _EARLY, end + _LATE)
        is_inside = start <= index.duration + _LATE
        score = self._score(curve, self._best_bin(curve, start, end)) if is_inside else 0.0
        words = whole_cues(index, start - _PASSAGE_BEFORE, end + _PASSAGE_AFTER, _LONGEST_CUE)
        spoken = TranscriptPassage(index.words(words))
        matched = tuple(claim[word.start : word.end] for word in query.words if spoken.says(word.term))
        passage = excerpt(index, start - 1.0, max(end, start + 30.0))
        verdict: Verdict = NOT_FOUND
        missing: tuple[str, ...] = ()
        where: Candidate | None = None
        if matched and self._absolute(curve, here) >= HERE:
            missing = missing_parts(claim, spoken) if index.is_english else ()
            verdict = PARTLY if missing else SAID_HERE
        else:
            where = self._elsewhere(curve, candidates, start, end)
            if where is not None:
                is_near = _distance(where, start, end) <= NEARBY_SECONDS
                verdict = SAID_NEARBY if is_near else SAID_ELSEWHERE
        return ClaimCheck(verdict, score, passage, matched, missing, where, candidates)

    def locate(self, claim: str, limit: int = 5, context: str = "") -> list[Candidate]:
        """Return at most `limit` distinct moments at which the claim may be said, best first."""
        if obstacle(self._index, claim):
            return []
        return list(self._candidates(build_curve(self._index, build_query(self._index, claim, context)), limit))

    def _candidates(self, curve: Curve, limit: int) -> tuple[Candidate, ...]:
        remaining = np.where(curve.mass > 0, curve.value, -np.inf)
        apart = int(APART_SECONDS / BIN_SECONDS)
        candidates: list[Candidate] = []
        while len(candidates) < limit:
            peak = int(np.argmax(remaining))
            if not np.isfinite(remaining[peak]):
                break
            # The curve decides the order; cap the score, which is also lowered by the share that is said, to match it.
            candidate = self._candidate(curve, peak)
            bound = candidates[-1].score if candidates else 1.0
            candidates.append(replace(candidate, score=min(candidate.score, bound)))
            remaining[max(0, peak - apart + 1) : peak + apart] = -np.inf
        return tuple(candidates)

    def _candidate(self, curve: Curve, peak: int) -> Candidate:
        index = self._index
        start = passage_start(index, peak * BIN_SECONDS, _LEAD, _REACH)
        end = max(start + 1.0, min(start + CANDIDATE_SECONDS, float(math.ceil(index.duration))))
        return Candidate(start, end, self._score(curve, peak), excerpt(index, start, end))

    def _elsewhere(self, curve: Curve, candidates: Sequence[Candidate], start: float, end: float) -> Candidate | None:
        """Return the best moment near the citation if it is good enough, else the best overall if that is."""
        near = self._best_bin(curve, start - NEARBY_SECONDS, end + NEARBY_SECONDS)
        if self._absolute(curve, near) >= NEARBY:
            close = [candidate for candidate in candidates if _distance(candidate, start, end) <= NEARBY_SECONDS]
            return close[0] if close else self._candidate(curve, near)
        best = int(np.argmax(curve.value))
        return candidates[0] if candidates and self._absolute(curve, best) >= ELSEWHERE else None

    def _best_bin(self, curve: Curve, start: float, end: float) -> int:
        """Return the bin with the highest value from `start` to `end` seconds; the last bin if that is past the end."""
        last = len(curve.value) - 1
        low = min(last, max(0, int(start / BIN_SECONDS)))
        high = min(last, max(low, int(end / BIN_SECONDS)))
        return low + int(np.argmax(curve.value[low : high + 1]))

    def _score(self, curve: Curve, position: int) -> float:
        """Compare a bin with the whole recording, in [0, 1]; lower if little of the claim is said there."""
        if curve.peak <= 0.0:
            return 0.0
        height = float(curve.value[position])
        slope, deviations, shift = _RELATIVE
        z = slope * height / curve.peak + deviations * (height - curve.mean) / (curve.deviation + 1e-6) + shift
        share = min(1.0, self._absolute(curve, position) / _ENOUGH)
        return round(_logistic(z) * (_FLOOR + (1.0 - _FLOOR) * share), 4)

    def _absolute(self, curve: Curve, position: int) -> float:
        share, weight, shift = _ABSOLUTE
        return _logistic(share * float(curve.coverage[position]) + weight * float(curve.mass[position]) + shift)


def _distance(moment: Candidate, start: float, end: float) -> float:
    return max(moment.start_seconds - end, start - moment.start_seconds, 0.0)


def _logistic(value: float) -> float:
    return 1.0 / (1.0 + math.exp(-max(-60.0, min(60.0, value))))


def _clean_seconds(seconds: float) -> float:
    return min(max(0.0, seconds), _LATEST) if math.isfinite(seconds) else 0.0


def _clean(cue: Cue) -> Cue:
    start = _clean_seconds(cue.start_seconds)
    return Cue(start, max(start, _clean_seconds(cue.end_seconds)), cue.speaker, cue.text)
