"""The actions that the review page offers to a user, and notes on why others aren't available."""

from django.conf import settings
from django.utils.translation import gettext

from .actions import ACTIONS, Action, Situation
from .actions.base import PUBLISH, REVIEW


class Offer:
    """What `user` may do with `revision` in its current state. The workflow checks again when an action is performed.

    `acts` are the buttons in order. `at_a_time` and `override` are actions with their own panels, because they need
    more input. `notes` are sentences.
    """

    def __init__(self, revision, user):
        situation = Situation.of(revision, user)
        self._open = [action for action in ACTIONS.values() if action.is_open(situation)]
        self.acts = [action for action in self._open if not action.panel]
        self.at_a_time = self._in_panel("later")
        self.override = self._in_panel("override")
        self.notes = list(_notes(situation))
        self._commented = ([Action()] + [action for action in self.acts if "comment" in action.fields])[-1]

    def _in_panel(self, panel):
        return next((action for action in self._open if action.panel == panel), None)

    @property
    def is_open(self):
        return bool(self._open)

    @property
    def in_part(self):
        """Whether some changes can be accepted and the others returned to the author."""
        return ACTIONS["approve_and_publish"] in self.acts

    @property
    def can_note(self):
        return any("public_note" in action.fields for action in self._open)

    @property
    def takes_comment(self):
        return "comment" in self._commented.fields

    @property
    def comment_label(self):
        return self._commented.comment_label

    @property
    def comment_hint(self):
        return self._commented.comment_hint


def _notes(situation):
    revision = situation.revision
    can_review = situation.may(REVIEW)
    if revision.needs_look and can_review:
        yield (
            gettext("Approved without a second review. You contributed to it, so someone else has to review it.")
            if situation.wrote
            else gettext("Approved without a second review. Review it, and confirm it if it’s correct.")
        )
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
    elif situation.is_approved and not situation.may(PUBLISH):
        yield gettext("Approved. A moderator can publish it.")
