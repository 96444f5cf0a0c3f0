"""Reviews of what is public already: of a text that went out without a second person, and of what nobody reviewed."""

from django.conf import settings
from django.utils.translation import gettext

from articles.derived import republish
from articles.derived.pages import review_coverage
from articles.models import Revision
from articles.workflow.recordings import require_reviewed
from articles.workflow.transitions import (
    Action,
    InvalidTransition,
    NotAllowed,
    compare_and_set,
    lock_article,
    record,
    require,
    transition,
)
from articles.workflow.transitions.four_eyes import why_no_second_person, why_one_person

from .records import Decision, co_approve, completed_by, write_review


@transition
def confirm(revision, *, by, comment="", digest=None):
    """Confirm, after publication, a revision that was published without a second review; `digest` is as in `approve`.

    If the text needs several approvals (`required`), the last of them confirms it.
    """
    require(by, "articles.review_revision", gettext("review revisions"))
    lock_article(revision.article)
    require_reviewed(revision, digest)
    if refusal := why_no_confirmation(revision, by):
        raise NotAllowed(refusal)
    requirement = completed_by(revision, by)
    if requirement is not None and not requirement["with"]:
        if not Revision.objects.filter(pk=revision.pk, needs_second_review=True).exists():
            raise InvalidTransition(gettext("Someone has already reviewed this revision."))
        return co_approve(revision, by, comment, requirement)
    if not compare_and_set(Revision.objects.filter(needs_second_review=True), revision, needs_second_review=False):
        raise InvalidTransition(gettext("Someone has already reviewed this revision."))
    write_review(revision, Decision.CONFIRMED, by, comment, requirement)
    record(revision.article, revision, Action.CONFIRMED, by, comment, requirement=requirement)
    if revision.article.published_revision_id:  # this text, or one built from it, of which more is reviewed now
        republish(revision.article)
    return revision


def why_no_confirmation(revision, user):
    """Return why `user` can't be the one to review a text that was published without a second person, "" if they can."""
    writers = set(revision.contributor_set.values_list("user", flat=True))
    if user.pk in writers:
        return gettext("You contributed to this revision, so someone else has to review it.")
    approvers = set(revision.review_set.filter(is_override=True).values_list("by", flat=True))
    if settings.FOUR_EYES and user.pk in approvers:
        return gettext("You approved this revision alone, so someone else has to confirm it.")
    return why_one_person(user, writers | approvers)


@transition
def review_whole(revision, *, by, comment="", digest=None):
    """Review, after publication, what nobody has reviewed of the published text, such as an imported one.

    `digest` is as in `approve`.

    Then all of it is reviewed, once as many people have done so as it needs. Whoever wrote the part that nobody
    reviewed can't do this.
    """
    require(by, "articles.review_revision", gettext("review revisions"))
    lock_article(revision.article)
    if revision.article.published_revision_id != revision.pk:
        raise InvalidTransition(gettext("What is published has changed since you opened the page. Reload the page."))
    require_reviewed(revision, digest)
    revision.refresh_from_db(fields=["needs_second_review"])
    if revision.needs_second_review:
        raise InvalidTransition(gettext("Confirm the changes of this revision first."))
    unreviewed = review_coverage.unreviewed_revisions(revision)
    if not unreviewed:
        raise InvalidTransition(gettext("All of this text has been reviewed already."))
    requirement = completed_by(revision, by)
    if refusal := why_no_review(revision, unreviewed, by, is_one_of_several=requirement is not None):
        raise NotAllowed(refusal)
    if requirement is not None and not requirement["with"]:
        return co_approve(revision, by, comment, requirement)
    write_review(revision, Decision.REVIEWED, by, comment, requirement)
    record(revision.article, revision, Action.REVIEWED, by, comment, requirement=requirement)
    republish(revision.article)
    return revision


def why_no_review(revision, unreviewed, user, *, is_one_of_several):
    """Return why `user` can't review what nobody reviewed of a text, the revisions `unreviewed`, "" if they can.

    Of several approvals (`is_one_of_several`), none comes from who wrote another part.
    """
    wrote = gettext("You wrote some of the text that nobody has reviewed, so someone else has to review it.")
    if refusal := why_no_second_person(user, *unreviewed, refusal=wrote):
        return refusal
    return why_no_second_person(user, revision) if is_one_of_several else ""
