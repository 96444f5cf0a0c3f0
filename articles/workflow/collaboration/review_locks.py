"""What moderators arrange among themselves: who is looking at a revision now, by when it is due, what comes first.

Nothing here decides anything or binds anybody: a claim is soft, and it ends by itself.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext

from articles.models import Revision
from articles.workflow.transitions import InvalidTransition, moved_on, name_of, require

LOOK_LASTS = timedelta(minutes=5)


@dataclass(frozen=True)
class ReviewLock:
    """Who is looking at a revision, and when that was last heard of."""

    user_id: int | None
    name: str
    at: datetime

    @property
    def minutes(self):
        """Whole minutes since then."""
        return max(0, int((timezone.now() - self.at).total_seconds() // 60))


def unclaimed(now=None):
    """The condition that nobody is looking at a revision."""
    since = (now or timezone.now()) - LOOK_LASTS
    return Q(looked_at_at=None) | Q(looked_at_at__lte=since)


def holder(revision, now=None):
    """The `Look` of a revision as its row was read, or None once it has expired."""
    at = revision.looked_at_at
    if at is None or at <= (now or timezone.now()) - LOOK_LASTS:
        return None
    return ReviewLock(revision.looked_at_by_id, revision.looked_at_by_name, at)


def acquire(revision, *, by):
    """Say that `by` is looking at the revision, unless somebody else is; the `Look` that holds now.

    Who came first stays named until they leave or five minutes go by without a word of them. None for a revision that
    waits for nobody.
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
    """Say that `by` has stopped looking at the revision; whether they were."""
    claimed = Revision.objects.filter(pk=revision.pk, looked_at_by=by)
    return bool(claimed.update(looked_at_by=None, looked_at_by_name="", looked_at_at=None))


def arrange(revision, *, by, **changes):
    """Set `due_on` (a date or None) or `is_urgent`, or both, of a revision that waits for review."""
    require(by, "articles.review_revision", gettext("review revisions"))
    if unknown := set(changes) - {"due_on", "is_urgent"}:
        raise TypeError(f"arrange() sets due_on and is_urgent, not {', '.join(sorted(unknown))}")
    if not changes:
        raise InvalidTransition(gettext("Nothing was said to be changed: give a date, or say whether it is urgent."))
    if not Revision.objects.awaiting_review().filter(pk=revision.pk).update(**changes):
        raise moved_on(revision)
    for name, value in changes.items():
        setattr(revision, name, value)
    return revision
