"""Compares names, accounts, reviews and times in an article's rows with its log, which digests cover."""

from collections import defaultdict
from datetime import timedelta

from articles.derived.reviews.reviewers import NEW_TEXTS, PUBLICATIONS
from articles.models import TOMBSTONE, WITHHELD, LogEntry, Review

from . import approvals

Action, Decision = LogEntry.Action, Review.Decision

# The review, as (decision, whether by a contributor), that each of these actions adds.
REVIEW_BY = {
    Action.APPROVED: (Decision.APPROVED, False),
    Action.OVERRIDDEN: (Decision.APPROVED, True),
    Action.CHANGES_REQUESTED: (Decision.CHANGES_REQUESTED, False),
    Action.ACCEPTED_IN_PART: (Decision.CHANGES_REQUESTED, False),
    Action.REJECTED: (Decision.REJECTED, False),
    Action.CONFIRMED: (Decision.CONFIRMED, False),
    Action.REVIEWED: (Decision.REVIEWED, False),
    Action.CO_APPROVED: (Decision.CO_APPROVED, False),
}
# What whoever starts a draft for the author of its base does to that first, in the same transaction.
CONTINUED_BY = {Action.WITHDRAWN, Action.ACCEPTED_IN_PART}
# A row and its log entry are written in one transaction, each with the time at that moment.
TOGETHER = timedelta(minutes=1)


def contradiction(article, revisions, entries):
    """Return the first contradiction as (place, reason), or None; see `consistency.contradiction`."""
    logged = defaultdict(list)
    for entry in entries:
        if entry.by_id not in {None, entry.account}:
            return f"log entry {entry.number}", "it names another account than the one recorded"
        if entry.revision_id:
            logged[entry.revision_id].append(entry)
    reviews = defaultdict(list)
    for review in Review.objects.filter(revision__in=[revision.pk for revision in revisions]).order_by("pk"):
        reviews[review.revision_id].append(review)
    by_key = {revision.pk: revision for revision in revisions}
    for revision in revisions:
        reason = (
            _in_author(revision, by_key.get(revision.base_id), logged)
            or _in_reviews(revision, reviews[revision.pk], logged[revision.pk])
            or _in_public_note(revision, logged[revision.pk])
            or _in_submission(revision, logged[revision.pk])
        )
        if reason:
            return f"revision {revision.number}", reason
    return _in_article(article, entries)


def _in_author(revision, base, logged):
    """Whoever starts a draft is its author, or goes on with a text for the author of that: see `_is_continued`."""
    started = next((entry for entry in logged[revision.pk] if entry.action == Action.STARTED), None)
    if started is None:
        return None
    authors = [(started.account, started.by_name)]
    if base is not None and _is_continued(logged[base.pk], started):
        authors.append((base.author_id, base.author_name))
    is_author = (
        revision.author_id in {None, account} and _same(revision.author_name, name, WITHHELD)
        for account, name in authors
    )
    if not any(is_author):
        return "its author isn’t the one in the log"
    if abs(revision.created_at - started.at) > TOGETHER:
        return "the time at which it was started isn’t the one in the log"
    return None


def _is_continued(entries, started):
    """Whether the text with these `entries` was updated to the published one, or accepted in part, by starting another."""
    return any(
        entry.action in CONTINUED_BY
        and entry.account == started.account
        and entry.number < started.number
        and abs(entry.at - started.at) <= TOGETHER
        for entry in entries
    )


def _in_reviews(revision, reviews, entries):
    deciding = [entry for entry in entries if entry.action in REVIEW_BY]
    if [(review.decision, review.is_override) for review in reviews] != [REVIEW_BY[e.action] for e in deciding]:
        return "its reviews aren’t those in the log"
    for review, entry in zip(reviews, deciding, strict=True):
        if review.by_id not in {None, entry.account} or not _same(review.by_name, entry.by_name, WITHHELD):
            return f"the reviewer of “{review.decision}” isn’t the one in the log"
        if not _same(review.comment, entry.note, TOMBSTONE):
            return f"the comment of “{review.decision}” isn’t the one in the log"
        if abs(review.at - entry.at) > TOGETHER:
            return f"the time of “{review.decision}” isn’t the one in the log"
    if found := approvals.contradiction(reviews, deciding):
        return found
    seconds = [entry.action for entry in deciding if entry.action in {Action.OVERRIDDEN, Action.CONFIRMED}]
    if revision.needs_second_review != (seconds[-1:] == [Action.OVERRIDDEN]):
        return "whether it waits for a second review isn’t what the log says"
    return None


def _in_public_note(revision, entries):
    """Readers see the note with which a revision was published last; a revert has a reason of its own."""
    published = [entry for entry in entries if entry.action in NEW_TEXTS]
    if published and revision.erased_at is None and not _same(revision.public_note, published[-1].note, TOMBSTONE):
        return "its public note isn’t the one in the log"
    return None


def _in_submission(revision, entries):
    submitted = [entry.at for entry in entries if entry.action == Action.SUBMITTED]
    if submitted and (revision.submitted_at is None or abs(revision.submitted_at - submitted[-1]) > TOGETHER):
        return "the time of its submission isn’t the one in the log"
    return None


def _in_creation(article, entries):
    created = next((entry for entry in entries if entry.action == Action.CREATED), None)
    if created is None:  # by an early version
        return None
    is_by = article.created_by_id in {None, created.account}
    if not is_by or not _same(article.created_by_name, created.by_name, WITHHELD):
        return "who created it", "it isn’t the one in the log"
    if abs(article.created_at - created.at) > TOGETHER:
        return "the time of its creation", "it isn’t the one in the log"
    moved = [entry.at for entry in entries if entry.action == Action.MOVED]
    for at in article.previousslug_set.values_list("replaced_at", flat=True):
        if not any(abs(at - logged) <= TOGETHER for logged in moved):
            return "the previous slugs", "the time of a change isn’t one in the log"
    return None


def _in_article(article, entries):
    if found := _in_creation(article, entries):
        return found
    published = [entry.at for entry in entries if entry.action in PUBLICATIONS]
    times = (published[0], published[-1]) if published else (None, None)
    for found, logged in zip((article.first_published_at, article.published_at), times, strict=True):
        if (found is None) != (logged is None) or (found and abs(found - logged) > TOGETHER):
            return "the time of publication", "it isn’t the one in the log"
    protections = [entry.action for entry in entries if entry.action in {Action.PROTECTED, Action.RELEASED}]
    if article.is_protected != (protections[-1:] == [Action.PROTECTED]):
        return "the protection", "the log doesn’t say that the article is or isn’t protected"
    return None


def _same(found, logged, erased):
    """Whether two copies of a text are the same, or one of them was erased."""
    return found == logged or erased in {found, logged}
