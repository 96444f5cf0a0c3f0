"""A moderator's decisions on submitted revisions: approving them, for which several people may be needed, or not."""

from django.utils.translation import gettext

from articles.models import Revision
from articles.workflow.publishing.publishing import FROZEN, require_approved, set_public_note
from articles.workflow.recordings import changed_since_approval, require_reviewed
from articles.workflow.transitions import (
    Action,
    InvalidTransition,
    Status,
    lock_article,
    moved_on,
    require,
    require_reason,
    transition,
)
from articles.workflow.transitions.four_eyes import require_second_person

from .records import Decision, co_approve, completed_by, decide, record_with_recordings, write_review

OVERRIDES = "articles.override_review"


@transition
def approve(revision, *, by, comment="", override_reason="", digest=None, public_note=None):
    """Approve the submitted revision for publication, with this `public_note`. Its contributors can't, superusers included.

    `digest` (`recordings.review_digest`) identifies the text and the recordings that were reviewed; nothing else is
    approved. If the text needs several approvals (`required`), the revision stays submitted until the last of them; the
    public note is that of the last one who gave any.

    With `override_reason`, a user with the override permission can approve it anyway: the history and the public page
    then say that there was no second review, and the revision stays in the queue for a later one.
    """
    require(by, "articles.review_revision", gettext("review revisions"))
    lock_article(revision.article)
    require_reviewed(revision, digest)
    if not override_reason.strip():
        require_second_person(by, revision)
        requirement = completed_by(revision, by)
        set_public_note(revision, public_note)
        if requirement is not None and not requirement["with"]:
            _require_submitted(revision)
            return co_approve(revision, by, comment, requirement)
        return decide(revision, Decision.APPROVED, Action.APPROVED, by, comment, requirement)
    require(by, OVERRIDES, gettext("approve without a second review"))
    set_public_note(revision, public_note)
    return _await_second_review(decide(revision, Decision.APPROVED, Action.OVERRIDDEN, by, override_reason))


@transition
def approve_again(revision, *, by, comment="", override_reason="", digest=None, public_note=None):
    """Approve an approved revision again, since recordings that it cites have changed. Its schedule stays.

    `override_reason`, `digest` and `public_note` are as in `approve`: otherwise whoever contributed to it can't.
    """
    require(by, "articles.review_revision", gettext("review revisions"))
    lock_article(revision.article)
    require_reviewed(revision, digest)
    is_override = bool(override_reason.strip())
    if is_override:
        require(by, OVERRIDES, gettext("approve without a second review"))
    else:
        require_second_person(by, revision)
    require_approved(revision)
    if revision.article.published_revision_id == revision.pk or not changed_since_approval(revision):
        raise InvalidTransition(gettext("Nothing has changed since this revision was approved."))
    set_public_note(revision, public_note)
    text, action = (override_reason, Action.OVERRIDDEN) if is_override else (comment, Action.APPROVED)
    requirement = None if is_override else completed_by(revision, by)
    if requirement is not None and not requirement["with"]:
        return co_approve(revision, by, comment, requirement)
    write_review(revision, Decision.APPROVED, by, text, requirement, is_override=is_override)
    record_with_recordings(revision, action, by, text, requirement)
    return _await_second_review(revision) if is_override else revision


@transition
def request_changes(revision, *, by, comment):
    """Request changes to the submitted revision; `comment` says which."""
    require(by, "articles.review_revision", gettext("review revisions"))
    require_reason(comment, gettext("Tell the author what to change."))
    lock_article(revision.article)
    return decide(revision, Decision.CHANGES_REQUESTED, Action.CHANGES_REQUESTED, by, comment)


@transition
def reject(revision, *, by, comment):
    """Reject the submitted revision; `comment` says why."""
    require(by, "articles.review_revision", gettext("review revisions"))
    require_reason(comment, gettext("Give the author a reason."))
    lock_article(revision.article)
    return decide(revision, Decision.REJECTED, Action.REJECTED, by, comment)


def _await_second_review(revision):
    Revision.objects.filter(pk=revision.pk).update(needs_second_review=True)
    revision.needs_second_review = True
    return revision


def _require_submitted(revision):
    revision.refresh_from_db(fields=FROZEN)
    if revision.status != Status.SUBMITTED:
        raise moved_on(revision)
