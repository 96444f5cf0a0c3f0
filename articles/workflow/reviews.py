"""A moderator's decisions on submitted revisions."""

from django.conf import settings
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext

from articles.derived import refresh_linking_to, republish
from articles.derived.i18n import translate
from articles.derived.pages import review_coverage
from articles.models import Comment, Notice, Review, Revision

from . import notifications
from .collaboration.comments import discussion_of
from .content import content_of, replace_content
from .content.changes import accepted_part, compare
from .content.recordings import cited_recordings
from .drafts import new_draft, submit_draft
from .four_eyes import require_second_person, require_two_people
from .history import rows
from .publishing import FROZEN, move_pointer, require_approved, set_public_note
from .recordings import changed_since_approval, require_reviewed
from .transitions import (
    Action,
    InvalidTransition,
    NotAllowed,
    Status,
    compare_and_set,
    lock_article,
    name_of,
    record,
    require,
    require_reason,
    set_status,
    transition,
)

OVERRIDES = "articles.override_review"
Decision = Review.Decision  # but for those after publication, each has the value of the status that it leads to


@transition
def approve(revision, *, by, comment="", override_reason="", digest=None, public_note=None):
    """Approve the submitted revision for publication, with this `public_note`. Its contributors can't, superusers included.

    `digest` (`recordings.review_digest`) identifies the text and the recordings that were reviewed; nothing else is
    approved. With `override_reason`, a user with the
    override permission can approve it anyway: the history and the public page then say that there was no second
    review, and the revision stays in the queue for a later one.
    """
    require(by, "articles.review_revision", gettext("review revisions"))
    lock_article(revision.article)
    require_reviewed(revision, digest)
    if not override_reason.strip():
        require_second_person(by, revision)
        set_public_note(revision, public_note)
        return _decide(revision, Decision.APPROVED, Action.APPROVED, by, comment)
    require(by, OVERRIDES, gettext("approve without a second review"))
    set_public_note(revision, public_note)
    return _await_second_review(_decide(revision, Decision.APPROVED, Action.OVERRIDDEN, by, override_reason))


@transition
def approve_again(revision, *, by, comment="", override_reason="", digest=None, public_note=None):
    """Approve an approved revision again, since recordings that it cites have changed. Its schedule stays.

    `override_reason`, `digest` and `public_note` are as in `approve`: otherwise whoever contributed to it can't.
    """
    require(by, "articles.review_revision", gettext("review revisions"))
    lock_article(revision.article)
    require_reviewed(revision, digest)
    is_override = bool(override_reason.strip())
    if is_override:
        require(by, OVERRIDES, gettext("approve without a second review"))
    else:
        require_second_person(by, revision)
    require_approved(revision)
    if revision.article.published_revision_id == revision.pk or not changed_since_approval(revision):
        raise InvalidTransition(gettext("Nothing has changed since this revision was approved."))
    set_public_note(revision, public_note)
    text, action = (override_reason, Action.OVERRIDDEN) if is_override else (comment, Action.APPROVED)
    _review(revision, Decision.APPROVED, by, text, is_override=is_override)
    _record_with_recordings(revision, action, by, text)
    return _await_second_review(revision) if is_override else revision


@transition
def confirm(revision, *, by, comment=""):
    """Confirm, after publication, a revision that was published without a second review."""
    require(by, "articles.review_revision", gettext("review revisions"))
    lock_article(revision.article)
    writers = set(revision.contributor_set.values_list("user", flat=True))
    if by.pk in writers:
        raise NotAllowed(gettext("You contributed to this revision, so someone else has to review it."))
    approvers = set(revision.review_set.filter(is_override=True).values_list("by", flat=True))
    if settings.FOUR_EYES and by.pk in approvers:
        raise NotAllowed(gettext("You approved this revision alone, so someone else has to confirm it."))
    require_two_people(by, writers | approvers)
    if not compare_and_set(Revision.objects.filter(needs_second_review=True), revision, needs_second_review=False):
        raise InvalidTransition(gettext("Someone has already reviewed this revision."))
    _review(revision, Decision.CONFIRMED, by, comment)
    record(revision.article, revision, Action.CONFIRMED, by, comment)
    if revision.article.published_revision_id:  # this text, or one built from it, of which more is reviewed now
        republish(revision.article, with_related=False)
    return revision


@transition
def review_whole(revision, *, by, comment=""):
    """Review, after publication, what nobody has reviewed of the published text, such as an imported one.

    Then all of it is reviewed. Whoever wrote the part that nobody reviewed can't do this.
    """
    require(by, "articles.review_revision", gettext("review revisions"))
    lock_article(revision.article)
    if revision.article.published_revision_id != revision.pk:
        raise InvalidTransition(gettext("What is published has changed since you opened the page. Reload the page."))
    revision.refresh_from_db(fields=["needs_second_review"])
    if revision.needs_second_review:
        raise InvalidTransition(gettext("Confirm the changes of this revision first."))
    unreviewed = review_coverage.unreviewed_revisions(revision)
    if not unreviewed:
        raise InvalidTransition(gettext("All of this text has been reviewed already."))
    require_second_person(by, *unreviewed)
    _review(revision, Decision.REVIEWED, by, comment)
    record(revision.article, revision, Action.REVIEWED, by, comment)
    republish(revision.article, with_related=False)
    return revision


