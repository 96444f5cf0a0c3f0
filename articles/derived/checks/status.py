"""The status of a citation: what the machine found, what people confirmed or dismissed, and what lapsed.

The one place that works it out, for one text, for citations of many articles, and as conditions on query sets.
`labels` says it in words.
"""

from dataclasses import dataclass
from difflib import SequenceMatcher

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext

from articles.core import evidence
from articles.models import Check, Confirmation, Dismissal

# Verdicts that ask somebody to look.
FLAGGED = (evidence.SAID_NEARBY, evidence.PARTLY, evidence.SAID_ELSEWHERE, evidence.NOT_FOUND)
# The state that each verdict gives a citation that no person has confirmed or dismissed; with any other it's unchecked.
STATE_OF_VERDICT = {
    evidence.SAID_HERE: "found",
    evidence.PARTLY: "partly",
    evidence.SAID_NEARBY: "elsewhere",
    evidence.SAID_ELSEWHERE: "elsewhere",
    evidence.NOT_FOUND: "missing",
}
SIMILAR = 0.6  # of two sentences, to be taken for one that was edited


@dataclass(frozen=True)
class CitationStatus:
    """The status of one citation. `lapsed` is a confirmation that held before the claim, moment or episode changed."""

    check: Check | None = None
    confirmation: Confirmation | None = None
    dismissal: Dismissal | None = None
    lapsed: Confirmation | None = None
    lapse: str = ""

    @property
    def verdict(self):
        """What the machine found, whatever people said since."""
        return verdict_of(self.check)

    @property
    def state(self):
        """The code that page, API and exports give: one of `labels.STATES`. What a person said counts most."""
        if self.confirmation is not None:
            return "confirmed"
        if self.dismissal is not None:
            return "looked-at"
        return STATE_OF_VERDICT.get(self.verdict, "unchecked")

    @property
    def is_settled(self):
        """A person has confirmed the citation or dismissed its flag."""
        return self.confirmation is not None or self.dismissal is not None

    @property
    def is_flagged(self):
        """Somebody should look at it: the machine did not find it there, and no person has said anything."""
        return self.verdict in FLAGGED and not self.is_settled


@dataclass(frozen=True)
class Cited:
    """A citation as it is looked up: a `Citation` row has all of it, so has a text that is being written."""

    claim_key: str
    episode_id: int
    start_seconds: int
    end_seconds: int | None
    claim: str


class Statements:
    """The confirmations of some claims and the dismissals of some flags that hold: one query each."""

    def __init__(self, claim_keys, dismissals):
        confirmations = Confirmation.objects.active().filter(claim_key__in=set(claim_keys))
        self._confirmations = {one.claim_key: one for one in confirmations}
        self._dismissals = {(one.article_id, one.code, one.subject): one for one in dismissals}

    def confirmation(self, claim_key):
        """What a person heard in one article holds in each that says the same of the same moment."""
        return self._confirmations.get(claim_key)

    def dismissal(self, article, code, subject):
        """The dismissal in `article` (its key) of a flag: `code` is a verdict or a lint rule."""
        return self._dismissals.get((article, code, subject))

    def status(self, article, claim_key, check, lapse=(None, "")):
        """The `CitationStatus` of a claim in `article` (its key) with its `check`, or None."""
        dismissal = self.dismissal(article, verdict_of(check), claim_key)
        return CitationStatus(check, self.confirmation(claim_key), dismissal, *lapse)


def verdict_of(check):
    return check.verdict if check else evidence.NOT_CHECKED


def of_claims(article, cited, checks):
    """A `CitationStatus` for each of `cited`, whose checks (or None) are `checks`; three queries whatever their number.

    `article` may be None, or not saved yet. Lapsed confirmations are looked for in this article only.
    """
    cited = list(cited)
    keys = {one.claim_key for one in cited}
    key, dismissals, earlier = None, [], []
    if article is not None and article.pk:
        key = article.pk
        dismissals = Dismissal.objects.active().filter(article=article)
        confirmed_here = Confirmation.objects.active().filter(article=article).order_by("-pk")
        earlier = [one for one in confirmed_here if one.claim_key not in keys]
    statements = Statements(keys, dismissals)
    return [
        statements.status(
            key,
            one.claim_key,
            check,
            (None, "") if statements.confirmation(one.claim_key) else _lapse(one, earlier),
        )
        for one, check in zip(cited, checks, strict=True)
    ]


def of_revision(revision, citations=None):
    """(citation, status) of each citation of a saved revision, in the order of the text; four queries."""
    if citations is None:
        citations = list(
            revision.citation_set.select_related("finding", "episode__show", "section").order_by("position")
        )
    found = of_claims(revision.article, citations, [citation.finding for citation in citations])
    return list(zip(citations, found, strict=True))


def statements_on(citations, subjects=()):
    """The `Statements` on saved `citations` of any articles, and on other flagged `subjects` (digests); two queries."""
    keys = {citation.claim_key for citation in citations}
    return Statements(keys, Dismissal.objects.active().filter(subject__in=keys.union(subjects)))


def of_citations(citations):
    """A `CitationStatus` for each of saved `citations` of any articles, with revision and finding; two queries.

    Lapsed confirmations aren't looked for.
    """
    statements = statements_on(citations)
    return [
        statements.status(citation.revision.article_id, citation.claim_key, citation.finding) for citation in citations
    ]


def confirmed():
    """The condition on citations that a person has confirmed them.

    A list of the few confirmed claims, and not a look-up for each of the many citations.
    """
    return Q(claim_key__in=Confirmation.objects.active().order_by().values("claim_key"))


def dismissed(verdict=OuterRef("verdict")):  # noqa: B008  (an expression, which is never changed)
    """The condition on citations that somebody dismissed their verdict in their article.

    `verdict` is where the verdict is found; by default in the column that public citations have.
    """
    verdicts = Dismissal.objects.active().filter(code__in=Check.Verdict.values).order_by()
    same = verdicts.filter(subject=OuterRef("claim_key"), code=verdict, article=OuterRef("revision__article"))
    return Q(claim_key__in=verdicts.values("subject")) & Q(Exists(same))


def in_state(citations, state):
    """Those of public `citations`, a query set, whose `CitationStatus.state` is `state`."""
    if state == "confirmed":
        return citations.filter(confirmed())
    if state == "looked-at":
        return citations.filter(~confirmed(), dismissed())
    unsettled = citations.filter(~confirmed(), ~dismissed())
    if state == "unchecked":
        return unsettled.exclude(verdict__in=STATE_OF_VERDICT)
    return unsettled.filter(verdict__in=[verdict for verdict, given in STATE_OF_VERDICT.items() if given == state])


def _lapse(cited, earlier):
    """The confirmation that held of this citation before something changed, and what changed."""
    for one in earlier:
        is_same_moment = (one.episode_id, one.start_seconds, one.end_seconds) == (
            cited.episode_id,
            cited.start_seconds,
            cited.end_seconds,
        )
        is_same_claim = " ".join(one.claim.split()) == " ".join(cited.claim.split())
        if is_same_claim:
            return one, gettext("the episode has changed") if one.episode_id != cited.episode_id else gettext(
                "the moment has changed"
            )
        if is_same_moment and SequenceMatcher(None, one.claim, cited.claim, autojunk=False).ratio() >= SIMILAR:
            return one, gettext("the sentence has changed")
    return None, ""
