"""Compares an article's rows with its log: whatever is true of an article now, some entry has said.

Digests cover what texts and entries say. This covers what is done with them: what is public, what was decided.
"""

from collections import Counter

from articles.derived.reviewers import PUBLICATIONS
from articles.models import LogEntry, Review, Revision

Action, Status, Decision = LogEntry.Action, Revision.Status, Review.Decision

# The status that a revision has after each action that changes it.
STATUS_AFTER = {
    Action.STARTED: Status.DRAFT,
    Action.SUBMITTED: Status.SUBMITTED,
    Action.WITHDRAWN: Status.WITHDRAWN,
    Action.APPROVED: Status.APPROVED,
    Action.OVERRIDDEN: Status.APPROVED,
    Action.CHANGES_REQUESTED: Status.CHANGES_REQUESTED,
    Action.ACCEPTED_IN_PART: Status.CHANGES_REQUESTED,
    Action.REJECTED: Status.REJECTED,
    Action.PUBLISHED_AS_RECEIVED: Status.RECEIVED,
}
# The review, as (decision, whether by a contributor), that each of these actions adds.
REVIEW_BY = {
    Action.APPROVED: (Decision.APPROVED, False),
    Action.OVERRIDDEN: (Decision.APPROVED, True),
    Action.CHANGES_REQUESTED: (Decision.CHANGES_REQUESTED, False),
    Action.ACCEPTED_IN_PART: (Decision.CHANGES_REQUESTED, False),
    Action.REJECTED: (Decision.REJECTED, False),
    Action.CONFIRMED: (Decision.CONFIRMED, False),
    Action.REVIEWED: (Decision.REVIEWED, False),
}


def contradiction(article, revisions, entries):
    """Return the first contradiction as (place, reason), or None.

    `revisions` are all of the article's, `entries` its whole log in order.
    """
    return _in_accounts(entries) or _in_publications(article, revisions, entries) or _in_revisions(revisions, entries)


def _in_accounts(entries):
    for entry in entries:
        if entry.by_id not in {None, entry.account}:
            return f"log entry {entry.number}", "it names another account than the one recorded"
    return None


def _in_publications(article, revisions, entries):
    targets = {revision.pk: revision.target_id for revision in revisions}
    public = None
    for entry in entries:
        if entry.action in PUBLICATIONS:
            # A text that was published when nothing was may have been written to replace another.
            if public not in {None, targets.get(entry.revision_id)}:
                number = entry.revision.number
                return f"revision {number}", "it doesn’t say which text it replaced when it was published"
            public = entry.revision_id
        elif entry.action == Action.UNPUBLISHED:
            public = None
    if public != article.published_revision_id:
        return "the published text", "it isn’t what was published last, according to the log"
    if public is not None:
        slug = next(revision.slug for revision in revisions if revision.pk == public)
        if slug != article.slug:
            return "the slug", "it isn’t that of the published text"
    return None


def _in_revisions(revisions, entries):
    statuses, erased, logged = {}, set(), Counter()
    for entry in entries:
        if entry.action in STATUS_AFTER:
            statuses[entry.revision_id] = STATUS_AFTER[entry.action]
        if entry.action == Action.ERASED:
            erased.add(entry.revision_id)
        if entry.action in REVIEW_BY:
            logged[(entry.revision_id, *REVIEW_BY[entry.action])] += 1
    reviews = Review.objects.filter(revision__in=[revision.pk for revision in revisions])
    found = Counter(reviews.values_list("revision", "decision", "is_override"))
    for revision in revisions:
        place = f"revision {revision.number}"
        if statuses.get(revision.pk) != revision.status:
            return place, f"it is “{revision.status}”, which the log doesn’t say"
        if revision.erased_at is not None and revision.pk not in erased:
            return place, "its text is gone, but the log doesn’t say that it was erased"
        if {key: n for key, n in found.items() if key[0] == revision.pk} != {
            key: n for key, n in logged.items() if key[0] == revision.pk
        }:
            return place, "its reviews aren’t those in the log"
    return None
