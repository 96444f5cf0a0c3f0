"""Reverting: an earlier text that was reviewed and public becomes the published one again, in one action.

Nothing goes out unreviewed: the text is exactly what a second person approved, over the recordings as they were then.
Whoever reverts decides what readers see, like an approval, so they can't have written any of the text that comes back.
"""

from django.conf import settings
from django.utils.translation import gettext

from articles.derived import refresh_linking_to
from articles.derived.pages import review_coverage
from articles.derived.reviews.reviewers import FOUND_RIGHT
from articles.models import Contributor, Revision
from articles.workflow.history import audit_log
from articles.workflow.recordings import require_unchanged
from articles.workflow.transitions import (
    Action,
    InvalidTransition,
    NotAllowed,
    Status,
    WorkflowError,
    lock_article,
    require,
    require_reason,
    transition,
    why_protected,
)
from articles.workflow.transitions.four_eyes import require_two_people

from .publishing import FROZEN, move_pointer


@transition
def revert(revision, *, by, reason, seen=None):
    """Publish the earlier `revision` again in place of what is published, with a `reason` that readers see.

    `seen` is the key of the published revision that the person saw; nothing else is replaced. None skips the check.
    """
    require_reason(reason, gettext("Give a reason; readers see it in the version history."))
    lock_article(revision.article)
    revision.refresh_from_db(fields=FROZEN)
    replaced = revision.article.published_revision
    if seen is not None and (replaced is None or seen != replaced.pk):
        raise InvalidTransition(gettext("What is published has changed since you opened the page. Reload the page."))
    require_revertible(revision, by)
    refresh_linking_to(move_pointer(revision, Action.REVERTED, by, replaced=replaced, reason=reason.strip()))
    return revision


def why_not_revertible(revision, by):
    """Return why `by` can't revert to `revision`, as a `WorkflowError`, or None if nothing is in the way."""
    try:
        require_revertible(revision, by)
    except WorkflowError as refusal:
        return refusal
    return None


def require_revertible(revision, by):
    """Require what a revert to `revision` by the user `by` needs, but for the reason."""
    require(by, "articles.review_revision", gettext("review revisions"))
    require(by, "articles.publish_revision", gettext("publish"))
    if refusal := why_protected(by, revision.article):
        raise NotAllowed(refusal)
    public = revision.article.published_revision_id
    if public is None:
        raise InvalidTransition(gettext("This article isn’t public. Open the revision to publish it."))
    if public == revision.pk:
        raise InvalidTransition(gettext("This revision is published already."))
    if revision.erased_at is not None:
        raise InvalidTransition(gettext("The text of this revision was erased and can’t be restored."))
    if revision.status != Status.APPROVED or not audit_log.was_published(revision):
        raise InvalidTransition(gettext("Only a text that was approved and public before can be reverted to."))
    if not _was_reviewed(revision):
        raise InvalidTransition(gettext("Nobody but its writers has approved this revision."))
    _require_no_writer(revision, by)
    require_unchanged(revision)


def _was_reviewed(revision):
    reviews = revision.review_set.filter(decision__in=FOUND_RIGHT, is_override=False)
    if settings.FOUR_EYES:  # it may have been off then
        reviews = reviews.exclude(by__in=revision.contributor_set.exclude(user=None).values("user"))
    # An approval given again without a second person is about other recordings than the first.
    return reviews.exists() and not Revision.objects.filter(pk=revision.pk, needs_second_review=True).exists()


def _require_no_writer(revision, by):
    """Require that `by` wrote nothing of the revision, nor of those that it was built from: their words come back, too."""
    targets = dict(Revision.objects.filter(article=revision.article_id).values_list("pk", "target"))
    origins = review_coverage.chain_of(revision.pk, targets)
    writers = set(Contributor.objects.filter(revision__in=origins).values_list("user", flat=True))
    if settings.FOUR_EYES and by.pk in writers:
        raise NotAllowed(
            gettext("You wrote part of the text that would come back, so someone else has to revert to it.")
        )
    require_two_people(by, writers)
