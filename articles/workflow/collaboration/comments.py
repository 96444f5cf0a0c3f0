"""Comments on a submitted text, in threads that can be resolved; they stay with the revision."""

from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext

from articles.models import Comment, Notice
from articles.workflow import notifications
from articles.workflow.transitions import (
    InvalidTransition,
    NotAllowed,
    lock_article,
    name_of,
    require,
    require_reason,
    transition,
)


def may_discuss(revision, user):
    """Whether `user` may open and close threads: who reviews, and who wrote a part of the revision."""
    if not user.has_perm("articles.change_revision"):
        return False
    return user.has_perm("articles.review_revision") or any(
        writer.user_id == user.pk for writer in revision.contributor_set.all()
    )


def unresolved_number():
    """How many threads of a revision are open, as an annotation for a query set of revisions."""
    threads = Comment.objects.unresolved().filter(revision=OuterRef("pk")).order_by().values("revision")
    return Coalesce(Subquery(threads.annotate(number=Count("pk")).values("number")), 0)


@transition
def add(revision, *, by, text, section_key=None, change="", quote=""):
    """Open a thread on the revision, one of its sections, or one of its changes.

    `quote` is the sentence or heading as it stands: it says what is meant when the comparison is another one.
    """
    _require_discussing(revision, by)
    require_reason(text, gettext("Write what you want to say."))
    if revision.is_draft:
        raise InvalidTransition(
            gettext("A draft still changes under a comment: it can be commented on once it is submitted.")
        )
    return _add(revision, by, text, section_key=section_key, change=change, quote=quote)


@transition
def answer(comment, *, by, text):
    """Add to the thread of `comment`; whoever edits articles may."""
    require(by, "articles.change_revision", gettext("answer comments"))
    require_reason(text, gettext("Write what you want to say."))
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
def resolve(comment, *, by):
    """Close a thread. Raises `InvalidTransition` if somebody has done so already."""
    _require_discussing(comment.revision, by)
    lock_article(comment.revision.article)
    closing = {"resolved_at": timezone.now(), "resolved_by_name": name_of(by)}
    if not Comment.objects.unresolved().filter(pk=comment.pk).update(**closing):
        raise InvalidTransition(gettext("This thread is resolved already."))
    comment.resolved_at, comment.resolved_by_name = closing["resolved_at"], closing["resolved_by_name"]
    return comment


@transition
def reopen(comment, *, by):
    """Open a resolved thread again. Raises `InvalidTransition` if it is open."""
    _require_discussing(comment.revision, by)
    lock_article(comment.revision.article)
    resolved = Comment.objects.filter(pk=comment.pk, parent=None, resolved_at__isnull=False)
    if not resolved.update(resolved_at=None, resolved_by_name=""):
        raise InvalidTransition(gettext("This thread is open already."))
    comment.resolved_at, comment.resolved_by_name = None, ""
    return comment


def _require_discussing(revision, by):
    require(by, "articles.change_revision", gettext("comment"))
    if not may_discuss(revision, by):
        raise NotAllowed(gettext("Only moderators and who wrote a part of this revision open and close threads on it."))


def _add(revision, by, text, **place):
    lock_article(revision.article)
    comment = Comment.objects.create(
        revision=revision, text=text.strip(), by=by, by_name=name_of(by), at=timezone.now(), **place
    )
    others = Comment.objects.filter(revision=revision).select_related("by")
    notifications.notify(
        Notice.Kind.COMMENTED,
        gettext("%(by)s commented on “%(title)s” (revision %(number)s): %(text)s")
        % {"by": name_of(by), "title": revision.title, "number": revision.number, "text": text.strip()},
        article=revision.article,
        revision=revision,
        users=[
            revision.author,
            *(writer.user for writer in revision.contributor_set.select_related("user")),
            *(other.by for other in others),
        ],
        actor=by,
    )
    return comment
