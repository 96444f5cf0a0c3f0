"""Sharing a text that isn't published with people without an account: links, and the comments they may leave."""

import hashlib
import secrets
from datetime import timedelta

from django.db.models import F
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, gettext_lazy

from articles.models import DraftLink, GuestComment, Notice, Revision
from articles.workflow import notifications
from articles.workflow.history import rows
from articles.workflow.history.audit_log import TOMBSTONE, was_published
from articles.workflow.transitions import (
    Action,
    InvalidTransition,
    NotAllowed,
    WorkflowError,
    lock_article,
    name_of,
    record,
    require,
    transition,
)

DAYS = (1, 3, 7, 14, 30)  # that a link may last
LINKS_MAX = 20  # of one revision that work at the same time
COMMENTS_MAX = 100  # of one link
LIMITS = ((timedelta(hours=1), 5, gettext_lazy("an hour")), (timedelta(days=1), 20, gettext_lazy("a day")))
Status = Revision.Status
OPEN = (Status.DRAFT, Status.SUBMITTED, Status.APPROVED)


class TooMany(WorkflowError):
    """One network address, or all guests of a link, have sent more comments than people would write."""


def may_share(revision, user):
    """Whether `user` may share `revision`: its author and reviewers, if they have the permission."""
    if not (user.has_perm("articles.share_draft") and user.has_perm("articles.change_revision")):
        return False
    return revision.author_id == user.pk or user.has_perm("articles.review_revision")


@transition
def share(revision, *, by, days, allows_comments=False):
    """Make a link to `revision` that lasts `days`; return the `DraftLink` and its token, which isn't kept anywhere."""
    _require_sharing(revision, by)
    lock_article(revision.article)
    revision.refresh_from_db(fields=["status", "erased_at"])
    if days not in DAYS:
        raise InvalidTransition(gettext("Choose how long the link is to work."))
    if why := why_not_shared(revision):
        raise InvalidTransition(why)
    now = timezone.now()
    if working(revision).count() >= LINKS_MAX:
        raise InvalidTransition(
            gettext("%(most)s links to this text work already. Revoke one first.") % {"most": LINKS_MAX}
        )
    token = secrets.token_urlsafe(32)
    link = DraftLink.objects.create(
        revision=revision,
        digest=_digest_of(token),
        allows_comments=allows_comments,
        made_at=now,
        made_by=by,
        made_by_name=name_of(by),
        expires_at=now + timedelta(days=days),
    )
    rows.record_new(link)
    until = date_format(timezone.localtime(link.expires_at), "DATETIME_FORMAT")
    note = gettext("with comments, until %(until)s") if allows_comments else gettext("until %(until)s")
    record(revision.article, revision, Action.SHARED, by, note % {"until": until})
    return link, token


@transition
def revoke(link, *, by):
    """Let the link work no longer."""
    _require_sharing(link.revision, by)
    lock_article(link.revision.article)
    values = {"revoked_at": timezone.now(), "revoked_by_name": name_of(by)}
    with rows.recorded(DraftLink, [link.pk]):
        revoked = DraftLink.objects.filter(pk=link.pk, revoked_at=None).update(**values)
    link.refresh_from_db()
    if not revoked:
        raise InvalidTransition(gettext("%(name)s has revoked this link already.") % {"name": link.revoked_by_name})
    record(link.revision.article, link.revision, Action.SHARING_ENDED, by)
    return link


def working(revision):
    """The links to `revision` that neither have expired nor were revoked."""
    return DraftLink.objects.filter(revision=revision, revoked_at=None, expires_at__gt=timezone.now())


def why_not_shared(revision):
    """Return why nobody can read `revision` by link, "" if they can."""
    if revision.erased_at is not None:
        return gettext("The text was erased.")
    if revision.article.is_protected:
        return gettext("The article is protected.")
    # A text that was unpublished doesn't come back like this.
    if revision.status not in OPEN or (revision.status == Status.APPROVED and was_published(revision)):
        return gettext("Only drafts, and texts in review or approved, that aren’t published can be shared.")
    return ""


def link_of(token):
    """Return the `DraftLink` with this token, or None."""
    digest = _digest_of(token)
    link = DraftLink.objects.select_related("revision__article", "revision__rendering", "made_by").filter(digest=digest)
    link = link.first()
    return link if link is not None and secrets.compare_digest(link.digest, digest) else None


def works(link):
    """Whether the link still opens its text: also not if whoever made it may no longer share it."""
    if link.revoked_at is not None or link.expires_at <= timezone.now() or why_not_shared(link.revision):
        return False
    maker = link.made_by
    return maker is not None and maker.is_active and may_share(link.revision, maker)


def count_opening(link):
    DraftLink.objects.filter(pk=link.pk).update(opened_count=F("opened_count") + 1, last_opened_at=timezone.now())


@transition
def comment(link, *, name, text, sender):
    """Store a guest's comment, and put a notice in the inbox of the text's author and of whoever made the link.

    Sending the same twice stores it once. Raises `TooMany` beyond the limits, `NotAllowed` if the link takes no comments.
    """
    lock_article(link.revision.article)
    link.refresh_from_db()
    if not (link.allows_comments and works(link)):
        raise NotAllowed(gettext("This link takes no comments."))
    now, of_link = timezone.now(), GuestComment.objects.filter(link=link)
    if same := of_link.filter(sender=sender, name=name, text=text).first():
        return same
    from_sender = GuestComment.objects.filter(sender=sender)
    if of_link.count() >= COMMENTS_MAX or any(
        from_sender.filter(at__gt=now - period).count() >= most for period, most, _ in LIMITS
    ):
        raise TooMany(
            gettext("Too many comments came by this link or from your network address. Copy yours and try again later.")
        )
    stored = GuestComment.objects.create(link=link, name=name, text=text, at=now, sender=sender)
    rows.record_new(stored)
    notifications.notify(
        Notice.Kind.GUEST_COMMENTED,
        # Without the words of somebody whom nobody knows, so that deleting the comment deletes them.
        gettext("A guest commented on “%(title)s” by a link that shares it.") % {"title": link.revision.title},
        revision=link.revision,
        users=[link.revision.author, link.made_by],
    )
    return stored


@transition
def delete_comment(comment, *, by):
    """Delete what a guest wrote; that there was something stays on record."""
    require(by, "articles.review_revision", gettext("delete comments of guests"))
    lock_article(comment.link.revision.article)
    values = {"deleted_at": timezone.now(), "deleted_by_name": name_of(by), "name": TOMBSTONE, "text": TOMBSTONE}
    with rows.recorded(GuestComment, [comment.pk]):
        GuestComment.objects.filter(pk=comment.pk, deleted_at=None).update(**values)
    comment.refresh_from_db()
    return comment


def _require_sharing(revision, by):
    if not may_share(revision, by):
        raise NotAllowed(gettext("Only the author of a text and reviewers can share it."))


def _digest_of(token):
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
