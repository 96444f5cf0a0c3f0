"""Comments on a revision, in threads; unresolved ones follow into the revisions that continue it."""

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext

from articles.models import Comment, Notice, Revision, SuggestedEdit
from articles.workflow import notifications
from articles.workflow.content import content_of
from articles.workflow.drafts import reopened_edits
from articles.workflow.drafts.lineage import ancestors, continued_by, rounds, rows_by_key
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


def comments_on(discussed, before):
    """Return a `Q` for the comments that belong to a text: on the revisions `discussed`, and margin comments on `before`.

    Both are lists of primary keys, as `rounds` and `ancestors` return them: what a margin comment is about stays in the
    text when that is approved.
    """
    is_margin = Q(passage__isnull=False) | Q(parent__passage__isnull=False)
    earlier = [pk for pk in before if pk not in discussed]
    return Q(revision__in=discussed) | (Q(revision__in=earlier) & is_margin) if earlier else Q(revision__in=discussed)


def discussion_of(revision):
    """Return `comments_on` the text of `revision`. One query, none for a revision that was started from no other."""
    if revision.base_id is None:
        return Q(revision=revision)
    revisions = rows_by_key(revision.article_id)
    base = revisions.get(revision.base_id)
    return comments_on([revision.pk, *rounds(base, revisions)], [revision.pk, *ancestors(base, revisions)])


def unresolved_numbers(revisions):
    """Return {primary key: number of unresolved threads} for `revisions`, with those that follow from earlier ones.

    Two queries, one if none of the revisions was started from another.
    """
    articles = {revision.article_id for revision in revisions if revision.base_id}
    found = Revision.objects.filter(article__in=articles).order_by().values_list("pk", "status", "base", named=True)
    known = {row.pk: row for row in found}
    discussions, before = {}, {}
    for revision in revisions:
        base = known.get(revision.base_id)
        discussions[revision.pk] = {revision.pk, *rounds(base, known)}
        before[revision.pk] = {revision.pk, *ancestors(base, known)} - discussions[revision.pk]
    keys = {key for keys in (*discussions.values(), *before.values()) for key in keys}
    threads = Comment.objects.unresolved().filter(revision__in=keys).order_by()
    threads = threads.annotate(is_margin=Q(passage__isnull=False))
    counted = list(threads.values_list("revision", "is_margin").annotate(Count("pk")))
    return {
        pk: sum(
            number
            for revision, is_margin, number in counted
            if revision in keys or (is_margin and revision in before[pk])
        )
        for pk, keys in discussions.items()
    }


@transition
def add(revision, *, by, text, section_key=None, change="", quote=""):
    """Open a thread on the revision, one of its sections, or one of its changes.

    `quote` is the sentence or heading at that time; it identifies the place even if the comparison changes later.
    """
    require_discussing(revision, by)
    require_reason(text, gettext("Write a comment first."))
    if revision.is_draft:
        raise InvalidTransition(gettext("Drafts can’t be commented on as a whole. Comment on a passage."))
    return start(revision, by, text, section_key=section_key, change=change, quote=quote)


@transition
def answer(comment, *, by, text):
    """Reply in the thread of `comment`; anyone who edits articles may."""
    require(by, "articles.change_revision", gettext("reply to comments"))
    require_reason(text, gettext("Write a comment first."))
    thread = comment.parent or comment
    return start(
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
    lock_article(comment.revision.article)
    require_closing(comment, by, during=during)
    unresolved = Comment.objects.unresolved()
    with rows.recorded(Comment, [comment.pk]):
        done = compare_and_set(unresolved, comment, resolved_at=timezone.now(), resolved_by_name=name_of(by))
    if not done:
        raise InvalidTransition(gettext("This thread is already resolved."))
    return comment


@transition
def reopen(comment, *, by, during=None):
    """Reopen a resolved thread; `during` is as in `resolve`. Raises `InvalidTransition` if it is open.

    The edit that it suggests can be decided on again if it was dismissed, or is no longer in the text; not if it was
    erased.
    """
    lock_article(comment.revision.article)
    require_closing(comment, by, during=during)
    if not reopened_edits.reopen(comment):
        raise InvalidTransition(gettext("This thread is already open."))
    decided = SuggestedEdit.objects.exclude(outcome=SuggestedEdit.Outcome.OPEN).select_related(
        "comment__passage", "accepted_in"
    )
    if edit := decided.filter(comment=comment).first():
        is_dismissed = edit.outcome == SuggestedEdit.Outcome.DISMISSED and not edit.is_erased
        text = during or comment.revision
        if edit.accepted_in and edit.accepted_in.status != Revision.Status.DISCARDED:
            # A text that doesn't continue the one with the edit never had it.
            text = text if edit.accepted_in_id in continued_by(text) else edit.accepted_in
        if is_dismissed or reopened_edits.is_undone(edit, content_of(text)):
            reopened_edits.open_again(edit)
    return comment


def in_review(thread):
    """Return the revisions in review whose discussion `thread` is part of. One query without a revision in review."""
    submitted = Revision.objects.filter(article=thread.revision.article_id, status=Revision.Status.SUBMITTED)
    mine = Comment.objects.filter(pk=thread.pk)
    return [revision for revision in submitted if mine.filter(discussion_of(revision)).exists()]


def require_closing(thread, by, *, during=None):
    """Raise `NotAllowed` unless `by` may open and close `thread` on its revision, or on `during`, which continues it.

    A text in review that has the thread as well counts too: its reviewers read there what is left to do.
    """
    for revision in [during or thread.revision, *in_review(thread)]:
        require_discussing(revision, by)


def require_discussing(revision, by):
    """Raise `NotAllowed` unless `by` may open and close threads on `revision`."""
    require(by, "articles.change_revision", gettext("comment"))
    if not may_discuss(revision, by):
        raise NotAllowed(
            gettext("Only moderators and contributors to this revision can open and resolve threads on it.")
        )


def start(revision, by, text, **place):
    """Store a comment and tell those who wrote the text or commented on it. Runs in the caller's transaction."""
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
