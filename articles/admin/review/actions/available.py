"""The actions that the review page offers to a user, and notes on why others aren't available."""

from django.conf import settings
from django.utils.translation import gettext

from articles.admin.shared.helpers import taken_down_words

from . import ACTIONS
from .base import PUBLISH, REVIEW, Action, Situation


class AvailableActions:
    """What `user` may do with `revision` in its current state. The workflow checks again when an action is performed.

    `buttons` are the actions in order, except `scheduling` and `override`, which have panels of their own because they
    need more input. `notes` are sentences. With `in_part`, some changes can be accepted and the others returned.
    `unreviewed` are the parts of a published text of which some wasn't reviewed, `changed_recordings` what has changed
    since an approval. `progress` says which approvals the text has and needs, None if one is enough; `co_approval` says
    what the user's approval does if it isn't the last one.
    """

    def __init__(self, revision, user):
        situation = Situation(revision, user)
        available = [action for action in ACTIONS.values() if action.is_open(situation)]
        in_panels = {action.panel: action for action in available}
        self.is_open = bool(available)
        self.buttons = [action for action in available if not action.panel]
        self.scheduling = in_panels.get("later")
        self.override = in_panels.get("override")
        self.notes = list(_notes(situation))
        self.unreviewed = situation.unreviewed
        self.changed_recordings = situation.changed_recordings
        self.progress = situation.progress
        self.co_approval = "" if situation.completes else situation.progress.consequence_of(user)
        self.in_part = ACTIONS["approve_and_publish"] in self.buttons and self.progress is None
        needs_other = situation.needs_second_person and self.override is None
        self.can_note = not needs_other and any("public_note" in action.fields for action in available)
        commented = ([Action()] + [action for action in self.buttons if "comment" in action.fields])[-1]
        self.takes_comment = "comment" in commented.fields
        self.comment_label, self.comment_hint = commented.comment_label, commented.comment_hint


def _notes(situation):
    revision = situation.revision
    can_review = situation.user.has_perm(REVIEW)
    if situation.progress:
        yield situation.progress.words
        yield from filter(None, [situation.progress.stale_words])
        if can_review and not situation.wrote and situation.why_no_addition:
            yield situation.why_no_addition
    if situation.awaits_second_review and can_review:
        yield (
            gettext("Approved without a second review. You contributed to it, so someone else has to review it.")
            if situation.wrote
            else situation.why_no_confirmation
            or gettext("Approved without a second review. Review it, and confirm it if it’s correct.")
        )
    if situation.unreviewed and can_review:
        yield situation.why_no_review or gettext(
            "Some of this text was published without a review. Check it, and approve it if it’s correct."
        )
    if (situation.is_submitted or situation.is_approved) and (words := taken_down_words(revision.article)):
        yield words
    if situation.is_submitted and not can_review:
        yield gettext("In review. It can’t be edited until a moderator decides.")
    elif (situation.is_submitted or situation.is_approved) and revision.is_outdated:
        yield gettext(
            "Outdated: revision %(number)s has been published since. Update this revision before publishing it."
        ) % {"number": revision.article.published_revision.number}
    elif situation.is_submitted and situation.wrote:
        yield (
            gettext("You contributed to this revision, so someone else has to approve it.")
            if settings.FOUR_EYES
            else gettext("Four-eyes review is off on this site (FOUR_EYES), so you can approve your own text.")
        )
    elif situation.is_submitted and situation.why_one_person:
        yield situation.why_one_person
    elif situation.changed_recordings:
        yield gettext("A recording that this cites has changed since the approval.")
        yield _who_approves_again(situation, can_review=can_review)
    elif situation.is_approved and not situation.user.has_perm(PUBLISH):
        yield gettext("Approved. A moderator can publish it.")


def _who_approves_again(situation, *, can_review):
    if not can_review:
        return gettext("It is published once a moderator has approved it again.")
    if not situation.needs_second_person:
        return gettext("Approve it again to publish it.")
    if not situation.wrote:
        return situation.why_one_person
    if situation.user.has_perms(ACTIONS["override"].permissions):
        return gettext(
            "You contributed to this revision, so someone else has to approve it again. If nobody else can, use "
            "“Override”."
        )
    return gettext(
        "You contributed to this revision, so another moderator has to approve it again. If there is none, ask an "
        "administrator, who can."
    )
