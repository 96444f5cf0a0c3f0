"""How each citation of a text stands: what the machine found, what people heard, what they dismissed, what lapsed."""

from dataclasses import dataclass
from difflib import SequenceMatcher

from django.utils.translation import gettext

from articles.core import evidence
from articles.models import Check, Confirmation, Dismissal

# Verdicts that ask somebody to look.
FLAGGED = (evidence.SAID_NEARBY, evidence.PARTLY, evidence.SAID_ELSEWHERE, evidence.NOT_FOUND)
SIMILAR = 0.6  # of two sentences, to be taken for one that was edited


@dataclass(frozen=True)
class Standing:
    """How a citation stands. `lapsed` is a confirmation that held before the claim, moment or episode changed."""

    check: Check | None = None
    confirmation: Confirmation | None = None
    dismissal: Dismissal | None = None
    lapsed: Confirmation | None = None
    lapse: str = ""

    @property
    def verdict(self):
        return self.check.verdict if self.check else evidence.NOT_CHECKED

    @property
    def is_flagged(self):
        """Somebody should look at it: no person has, and the machine did not find it there."""
        return self.verdict in FLAGGED and self.confirmation is None and self.dismissal is None


@dataclass(frozen=True)
class Cited:
    """A citation as it is looked up: a `Citation` row has all of it, so has a text that is being written."""

    claim_key: str
    episode_id: int
    start_seconds: int
    end_seconds: int | None
    claim: str


def standings(article, cited, checks):
    """A `Standing` for each of `cited`, whose checks (or None) are `checks`; two queries whatever their number.

    `article` may be None: a text that is not saved yet has heard nothing. What a person heard in one article holds
    in each that says the same of the same moment; what lapsed is looked for in this one only.
    """
    cited, checks = list(cited), list(checks)
    keys = {one.claim_key for one in cited}
    heard = {one.claim_key: one for one in Confirmation.objects.active().filter(claim_key__in=keys)} if keys else {}
    dismissed, earlier = {}, []
    if article is not None and article.pk:
        for dismissal in Dismissal.objects.active().filter(article=article):
            dismissed[dismissal.code, dismissal.subject] = dismissal
        earlier = [
            one
            for one in Confirmation.objects.active().filter(article=article).order_by("-pk")
            if one.claim_key not in keys
        ]
    found = []
    for one, check in zip(cited, checks, strict=True):
        confirmation = heard.get(one.claim_key)
        lapsed, lapse = (None, "") if confirmation else _lapsed(one, earlier)
        verdict = check.verdict if check else evidence.NOT_CHECKED
        found.append(Standing(check, confirmation, dismissed.get((verdict, one.claim_key)), lapsed, lapse))
    return found


def of_revision(revision, citations=None):
    """(citation, standing) of each citation of a saved revision, in the order of the text; four queries."""
    if citations is None:
        citations = list(
            revision.citation_set.select_related("finding", "episode__show", "section").order_by("position")
        )
    found = standings(revision.article, citations, [citation.finding for citation in citations])
    return list(zip(citations, found, strict=True))


def _lapsed(cited, earlier):
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
