"""What is written of a decision: the review, the log entry, and the notices."""

from django.utils import timezone
from django.utils.translation import gettext

from articles.derived.reviews.reviewers import users_with_permission
from articles.models import Notice, Review
from articles.workflow import notifications
from articles.workflow.content.recordings import cited_recordings
from articles.workflow.transitions import Action, InvalidTransition, Status, name_of, record, set_status
from articles.workflow.transitions.four_eyes import require_two_people

from .required import progress_of, require_addition

Decision = Review.Decision  # the first three have the value of the status that they lead to


def completed_by(revision, by):
    """Return the `Review.requirement` of an approval by `by`, None if one approval is enough.

    It is complete if `with` names other approvals. Raises `NotAllowed` if theirs would add nothing. The caller has
    locked the article.
    """
    revision.refresh_from_db(fields=["digest"])  # it may still have been a draft when the caller loaded it
    progress = progress_of(revision)
    if progress is None:
        return None
    require_addition(progress, by)
    require_two_people(by, {review.by_id for review in progress.given})
    return progress.record(revision, by, completes=progress.is_completed_by(by))


def co_approve(revision, by, comment, requirement):
    """Record an approval that isn't the last one needed. The revision stays as it is.

    Raises `InvalidTransition` if the rule that asks for several was deleted meanwhile: an article's lock doesn't hold it.
    """
    write_review(revision, Decision.CO_APPROVED, by, comment, requirement)
    record_with_recordings(revision, Action.CO_APPROVED, by, comment, requirement)
    wanted = progress_of(revision)
    if wanted is None:
        raise InvalidTransition(
            gettext("The rules for second approvals have changed meanwhile, so nothing was recorded. Try again.")
        )
    _notify(revision, Action.CO_APPROVED, by, f"{comment} {wanted.wanted}".strip())
    _ask_others(revision, wanted, by)
    return revision


def decide(revision, decision, action, by, comment, requirement=None, *, notify=True):
    """Set the status that the decision leads to, and record it."""
    set_status(revision, Status.SUBMITTED, Status(decision))
    write_review(revision, decision, by, comment, requirement, is_override=action == Action.OVERRIDDEN)
    if decision == Decision.APPROVED:
        record_with_recordings(revision, action, by, comment, requirement)
    else:
        record(revision.article, revision, action, by, comment)
    if notify:
        _notify(revision, action, by, comment)
    return revision


def write_review(revision, decision, by, comment, requirement=None, *, is_override=False):
    return Review.objects.create(
        revision=revision,
        decision=decision,
        comment=comment,
        is_override=is_override,
        requirement=requirement,
        by=by,
        by_name=name_of(by),
        at=timezone.now(),
    )


def record_with_recordings(revision, action, by, comment, requirement=None):
    """Log an approval, which covers the recordings as they are."""
    recordings = cited_recordings(revision, is_locked=True)
    record(revision.article, revision, action, by, comment, recordings=recordings, requirement=requirement)


def _notify(revision, action, by, comment):
    values = {"name": name_of(by), "action": action.label, "title": revision.title, "number": revision.number}
    notifications.notify(
        Notice.Kind.DECIDED,
        gettext("%(name)s %(action)s “%(title)s” (revision %(number)s)%(comment)s")
        % {**values, "comment": f": {comment}" if comment else "."},
        revision=revision,
        users=[revision.author, *notifications.watchers(revision.article)],
        actor=by,
    )


def _ask_others(revision, progress, by):
    """Tell those who can give the other approval: members of the missing groups, or all other reviewers."""
    others = users_with_permission("articles.review_revision").exclude(
        pk__in=[review.by_id for review in progress.given if review.by_id]
    )
    others = others.exclude(pk__in=revision.contributor_set.exclude(user=None).values("user"))
    if progress.missing:
        others = others.filter(groups__name__in=progress.missing).distinct()
    notifications.notify(
        Notice.Kind.SUBMITTED,
        gettext("“%(title)s” (revision %(number)s) waits for another approval: %(progress)s")
        % {"title": revision.title, "number": revision.number, "progress": progress.words},
        revision=revision,
        users=[user for user in others if user.pk != revision.author_id],
        actor=by,
    )
