"""Checks claims against a transcript: whether they are said at the cited moment, and where else they may be."""

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from articles.core.language.messages import noop
from articles.core.recordings.transcripts import Cue, silences

from .discrepancies import Comparison
from .discrepancies.missing import TranscriptPassage, missing_parts
from .excerpts import excerpt, passage_start, whole_cues
from .indexing.index import BIN_SECONDS, Index
from .language import obstacle
from .scoring.calibration import HEARD_AFTER, HEARD_BEFORE, logistic, probability
from .scoring.curves import Curve, Query, build_curve, build_query
from .types import (
    CANT_TELL,
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

CHECKER_VERSION = 9

NEARBY_SECONDS = 120.0
APART_SECONDS = 45.0  # minimum distance between two candidates
CANDIDATE_SECONDS = 75.0
CANDIDATES = 5

# Below `FLAGGED` a citation is flagged, from `HERE` on the claim is said here, and between them nothing can be told;
# docs/evidence.md explains how they were chosen.
FLAGGED, HERE = 0.27, 0.5
# Tells a claim's best moment in its own episode from that in another one: share of the claim that is said, weight that
# is said, offset. From `NEARBY` and `ELSEWHERE` on, such a moment is named; below `LITTLE` so little is said that even
# the best moment of an unrelated recording may have as much, and nothing can be told.
_ABSOLUTE = (14.9, 0.51, -5.73)
LITTLE, NEARBY, ELSEWHERE = 0.08, 0.4, 0.5
_LATEST = 1000 * 3600.0
_PAST_END = 15.0  # seconds after the last cue at which something may still be said
_LONGEST_CUE = 120.0
# From this share of the transcript in long stretches without cues on, it doesn't show what the recording never says.
_INCOMPLETE = 0.1


NOTHING_THERE = noop("the transcript has nothing there")


class Transcript:
    """A transcript, indexed once so that each check takes about a millisecond.

    Cues may overlap, go backwards or have no text; their times are seconds of the recording that is cited. Negative
    and non-finite times count as 0.
    """

    def __init__(self, cues: Sequence[Cue]) -> None:
        self.index = Index([_clean(cue) for cue in cues])
        self._comparison = Comparison(self.index)
        self._silences = silences(self.index.cues, self.index.duration)
        # What the last cue claims after its words needn't be missing: it may be music, or nothing.
        silent = sum(end - start for start, end in silences(self.index.cues))
        self._is_incomplete = silent > _INCOMPLETE * self.index.duration

    @property
    def cues(self) -> Sequence[Cue]:
        """The cues in start order."""
        return self.index.cues

    def check(
        self,
        claim: str,
        start_seconds: float,
        end_seconds: float | None = None,
        context: str = "",
        *,
        is_quotation: bool = False,
    ) -> ClaimCheck:
        """Check a claim against the transcript at `start_seconds`, or up to `end_seconds`.

        `context` is text that tells what the claim is about but needn't be said itself, such as the section's heading
        and the sentence before. `is_quotation` says that the claim is somebody's words although no marks are around it,
        as in a block quote. Never raises.
        """
        index = self.index
        reason = obstacle(index, claim)
        if reason:
            return ClaimCheck(NOT_CHECKED, reason=reason)
        start = _clean_seconds(start_seconds)
        end = max(start, _clean_seconds(end_seconds)) if end_seconds is not None else start
        query = build_query(index, claim, context)
        curve = build_curve(index, query)
        candidates = self._candidates(curve, query, CANDIDATES)
        score = self._score(curve, start, end)
        heard = curve.best(start - HEARD_BEFORE, end + HEARD_AFTER)
        heard_words = self._heard_words(start, end)
        spoken = TranscriptPassage(index.words(heard_words))
        is_silent = self._is_silent(start, end)
        is_known = not (is_silent or self._is_incomplete)
        found = self._comparison.discrepancies(claim, heard_words, is_quotation=is_quotation) if is_known else ()
        matched = tuple(claim[word.start : word.end] for word in query.words if spoken.says(word.term))
        passage = excerpt(index, start - 1.0, max(end, start + 30.0))
        verdict: Verdict = CANT_TELL
        missing: tuple[str, ...] = ()
        where: Candidate | None = None
        reason = ""
        if not matched or score < FLAGGED:
            where = self._elsewhere(curve, query, candidates, start, end)
            if where is None and is_silent:
                reason = NOTHING_THERE
            elif where is None:
                verdict = NOT_FOUND
            else:
                verdict = SAID_NEARBY if _distance(where, start, end) <= NEARBY_SECONDS else SAID_ELSEWHERE
        elif score >= HERE and self._absolute(curve, heard) >= LITTLE:
            missing = missing_parts(claim, spoken) if index.is_english else ()
            verdict = PARTLY if missing else SAID_HERE
        if found and verdict == SAID_HERE:
            verdict = PARTLY
        return ClaimCheck(verdict, score, passage, matched, missing, where, candidates, reason, found)

    def locate(self, claim: str, limit: int = 5, context: str = "") -> list[Candidate]:
        """Return at most `limit` distinct moments at which the claim may be said, best first."""
        if obstacle(self.index, claim):
            return []
        query = build_query(self.index, claim, context)
        return list(self._candidates(build_curve(self.index, query), query, limit))

    def _candidates(self, curve: Curve, query: Query, limit: int) -> tuple[Candidate, ...]:
        remaining = np.where(curve.mass > 0, curve.value, -np.inf)
        apart = int(APART_SECONDS / BIN_SECONDS)
        candidates: list[Candidate] = []
        while len(candidates) < limit:
            peak = int(np.argmax(remaining))
            if not np.isfinite(remaining[peak]):
                break
            # The curve decides the order; cap the score, which looks at more than that, to match it.
            candidate = self._candidate(curve, query, peak)
            bound = candidates[-1].score if candidates else 1.0
            candidates.append(replace(candidate, score=min(candidate.score, bound)))
            remaining[max(0, peak - apart + 1) : peak + apart] = -np.inf
        return tuple(candidates)

    def _candidate(self, curve: Curve, query: Query, peak: int) -> Candidate:
        index = self.index
        begins = passage_start(index, query.weight_of, peak * BIN_SECONDS)
        start = float(math.floor(begins))
        end = max(start + 1.0, min(start + CANDIDATE_SECONDS, float(math.ceil(index.duration))))
        return Candidate(start, end, self._score(curve, start, start), excerpt(index, begins, end))

    def _elsewhere(
        self, curve: Curve, query: Query, candidates: Sequence[Candidate], start: float, end: float
    ) -> Candidate | None:
        """Return the best moment near the citation if it is good enough, else the best overall if that is.

        A citation that is moved there is not flagged again.
        """
        near = curve.best(start - NEARBY_SECONDS, end + NEARBY_SECONDS)
        if self._absolute(curve, near) >= NEARBY:
            close = [candidate for candidate in candidates if _distance(candidate, start, end) <= NEARBY_SECONDS]
            for candidate in close[:1] or [self._candidate(curve, query, near)]:
                if self._is_heard(curve, query, candidate):
                    return candidate
        is_said = self._absolute(curve, int(np.argmax(curve.value))) >= ELSEWHERE
        if is_said and candidates and self._is_heard(curve, query, candidates[0]):
            return candidates[0]
        return None

    def _is_heard(self, curve: Curve, query: Query, candidate: Candidate) -> bool:
        """Return whether a citation of the candidate's start isn't flagged."""
        start = candidate.start_seconds
        spoken = TranscriptPassage(self.index.words(self._heard_words(start, start)))
        return self._score(curve, start, start) >= FLAGGED and any(spoken.says(term) for term in query.terms)

    def _heard_words(self, start: float, end: float) -> slice:
        return whole_cues(self.index, start - HEARD_BEFORE, end + HEARD_AFTER, _LONGEST_CUE)

    def _score(self, curve: Curve, start: float, end: float) -> float:
        is_inside = start <= self.index.duration + _PAST_END
        return round(probability(curve, start, end), 4) if is_inside else 0.0

    def _is_silent(self, start: float, end: float) -> bool:
        """Return whether the transcript has nothing where a citation leads: after its end, or in a stretch without cues.

        In the latter case, more than half of what a listener hears from the cited second on lies in such stretches.
        """
        if start > self.index.duration + _PAST_END:
            return True
        last = end + HEARD_AFTER
        silent = sum(max(0.0, min(last, until) - max(start, since)) for since, until in self._silences)
        return silent * 2 > last - start

    def _absolute(self, curve: Curve, position: int) -> float:
        share, weight, shift = _ABSOLUTE
        return logistic(share * float(curve.coverage[position]) + weight * float(curve.mass[position]) + shift)


def _distance(moment: Candidate, start: float, end: float) -> float:
    return max(moment.start_seconds - end, start - moment.start_seconds, 0.0)


def _clean_seconds(seconds: float) -> float:
    return min(max(0.0, seconds), _LATEST) if math.isfinite(seconds) else 0.0


def _clean(cue: Cue) -> Cue:
    start = _clean_seconds(cue.start_seconds)
    return Cue(start, max(start, _clean_seconds(cue.end_seconds)), cue.speaker, cue.text)
