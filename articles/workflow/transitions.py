"""The steps that transitions are made of: the lock, guards, the compare-and-set, the log."""

import functools
from contextlib import contextmanager

from django.conf import settings
from django.db import IntegrityError, OperationalError, transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext

from articles.models import Article, Contributor, LogEntry, Revision

from . import audit_log


def clock(moment):
    """A moment as people read it, in the site's time zone."""
    local = timezone.localtime(moment)
    values = {"time": date_format(local, "TIME_FORMAT"), "day": date_format(local, "DATE_FORMAT")}
    return gettext("%(time)s on %(day)s") % values


class WorkflowError(Exception):
    """A transition that was refused; the message is for the person who asked."""


class NotAllowed(WorkflowError):
    """The person may not do this."""


class InvalidTransition(WorkflowError):
    """The state does not permit it, or has moved on."""


class NotReady(WorkflowError):
    """The draft lacks something; `missing` lists what."""

    def __init__(self, missing):
        self.missing = missing
        super().__init__(gettext("Not ready to be submitted: %(missing)s") % {"missing": " ".join(missing)})


class StaleDraft(WorkflowError):
    """Somebody saved in between; `revision` is the draft as it stands now."""

    def __init__(self, revision):
        self.revision = revision
        super().__init__(
            gettext(
                "%(saved_by_name)s saved this draft at %(saved_at)s, after you opened it. Nothing of yours was "
                "saved over it."
            )
            % {"saved_by_name": revision.saved_by_name, "saved_at": clock(revision.saved_at)}
        )


class Clashes(WorkflowError):
    """Both texts changed the same place; `merge` holds both sides of each, for a person to choose."""

    def __init__(self, merge):
        self.merge = merge
        count = len(merge.clashes)
        super().__init__(
            ngettext(
                "The published text and this one differ in %(count)s place that both changed: choose for each.",
                "The published text and this one differ in %(count)s places that both changed: choose for each.",
                count,
            )
            % {"count": count}
        )


Status = Revision.Status
Action = LogEntry.Action

# What PostgreSQL says of two transactions that wait for each other or cannot both be (SQL states, its appendix A).
COLLISIONS = {"40001", "40P01", "55P03"}


def is_collision(error):
    """Whether a database error says that others held what was wanted: what was tried can be tried again."""
    return getattr(error.__cause__, "sqlstate", None) in COLLISIONS or "locked" in str(error)


@contextmanager
def explain_collisions():
    """Raise `InvalidTransition` where a transaction loses against another one."""
    try:
        yield
    except OperationalError as error:
        if is_collision(error):
            raise InvalidTransition(
                gettext(
                    "Somebody did something to this article at the same moment. Nothing of yours was done: try again."
                )
            ) from error
        raise


def transition(function):
    """One transaction: all of it happens or nothing; losing against another one is told in words."""

    @functools.wraps(function)
    def run(*args, **kwargs):
        with explain_collisions(), transaction.atomic():
            return function(*args, **kwargs)

    return run


def lock_article(article):
    """Let nothing else happen to `article` before the transaction ends, and read it as it stands now.

    Every transition of something that exists begins with it: so they all take their locks in one order, and what they
    read after it does not change under them. On SQLite a transaction has the whole database to itself.
    """
    article.refresh_from_db(from_queryset=Article.objects.select_for_update(no_key=True))


@contextmanager
def claim_slug(slug):
    """Around a write that takes `slug`: that another article takes it at the same moment is told in words."""
    try:
        yield
    except IntegrityError as error:
        raise InvalidTransition(
            gettext("The slug “%(slug)s” was taken by another article just now: choose another one.") % {"slug": slug}
        ) from error


def name_of(user):
    """The name that stays with what a person did."""
    if not user.is_authenticated:
        return gettext("Somebody who is not logged in")
    return user.get_full_name() or user.get_username()


def require(user, permission, what):
    if not (user.is_active and user.has_perm(permission)):
        raise NotAllowed(gettext("%(user)s may not %(what)s.") % {"user": name_of(user), "what": what})


def require_editable(user, article):
    require(user, "articles.change_revision", gettext("edit articles"))
    if article.is_protected and not user.has_perm("articles.protect_article"):
        raise NotAllowed(gettext("This article is protected: only moderators can edit it until it is released."))


def require_reason(text, message):
    if not text.strip():
        raise InvalidTransition(message)


def require_second_person(user, revision):
    """Four eyes: who wrote a part of the revision does not decide that it is right, superusers included."""
    if settings.FOUR_EYES and revision.contributor_set.filter(user=user).exists():
        raise NotAllowed(gettext("You wrote a part of this revision: somebody else has to approve it."))


def require_looked_at(revision, digest):
    """Approved is the text that somebody looked at; None where that is not said."""
    if digest is not None and not Revision.objects.filter(pk=revision.pk, digest=digest).exists():
        raise InvalidTransition(
            gettext(
                "This is not the text that you looked at: nothing was approved. Load the page anew and look at "
                "this one."
            )
        )


def moved_on(revision):
    """The error that says who moved the revision on, and when."""
    current = Revision.objects.select_related("article").get(pk=revision.pk)
    last = LogEntry.objects.filter(revision=current).order_by("number").last()
    values = {"number": current.number, "status": current.get_status_display()}
    if last is None:
        return InvalidTransition(gettext("Revision %(number)s is %(status)s: this is not possible any more.") % values)
    values |= {"name": last.by_name, "moment": clock(last.at)}
    return InvalidTransition(
        gettext("Revision %(number)s is %(status)s by %(name)s at %(moment)s: this is not possible any more.") % values
    )


def set_status(revision, before, after, **changes):
    """Compare-and-set of the status, with what goes with it. Raises `InvalidTransition` if it has moved on."""
    if not Revision.objects.filter(pk=revision.pk, status=before).update(status=after, **changes):
        raise moved_on(revision)
    revision.status = after
    for name, value in changes.items():
        setattr(revision, name, value)


def record(article, revision, action, by, note="", by_name=None, *, is_new=False):
    """Add the next entry to the article's log, chained to the one before.

    `is_new` says that the transaction has made the article itself: nobody else can have written into its log.
    """
    head = article
    if not is_new:
        # The row is locked (PostgreSQL) or the whole database is (SQLite, IMMEDIATE): one entry after the other.
        head = Article.objects.select_for_update(no_key=True).only("log_length", "log_digest").get(pk=article.pk)
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
    entry.digest = audit_log.entry_digest(entry, head.log_digest)
    entry.save(force_insert=True)
    Article.objects.filter(pk=article.pk).update(log_length=entry.number, log_digest=entry.digest)
    article.log_length, article.log_digest = entry.number, entry.digest
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
