"""The building blocks of transitions: the lock, guards, compare-and-set, the log."""

import functools
from contextlib import contextmanager

from django.db import IntegrityError, OperationalError, transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, gettext_lazy, ngettext

from articles.models import Article, Contributor, LogEntry, Revision

from .history import audit_log, chain, names, rows


def clock(moment):
    """Format a datetime for people, in the site's time zone."""
    local = timezone.localtime(moment)
    values = {"time": date_format(local, "TIME_FORMAT"), "day": date_format(local, "DATE_FORMAT")}
    return gettext("%(time)s on %(day)s") % values


class WorkflowError(Exception):
    """A refused transition; the message is for the person who attempted it."""


class NotAllowed(WorkflowError):
    """The person isn't allowed to do this."""


class InvalidTransition(WorkflowError):
    """The current state doesn't permit it, or has changed in the meantime."""


class NotReady(WorkflowError):
    """The draft can't be submitted yet; `missing` lists what it lacks, as sentences."""

    def __init__(self, missing):
        self.missing = missing
        super().__init__(gettext("Required before submitting: %(missing)s") % {"missing": " ".join(missing)})


class StaleDraft(WorkflowError):
    """Someone, perhaps `by` in another window, saved in between; `revision` is the draft as it is stored now."""

    def __init__(self, revision, by):
        self.revision = revision
        if revision.saved_by_id == by.pk:
            message = gettext(
                "You saved this draft in another window at %(saved_at)s, after you opened it here. Your changes here "
                "weren’t saved."
            )
        else:
            message = gettext(
                "%(saved_by_name)s saved this draft at %(saved_at)s, after you opened it. Your changes weren’t saved."
            )
        super().__init__(message % {"saved_by_name": revision.saved_by_name, "saved_at": clock(revision.saved_at)})


class MergeConflicts(WorkflowError):
    """Both texts changed the same places; `merge` holds both sides of each conflict, for a person to choose."""

    def __init__(self, merge):
        self.merge = merge
        count = len(merge.conflicts)
        super().__init__(
            ngettext(
                "The published text and this one both changed %(count)s place. Choose which version to keep.",
                "The published text and this one both changed %(count)s places. Choose which version to keep in each.",
                count,
            )
            % {"count": count}
        )


Status = Revision.Status
Action = LogEntry.Action
# What is logged about a revision without changing its status.
ASIDE = [Action.PRIORITY_CHANGED, Action.ASSIGNED, Action.REVIEW_CLAIMED, Action.VERSIONS_DISCARDED]
ASIDE += [Action.SHARED, Action.SHARING_ENDED, Action.EDIT_ACCEPTED, Action.CO_APPROVED]
ASIDE += [Action.RECORDING_CHANGED, Action.RECORDING_PROPOSED]
ASIDE += [Action.RECORDING_REJECTED, Action.RECORDING_WITHDRAWN]

# SQLSTATE codes for serialization failures, deadlocks and unavailable locks (PostgreSQL manual, appendix A).
COLLISIONS = {"40001", "40P01", "55P03"}


def is_collision(error):
    """Return whether a database error means that another transaction held the lock, so that retrying makes sense."""
    return getattr(error.__cause__, "sqlstate", None) in COLLISIONS or "locked" in str(error)


@contextmanager
def explain_collisions():
    """Raise `InvalidTransition` if this transaction loses to a concurrent one."""
    try:
        yield
    except OperationalError as error:
        if is_collision(error):
            raise InvalidTransition(
                gettext("Someone else changed this article at the same moment. Your change wasn’t saved; try again.")
            ) from error
        raise


def transition(function):
    """Run the function in one transaction; losing to a concurrent one raises `InvalidTransition`."""

    @functools.wraps(function)
    def run(*args, **kwargs):
        with explain_collisions(), transaction.atomic():
            return function(*args, **kwargs)

    return run


def lock_article(article):
    """Lock the article's row until the transaction ends, and refresh `article` from it.

    Every transition of an existing article starts with this, so that all take their locks in the same order and
    nothing they read afterwards changes. On SQLite a transaction locks the whole database.
    """
    article.refresh_from_db(from_queryset=Article.objects.select_for_update(no_key=True))


@contextmanager
def refuse_second(message):
    """Wrap a write; raises `InvalidTransition` with `message` if it would make a second of what must be unique."""
    try:
        yield
    except IntegrityError as error:
        raise InvalidTransition(message) from error


def claim_slug(slug):
    """Wrap a write that takes `slug`; raises `InvalidTransition` if another article takes it at the same moment."""
    return refuse_second(
        gettext("Another article has just taken the slug “%(slug)s”. Choose a different one.") % {"slug": slug}
    )


def name_of(user):
    """Return the name recorded with a person's actions."""
    if not user.is_authenticated:
        return gettext("Someone who isn’t logged in")
    return user.get_full_name() or user.get_username()


def require(user, permission, what):
    if not (user.is_active and user.has_perm(permission)):
        raise NotAllowed(gettext("%(user)s isn’t allowed to %(what)s.") % {"user": name_of(user), "what": what})


