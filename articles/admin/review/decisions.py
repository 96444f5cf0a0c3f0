"""What a person may do with a revision on its page, why not, and doing it."""

from dataclasses import dataclass, field

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext, gettext_lazy

from articles import workflow
from articles.models import Revision
from articles.workflow import changes

Status = Revision.Status


@dataclass(frozen=True)
class Act:
    """A button: `name` is what the form sends, `done` what is said afterwards."""

    name: str
    label: str
    done: str
    emphasis: str = ""


PUBLISH_NOW = Act("approve_and_publish", gettext_lazy("Approve and publish"), gettext_lazy("Published"), "primary")
APPROVE = Act("approve", gettext_lazy("Approve"), gettext_lazy("Approved"))
APPROVE_FOR_LATER = Act("approve_for_later", gettext_lazy("Approve for this time"), gettext_lazy("Approved for later"))
OVERRIDE = Act(
    "override",
    gettext_lazy("Publish without a second review"),
    gettext_lazy("Published without a second review"),
    "danger",
)
CONFIRM = Act("confirm", gettext_lazy("Confirm"), gettext_lazy("Confirmed"), "primary")
REQUEST_CHANGES = Act("request_changes", gettext_lazy("Request changes"), gettext_lazy("Sent back"))
REJECT = Act("reject", gettext_lazy("Reject"), gettext_lazy("Rejected"), "danger")
PUBLISH = Act("publish", gettext_lazy("Publish"), gettext_lazy("Published"), "primary")
SCHEDULE = Act("schedule", gettext_lazy("Publish at this time"), gettext_lazy("Scheduled"))
UNSCHEDULE = Act("unschedule", gettext_lazy("Take back the schedule"), gettext_lazy("Not scheduled any more"))
WITHDRAW = Act("withdraw", gettext_lazy("Withdraw"), gettext_lazy("Withdrawn"))
UNPUBLISH = Act("unpublish", gettext_lazy("Take down"), gettext_lazy("Taken down"), "danger")

ACTS = {
    act.name: act
    for act in (
        PUBLISH_NOW,
        APPROVE,
        APPROVE_FOR_LATER,
        OVERRIDE,
        CONFIRM,
        REQUEST_CHANGES,
        REJECT,
        PUBLISH,
        SCHEDULE,
        UNSCHEDULE,
        WITHDRAW,
        UNPUBLISH,
    )
}
APPROVING = (PUBLISH_NOW, APPROVE, APPROVE_FOR_LATER)
PUBLISHING = (PUBLISH_NOW, PUBLISH, OVERRIDE)
AT_A_TIME = (APPROVE_FOR_LATER, SCHEDULE)
WITHOUT_COMMENT = (PUBLISH, WITHDRAW, SCHEDULE, UNSCHEDULE)


@dataclass
class Offer:
    """The acts that are open to somebody, and sentences that say why others are not.

    `at_a_time` and `override` are acts that ask for more than a click: they stand apart.
    """

    acts: list = field(default_factory=list)
    notes: list = field(default_factory=list)
    at_a_time: Act | None = None
    override: Act | None = None

    @property
    def is_open(self):
        return bool(self.acts or self.at_a_time or self.override)

    @property
    def in_part(self):
        """Whether some of the changes can be taken and the others sent back."""
        return PUBLISH_NOW in self.acts

    @property
    def can_note(self):
        return any(act in PUBLISHING for act in self.acts) or bool(self.at_a_time or self.override)

    @property
    def takes_comment(self):
        return any(act not in WITHOUT_COMMENT for act in self.acts)

    @property
    def comment_label(self):
        if UNPUBLISH in self.acts:
            return gettext("Why it is taken down")
        return gettext("Comment to the author")

    @property
    def comment_hint(self):
        if UNPUBLISH in self.acts:
            return gettext("it stands in the article’s history")
        return gettext("needed to send back or reject") if REJECT in self.acts else ""


def offer(revision, user):
    """The `Offer` for `user`. What is offered is checked again by the workflow when it is done."""
    offered = Offer()
    wrote = user.pk in {contributor.user_id for contributor in revision.contributor_set.all()}
    can_publish = user.has_perm("articles.publish_revision")
    is_public = revision.article.published_revision_id == revision.pk
    if revision.needs_look:
        _offer_look(offered, user, wrote)
    if revision.status == Status.SUBMITTED:
        _offer_decision(offered, revision, user, wrote)
    elif is_public:
        offered.acts += [UNPUBLISH] if can_publish else []
    elif revision.status == Status.APPROVED:
        _offer_publishing(offered, revision, can_publish)
    return offered


