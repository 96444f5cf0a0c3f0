"""The status of a citation: its automatic check, people's confirmations and dismissals, and what has lapsed.

The only place that determines it: for one text, for citations of many articles, and as query set conditions.
`labels` puts it into words.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass
from difflib import SequenceMatcher

from django.db.models import Count, Exists, OuterRef, Q
from django.utils.translation import gettext

from articles.core import evidence
from articles.models import Check, Citation, Confirmation, Dismissal

# Verdicts that someone should look at.
FLAGGED = (evidence.SAID_NEARBY, evidence.PARTLY, evidence.SAID_ELSEWHERE, evidence.NOT_FOUND)
# The state of a citation that nobody has confirmed or dismissed; with any other verdict it's "unchecked".
STATE_OF_VERDICT = {
    evidence.SAID_HERE: "found",
    evidence.PARTLY: "partly",
    evidence.SAID_NEARBY: "elsewhere",
    evidence.SAID_ELSEWHERE: "elsewhere",
    evidence.NOT_FOUND: "missing",
    evidence.CANT_TELL: "unclear",
}
SIMILAR = 0.6  # from this ratio on, two sentences count as one that was edited


@dataclass(frozen=True)
class CitationStatus:
    """The status of one citation.

    `lapsed` is a confirmation given before claim, timestamp or episode changed; `lapse` says which of them did.
    """

    check: Check | None = None
    confirmation: Confirmation | None = None
    dismissal: Dismissal | None = None
    lapsed: Confirmation | None = None
    lapse: str = ""

    @property
    def verdict(self):
        """The verdict of the automatic check, whatever people have said since."""
        return verdict_of(self.check)

    @property
    def state(self):
        """One of `labels.STATES`, the code used by page, API and exports. People's judgements take precedence."""
        if self.confirmation is not None:
            return "confirmed"
        if self.dismissal is not None:
            return "looked-at"
        return _state_of(self.verdict)

    @property
    def is_settled(self):
        """Whether a person has confirmed the citation or dismissed its issue."""
        return self.confirmation is not None or self.dismissal is not None

    @property
    def is_flagged(self):
        """Whether someone should look at it: no match was found there, and nobody has confirmed or dismissed it."""
        return self.verdict in FLAGGED and not self.is_settled


@dataclass(frozen=True)
class CitedClaim:
    """What a status is determined from. `Citation` rows have the same attributes; texts being edited use this class."""

    claim_key: str
    episode_id: int
    start_seconds: int
    end_seconds: int | None
    claim: str


class Judgements:
    """The active confirmations of some claims and the given dismissals, by key; one query each."""

    def __init__(self, claim_keys, dismissals):
        confirmations = Confirmation.objects.active().filter(claim_key__in=set(claim_keys))
        self._confirmations = {confirmation.claim_key: confirmation for confirmation in confirmations}
        self._dismissals = {(row.article_id, row.code, row.subject): row for row in dismissals}

    def confirmation(self, claim_key):
        """The confirmation of a claim. It counts in every article that makes the same claim about the same moment."""
        return self._confirmations.get(claim_key)

    def dismissal(self, article, code, subject):
        """The dismissal of an issue in `article` (a primary key); `code` is a verdict or a lint rule."""
        return self._dismissals.get((article, code, subject))

    def status(self, article, claim_key, check, lapse=(None, "")):
        """The `CitationStatus` of a claim in `article` (a primary key); `check` may be None."""
        dismissal = self.dismissal(article, verdict_of(check), claim_key)
        return CitationStatus(check, self.confirmation(claim_key), dismissal, *lapse)


def verdict_of(check):
    return check.verdict if check else evidence.NOT_CHECKED


def of_claims(article, cited, checks, *, before):
    """Return a `CitationStatus` for each of `cited`; `checks` are their checks or None. Four queries at most.

    `article` may be None or unsaved. A confirmation has lapsed if its claim is in one of the texts `before` (primary
    keys of revisions) that the citations come from, and if the citation now in its place is in none of them.
    """
    cited = list(cited)
    keys = {citation.claim_key for citation in cited}
    key, dismissals, earlier, had = None, [], [], set()
    if article is not None and article.pk:
        key = article.pk
        dismissals = Dismissal.objects.active().filter(article=article)
        confirmed_here = Confirmation.objects.active().filter(article=article).order_by("-pk")
        earlier = [confirmation for confirmation in confirmed_here if confirmation.claim_key not in keys]
    if earlier:
        had = set(Citation.objects.filter(revision__in=before).order_by().values_list("claim_key", flat=True))
        earlier = [confirmation for confirmation in earlier if confirmation.claim_key in had]
    judgements = Judgements(keys, dismissals)
    return [
        judgements.status(
            key,
            citation.claim_key,
            check,
            (None, "")
            if citation.claim_key in had or judgements.confirmation(citation.claim_key)
            else _lapse(citation, earlier),
        )
        for citation, check in zip(cited, checks, strict=True)
    ]


