"""What is wrong with a text's citations of one recording as a whole, judged from the checks of all of them.

A text can cite another recording than the one it names, or its timestamps can all be off in the same way: by an hour,
by another constant, or with minutes written as hours. Then one issue says so instead of a flag per citation.
"""

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from statistics import median
from typing import Literal

from articles.core.language.messages import noop

from .types import CANT_TELL, NOT_CHECKED, NOT_FOUND, SAID_ELSEWHERE, SAID_NEARBY, Verdict

Kind = Literal["other recording", "shifted", "hours too late", "minutes as hours", "past the end"]

# Stored as data, translated where they are shown.
OTHER_RECORDING: Kind = noop("other recording")
SHIFTED: Kind = noop("shifted")
HOURS_TOO_LATE: Kind = noop("hours too late")
MINUTES_AS_HOURS: Kind = noop("minutes as hours")
PAST_END: Kind = noop("past the end")
KINDS: tuple[Kind, ...] = (OTHER_RECORDING, SHIFTED, HOURS_TOO_LATE, MINUTES_AS_HOURS, PAST_END)

HOUR = 3600
FLAGS = (SAID_NEARBY, SAID_ELSEWHERE, NOT_FOUND)

# docs/evidence.md has the figures behind these numbers.
FEWEST = 5  # citations, at places of their own, without which nothing is said about all of them
LIKELY = 0.5  # score from which a candidate counts as a moment at which the claim is said
CLOSE = 30  # seconds from a candidate within which a reading speaks for itself
NEAR = 60  # seconds from a candidate within which an established reading explains a citation
PLACE = 60  # seconds from which two citations are at different places, and so speak independently of each other
LEAST_SHIFT = 45  # seconds; a listener of a citation that is less off hears the claim
ROUND = 45  # seconds from a whole hour within which a difference is that hour
SHARE = 0.4  # of the flagged citations that one reading must explain
CHANCE = 1e-5  # largest probability that a reading explains as many by chance
FOREIGN_FEWEST = 12  # checked citations from which a recording can be called another one
FOREIGN_FOUND = 0.35  # largest share of them that is said anywhere in it
FOREIGN_UNCLEAR = 0.25  # largest share of which the check can't tell that is left out


@dataclass(frozen=True)
class Checked:
    """A citation of the recording with its check: whole seconds, and (start, score) of each moment that may be meant."""

    start_seconds: int
    verdict: Verdict
    candidates: tuple[tuple[float, float], ...] = ()

    @property
    def is_flagged(self) -> bool:
        return self.verdict in FLAGS


@dataclass(frozen=True)
class Reading:
    """How timestamps are to be read instead; `offset_seconds` is what is added to each if the kind is “shifted”."""

    kind: Kind
    offset_seconds: int = 0

    def read(self, seconds: int) -> int | None:
        """Return the second that is meant by the cited one, or None if this can't be a misreading of it."""
        if self.kind == SHIFTED:
            meant = seconds + self.offset_seconds
        elif self.kind == HOURS_TOO_LATE:
            meant = seconds % HOUR
        else:  # [34:10:00] instead of [00:34:10]
            meant = seconds // 60 if seconds >= HOUR else seconds
        return meant if meant >= 0 and meant != seconds else None


@dataclass(frozen=True)
class SourceIssue:
    """What is wrong with the citations of one recording, and the indexes of those that it explains.

    `reading` puts them right; it is None if none does.
    """

    kind: Kind
    explained: tuple[int, ...]
    reading: Reading | None = None


def find_issue(checked: Sequence[Checked], seconds: float | None) -> SourceIssue | None:
    """Return what is wrong with all citations of a recording, or None. Never raises.

    `seconds` is its length, or None if that isn't known. A citation that somebody has confirmed or dismissed should
    come with the verdict “said here”: it isn't flagged.
    """
    checked = [_as_not_found(citation) if _is_past(citation, seconds) else citation for citation in checked]
    flagged = [index for index, citation in enumerate(checked) if citation.is_flagged]
    past = [index for index, citation in enumerate(checked) if _is_past(citation, seconds)]
    if is_foreign(checked):
        return SourceIssue(OTHER_RECORDING, tuple(flagged))
    if seconds and (found := _best_reading(checked, flagged, seconds)):
        return found
    if _places(checked[index].start_seconds for index in past) >= FEWEST and 2 * len(past) >= len(checked):
        return SourceIssue(PAST_END, tuple(past))
    return None


def _is_past(citation: Checked, seconds: float | None) -> bool:
    return seconds is not None and citation.start_seconds > seconds > 0


def _as_not_found(citation: Checked) -> Checked:
    """Return the citation of a moment past the end, where no transcript can have anything: that it can't tell says
    nothing for the claim, unlike in a gap of the transcript.
    """
    return replace(citation, verdict=NOT_FOUND) if citation.verdict == CANT_TELL else citation


