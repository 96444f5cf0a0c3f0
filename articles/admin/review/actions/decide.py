"""Decisions on a submitted revision, and confirming one that was published without a second review."""

from django.utils.html import format_html
from django.utils.translation import gettext, gettext_lazy

from articles import workflow
from articles.admin.shared.helpers import editor_of
from articles.workflow.content import changes
from articles.workflow.publishing.reviews import require_complete

from .base import PUBLISH, REVIEW, Action, Approving, AtATime, Publishing


class Confirm(Approving):
    name = "confirm"
    consequence = gettext_lazy("The text stays published, and no longer counts as published without a second review.")
    label, done = gettext_lazy("Confirm"), gettext_lazy("Confirmed")
    emphasis = "primary"
    permissions = (REVIEW,)
    fields = ("comment", "digest")
    run = staticmethod(workflow.confirm)

    def fits(self, situation):
        return situation.awaits_second_review and not situation.why_no_confirmation


class ReviewWhole(Approving):
    name = "review_whole"
    consequence = gettext_lazy("The text stays published, and all of it counts as reviewed.")
    label, done = gettext_lazy("Approve unreviewed text"), gettext_lazy("Reviewed as a whole")
    emphasis = "primary"
    permissions = (REVIEW,)
    fields = ("comment", "digest")
    run = staticmethod(workflow.review_whole)

    def fits(self, situation):
        return bool(situation.unreviewed) and not situation.why_no_review

    def leads_to(self, revision):
        return revision.get_absolute_url()


class Approve(Approving):
    name = "approve"
    consequence = gettext_lazy("The revision is approved. Readers see it once it is published.")
    label, done = gettext_lazy("Approve"), gettext_lazy("Approved")
    permissions = (REVIEW,)
    fields = ("comment", "digest", "accept", "public_note")

    def fits(self, situation):
        is_ready = situation.is_submitted and not situation.revision.is_outdated
        return is_ready and not situation.needs_second_person

    def run(self, revision, *, by, comment, digest, accept, public_note):
        if _is_part(revision, accept):
            raise workflow.InvalidTransition(
                gettext("A selection can only be published now. Select all changes, or publish the selected ones.")
            )
        workflow.approve(revision, by=by, comment=comment, digest=digest, public_note=public_note)


class ApproveAgain(Approving):
    """Approves a revision whose recordings have changed since it was approved."""

    name = "approve_again"
    consequence = gettext_lazy(
        "The revision is approved with the recordings as they are now. Readers see it once it is published."
    )
    label, done = gettext_lazy("Approve again"), gettext_lazy("Approved")
    emphasis = "primary"
    permissions = (REVIEW,)
    fields = ("comment", "digest")
    run = staticmethod(workflow.approve_again)

    def fits(self, situation):
        is_ready = bool(situation.changed_recordings) and not situation.revision.is_outdated
        return is_ready and not situation.needs_second_person

    def leads_to(self, revision):
        return revision.get_absolute_url()


class ApproveAndPublish(Publishing, Approve):
    """Publishes everything, or the selected changes; then `run` returns (accepted, remainder or None)."""

    name = "approve_and_publish"
    consequence = gettext_lazy("Readers see this text at once.")
    label, done = gettext_lazy("Approve and publish"), gettext_lazy("Published")
    emphasis = "primary"
    permissions = (REVIEW, PUBLISH)

    def fits(self, situation):
        return super().fits(situation) and situation.completes

    def run(self, revision, *, by, comment, digest, accept, public_note):
        if _is_part(revision, accept):
            return workflow.accept_in_part(
                revision, accept, by=by, comment=comment, public_note=public_note, digest=digest
            )
        workflow.approve(revision, by=by, comment=comment, digest=digest, public_note=public_note)
        require_complete(revision)
        workflow.publish(revision, by=by)
        return None

    def message(self, revision, result):
        return _message_of_parts(revision, *result) if result else super().message(revision, result)