def of_revision(revision, citations=None):
    """Return [(citation, status)] of a saved revision in the order of the text; five queries at most."""
    if citations is None:
        citations = list(
            revision.citation_set.select_related("finding", "episode__show", "section").order_by("position")
        )
    checks = [citation.finding for citation in citations]
    statuses = of_claims(revision.article, citations, checks, before=revision.comes_from)
    return list(zip(citations, statuses, strict=True))


def judgements_on(citations, subjects=()):
    """Return the `Judgements` on saved `citations` of any articles and on other `subjects` (digests); two queries."""
    keys = {citation.claim_key for citation in citations}
    return Judgements(keys, Dismissal.objects.active().filter(subject__in=keys.union(subjects)))


def of_citations(citations):
    """Return a `CitationStatus` for each of the saved `citations`, which may be of many articles; two queries.

    Lapsed confirmations are left out. Each citation needs its `revision` and `finding` loaded.
    """
    judgements = judgements_on(citations)
    return [
        judgements.status(citation.revision.article_id, citation.claim_key, citation.finding) for citation in citations
    ]


def confirmed():
    """Condition on citations: someone has confirmed them.

    Selects from the few confirmed claims instead of looking up each of the many citations.
    """
    return Q(claim_key__in=Confirmation.objects.active().order_by().values("claim_key"))


def dismissed(verdict=OuterRef("verdict")):  # noqa: B008  (an expression, which is never changed)
    """Condition on citations: someone has dismissed their verdict in their article.

    `verdict` is an expression for the verdict; by default the column, which is set for public citations.
    """
    verdicts = Dismissal.objects.active().filter(code__in=Check.Verdict.values).order_by()
    same = verdicts.filter(subject=OuterRef("claim_key"), code=verdict, article=OuterRef("revision__article"))
    return Q(claim_key__in=verdicts.values("subject")) & Q(Exists(same))


def in_state(citations, state):
    """Filter public `citations`, a query set, by their `CitationStatus.state`."""
    if state == "confirmed":
        return citations.filter(confirmed())
    if state == "looked-at":
        return citations.filter(~confirmed(), dismissed())
    unsettled = citations.filter(~confirmed(), ~dismissed())
    if state == "unchecked":
        return unsettled.exclude(verdict__in=STATE_OF_VERDICT)
    return unsettled.filter(verdict__in=[verdict for verdict, given in STATE_OF_VERDICT.items() if given == state])


def states_by(citations, column):
    """Return {value of `column`: Counter of states} of public `citations`, a query set; two queries.

    The confirmed and dismissed ones are few, so they are subtracted from the verdicts of all.
    """
    counts = defaultdict(Counter)
    for value, verdict, number in _numbers(citations, column, "verdict"):
        counts[value][_state_of(verdict)] += number
    settled = citations.filter(confirmed() | dismissed()).annotate(is_confirmed=Q(confirmed()))
    for value, verdict, is_confirmed, number in _numbers(settled, column, "verdict", "is_confirmed"):
        counts[value]["confirmed" if is_confirmed else "looked-at"] += number
        counts[value][_state_of(verdict)] -= number
    return counts


def _numbers(citations, *columns):
    return citations.order_by().values_list(*columns).annotate(number=Count("pk"))


def _state_of(verdict):
    """Return the state of a citation with `verdict` that nobody has confirmed or dismissed."""
    return STATE_OF_VERDICT.get(verdict, "unchecked")


def _lapse(cited, earlier):
    """Return the confirmation of `cited` that lapsed and what has changed since, or (None, "")."""
    for confirmation in earlier:
        is_same_moment = (confirmation.episode_id, confirmation.start_seconds, confirmation.end_seconds) == (
            cited.episode_id,
            cited.start_seconds,
            cited.end_seconds,
        )
        is_same_claim = " ".join(confirmation.claim.split()) == " ".join(cited.claim.split())
        if is_same_claim and confirmation.episode_id != cited.episode_id:
            return confirmation, gettext("the episode has changed")
        if is_same_claim:
            return confirmation, gettext("the timestamp has changed")
        if is_same_moment and SequenceMatcher(None, confirmation.claim, cited.claim, autojunk=False).ratio() >= SIMILAR:
            return confirmation, gettext("the sentence has changed")
    return None, ""