def is_foreign(checked: Iterable[Checked]) -> bool:
    """Return whether hardly any of the citations is said anywhere in the recording."""
    verdicts = [citation.verdict for citation in checked if citation.verdict != NOT_CHECKED]
    unclear = verdicts.count(CANT_TELL)
    # A few say nothing either way. Many are a sign of a transcript with gaps, in which the others may be said, too.
    judged = len(verdicts) - (unclear if unclear <= FOREIGN_UNCLEAR * len(verdicts) else 0)
    return len(verdicts) >= FOREIGN_FEWEST and verdicts.count(NOT_FOUND) >= (1 - FOREIGN_FOUND) * judged


def _best_reading(checked: Sequence[Checked], flagged: Sequence[int], seconds: float) -> SourceIssue | None:
    best: SourceIssue | None = None
    for reading, trials in _readings(checked, flagged, seconds):
        if best is not None and best.kind == reading.kind:  # an hour, which is likelier than an hour and two seconds
            continue
        of = _places_of(checked, flagged, reading)
        places = _places_of(checked, _fitting(checked, flagged, reading, CLOSE), reading)
        is_enough = places >= max(FEWEST, SHARE * of)
        if not is_enough or trials * _tail(places, of, _by_chance(checked, flagged, seconds)) > CHANCE:
            continue
        fitting = _fitting(checked, flagged, reading, NEAR)
        if best is None or len(fitting) > len(best.explained):
            best = SourceIssue(reading.kind, fitting, reading)
    return best


def _readings(checked: Sequence[Checked], flagged: Sequence[int], seconds: float) -> Iterator[tuple[Reading, int]]:
    """Yield readings to be tried, each with the number of those that it was chosen from."""
    constant = _constant(checked, flagged)
    if constant is not None and abs(constant) >= LEAST_SHIFT:
        hour = round(constant / HOUR) * HOUR
        if hour and abs(constant - hour) <= ROUND:
            yield Reading(SHIFTED, hour), 4
        yield Reading(SHIFTED, constant), max(4, int(2 * seconds / CLOSE))
    yield Reading(HOURS_TOO_LATE), 4
    yield Reading(MINUTES_AS_HOURS), 4


def _constant(checked: Sequence[Checked], flagged: Sequence[int]) -> int | None:
    """Return the difference in seconds from cited to said that most of the flagged citations share."""
    differences = sorted(
        (start - checked[index].start_seconds, index)
        for index in flagged
        for start, score in checked[index].candidates
        if score >= LIKELY
    )
    best: tuple[int, int] | None = None
    first = most = 0
    inside: Counter[int] = Counter()  # how many of a citation's differences are among those looked at
    for last, (difference, index) in enumerate(differences):
        inside[index] += 1
        while differences[first][0] < difference - CLOSE:
            inside[differences[first][1]] -= 1
            if not inside[differences[first][1]]:
                del inside[differences[first][1]]
            first += 1
        if len(inside) > most:
            best, most = (first, last), len(inside)
    if best is None:
        return None
    middle = median(difference for difference, _ in differences[best[0] : best[1] + 1])
    nearest: dict[int, float] = {}
    for difference, index in differences:
        if abs(difference - middle) <= min(CLOSE, abs(nearest.get(index, math.inf) - middle)):
            nearest[index] = difference
    return round(median(nearest.values()))


def _fitting(checked: Sequence[Checked], indexes: Iterable[int], reading: Reading, within: int) -> tuple[int, ...]:
    """Return those of the citations that are said within so many seconds of what the reading makes of them."""
    fitting = []
    for index in indexes:
        meant = reading.read(checked[index].start_seconds)
        starts = (start for start, score in checked[index].candidates if score >= LIKELY)
        if meant is not None and any(abs(start - meant) <= within for start in starts):
            fitting.append(index)
    return tuple(fitting)


def _places_of(checked: Sequence[Checked], fitting: Sequence[int], reading: Reading) -> int:
    """Return at how many places the citations are, as they are written and as they are read.

    Minutes read as hours all lie in the first two minutes, where a teaser says a little of everything.
    """
    cited = [checked[index].start_seconds for index in fitting]
    return min(_places(cited), _places(reading.read(start) or start for start in cited))


def _places(seconds: Iterable[int]) -> int:
    """Return how many of the moments are at least `PLACE` seconds apart."""
    number, last = 0, -math.inf
    for start in sorted(seconds):
        if start >= last + PLACE:
            number, last = number + 1, start
    return number


def _by_chance(checked: Sequence[Checked], indexes: Sequence[int], seconds: float) -> float:
    """Return the mean share of the recording that is close to a candidate of the citations."""
    number = sum(score >= LIKELY for index in indexes for _, score in checked[index].candidates)
    return min(1.0, number * 2 * CLOSE / max(seconds, 1.0) / len(indexes))


def _tail(hits: int, of: int, chance: float) -> float:
    """Return the probability of `hits` or more in `of` independent trials."""
    if not 0 < chance < 1:
        return float(chance >= 1 or not hits)
    ways = math.lgamma(of + 1)
    return sum(
        math.exp(
            ways - math.lgamma(k + 1) - math.lgamma(of - k + 1) + k * math.log(chance) + (of - k) * math.log1p(-chance)
        )
        for k in range(hits, of + 1)
    )
