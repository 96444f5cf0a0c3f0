"""The values that a check gives: its verdict, and the moments that were found."""

from dataclasses import dataclass, field
from typing import Literal

from articles.core.language.messages import noop

Verdict = Literal["not checked", "said here", "said nearby", "partly", "said elsewhere", "not found"]

NOT_CHECKED: Verdict = "not checked"
SAID_HERE: Verdict = "said here"
SAID_NEARBY: Verdict = "said nearby"
PARTLY: Verdict = "partly"
SAID_ELSEWHERE: Verdict = "said elsewhere"
NOT_FOUND: Verdict = "not found"

VERDICTS: tuple[Verdict, ...] = (SAID_HERE, SAID_NEARBY, PARTLY, SAID_ELSEWHERE, NOT_FOUND, NOT_CHECKED)


# They are data; where people read them, they are told in the site’s language.
_TOLD = [
    noop("not checked"),
    noop("said here"),
    noop("said nearby"),
    noop("partly"),
    noop("said elsewhere"),
    noop("not found"),
]


@dataclass(frozen=True)
class Candidate:
    """A moment at which a claim may be said: whole seconds, score in [0, 1], and what is said there."""

    start_seconds: float
    end_seconds: float
    score: float
    excerpt: str


@dataclass(frozen=True)
class ClaimCheck:
    """What was found of a claim at the cited moment.

    `score` in [0, 1] compares the cited moment with the rest of the recording. `excerpt` is what is said
    there, `matched_words` are the claim's words among it. `missing` says for “partly” what is not there,
    as the claim writes it. `where` is the moment for “said nearby” and “said elsewhere”. `candidates` are
    the best moments in the whole recording. `reason` says why a claim was not checked.
    """

    verdict: Verdict
    score: float = 0.0
    excerpt: str = ""
    matched_words: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    where: Candidate | None = None
    candidates: tuple[Candidate, ...] = field(default=())
    reason: str = ""