@transition
def request_changes(revision, *, by, comment):
    """Request changes to the submitted revision; `comment` says which."""
    require(by, "articles.review_revision", gettext("review revisions"))
    require_reason(comment, gettext("Tell the author what to change."))
    lock_article(revision.article)
    return _decide(revision, Decision.CHANGES_REQUESTED, Action.CHANGES_REQUESTED, by, comment)


@transition
def reject(revision, *, by, comment):
    """Reject the submitted revision; `comment` says why."""
    require(by, "articles.review_revision", gettext("review revisions"))
    require_reason(comment, gettext("Give the author a reason."))
    lock_article(revision.article)
    return _decide(revision, Decision.REJECTED, Action.REJECTED, by, comment)


@transition
def accept_in_part(revision, changes, *, by, comment, public_note=None, digest=None):
    """Publish some of the changes and return the rest to the author; the accepted and the remaining revision.

    `changes` are the ids of changes against the revision's target, `digest` is as in `approve`. Without a `comment`,
    the open threads on what is left out are the reason. The accepted part
    becomes a revision that names the same author, with the moderator as its reviewer. The rest becomes a draft of the
    author; it is None if they already have an open draft, and the submitted revision then keeps the rest.
    """
    require(by, "articles.review_revision", gettext("review revisions"))
    require(by, "articles.publish_revision", gettext("publish"))
    lock_article(revision.article)
    require_reviewed(revision, digest)
    require_second_person(by, revision)
    if revision.target_id is None:
        raise InvalidTransition(
            gettext("A new article can’t be accepted in part. Approve all of it or request changes.")
        )
    comment = comment.strip() or _reasons_in_threads(revision, changes)
    require_reason(comment, gettext("Tell the author what to change in the rest."))
    revision.refresh_from_db(fields=FROZEN)  # it may still have been a draft when the caller loaded it
    try:
        accepted = accepted_part(revision, changes)
    except ValueError as error:
        raise InvalidTransition(translate(error)) from error
    _decide(revision, Decision.CHANGES_REQUESTED, Action.ACCEPTED_IN_PART, by, comment)
    open_draft = revision.article.revision_set.open().filter(author=revision.author).exists()

    part = new_draft(revision.article, base=revision, by=by, author=None, author_name=revision.author_name)
    replace_content(part, accepted)
    submit_draft(part)
    part.author, part.public_note = revision.author, revision.public_note if public_note is None else public_note
    part.save(update_fields=["author", "public_note"])
    note = gettext("accepted in part from revision %(number)s") % {"number": revision.number}
    record(part.article, part, Action.SUBMITTED, by, note, recordings=cited_recordings(part))
    _decide(part, Decision.APPROVED, Action.APPROVED, by, note, notify=False)
    refresh_linking_to(move_pointer(part, Action.PUBLISHED, by))

    remainder = None
    if not open_draft and revision.author is not None:
        names = {"author": revision.author, "author_name": revision.author_name}
        remainder = new_draft(revision.article, base=revision, by=by, **names)
        with rows.recorded(Revision, [remainder.pk]):
            remainder.target = part
            remainder.version = 1  # its content is written here, so the next save isn't the first
            replace_content(remainder, content_of(revision))
    return part, remainder


def _reasons_in_threads(revision, accepted):
    """The open comments on what is left out of `accepted` (ids of changes), as one text; "" if there are none.

    A comment on the whole revision counts, one by a contributor doesn't: they don't say what to change.
    """
    left_out = [change for change in compare(revision.target, revision).changes if change.id not in set(accepted)]
    on_changes = Q(change__in=[change.id for change in left_out])
    on_sections = Q(change="", section_key__in=[change.section_key for change in left_out if change.section_key])
    threads = Comment.objects.unresolved().filter(discussion_of(revision))
    threads = threads.filter(on_changes | on_sections | Q(revision=revision, change="", section_key=None))
    contributors = revision.contributor_set.exclude(user=None).values("user")
    return "\n\n".join(threads.exclude(by__in=contributors).values_list("text", flat=True))


def _await_second_review(revision):
    Revision.objects.filter(pk=revision.pk).update(needs_second_review=True)
    revision.needs_second_review = True
    return revision


def _review(revision, decision, by, comment, *, is_override=False):
    return Review.objects.create(
        revision=revision,
        decision=decision,
        comment=comment,
        is_override=is_override,
        by=by,
        by_name=name_of(by),
        at=timezone.now(),
    )


def _record_with_recordings(revision, action, by, comment):
    """Log an approval, which covers the recordings as they are."""
    recordings = cited_recordings(revision, is_locked=True)
    record(revision.article, revision, action, by, comment, recordings=recordings)


def _decide(revision, decision, action, by, comment, *, notify=True):
    set_status(revision, Status.SUBMITTED, Status(decision))
    _review(revision, decision, by, comment, is_override=action == Action.OVERRIDDEN)
    if decision == Decision.APPROVED:
        _record_with_recordings(revision, action, by, comment)
    else:
        record(revision.article, revision, action, by, comment)
    if notify:
        values = {"name": name_of(by), "action": action.label, "title": revision.title, "number": revision.number}
        notifications.notify(
            Notice.Kind.DECIDED,
            gettext("%(name)s %(action)s “%(title)s” (revision %(number)s)%(comment)s")
            % {**values, "comment": f": {comment}" if comment else "."},
            revision=revision,
            users=[revision.author, *notifications.watchers(revision.article)],
            actor=by,
        )
    return revision
