"""What people decided about citations, as labels: the site measures its check by them, and so can the benchmark."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, Min, OuterRef, Q, Subquery

from articles.core import evidence
from articles.core.markdown import plain_heading
from articles.derived.reviews.reviewers import NEW_TEXTS
from articles.models import Check, Citation, Confirmation, Dismissal, LogEntry

from . import status

CONFIRMED, DISMISSED, MOVED = "confirmed", "dismissed", "moved"
NEARBY_SECONDS = 150  # a claim that is said within this distance is “nearby” in labels, as careful readers give them
SUPPORTED, NEARBY, ELSEWHERE, UNDECIDED = "supported", "nearby", "elsewhere or nowhere", "too vague"

# Of a file of labels (`bench/labelled.py`), and what else is known.
COLUMNS = (
    *("show", "video", "episode", "heading", "claim", "start_seconds", "end_seconds", "label", "said_at_seconds"),
    *("kind", "reason", "verdict", "judged_at", "checker_version", "held_out"),
)


@dataclass(frozen=True)
class Judged:
    """A citation as it was when somebody confirmed it, dismissed its flag, or moved it in a text that was published since.

    `verdict` is what the check says today, for a dismissal the one that was dismissed; `reason` is that of a dismissal.
    `said_at_seconds` is where a moved citation is now. `author` is the name of the author of the revision that cites.
    """

    kind: str
    at: datetime
    citation: Citation
    verdict: str
    reason: str = ""
    said_at_seconds: int | None = None

    @property
    def show(self):
        return self.citation.episode.show

    @property
    def author(self):
        return self.citation.revision.author_name

    @property
    def is_flag_right(self):
        """Whether the check was right to flag the citation, None if it didn't flag it."""
        if self.verdict not in status.FLAGGED:
            return None
        return self.kind == MOVED

    @property
    def label(self):
        """Return one of the labels that `bench/labelled.py` reads; what is only shown can't be decided by a transcript."""
        if self.kind == MOVED:
            is_near = abs(self.said_at_seconds - self.citation.start_seconds) <= NEARBY_SECONDS
            return NEARBY if is_near else ELSEWHERE
        return UNDECIDED if self.reason == Dismissal.Reason.ON_SCREEN else SUPPORTED


def judged(since=None):
    """Return the `Judged` of all active judgements and published moves, from the datetime `since` on, oldest first.

    Of several about the same citation the last counts, and a move more than a dismissal. Takes five queries.
    """
    period = {} if since is None else {"at__gte": since}
    confirmations = Confirmation.objects.active().filter(**period)
    dismissals = Dismissal.objects.active().filter(code__in=Check.Verdict.values, **period)
    by_claim = _cited(confirmations.order_by().values("claim_key"), dismissals.order_by().values("subject"))
    found = []
    for row in dismissals:
        if citation := by_claim.get((row.article_id, row.subject)):
            found.append(Judged(DISMISSED, row.at, citation, row.code, row.reason))
    for row in confirmations:
        if citation := by_claim.get((row.article_id, row.claim_key)):
            found.append(Judged(CONFIRMED, row.at, citation, status.verdict_of(citation.finding)))
    found.sort(key=lambda one: one.at)
    found += _moved(since)
    last = {(one.citation.revision.article_id, one.citation.claim_key): one for one in found}
    return sorted(last.values(), key=lambda one: (one.at, one.citation.pk))


def _cited(*claim_keys):
    """Return {(article, claim key): the latest citation} of the selected keys, in texts that were ever public."""
    citations = {}
    for keys in claim_keys:
        for citation in _wide(Citation.objects.filter(claim_key__in=keys, revision__first_public_at__isnull=False)):
            citations[citation.revision.article_id, citation.claim_key] = citation
    return citations


def _moved(since):
    """Return the citations that a published text has at another moment of the episode than the one it replaced.

    Where the check flags the new moment as well, a move counts only once somebody has heard the claim there.
    """
    publications = LogEntry.objects.filter(action__in=NEW_TEXTS, revision__target__isnull=False)
    if since is not None:
        publications = publications.filter(at__gte=since)
    earlier = Citation.objects.filter(revision=OuterRef("revision__target"))
    stayed = Citation.objects.filter(revision=OuterRef(OuterRef("revision")), claim_key=OuterRef("claim_key"))
    before = earlier.filter(episode=OuterRef("episode"), claim=OuterRef("claim")).filter(~Exists(stayed))
    new = Citation.objects.filter(revision__in=publications.order_by().values("revision")).exclude(claim="")
    new = new.filter(~Exists(earlier.filter(claim_key=OuterRef("claim_key"))))
    new = new.filter(~Q(finding__verdict__in=status.FLAGGED) | status.confirmed())
    first = LogEntry.objects.filter(revision=OuterRef("revision"), action__in=NEW_TEXTS).order_by()
    at = Subquery(first.values("revision").annotate(at=Min("at")).values("at"))
    places = new.annotate(before=Subquery(before.order_by("position").values("pk")[:1]), published=at)
    moves = list(places.filter(before__isnull=False).order_by("pk").values_list("before", "start_seconds", "published"))
    old = {citation.pk: citation for citation in _wide(Citation.objects.filter(pk__in=[pk for pk, *_ in moves]))}
    return [
        Judged(MOVED, published, old[pk], status.verdict_of(old[pk].finding), said_at_seconds=seconds)
        for pk, seconds, published in moves
    ]


def _wide(citations):
    related = citations.select_related("revision", "episode__show", "section", "finding").order_by("pk")
    return related.defer("revision__lead", "section__body", "finding__candidates", "finding__context", "context")


def entry(one):
    """Return a `Judged` as {column of `COLUMNS`: value}, a line of a file of labels. It names nobody."""
    citation = one.citation
    values = (
        *(citation.episode.show.handle, video_of(citation.episode), citation.episode.reference),
        plain_heading(citation.section.heading) if citation.section_id else citation.revision.title,
        *(citation.claim, citation.start_seconds, citation.end_seconds, one.label, one.said_at_seconds),
        *(
            one.kind,
            one.reason or None,
            one.verdict,
            one.at.isoformat(timespec="seconds"),
            evidence.CHECKER_VERSION,
            True,
        ),
    )
    return dict(zip(COLUMNS, values, strict=True))


def video_of(episode):
    """Return the name of the episode's transcript beside the labels."""
    return f"episode-{episode.pk}"
