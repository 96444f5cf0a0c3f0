"""What awaits a person in the admin: their own texts, and for moderators what they are to decide on."""

from dataclasses import dataclass
from datetime import timedelta

from django import template
from django.db.models import F, OuterRef, Q, Subquery
from django.utils import timezone

from articles.models import Review, Revision

register = template.Library()

Status = Revision.Status
SHOWN = 20
LATELY = timedelta(days=30)


@dataclass(frozen=True)
class Work:
    """Lists of revisions, each newest first but `to_decide`: who has waited longest comes first."""

    drafts: list[Revision]
    waiting: list[Revision]
    sent_back: list[Revision]
    published: list[Revision]
    to_decide: list[Revision]


@register.simple_tag
def work_of(user):
    """The `Work` of `user`: two queries, one of them for moderators only."""
    return Work(**_own(user), to_decide=_to_decide(user) if user.has_perm("articles.review_revision") else [])


def _own(user):
    """The user's texts by where they stand, the newest `SHOWN` of each; what was sent back only until it is taken up."""
    lists = {"drafts": [], "waiting": [], "sent_back": [], "published": []}
    since = timezone.now() - LATELY
    newer = Revision.objects.filter(article=OuterRef("article"), author=user, number__gt=OuterRef("number"))
    review = Review.objects.filter(revision=OuterRef("pk")).order_by("-pk")
    revisions = (
        Revision.objects.filter(author=user)
        .filter(
            Q(status__in=[Status.DRAFT, Status.SUBMITTED, Status.APPROVED])
            | Q(status__in=[Status.CHANGES_REQUESTED, Status.REJECTED], saved_at__gte=since)
            | Q(published_for__published_at__gte=since)
        )
        .annotate(
            taken_up=Subquery(newer.values("pk")[:1]),
            reason=Subquery(review.values("comment")[:1]),
            decided_by=Subquery(review.values("by_name")[:1]),
            published_at=F("published_for__published_at"),
        )
        .select_related("article")
        .defer("lead")
        .order_by("-saved_at", "-pk")[: 3 * SHOWN]
    )
    for revision in revisions:
        name = _list_of(revision)
        if name and len(lists[name]) < SHOWN:
            lists[name].append(revision)
    return lists


def _list_of(revision):
    if revision.published_at:
        return "published"
    if revision.status == Status.DRAFT:
        return "drafts"
    if revision.status in {Status.SUBMITTED, Status.APPROVED}:
        return "waiting"
    return "" if revision.taken_up else "sent_back"


def _to_decide(user):
    return list(
        Revision.objects.awaiting_review()
        .select_related("article")
        .defer("lead")
        .annotate(is_own=Q(author=user))
        .order_by("submitted_at", "pk")[:SHOWN]
    )
