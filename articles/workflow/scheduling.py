"""Scheduled publishing of approved revisions and unpublishing of articles."""

from django.utils import timezone
from django.utils.translation import gettext

from articles.derived import refresh_linking_to
from articles.models import Article, LogEntry, Notice, Revision

from . import notifications
from .publishing import FROZEN, move_pointer, require_approved, take_down
from .transitions import (
    Action,
    InvalidTransition,
    WorkflowError,
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
    is_same = (revision.publish_at, revision.take_down_at) == (publish_at, take_down_at)
    if is_same and public_note in {None, revision.public_note}:
        raise InvalidTransition(
            gettext("This revision is already scheduled for %(publish_at)s.") % {"publish_at": clock(publish_at)}
        )
    changes = {"publish_at": publish_at, "take_down_at": take_down_at}
    if public_note is not None:
        changes["public_note"] = public_note
    if not compare_and_set(Revision.objects.filter(published_for=None), revision, **changes):
        raise InvalidTransition(gettext("This revision is already published."))
    record(revision.article, revision, Action.SCHEDULED, by, _schedule_note(publish_at, take_down_at))
    return revision


@transition
def unschedule(revision, *, by):
    """Cancel the schedule; the revision stays approved."""
    require(by, "articles.publish_revision", gettext("publish"))
    lock_article(revision.article)
    scheduled = Revision.objects.filter(publish_at__isnull=False, published_for=None)
    if not compare_and_set(scheduled, revision, publish_at=None, take_down_at=None):
        raise InvalidTransition(gettext("This revision is no longer scheduled."))
    record(revision.article, revision, Action.UNSCHEDULED, by)
    return revision


def publish_due(now=None):
    """Publish and unpublish whatever is due at `now`.

    Returns (published revisions, unpublished articles, refused pairs of revision and reason). Each runs in its own
    transaction and happens only once, even if two processes run at the same time. If a revision can't be published
    because another was published in between, the person who scheduled it gets a notice.
    """
    now = now or timezone.now()
    published, taken_down, refused = [], [], []
    for revision in Revision.objects.due(now).select_related("article").order_by("publish_at"):
        try:
            if _publish(revision, now):
                published.append(revision)
        except WorkflowError as error:
            if _cancel_overtaken(revision, now, str(error)):
                refused.append((revision, str(error)))
    for article in Article.objects.published().filter(take_down_at__lte=now):
        if _take_down(article, now):
            taken_down.append(article)
    return published, taken_down, refused


@transition
def _publish(revision, now):
    """Publish the revision, if it is still due, on behalf of the person who scheduled it; returns whether it was."""
    lock_article(revision.article)
    if not Revision.objects.due(now).filter(pk=revision.pk).update(publish_at=None):
        return False
    revision.refresh_from_db(fields=FROZEN)
    entry = _scheduling_entry(revision)
    refresh_linking_to(move_pointer(revision, Action.PUBLISHED, entry.by, by_name=entry.by_name))
    return True


@transition
def _take_down(article, now):
    lock_article(article)
    if article.published_revision is None or article.take_down_at is None or article.take_down_at > now:
        return False
    entry = _scheduling_entry(article.published_revision)
    take_down(article, entry.by, gettext("as scheduled"), by_name=entry.by_name)
    return True


@transition
def _cancel_overtaken(revision, now, reason):
    """Cancel the schedule of a revision that can't be published, and notify; False if another process has done so."""
    lock_article(revision.article)
    if not Revision.objects.due(now).filter(pk=revision.pk).update(publish_at=None):
        return False
    entry = _scheduling_entry(revision)
    record(revision.article, revision, Action.NOT_PUBLISHED, entry.by, reason, by_name=entry.by_name)
    notifications.notify(
        Notice.Kind.NOT_PUBLISHED,
        gettext("“%(title)s” (revision %(number)s) was not published as scheduled: %(reason)s")
        % {"title": revision.title, "number": revision.number, "reason": reason},
        revision=revision,
        users=[entry.by, revision.author],
    )
    return True


def _schedule_note(publish_at, take_down_at):
    if take_down_at is None:
        return gettext("for %(moment)s") % {"moment": clock(publish_at)}
    return gettext("for %(moment)s until %(end)s") % {"moment": clock(publish_at), "end": clock(take_down_at)}


def _scheduling_entry(revision):
    """Return the latest log entry that scheduled the revision; it names the person on whose behalf it is published."""
    return LogEntry.objects.filter(revision=revision, action=Action.SCHEDULED).order_by("number").last()
