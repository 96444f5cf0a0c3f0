"""How moderators coordinate: who is reviewing a revision right now, its due date and its priority.

None of this is binding: a review lock doesn't stop anyone, and it expires by itself.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext

from articles.models import Revision
from articles.workflow.transitions import compare_and_set, moved_on, name_of, require

LOOK_LASTS = timedelta(minutes=5)


@dataclass(frozen=True)
class ReviewLock:
    """Who is reviewing a revision, and when their browser last reported it."""

    user_id: int | None
    name: str
    at: datetime

    @property
    def minutes(self):
        """Whole minutes since `at`."""
        return max(0, int((timezone.now() - self.at).total_seconds() // 60))


def unclaimed(now=None):
    """Return a filter condition for revisions that nobody is reviewing."""
    since = (now or timezone.now()) - LOOK_LASTS
    return Q(looked_at_at=None) | Q(looked_at_at__lte=since)


def holder(revision, now=None):
    """Return the `ReviewLock` from the revision's loaded row, or None once it has expired."""
    at = revision.looked_at_at
    if at is None or at <= (now or timezone.now()) - LOOK_LASTS:
        return None
    return ReviewLock(revision.looked_at_by_id, revision.looked_at_by_name, at)


def acquire(revision, *, by):
    """Take the review lock for `by` unless someone else has it, and return the `ReviewLock` that applies now.

    The first reviewer keeps it until they leave or their browser hasn't reported for five minutes. Returns None for a
    revision that isn't in review.
    """
    require(by, "articles.review_revision", gettext("review revisions"))
    now = timezone.now()
    waiting = Revision.objects.awaiting_review().filter(pk=revision.pk)
    waiting.filter(unclaimed(now) | Q(looked_at_by=by)).update(
        looked_at_by=by, looked_at_by_name=name_of(by), looked_at_at=now
    )
    current = waiting.only("looked_at_by", "looked_at_by_name", "looked_at_at").first()
    return holder(current, now) if current else None


def release(revision, *, by):
    """Release the review lock of `by`; returns whether they had it."""
    locked = Revision.objects.filter(pk=revision.pk, looked_at_by=by)
    return bool(locked.update(looked_at_by=None, looked_at_by_name="", looked_at_at=None))


def arrange(revision, *, by, **changes):
    """Set `due_on` (a date or None), `is_urgent` or both on a revision in review."""
    require(by, "articles.review_revision", gettext("review revisions"))
    if not compare_and_set(Revision.objects.awaiting_review(), revision, **changes):
        raise moved_on(revision)
    return revision