def require_editable(user, article):
    require(user, "articles.change_revision", gettext("edit articles"))
    if refusal := why_protected(user, article):
        raise NotAllowed(refusal)


def why_protected(user, article):
    """Return a sentence that says that the protection of `article` keeps `user` from editing it, "" if it doesn't."""
    if not article.is_protected or user.has_perm("articles.protect_article"):
        return ""
    return gettext("This article is protected. Only moderators can edit it.")


def require_reason(text, message):
    if not text.strip():
        raise InvalidTransition(message)


_HAPPENED = {
    Revision.Status.DRAFT: gettext_lazy("Revision %(number)s is a draft"),
    Revision.Status.SUBMITTED: gettext_lazy("Revision %(number)s was submitted for review"),
    Revision.Status.APPROVED: gettext_lazy("Revision %(number)s was approved"),
    Revision.Status.CHANGES_REQUESTED: gettext_lazy("Changes to revision %(number)s were requested"),
    Revision.Status.REJECTED: gettext_lazy("Revision %(number)s was rejected"),
    Revision.Status.WITHDRAWN: gettext_lazy("Revision %(number)s was withdrawn"),
    Revision.Status.RECEIVED: gettext_lazy("Revision %(number)s was imported"),
    Revision.Status.DISCARDED: gettext_lazy("Revision %(number)s was discarded"),
}


def moved_on(revision):
    """Return the error that says who changed the revision's status, and when."""
    current = Revision.objects.select_related("article").get(pk=revision.pk)
    last = LogEntry.objects.filter(revision=current).exclude(action__in=ASIDE).order_by("number").last()
    values = {"happened": _HAPPENED[current.status] % {"number": current.number}}
    if last is None:
        return InvalidTransition(gettext("%(happened)s: this is no longer possible.") % values)
    values |= {"name": last.by_name, "moment": clock(last.at)}
    return InvalidTransition(gettext("%(happened)s (%(name)s, %(moment)s): this is no longer possible.") % values)


def compare_and_set(expected, row, **changes):
    """Set `changes` on `row`, in the database and in memory, if it is one of the `expected` rows, a query set.

    Returns whether it was; if not, another transaction has changed it first.
    """
    if not expected.filter(pk=row.pk).update(**changes):
        return False
    for name, value in changes.items():
        setattr(row, name, value)
    return True


def set_status(revision, before, after, **changes):
    """Compare and set the status, along with `changes`. Raises `InvalidTransition` if the status isn't `before`."""
    with rows.recorded(Revision, [revision.pk] if rows.are_covered(Revision, changes) else ()):
        done = compare_and_set(Revision.objects.filter(status=before), revision, status=after, **changes)
    if not done:
        raise moved_on(revision)


def record(
    article, revision, action, by, note="", by_name=None, *, is_new=False, recordings=None, requirement=None, at=None
):
    """Append an entry to the article's log, chained to the previous one, and return it.

    `is_new` means that this transaction created the article, so nobody else can write to its log. `recordings` are those
    that the action covers or has changed, from `content.recordings.cited_recordings`, `requirement` is that of the review
    (`Review.requirement`). `at` is when it happened: now,
    unless another row already says when.
    """
    head = article
    if not is_new:
        # Entries are serialized by locking the row (PostgreSQL) or the whole database (SQLite, IMMEDIATE).
        head = Article.objects.select_for_update(no_key=True).only("log_length", "log_digest").get(pk=article.pk)
    entry = LogEntry(
        article=article,
        revision=revision,
        action=action,
        by=by,
        by_name=by_name or name_of(by),
        account=by.pk if by else None,
        at=at or timezone.now(),
        note=note,
        recordings=recordings,
        requirement=requirement,
        number=head.log_length + 1,
        name_seal=names.new_seal(),
    )
    writers = revision.contributor_set.all() if action in audit_log.FREEZING else ()
    entry.digest = audit_log.entry_digest(entry, head.log_digest, writers)
    entry.proof = chain.proof_of(entry)
    entry.save(force_insert=True)
    chain.seal_after_commit()
    Article.objects.filter(pk=article.pk).update(log_length=entry.number, log_digest=entry.digest)
    article.log_length, article.log_digest = entry.number, entry.digest
    return entry


def contributes(revision, user):
    values = {"user_name": name_of(user), "account": user.pk, "name_seal": names.new_seal()}
    contributor, is_new = Contributor.objects.get_or_create(revision=revision, user=user, defaults=values)
    if is_new:
        rows.record_new(contributor)


def copy_contributors(source, target):
    present = set(target.contributor_set.values_list("user", flat=True))
    copied = ("user", "user_name", "account", "name_seal")
    added = Contributor.objects.bulk_create(
        Contributor(revision=target, **{name: getattr(writer, name) for name in copied})
        for writer in source.contributor_set.select_related("user")
        if writer.user_id not in present
    )
    rows.record_new(*added)
