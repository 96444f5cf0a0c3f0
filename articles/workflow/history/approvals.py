"""Checks that texts which needed several approvals had them: by whom, and of what, as each was recorded."""

from articles.derived.reviews.reviewers import FOUND_RIGHT
from articles.models import Review

Decision = Review.Decision


def contradiction(reviews, entries):
    """Return why the `reviews` of a revision aren't what their log `entries`, which digests cover, say they needed.

    Both are in order and of the same length. None if nothing is wrong.
    """
    earlier = {}
    for review, entry in zip(reviews, entries, strict=True):
        if review.requirement != entry.requirement:
            return f"what “{review.decision}” needed isn’t what the log says"
        if review.decision == Decision.CO_APPROVED:
            if review.requirement is None:
                return f"“{review.decision}” doesn’t say what else was needed"
            earlier[review.pk] = (review, entry)
        elif review.decision in FOUND_RIGHT and review.requirement and (reason := _lacking(review, entry, earlier)):
            return reason
    return None


def _lacking(last, entry, earlier):
    """Return what an approval that was the last one needed lacks, None if it has everything."""
    requirement = last.requirement
    joined = [earlier[pk] for pk in requirement["with"] if pk in earlier]
    if any(review.requirement["digest"] != requirement["digest"] for review, _ in joined):
        return f"the approvals before “{last.decision}” were of another text or other recordings"
    accounts = {entry.account, *(other.account for _, other in joined)}
    if len(joined) != len(requirement["with"]) or len(accounts) < max(requirement["approvals"], len(joined) + 1):
        return f"“{last.decision}” needed {requirement['approvals']} people, and there were {len(accounts)}"
    covered = {*requirement["in"], *(name for review, _ in joined for name in review.requirement["in"])}
    if missing := [name for name in requirement["groups"] if name not in covered]:
        return f"“{last.decision}” needed somebody from “{missing[0]}”, and nobody was"
    return None