def _offer_look(offered, user, wrote):
    if not user.has_perm("articles.review_revision"):
        return
    if wrote:
        offered.notes.append(
            gettext("It was approved without a second review. You wrote a part of it: somebody else looks.")
        )
    else:
        offered.notes.append(
            gettext("It was approved without a second review: look at it, and confirm it if it is right.")
        )
        offered.acts.append(CONFIRM)


def _offer_decision(offered, revision, user, wrote):
    if user.has_perm("articles.review_revision"):
        can_publish = user.has_perm("articles.publish_revision")
        if revision.is_outdated:
            offered.notes.append(_behind(revision))
        elif wrote and settings.FOUR_EYES:
            offered.notes.append(gettext("You wrote a part of this revision: somebody else has to approve it."))
            if can_publish and user.has_perm("articles.override_review"):
                offered.override = OVERRIDE
        else:
            offered.acts += [PUBLISH_NOW, APPROVE] if can_publish else [APPROVE]
            offered.at_a_time = APPROVE_FOR_LATER if can_publish else None
            if wrote:
                offered.notes.append(
                    gettext(
                        "Four eyes are switched off on this site (FOUR_EYES): you may approve what you wrote yourself."
                    )
                )
        offered.acts += [REQUEST_CHANGES, REJECT]
    else:
        offered.notes.append(gettext("Waits for a moderator. It cannot be changed meanwhile."))
    if wrote and user.has_perm("articles.change_revision"):
        offered.acts.append(WITHDRAW)


def _offer_publishing(offered, revision, can_publish):
    if revision.is_outdated:
        offered.notes.append(_behind(revision))
    elif can_publish:
        offered.acts.append(PUBLISH)
        offered.at_a_time = SCHEDULE
    else:
        offered.notes.append(gettext("Approved. A moderator publishes it."))
    if revision.publish_at and can_publish:
        offered.acts.append(UNSCHEDULE)


def _behind(revision):
    number = revision.article.published_revision.number
    return gettext(
        "It cannot go out as it stands (revision %(number)s is public): it has to be brought up to date first."
    ) % {"number": number}


def carry_out(act, revision, *, by, words):
    """Do `act` through the workflow with the `words` of the form, whole or not at all.

    (accepted, remainder) where a part was accepted, else None. Raises `workflow.WorkflowError`.
    """
    with transaction.atomic():
        if act in APPROVING and words["accept"] is not None and _is_part(act, revision, words["accept"]):
            return workflow.accept_in_part(
                revision,
                words["accept"],
                by=by,
                comment=words["comment"],
                public_note=words["public_note"],
                digest=words["digest"],
            )
        _carry_out(act, revision, by, words)
    return None


def _is_part(act, revision, accepted):
    """Whether some changes are left out; with the refusals that go with it."""
    if revision.target_id is None:
        return False
    known = {change.id for change in changes.compare(revision.target, revision).changes}
    if known <= set(accepted):
        return False
    if not accepted:
        raise workflow.InvalidTransition(gettext("Nothing is ticked: tick what is right, or send the whole back."))
    if act is not PUBLISH_NOW:
        raise workflow.InvalidTransition(
            gettext("A part goes out at once or not at all: tick everything, or publish the part.")
        )
    return True


def _carry_out(act, revision, by, words):
    comment, digest, note = words["comment"], words["digest"], words["public_note"]
    if act in APPROVING:
        workflow.approve(revision, by=by, comment=comment, digest=digest)
    if act is OVERRIDE:
        if not words["reason"].strip():
            raise workflow.InvalidTransition(
                gettext("Say why it cannot wait for a second person: everybody sees the reason.")
            )
        workflow.approve(revision, by=by, override_reason=words["reason"], digest=digest)
    if act in PUBLISHING:
        workflow.publish(revision, by=by, public_note=note)
    if act in AT_A_TIME:
        if words["publish_at"] is None:
            raise workflow.InvalidTransition(gettext("Say when it is to go out."))
        times = {"publish_at": words["publish_at"], "take_down_at": words["take_down_at"]}
        workflow.schedule(revision, by=by, public_note=note, **times)
    if act is UNSCHEDULE:
        workflow.unschedule(revision, by=by)
    if act is CONFIRM:
        workflow.confirm(revision, by=by, comment=comment)
    if act is REQUEST_CHANGES:
        workflow.request_changes(revision, by=by, comment=comment)
    if act is REJECT:
        workflow.reject(revision, by=by, comment=comment)
    if act is WITHDRAW:
        workflow.withdraw(revision, by=by)
    if act is UNPUBLISH:
        if revision.article.published_revision_id != revision.pk:
            raise workflow.InvalidTransition(gettext("This revision is not public any more: nothing was taken down."))
        workflow.unpublish(revision.article, by=by, reason=comment)
