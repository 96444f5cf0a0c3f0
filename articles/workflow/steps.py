"""The steps that transitions are made of: guards, the compare-and-set, the log."""

from django.conf import settings
from django.utils import timezone

from articles import history
from articles.models import Article, Contributor, LogEntry, Revision

from .errors import InvalidTransition, NotAllowed, clock

Status = Revision.Status
Action = LogEntry.Action


def name_of(user):
    """The name that stays with what a person did."""
    if not user.is_authenticated:
        return "Somebody who is not logged in"
    return user.get_full_name() or user.get_username()


def require(user, permission, what):
    if not (user.is_active and user.has_perm(permission)):
        raise NotAllowed(f"{name_of(user)} may not {what}.")


def require_editable(user, article):
    require(user, "articles.change_revision", "edit articles")
    if article.is_protected and not user.has_perm("articles.protect_article"):
        raise NotAllowed("This article is protected: only moderators can edit it until it is released.")


def require_reason(text, message):
    if not text.strip():
        raise InvalidTransition(message)


def require_second_person(user, revision):
    """Four eyes: who wrote a part of the revision does not decide that it is right, superusers included."""
    if settings.FOUR_EYES and revision.contributor_set.filter(user=user).exists():
        raise NotAllowed("You wrote a part of this revision: somebody else has to approve it.")


def moved_on(revision):
    """The error that says who moved the revision on, and when."""
    current = Revision.objects.select_related("article").get(pk=revision.pk)
    last = LogEntry.objects.filter(revision=current).order_by("number").last()
    by = f" by {last.by_name} at {clock(last.at)}" if last else ""
    return InvalidTransition(
        f"Revision {current.number} is {current.get_status_display()}{by}: this is not possible any more."
    )


def set_status(revision, before, after, **changes):
    """Compare-and-set of the status, with what goes with it. Raises `InvalidTransition` if it has moved on."""
    if not Revision.objects.filter(pk=revision.pk, status=before).update(status=after, **changes):
        raise moved_on(revision)
    revision.status = after
    for name, value in changes.items():
        setattr(revision, name, value)


def record(article, revision, action, by, note="", by_name=None):
    """Add the next entry to the article's log, chained to the one before."""
    # The row is locked (PostgreSQL) or the whole database is (SQLite, IMMEDIATE): one entry after the other.
    head = Article.objects.select_for_update().only("log_length", "log_digest").get(pk=article.pk)
    entry = LogEntry(
        article=article,
        revision=revision,
        action=action,
        by=by,
        by_name=by_name or name_of(by),
        account=by.pk if by else None,
        at=timezone.now(),
        note=note,
        number=head.log_length + 1,
    )
    entry.digest = history.entry_digest(entry, head.log_digest)
    entry.save(force_insert=True)
    Article.objects.filter(pk=article.pk).update(log_length=entry.number, log_digest=entry.digest)
    return entry


def contributes(revision, user):
    Contributor.objects.get_or_create(revision=revision, user=user, defaults={"user_name": name_of(user)})


def copy_contributors(source, target):
    present = set(target.contributor_set.values_list("user", flat=True))
    Contributor.objects.bulk_create(
        Contributor(revision=target, user=writer.user, user_name=writer.user_name)
        for writer in source.contributor_set.select_related("user")
        if writer.user_id not in present
    )
