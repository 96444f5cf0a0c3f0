"""Who is reviewing a revision right now. It isn't binding: a review lock doesn't stop anyone, and it expires by itself."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext

from articles.models import LogEntry, Revision
from articles.workflow.transitions import (
    Action,
    lock_article,
    name_of,
    record,
    require,
    transition,
)

LOCK_LASTS = timedelta(minutes=5)


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
    since = (now or timezone.now()) - LOCK_LASTS
    return Q(review_locked_at=None) | Q(review_locked_at__lte=since)


def holder(revision, now=None):
    """Return the `ReviewLock` from the revision's loaded row, or None once it has expired."""
    at = revision.review_locked_at
    if at is None or at <= (now or timezone.now()) - LOCK_LASTS:
        return None
    return ReviewLock(revision.review_locked_by_id, revision.review_locked_by_name, at)


def acquire(revision, *, by):
    """Take the review lock for `by` unless someone else has it, and return the `ReviewLock` that applies now.

    The first reviewer keeps it until they leave or their browser hasn't reported for five minutes. Returns None for a
    revision that isn't in review.
    """
    require(by, "articles.review_revision", gettext("review revisions"))
    now = timezone.now()
    waiting = Revision.objects.awaiting_review().filter(pk=revision.pk)
    held = {"review_locked_by": by, "review_locked_by_name": name_of(by), "review_locked_at": now}
    if (
        not waiting.filter(~unclaimed(now), review_locked_by=by).update(**held)
        and waiting.filter(unclaimed(now)).exists()
    ):
        _claim(revision, waiting, held, by)
    current = waiting.only("review_locked_by", "review_locked_by_name", "review_locked_at").first()
    return holder(current, now) if current else None


@transition
def _claim(revision, waiting, held, by):
    """Take an unclaimed lock; the log names the person, unless they were the last to review this revision anyway."""
    lock_article(revision.article)
    if not waiting.filter(unclaimed(held["review_locked_at"])).update(**held):
        return
    last = LogEntry.objects.filter(revision=revision, action=Action.REVIEW_CLAIMED).order_by("number").last()
    if last is None or last.account != by.pk:
        record(revision.article, revision, Action.REVIEW_CLAIMED, by)


def release(revision, *, by):
    """Release the review lock of `by`; returns whether they had it."""
    locked = Revision.objects.filter(pk=revision.pk, review_locked_by=by)
    return bool(locked.update(review_locked_by=None, review_locked_by_name="", review_locked_at=None))
