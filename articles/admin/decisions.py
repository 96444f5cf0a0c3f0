"""What a person may do with a revision on its page, why not, and doing it."""

from dataclasses import dataclass, field

from django.db import transaction

from articles import workflow
from articles.models import Revision

Status = Revision.Status


@dataclass(frozen=True)
class Act:
    """A button: `name` is what the form sends, `done` what is said afterwards."""

    name: str
    label: str
    done: str
    emphasis: str = ""


PUBLISH_NOW = Act("approve_and_publish", "Approve and publish", "Published", "primary")
APPROVE = Act("approve", "Approve", "Approved")
REQUEST_CHANGES = Act("request_changes", "Request changes", "Sent back")
REJECT = Act("reject", "Reject", "Rejected", "danger")
PUBLISH = Act("publish", "Publish", "Published", "primary")
WITHDRAW = Act("withdraw", "Withdraw", "Withdrawn")
UNPUBLISH = Act("unpublish", "Take down", "Taken down", "danger")

ACTS = {act.name: act for act in (PUBLISH_NOW, APPROVE, REQUEST_CHANGES, REJECT, PUBLISH, WITHDRAW, UNPUBLISH)}
PUBLISHING = (PUBLISH_NOW, PUBLISH)
WITHOUT_COMMENT = (PUBLISH, WITHDRAW)


@dataclass
class Offer:
    """The acts that are open to somebody, and sentences that say why others are not."""

    acts: list = field(default_factory=list)
    notes: list = field(default_factory=list)

    @property
    def can_note(self):
        return any(act in PUBLISHING for act in self.acts)

    @property
    def takes_comment(self):
        return any(act not in WITHOUT_COMMENT for act in self.acts)

    @property
    def comment_label(self):
        if self.acts == [UNPUBLISH]:
            return "Why it is taken down"
        return "Comment to the author (needed to send back or to reject)"


def offer(revision, user):
    """The `Offer` for `user`. What is offered is checked again by the workflow when it is done."""
    offered = Offer()
    if revision.status == Status.SUBMITTED:
        _offer_decision(offered, revision, user)
    elif revision.article.published_revision_id == revision.pk:
        if user.has_perm("articles.publish_revision"):
            offered.acts = [UNPUBLISH]
    elif revision.status == Status.APPROVED:
        if revision.is_behind:
            offered.notes.append(_behind(revision))
        elif user.has_perm("articles.publish_revision"):
            offered.acts = [PUBLISH]
        else:
            offered.notes.append("Approved. A moderator publishes it.")
    return offered


def _offer_decision(offered, revision, user):
    wrote = user.pk in {contributor.user_id for contributor in revision.contributor_set.all()}
    if user.has_perm("articles.review_revision"):
        if wrote:
            offered.notes.append("You wrote a part of this revision: somebody else has to approve it.")
        elif revision.is_behind:
            offered.notes.append(_behind(revision))
        else:
            if user.has_perm("articles.publish_revision"):
                offered.acts.append(PUBLISH_NOW)
            offered.acts.append(APPROVE)
        offered.acts += [REQUEST_CHANGES, REJECT]
    else:
        offered.notes.append("Waits for a moderator. It cannot be changed meanwhile.")
    if wrote and user.has_perm("articles.change_revision"):
        offered.acts.append(WITHDRAW)


def _behind(revision):
    published = revision.article.published_revision
    now = f"revision {published.number} is public" if published else "the article was taken down"
    return (
        f"It cannot go out as it stands: since it was started, the public text has changed ({now}). Send it back, "
        "so that its author can begin anew from the public text."
    )


def carry_out(act, revision, *, by, comment="", public_note=None):
    """Do `act` through the workflow, whole or not at all. Raises `workflow.WorkflowError`."""
    with transaction.atomic():
        if act in (PUBLISH_NOW, APPROVE):
            workflow.approve(revision, by=by, comment=comment)
        if act in PUBLISHING:
            workflow.publish(revision, by=by, public_note=public_note)
        if act is REQUEST_CHANGES:
            workflow.request_changes(revision, by=by, comment=comment)
        if act is REJECT:
            workflow.reject(revision, by=by, comment=comment)
        if act is WITHDRAW:
            workflow.withdraw(revision, by=by)
        if act is UNPUBLISH:
            if revision.article.published_revision_id != revision.pk:
                raise workflow.InvalidTransition("This revision is not public any more: nothing was taken down.")
            workflow.unpublish(revision.article, by=by, reason=comment)
