"""A user's own work: drafts, texts in review, approved, published, rejected or with changes requested."""

from datetime import timedelta
from types import SimpleNamespace

from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.utils import timezone

from articles.models import RecordingChange, Review, Revision
from articles.workflow.drafts.lineage import returns_by_key
from articles.workflow.history.audit_log import was_ever_public
from articles.workflow.publishing.reviews import progress_by_key

Status = Revision.Status
SHOWN = 20
RECENT = timedelta(days=30)

SENT_BACK, DRAFTS, WAITING, APPROVED, PUBLISHED = PARTS = ["sent_back", "drafts", "waiting", "approved", "published"]


def work_of(user):
    """The work of `user`: everything open, and what was rejected or published recently. A query for each part, and two more.

    Two others find the `Review` that `returned` the text that a draft continues, if any was started from another.

    Each of the `PARTS` is a list of revisions, newest first, at most `SHOWN`; `longer` names the parts that have more.
    `recording_changes` are those that the user proposed and that wait, or that others decided on recently.
    """
    since = timezone.now() - RECENT
    reviews = Review.objects.filter(revision=OuterRef("pk")).order_by("-pk")
    found = {}
    for part, revisions in _parts(user, since).items():
        revisions = revisions.select_related("article").defer("lead")
        found[part] = list(
            revisions.annotate(
                reason=Subquery(reviews.values("comment")[:1]), decided_by=Subquery(reviews.values("by_name")[:1])
            )[: SHOWN + 1]
        )
    longer = {part for part, revisions in found.items() if len(revisions) > SHOWN}
    parts = {part: revisions[:SHOWN] for part, revisions in found.items()}
    unapproved = [*parts[DRAFTS], *parts[WAITING]]
    progress = progress_by_key(unapproved) if unapproved else {}
    for revision in unapproved:
        revision.progress = progress.get(revision.pk)
    returned = returns_by_key(parts[DRAFTS])
    for draft in parts[DRAFTS]:
        draft.returned = returned.get(draft.pk)
    changes = _recording_changes(user, since)
    return SimpleNamespace(**parts, longer=longer, recording_changes=changes, is_empty=not any(parts.values()))


def _parts(user, since):
    """Return {part: its revisions}. Each is found by an index, because whoever imports is the author of thousands.

    Imported texts that were published as they are aren't anybody's work.
    """
    visible = Revision.objects.visible_to(user)
    own = visible.filter(author=user).order_by("-saved_at", "-pk")
    later = visible.filter(article=OuterRef("article"), author=user, number__gt=OuterRef("number"))
    replaced = Exists(later.exclude(status=Status.DISCARDED))
    is_recent = Exists(Review.objects.filter(revision=OuterRef("pk"), at__gte=since, decision=Review.Decision.REJECTED))
    sent_back = own.filter(published_for=None, status__in=[Status.CHANGES_REQUESTED, Status.REJECTED])
    approved = own.filter(status=Status.APPROVED)
    return {
        SENT_BACK: sent_back.filter(~replaced).exclude(Q(status=Status.REJECTED) & ~is_recent),
        DRAFTS: own.filter(status=Status.DRAFT),
        WAITING: own.filter(status=Status.SUBMITTED),
        APPROVED: approved.filter(~was_ever_public(), published_for=None),
        PUBLISHED: approved.filter(published_for__published_at__gte=since).annotate(
            published_at=F("published_for__published_at")
        ),
    }


def _recording_changes(user, since):
    own = RecordingChange.objects.filter(proposed_by=user).select_related("episode", "show").defer("before", "cues")
    was_decided = Q(decided_at__gte=since) & ~Q(decided_by=user)
    return list(own.filter(Q(outcome=RecordingChange.Outcome.WAITING) | was_decided).order_by("-pk")[:SHOWN])
