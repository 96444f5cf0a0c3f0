"""A user's own work: drafts, texts in review, approved, published, rejected or with changes requested."""

from datetime import timedelta
from types import SimpleNamespace

from django.db.models import Case, CharField, Exists, F, OuterRef, Q, Subquery, Value, When, Window
from django.db.models.functions import RowNumber
from django.utils import timezone

from articles.models import RecordingChange, Review, Revision

from .queries import was_ever_public

Status = Revision.Status
SHOWN = 20
RECENT = timedelta(days=30)

SENT_BACK, DRAFTS, WAITING, APPROVED, PUBLISHED = PARTS = ["sent_back", "drafts", "waiting", "approved", "published"]


def work_of(user):
    """The work of `user`: everything open, and what was rejected or published recently. Two queries.

    Each of the `PARTS` is a list of revisions, newest first, at most `SHOWN`; `longer` names the parts that have more.
    `recording_changes` are those that the user proposed and that wait, or that others decided on recently.
    """
    since = timezone.now() - RECENT
    newer = Revision.objects.visible_to(user).filter(
        article=OuterRef("article"), author=user, number__gt=OuterRef("number")
    )
    reviews = Review.objects.filter(revision=OuterRef("pk")).order_by("-pk")
    is_public = Q(published_for__isnull=False)
    back = Q(status=Status.CHANGES_REQUESTED) | Q(status=Status.REJECTED, decided_at__gte=since)
    revisions = (
        Revision.objects.visible_to(user)
        .filter(author=user)
        .exclude(status__in=[Status.WITHDRAWN, Status.RECEIVED], published_for=None)
        .annotate(
            decided_at=Subquery(reviews.values("at")[:1]),
            published_at=F("published_for__published_at"),
            part=Case(
                When(is_public & Q(published_for__published_at__gte=since), then=Value(PUBLISHED)),
                When(is_public, then=Value("")),
                When(status=Status.DRAFT, then=Value(DRAFTS)),
                When(status=Status.SUBMITTED, then=Value(WAITING)),
                When(Q(status=Status.APPROVED) & ~was_ever_public(), then=Value(APPROVED)),
                When(back & ~Exists(newer), then=Value(SENT_BACK)),
                default=Value(""),
                output_field=CharField(),
            ),
        )
        .exclude(part="")
        .annotate(
            reason=Subquery(reviews.values("comment")[:1]),
            decided_by=Subquery(reviews.values("by_name")[:1]),
            place=Window(RowNumber(), partition_by=F("part"), order_by=[F("saved_at").desc(), F("pk").desc()]),
        )
        .filter(place__lte=SHOWN + 1)
        .select_related("article")
        .defer("lead")
        .order_by("-saved_at", "-pk")
    )
    parts = {part: [] for part in PARTS}
    longer = set()
    for revision in revisions:
        if revision.place > SHOWN:
            longer.add(revision.part)
        else:
            parts[revision.part].append(revision)
    changes = _recording_changes(user, since)
    return SimpleNamespace(**parts, longer=longer, recording_changes=changes, is_empty=not any(parts.values()))


def _recording_changes(user, since):
    own = RecordingChange.objects.filter(proposed_by=user).select_related("episode", "show").defer("before", "cues")
    was_decided = Q(decided_at__gte=since) & ~Q(decided_by=user)
    return list(own.filter(Q(outcome=RecordingChange.Outcome.WAITING) | was_decided).order_by("-pk")[:SHOWN])
