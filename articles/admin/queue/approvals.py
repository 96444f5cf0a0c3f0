"""Which texts wait for another approval: some in review, and approved ones that need theirs again."""

from django.db.models import Exists, OuterRef

from articles.models import Review
from articles.workflow.publishing.reviews import progress_by_key
from articles.workflow.recordings import changed_since_approval


def lapsed(revisions):
    """Return {key: `ApprovalProgress`} of those `revisions` that need several approvals again.

    They are approved, with `has_changed_recordings`.
    """
    changed = {revision.pk: revision for revision in revisions if revision.has_changed_recordings}
    progress = progress_by_key(changed.values()) if changed else {}
    return {pk: one for pk, one in progress.items() if changed_since_approval(changed[pk])}


def keys_of_begun(waiting, again, user):
    """Return the keys of those of `waiting` that have had an approval and need another, by `user` if that isn't None.

    `again` has the keys of the approved ones that need theirs again.
    """
    begun = Review.objects.filter(revision=OuterRef("pk"), decision=Review.Decision.CO_APPROVED)
    begun = waiting.filter(Exists(begun)).select_related("article").prefetch_related("contributor_set")
    revisions = {revision.pk: revision for revision in begun.defer("lead")}
    progress = progress_by_key(revisions.values())
    found = {pk: one for pk, one in progress.items() if one.given or one.stale or pk in again}
    if user is None:
        return list(found)
    wrote = {pk for pk, one in revisions.items() if user.pk in {writer.user_id for writer in one.contributor_set.all()}}
    return [pk for pk, one in found.items() if pk not in wrote and not one.why_not(user)]
