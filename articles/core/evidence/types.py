"""The result of a check: its verdict, and the moments at which the claim may be said."""

from dataclasses import dataclass, field
from typing import Literal

from articles.core.language.messages import noop

DiscrepancyKind = Literal["quotation", "number", "name"]
QUOTATION: DiscrepancyKind = "quotation"
NUMBER: DiscrepancyKind = "number"
NAME: DiscrepancyKind = "name"
DISCREPANCY_KINDS: tuple[DiscrepancyKind, ...] = (QUOTATION, NUMBER, NAME)

Verdict = Literal["not checked", "said here", "said nearby", "partly", "said elsewhere", "not found", "can't tell"]

# Stored as data, translated where they are shown.
NOT_CHECKED: Verdict = noop("not checked")
SAID_HERE: Verdict = noop("said here")
SAID_NEARBY: Verdict = noop("said nearby")
PARTLY: Verdict = "partly"
SAID_ELSEWHERE: Verdict = noop("said elsewhere")
NOT_FOUND: Verdict = noop("not found")
CANT_TELL: Verdict = "can't tell"

VERDICTS: tuple[Verdict, ...] = (SAID_HERE, SAID_NEARBY, PARTLY, SAID_ELSEWHERE, NOT_FOUND, CANT_TELL, NOT_CHECKED)


@dataclass(frozen=True)
class Candidate:
    """A moment at which a claim may be said: whole seconds, the probability that it is, and an excerpt."""

    start_seconds: float
    end_seconds: float
    score: float
    excerpt: str


@dataclass(frozen=True)
class Discrepancy:
    """Something in a claim that the whole recording doesn't say: a quotation in these words, a number, or a name.

    `text` is what the claim writes, a quotation without its marks. `closest` is the most similar wording in the
    transcript, and `start_seconds` the whole second at which it begins: only for quotations, "" and None if nothing is
    similar.
    """

    kind: DiscrepancyKind
    text: str
    closest: str = ""
    start_seconds: int | None = None


@dataclass(frozen=True)
class ClaimCheck:
    """How far the transcript supports a claim at the cited moment.

    `score` is the probability in [0, 1] that a listener hears the claim there. `excerpt` is the transcript there and
    `matched_words` are the words of the claim found in it. For “partly”, `missing` lists the numbers and negations
    that aren't said there, as the claim writes them. `discrepancies` are what isn't said anywhere, whatever the verdict; a
    transcript with a large part missing shows none. For “said nearby” and “said elsewhere”, `where` is the better moment.
    `candidates` are the best moments in the whole recording. `reason` is set if the claim wasn't checked, or if nothing
    can be told because the transcript has nothing there.
    """

    verdict: Verdict
    score: float = 0.0
    excerpt: str = ""
    matched_words: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    where: Candidate | None = None
    candidates: tuple[Candidate, ...] = field(default=())
    reason: str = ""
    discrepancies: tuple[Discrepancy, ...] = ()
