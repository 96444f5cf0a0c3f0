"""Comments on a submitted revision, in threads; unresolved ones follow into the revisions that continue it."""

from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext

from articles.models import Comment, Notice, Revision
from articles.workflow import notifications
from articles.workflow.history import rows
from articles.workflow.transitions import (
    InvalidTransition,
    NotAllowed,
    compare_and_set,
    lock_article,
    name_of,
    require,
    require_reason,
    transition,
)


def may_discuss(revision, user):
    """Return whether `user` may open and close threads: reviewers and the revision's contributors may."""
    if not user.has_perm("articles.change_revision"):
        return False
    return user.has_perm("articles.review_revision") or any(
        writer.user_id == user.pk for writer in revision.contributor_set.all()
    )


def rounds(revision, revisions):
    """Return `revision` and those whose discussion it continues (primary keys), the latest first.

    `revisions` are rows of its article with `status` and `base`, by primary key. An approved text ends the discussion.
    """
    found = []
    while revision is not None and revision.status != Revision.Status.APPROVED and revision.pk not in found:
        found.append(revision.pk)
        revision = revisions.get(revision.base)
    return found


def discussed(revision):
    """The primary keys of `revision` and of the `rounds` before it.

    One query, none for a revision that continues no other.
    """
    if revision.base is None or revision.base.status == Revision.Status.APPROVED:
        return [revision.pk]
    in_article = (
        Revision.objects.filter(article=revision.article_id).order_by().values_list("pk", "status", "base", named=True)
    )
    revisions = {row.pk: row for row in in_article}
    return [revision.pk, *rounds(revisions.get(revision.base_id), revisions)]


def unresolved_numbers(revisions):
    """Return {primary key: number of unresolved threads} for `revisions`, with those of earlier rounds.

    Two queries, one if none of the revisions continues another.
    """
    articles = {revision.article_id for revision in revisions if revision.base_id}
    found = Revision.objects.filter(article__in=articles).order_by().values_list("pk", "status", "base", named=True)
    known = {row.pk: row for row in found}
    discussions = {revision.pk: [revision.pk, *rounds(known.get(revision.base_id), known)] for revision in revisions}
    threads = Comment.objects.unresolved().filter(revision__in={key for keys in discussions.values() for key in keys})
    numbers = dict(threads.order_by().values_list("revision").annotate(Count("pk")))
    return {pk: sum(numbers.get(key, 0) for key in keys) for pk, keys in discussions.items()}


@transition
def add(revision, *, by, text, section_key=None, change="", quote=""):
    """Open a thread on the revision, one of its sections, or one of its changes.

    `quote` is the sentence or heading at that time; it identifies the place even if the comparison changes later.
    """
    _require_discussing(revision, by)
    require_reason(text, gettext("Write a comment first."))
    if revision.is_draft:
        raise InvalidTransition(gettext("Drafts can’t be commented on. Comment once the revision is submitted."))
    return _add(revision, by, text, section_key=section_key, change=change, quote=quote)


@transition
def answer(comment, *, by, text):
    """Reply in the thread of `comment`; anyone who edits articles may."""
    require(by, "articles.change_revision", gettext("reply to comments"))
    require_reason(text, gettext("Write a comment first."))
    thread = comment.parent or comment
    return _add(
        thread.revision,
        by,
        text,
        parent=thread,
        section_key=thread.section_key,
        change=thread.change,
        quote=thread.quote,
    )


@transition
def resolve(comment, *, by, during=None):
    """Resolve a thread, on its own revision or while discussing `during`, one that continues it.

    Raises `InvalidTransition` if it is already resolved.
    """
    _require_discussing(during or comment.revision, by)
    lock_article(comment.revision.article)
    unresolved = Comment.objects.unresolved()
    with rows.recorded(Comment, [comment.pk]):
        done = compare_and_set(unresolved, comment, resolved_at=timezone.now(), resolved_by_name=name_of(by))
    if not done:
        raise InvalidTransition(gettext("This thread is already resolved."))
    return comment


@transition
def reopen(comment, *, by, during=None):
    """Reopen a resolved thread; `during` is as in `resolve`. Raises `InvalidTransition` if it is open."""
    _require_discussing(during or comment.revision, by)
    lock_article(comment.revision.article)
    resolved = Comment.objects.filter(parent=None, resolved_at__isnull=False)
    with rows.recorded(Comment, [comment.pk]):
        done = compare_and_set(resolved, comment, resolved_at=None, resolved_by_name="")
    if not done:
        raise InvalidTransition(gettext("This thread is already open."))
    return comment


def _require_discussing(revision, by):
    require(by, "articles.change_revision", gettext("comment"))
    if not may_discuss(revision, by):
        raise NotAllowed(
            gettext("Only moderators and contributors to this revision can open and resolve threads on it.")
        )


def _add(revision, by, text, **place):
    lock_article(revision.article)
    comment = Comment.objects.create(
        revision=revision, text=text.strip(), by=by, by_name=name_of(by), at=timezone.now(), **place
    )
    rows.record_new(comment)
    comments = Comment.objects.filter(revision=revision).select_related("by")
    notifications.notify(
        Notice.Kind.COMMENTED,
        gettext("%(by)s commented on “%(title)s” (revision %(number)s): %(text)s")
        % {"by": name_of(by), "title": revision.title, "number": revision.number, "text": text.strip()},
        revision=revision,
        users=[
            revision.author,
            *(writer.user for writer in revision.contributor_set.select_related("user")),
            *(earlier.by for earlier in comments),
        ],
        actor=by,
    )
    return comment
