"""Lets approved revisions go out, and articles come down, at a time."""

from django.db import transaction
from django.utils import timezone

from articles import derivation, notices
from articles.models import Article, LogEntry, Notice, Revision

from .errors import InvalidTransition, WorkflowError, clock
from .publishing import point, require_approved, take_down
from .steps import Action, Status, record, require


@transaction.atomic
def schedule(revision, *, by, publish_at, take_down_at=None, public_note=None):
    """Let the approved revision go out at `publish_at`, and the article come down at `take_down_at` if that is given."""
    require(by, "articles.publish_revision", "publish")
    if publish_at <= timezone.now():
        raise InvalidTransition(f"{clock(publish_at)} has passed: publish it now, or choose a later time.")
    if take_down_at is not None and take_down_at <= publish_at:
        raise InvalidTransition("The time to come down lies before the time to go out.")
    require_approved(revision)
    changes = {"publish_at": publish_at, "take_down_at": take_down_at}
    if public_note is not None:
        changes["public_note"] = public_note
    if not Revision.objects.filter(pk=revision.pk, status=Status.APPROVED, published_for=None).update(**changes):
        raise InvalidTransition("It is published already.")
    for name, value in changes.items():
        setattr(revision, name, value)
    until = f" until {clock(take_down_at)}" if take_down_at else ""
    record(revision.article, revision, Action.SCHEDULED, by, f"for {clock(publish_at)}{until}")
    return revision


@transaction.atomic
def unschedule(revision, *, by):
    """Take the schedule back; the revision stays approved."""
    require(by, "articles.publish_revision", "publish")
    planned = Revision.objects.filter(pk=revision.pk, publish_at__isnull=False, published_for=None)
    if not planned.update(publish_at=None, take_down_at=None):
        raise InvalidTransition("It is not scheduled any more.")
    revision.publish_at = revision.take_down_at = None
    record(revision.article, revision, Action.UNSCHEDULED, by)
    return revision


def publish_due(now=None):
    """Publish what is due and take down what is due; (published, taken down, refused with the reasons).

    Each in a transaction of its own; run twice at once, each happens once. What cannot go out because another text was
    published in between is told to who scheduled it.
    """
    now = now or timezone.now()
    published, refused = [], []
    for revision in Revision.objects.due(now).select_related("article").order_by("publish_at"):
        entry = LogEntry.objects.filter(revision=revision, action=Action.SCHEDULED).order_by("number").last()
        try:
            with transaction.atomic():
                claimed = Revision.objects.filter(
                    pk=revision.pk, status=Status.APPROVED, publish_at=revision.publish_at
                ).update(publish_at=None)
                if not claimed:
                    continue  # somebody else is doing it
                slugs = point(revision, Action.PUBLISHED, entry.by, by_name=entry.by_name)
                derivation.refresh_linking_to(slugs)
            published.append(revision)
        except WorkflowError as error:
            if _give_up(revision, entry, str(error)):
                refused.append((revision, str(error)))
    taken_down = []
    for article in Article.objects.published().filter(take_down_at__lte=now).select_related("published_revision"):
        with transaction.atomic():
            due = Article.objects.filter(pk=article.pk, take_down_at=article.take_down_at)
            if due.update(take_down_at=None):
                entry = (
                    LogEntry.objects.filter(revision=article.published_revision, action=Action.SCHEDULED)
                    .order_by("number")
                    .last()
                )
                take_down(article, entry.by, "as scheduled", by_name=entry.by_name)
                taken_down.append(article)
    return published, taken_down, refused


def _give_up(revision, entry, reason):
    """Take the schedule of a revision that cannot go out, and tell who scheduled it; whether it was ours to take."""
    with transaction.atomic():
        if not Revision.objects.filter(pk=revision.pk, publish_at=revision.publish_at).update(publish_at=None):
            return False
        record(revision.article, revision, Action.NOT_PUBLISHED, entry.by, reason, by_name=entry.by_name)
        notices.notify(
            Notice.Kind.NOT_PUBLISHED,
            f"“{revision.title}” (revision {revision.number}) did not go out as scheduled: {reason}",
            article=revision.article,
            revision=revision,
            users=[entry.by, revision.author],
        )
    return True
