"""Publishes and unpublishes what is due."""

from django.db import OperationalError
from django.utils import timezone
from django.utils.translation import gettext

from articles.derived import refresh_linking_to
from articles.models import Article, LogEntry, Notice, Revision
from articles.workflow import notifications
from articles.workflow.history import rows
from articles.workflow.publishing import FROZEN, move_pointer, take_down
from articles.workflow.transitions import Action, WorkflowError, lock_article, record, transition


def publish_due(now=None):
    """Publish and unpublish whatever is due at `now`.

    Returns (published revisions, unpublished articles, pairs of a revision or article and the exception that prevented
    it). Each runs in its own transaction and happens only once, even if two processes run at the same time. If a
    revision can't be published because another was published in between, the schedule is cancelled and the person who
    scheduled it gets a notice. After any other exception it stays due, so that the next run tries again.
    """
    now = now or timezone.now()
    published, taken_down, failed = [], [], []
    for revision in Revision.objects.due(now).select_related("article").order_by("publish_at"):
        try:
            if _publish_or_cancel(revision, now):
                published.append(revision)
        except Exception as error:
            failed.append((revision, error))
    for article in Article.objects.published().filter(take_down_at__lte=now):
        try:
            if _take_down(article, now):
                taken_down.append(article)
        except Exception as error:
            failed.append((article, error))
    return published, taken_down, failed


def _publish_or_cancel(revision, now):
    try:
        return _publish(revision, now)
    except WorkflowError as refusal:
        is_collision = isinstance(refusal.__cause__, OperationalError)
        if not is_collision and not _cancel_overtaken(revision, now, str(refusal)):
            return False
        raise


@transition
def _publish(revision, now):
    """Publish the revision, if it is still due, on behalf of the person who scheduled it; returns whether it was."""
    lock_article(revision.article)
    if not _end_schedule(revision, now):
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
    if not _end_schedule(revision, now):
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


def _end_schedule(revision, now):
    with rows.recorded(Revision, [revision.pk]):
        return Revision.objects.due(now).filter(pk=revision.pk).update(publish_at=None)


def _scheduling_entry(revision):
    """Return the latest log entry that scheduled the revision; it names the person on whose behalf it is published."""
    return LogEntry.objects.filter(revision=revision, action=Action.SCHEDULED).order_by("number").last()