class ApproveForLater(AtATime, Approve):
    name = "approve_for_later"
    label, done = gettext_lazy("Approve and schedule"), gettext_lazy("Approved and scheduled")
    permissions = (REVIEW, PUBLISH)
    fields = (*Approve.fields, "publish_at", "take_down_at")

    def fits(self, situation):
        return super().fits(situation) and situation.completes

    def run(self, revision, *, by, publish_at, take_down_at, **decision):
        Approve.run(self, revision, by=by, **decision)
        require_complete(revision)
        AtATime.run(self, revision, by=by, publish_at=publish_at, take_down_at=take_down_at, public_note=None)


class Override(Publishing):
    name = "override"
    label = gettext_lazy("Publish without a second review")
    done = gettext_lazy("Published without a second review")
    emphasis, panel = "danger", "override"
    permissions = (REVIEW, PUBLISH, "articles.override_review")
    fields = ("reason", "digest", "public_note")

    def fits(self, situation):
        is_reviewed = situation.is_submitted or bool(situation.changed_recordings)
        return is_reviewed and not situation.revision.is_outdated and situation.needs_second_person

    def run(self, revision, *, by, reason, digest, public_note):
        if not reason.strip():
            raise workflow.InvalidTransition(
                gettext("Give a reason for publishing without a second review. Everyone can see it.")
            )
        approve = workflow.approve if revision.status == revision.Status.SUBMITTED else workflow.approve_again
        approve(revision, by=by, override_reason=reason, digest=digest, public_note=public_note)
        workflow.publish(revision, by=by)


class RequestChanges(Action):
    name = "request_changes"
    consequence = gettext_lazy(
        "The revision goes back to its author with your comment, to be changed and submitted again."
    )
    asks_comment = True
    label, done = gettext_lazy("Request changes"), gettext_lazy("Changes requested")
    permissions = (REVIEW,)
    fields = ("comment",)
    run = staticmethod(workflow.request_changes)

    def fits(self, situation):
        return situation.is_submitted


class Reject(RequestChanges):
    name = "reject"
    consequence = gettext_lazy(
        "The revision is closed. Its author sees your comment, and what is published stays as it is."
    )
    label, done = gettext_lazy("Reject"), gettext_lazy("Rejected")
    emphasis = "danger"
    comment_hint = gettext_lazy("required to request changes or reject")
    run = staticmethod(workflow.reject)


class Withdraw(Action):
    name = "withdraw"
    consequence = gettext_lazy("The revision leaves the review queue, and you can go on writing it in the editor.")
    label, done = gettext_lazy("Withdraw"), gettext_lazy("Withdrawn")
    permissions = ("articles.change_revision",)
    is_loaded = True
    run = staticmethod(workflow.withdraw)

    def fits(self, situation):
        return situation.is_submitted and situation.wrote

    def leads_to(self, revision):
        return editor_of(revision)


ACTIONS = (
    Confirm,
    ReviewWhole,
    ApproveAndPublish,
    Approve,
    ApproveAgain,
    ApproveForLater,
    Override,
    RequestChanges,
    Reject,
    Withdraw,
)


def _is_part(revision, accepted):
    """Whether some changes are left out; `accepted` are the ids of the selected ones, None if there was no choice.

    Raises `workflow.InvalidTransition` if no change is selected.
    """
    if accepted is None or revision.target_id is None:
        return False
    known = {change.id for change in changes.compare(revision.target, revision).changes}
    if known <= set(accepted):
        return False
    if not accepted:
        raise workflow.InvalidTransition(
            gettext("No change is selected. Select the changes to publish, or request changes.")
        )
    return True


def _message_of_parts(revision, accepted, remainder):
    published = format_html(
        gettext(
            'Published in part: “{}”. <a href="{}">Revision {}</a> has the changes that you accepted from revision {}. '
            '<a href="{}">View page</a>. '
        ),
        accepted.title,
        accepted.get_absolute_url(),
        accepted.number,
        revision.number,
        accepted.article.get_absolute_url(),
    )
    if remainder is None:
        return format_html(
            gettext('{}The rest stays in <a href="{}">revision {}</a>, returned to {} with your comment.'),
            published,
            revision.get_absolute_url(),
            revision.number,
            revision.author_name,
        )
    return format_html(
        gettext('{}The rest was returned to {} with your comment, as draft <a href="{}">revision {}</a>.'),
        published,
        remainder.author_name,
        editor_of(remainder),
        remainder.number,
    )
