"""Whether a published text was reviewed, in the few words that readers see wherever they first meet the text."""

from dataclasses import dataclass

from django.db.models import F
from django.utils.translation import gettext

from articles.models import Review, Revision

from .reviewers import FOUND_RIGHT, with_others


@dataclass(frozen=True)
class ReviewState:
    """The last `review` that found a text right, or None, and how much it covers: `review_coverage.partial_review`."""

    review: Review | None
    partial: dict | None

    @property
    def label(self):
        """The state in words."""
        if self.review is None:
            return gettext("Not reviewed")
        if self.review.is_override:
            return gettext("Published without a second review")
        return gettext("Reviewed") if self.partial is None else gettext("Reviewed in part")


def set_states(revisions):
    """Set `review_state` of each of `revisions`, which are published; returns them as a list. One query, or none."""
    revisions = list(revisions)
    states = states_of(revision.pk for revision in revisions)
    for revision in revisions:
        revision.review_state = states[revision.pk]
    return revisions


def states_of(revisions):
    """Return {key: `ReviewState`} of published `revisions` (keys), their reviews with `others`.

    One query, or none without any, and one more if some needed several approvals.
    """
    states = dict.fromkeys(revisions, ReviewState(None, None))
    if states:
        reviews = Review.objects.filter(revision__in=states, decision__in=FOUND_RIGHT)
        for review in reviews.annotate(partial=F("revision__rendering__partial_review")).order_by("pk"):
            states[review.revision_id] = ReviewState(review, review.partial)
    with_others(state.review for state in states.values())
    return states


def facts_of(state, notice):
    """Return what to say next to a text with this `ReviewState` and `notice`: how it was reviewed, then the notice."""
    notices = [gettext("Health information, not advice")] if notice == Revision.Notice.HEALTH else []
    return [state.label, *notices]
