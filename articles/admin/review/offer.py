"""The actions that are open to somebody on the review page, and sentences that say why others are not."""

from django.conf import settings
from django.utils.translation import gettext

from .actions import ACTIONS, Action, Situation
from .actions.base import PUBLISH, REVIEW


class Offer:
    """What `user` may do with `revision` as it stands; the workflow checks it again when it is done.

    `acts` are the buttons in their order. `at_a_time` and `override` are actions that ask for more than a click: they
    stand apart. `notes` are sentences.
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
        """Whether some of the changes can be taken and the others sent back."""
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
            gettext("It was approved without a second review. You wrote a part of it: somebody else looks.")
            if situation.wrote
            else gettext("It was approved without a second review: look at it, and confirm it if it is right.")
        )
    if situation.is_submitted and not can_review:
        yield gettext("Waits for a moderator. It cannot be changed meanwhile.")
    elif (situation.is_submitted or situation.is_approved) and revision.is_outdated:
        yield gettext(
            "It cannot go out as it stands (revision %(number)s is public): it has to be brought up to date first."
        ) % {"number": revision.article.published_revision.number}
    elif situation.is_submitted and situation.wrote:
        yield (
            gettext("You wrote a part of this revision: somebody else has to approve it.")
            if settings.FOUR_EYES
            else gettext(
                "Four eyes are switched off on this site (FOUR_EYES): you may approve what you wrote yourself."
            )
        )
    elif situation.is_approved and not situation.may(PUBLISH):
        yield gettext("Approved. A moderator publishes it.")
