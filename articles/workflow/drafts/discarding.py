"""Discarding a draft: it leaves every list of what is being written, and stays on record, from which it can be restored."""

from django.utils.translation import gettext

from articles.models import Article, Notice, Revision
from articles.workflow import notifications
from articles.workflow.content import content_of, free_slug
from articles.workflow.history import audit_log
from articles.workflow.transitions import (
    Action,
    InvalidTransition,
    NotAllowed,
    Status,
    claim_slug,
    clock,
    lock_article,
    name_of,
    record,
    require,
    require_reason,
    set_status,
    transition,
)

from . import reopened_edits


def may_discard(revision, user):
    """Whether `user` may discard `revision` while it is a draft: its author and reviewers."""
    is_author = revision.author_id == user.pk
    return user.has_perm("articles.change_revision") and (is_author or user.has_perm("articles.review_revision"))


def is_last(revision):
    """Whether the draft is all there is of an article that was never published."""
    others = Revision.objects.filter(article=revision.article_id).exclude(pk=revision.pk)
    return revision.article.first_published_at is None and not others.exclude(status=Status.DISCARDED).exists()


@transition
def discard(revision, *, by, version, reason=""):
    """Discard the draft, which `by` saw at `version`. Whoever discards another person's gives a `reason`, which its author gets.

    The text is frozen, with a digest as that of a submitted one; `restore` starts a new draft from it. An article that
    has no other text gives its slug back: `Article.objects.kept` leaves it out. Raises `InvalidTransition` if it is no
    draft, or was saved since.
    """
    require(by, "articles.change_revision", gettext("edit articles"))
    if not may_discard(revision, by):
        raise NotAllowed(gettext("Only the author of a draft and moderators can discard it."))
    if revision.author_id != by.pk:
        require_reason(reason, gettext("Give the author a reason."))
    article = revision.article
    lock_article(article)
    revision.refresh_from_db()
    if revision.is_draft and revision.version != version:
        values = {"name": revision.saved_by_name, "moment": clock(revision.saved_at)}
        message = gettext(
            "%(name)s saved this draft at %(moment)s, after you opened this page. Read it, then decide again."
        )
        raise InvalidTransition(message % values)
    set_status(revision, Status.DRAFT, Status.DISCARDED)
    revision.digest = audit_log.revision_digest(revision, content=content_of(revision))
    revision.save(update_fields=["digest"])
    record(article, revision, Action.DISCARDED, by, reason)
    reopened_edits.open_discarded(revision, by=by)
    if is_last(revision):
        slug = free_slug(f"discarded-{article.pk}")
        with claim_slug(slug):
            Article.objects.filter(pk=article.pk).update(slug=slug)
        article.slug = slug
    notifications.notify(
        Notice.Kind.DECIDED,
        gettext("%(by)s discarded your draft of “%(title)s” (revision %(number)s): %(reason)s")
        % {"by": name_of(by), "title": revision.title, "number": revision.number, "reason": reason},
        revision=revision,
        users=[revision.author],
        actor=by,
    )
    return revision
