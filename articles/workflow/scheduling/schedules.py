"""Schedules: when an approved revision is published and its article unpublished."""

from django.utils import timezone
from django.utils.translation import gettext

from articles.models import Revision
from articles.workflow.history import rows
from articles.workflow.publishing import require_approved, require_not_replaced, require_note_by_second_person
from articles.workflow.recordings import require_unchanged
from articles.workflow.transitions import (
    Action,
    InvalidTransition,
    clock,
    compare_and_set,
    lock_article,
    record,
    require,
    transition,
)


@transition
def schedule(revision, *, by, publish_at, take_down_at=None, public_note=None):
    """Schedule the approved revision for `publish_at` and, if given, its unpublication for `take_down_at`."""
    require(by, "articles.publish_revision", gettext("publish"))
    if publish_at <= timezone.now():
        raise InvalidTransition(
            gettext("%(publish_at)s has passed. Publish now, or choose a later time.")
            % {"publish_at": clock(publish_at)}
        )
    if take_down_at is not None and take_down_at <= publish_at:
        raise InvalidTransition(gettext("The unpublish time must be after the publish time."))
    lock_article(revision.article)
    require_approved(revision)
    require_not_replaced(revision)
    require_unchanged(revision)
    require_note_by_second_person(revision, public_note, by)
    is_same = (revision.publish_at, revision.take_down_at) == (publish_at, take_down_at)
    if is_same and public_note in {None, revision.public_note}:
        raise InvalidTransition(
            gettext("This revision is already scheduled for %(publish_at)s.") % {"publish_at": clock(publish_at)}
        )
    changes = {"publish_at": publish_at, "take_down_at": take_down_at}
    if public_note is not None:
        changes["public_note"] = public_note
    with rows.recorded(Revision, [revision.pk]):
        done = compare_and_set(Revision.objects.filter(published_for=None), revision, **changes)
    if not done:
        raise InvalidTransition(gettext("This revision is already published."))
    record(revision.article, revision, Action.SCHEDULED, by, _schedule_note(publish_at, take_down_at))
    return revision


@transition
def unschedule(revision, *, by):
    """Cancel the schedule; the revision stays approved."""
    require(by, "articles.publish_revision", gettext("publish"))
    lock_article(revision.article)
    scheduled = Revision.objects.filter(publish_at__isnull=False, published_for=None)
    with rows.recorded(Revision, [revision.pk]):
        done = compare_and_set(scheduled, revision, publish_at=None, take_down_at=None)
    if not done:
        raise InvalidTransition(gettext("This revision is no longer scheduled."))
    record(revision.article, revision, Action.UNSCHEDULED, by)
    return revision


def _schedule_note(publish_at, take_down_at):
    if take_down_at is None:
        return gettext("for %(moment)s") % {"moment": clock(publish_at)}
    return gettext("for %(moment)s until %(end)s") % {"moment": clock(publish_at), "end": clock(take_down_at)}
