"""Compares an article's rows with its log: whatever is true of an article now, some entry has said.

Digests cover what texts and entries say. This covers what is done with them: what is public, what was decided.
"""

from articles.derived.reviews.reviewers import PUBLICATIONS
from articles.models import TOMBSTONE, LogEntry, Revision

from . import attribution, judgements, recordings

Action, Status = LogEntry.Action, Revision.Status

# The status that a revision has after each action that changes it.
STATUS_AFTER = {
    Action.STARTED: Status.DRAFT,
    Action.SUBMITTED: Status.SUBMITTED,
    Action.WITHDRAWN: Status.WITHDRAWN,
    Action.DISCARDED: Status.DISCARDED,
    Action.APPROVED: Status.APPROVED,
    Action.OVERRIDDEN: Status.APPROVED,
    Action.CHANGES_REQUESTED: Status.CHANGES_REQUESTED,
    Action.ACCEPTED_IN_PART: Status.CHANGES_REQUESTED,
    Action.REJECTED: Status.REJECTED,
    Action.PUBLISHED_AS_RECEIVED: Status.RECEIVED,
}


def contradiction(article, revisions, entries):
    """Return the first contradiction as (place, reason), or None.

    `revisions` are all of the article's, `entries` its whole log in order.
    """
    return (
        _in_publications(article, revisions, entries)
        or _in_revisions(revisions, entries)
        or attribution.contradiction(article, revisions, entries)
        or recordings.contradiction(article, entries)
        or judgements.contradiction(article, entries)
    )


def _in_publications(article, revisions, entries):
    targets = {revision.pk: revision.target_id for revision in revisions}
    public, earlier = None, set()
    for entry in entries:
        if entry.action == Action.REVERTED:
            if entry.revision_id not in earlier:
                return f"revision {entry.revision.number}", "it came back, but it was never public before"
            public = entry.revision_id
        elif entry.action in PUBLICATIONS:
            # A text that was published when nothing was may have been written to replace another.
            if public not in {None, targets.get(entry.revision_id)}:
                number = entry.revision.number
                return f"revision {number}", "it doesn’t say which text it replaced when it was published"
            public = entry.revision_id
            earlier.add(public)
        elif entry.action == Action.UNPUBLISHED:
            public = None
    if public != article.published_revision_id:
        return "the published text", "it isn’t what was published last, according to the log"
    if public is not None:
        slug = next(revision.slug for revision in revisions if revision.pk == public)
        if slug != article.slug:
            return "the slug", "it isn’t that of the published text"
    moved = {entry.note.partition(" → ")[0] for entry in entries if entry.action == Action.MOVED}
    previous = set(article.previousslug_set.values_list("slug", flat=True))
    if TOMBSTONE in moved:
        return None
    for slug in sorted(previous - moved):
        return "the previous slugs", f"the log doesn’t say that “{slug}” was one"
    for slug in sorted(moved - previous - {article.slug}):
        return "the previous slugs", f"“{slug}” was one, according to the log"
    return None


def _in_revisions(revisions, entries):
    statuses, erased = {}, set()
    for entry in entries:
        if entry.action in STATUS_AFTER:
            statuses[entry.revision_id] = STATUS_AFTER[entry.action]
        if entry.action == Action.ERASED:
            erased.add(entry.revision_id)
    for revision in revisions:
        place = f"revision {revision.number}"
        if statuses.get(revision.pk) != revision.status:
            return place, f"it is “{revision.status}”, which the log doesn’t say"
        if revision.erased_at is not None and revision.pk not in erased:
            return place, "its text is gone, but the log doesn’t say that it was erased"
    return None
