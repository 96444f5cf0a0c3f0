"""What a moderator decides of a submitted revision."""

from django.utils import timezone
from django.utils.translation import gettext

from articles.derived import refresh_linking_to, republish
from articles.derived.i18n import translate
from articles.models import Notice, Review, Revision

from . import notifications
from .changes import accepted_part
from .content import content_of, replace_content
from .drafts import new_draft, submit_draft
from .publishing import FROZEN, move_pointer
from .transitions import (
    Action,
    InvalidTransition,
    NotAllowed,
    Status,
    copy_contributors,
    lock_article,
    name_of,
    record,
    require,
    require_looked_at,
    require_reason,
    require_second_person,
    set_status,
    transition,
)


@transition
def approve(revision, *, by, comment="", override_reason="", digest=None):
    """Find the submitted revision fit to go out. Who wrote a part of it cannot, superusers included.

    `digest` is that of the text that was looked at; approved is that text and no other. With `override_reason`
    somebody who may override approves it nevertheless: history and public page say that there was no second review,
    and the revision stays in the queue for one afterwards.
    """
    require(by, "articles.review_revision", gettext("review revisions"))
    lock_article(revision.article)
    require_looked_at(revision, digest)
    if not override_reason.strip():
        require_second_person(by, revision)
        return _decide(revision, Status.APPROVED, Review.Decision.APPROVED, Action.APPROVED, by, comment)
    require(by, "articles.override_review", gettext("approve without a second review"))
    _decide(
        revision, Status.APPROVED, Review.Decision.APPROVED, Action.OVERRIDDEN, by, override_reason, is_override=True
    )
    Revision.objects.filter(pk=revision.pk).update(needs_look=True)
    revision.needs_look = True
    return revision


@transition
def confirm(revision, *, by, comment=""):
    """Look at a revision afterwards that went out without a second review, and find it right."""
    require(by, "articles.review_revision", gettext("review revisions"))
    lock_article(revision.article)
    if revision.contributor_set.filter(user=by).exists():
        raise NotAllowed(gettext("You wrote a part of this revision: somebody else has to look at it."))
    if not Revision.objects.filter(pk=revision.pk, needs_look=True).update(needs_look=False):
        raise InvalidTransition(gettext("Somebody has looked at it already."))
    revision.needs_look = False
    _review(revision, Review.Decision.CONFIRMED, by, comment)
    record(revision.article, revision, Action.CONFIRMED, by, comment)
    if revision.article.published_revision_id == revision.pk:
        republish(revision.article, with_related=False)
    return revision


@transition
def request_changes(revision, *, by, comment):
    """Send the submitted revision back; `comment` says what to change."""
    require(by, "articles.review_revision", gettext("review revisions"))
    require_reason(comment, gettext("Say what has to change: the author only has your words."))
    lock_article(revision.article)
    return _decide(
        revision, Status.CHANGES_REQUESTED, Review.Decision.CHANGES_REQUESTED, Action.CHANGES_REQUESTED, by, comment
    )


@transition
def reject(revision, *, by, comment):
    """Turn the submitted revision down; `comment` says why."""
    require(by, "articles.review_revision", gettext("review revisions"))
    require_reason(comment, gettext("Say why: the author only has your words."))
    lock_article(revision.article)
    return _decide(revision, Status.REJECTED, Review.Decision.REJECTED, Action.REJECTED, by, comment)


@transition
def accept_in_part(revision, changes, *, by, comment, public_note="", digest=None):
    """Publish some of the changes; send the others back. The accepted and the remaining revision.

    `changes` are ids of the comparison with the text that the revision follows, `digest` as in `approve`. The accepted part becomes a revision
    that names its author and, as its review, the moderator; the remainder goes back to the author as a draft with the
    comment (None where the author has another draft open: then the submitted revision, which stays, is the remainder).
    """
    require(by, "articles.review_revision", gettext("review revisions"))
    require(by, "articles.publish_revision", gettext("publish"))
    lock_article(revision.article)
    require_looked_at(revision, digest)
    require_second_person(by, revision)
    require_reason(comment, gettext("Say what has to change in the rest: the author only has your words."))
    if revision.target_id is None:
        raise InvalidTransition(gettext("A new article is taken as a whole or sent back."))
    revision.refresh_from_db(fields=FROZEN)  # it may have been a draft still when it was looked up
    try:
        accepted = accepted_part(revision, changes)
    except ValueError as error:
        raise InvalidTransition(translate(error)) from error
    _decide(revision, Status.CHANGES_REQUESTED, Review.Decision.CHANGES_REQUESTED, Action.ACCEPTED_IN_PART, by, comment)
    author = {"author": revision.author, "author_name": revision.author_name}
    open_draft = revision.article.revision_set.open().filter(author=revision.author).exists()

    part = new_draft(revision.article, base=revision, by=by, author=None, author_name=revision.author_name)
    part.target = revision.target
    copy_contributors(revision, part)
    replace_content(part, accepted)
    submit_draft(part)
    Revision.objects.filter(pk=part.pk).update(author=revision.author)
    part.author = revision.author
    note = gettext("accepted in part from revision %(number)s") % {"number": revision.number}
    record(part.article, part, Action.SUBMITTED, by, note)
    _decide(part, Status.APPROVED, Review.Decision.APPROVED, Action.APPROVED, by, note, tell=False)
    part.public_note = public_note
    part.save(update_fields=["public_note"])
    refresh_linking_to(move_pointer(part, Action.PUBLISHED, by))

    remainder = None
    if not open_draft and revision.author is not None:
        remainder = new_draft(revision.article, base=revision, by=by, **author)
        remainder.target = part
        remainder.version = 1  # it is written here: who saves it next does not save it for the first time
        copy_contributors(revision, remainder)
        replace_content(remainder, content_of(revision))
    return part, remainder


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


def _decide(revision, status, decision, action, by, comment, *, is_override=False, tell=True):
    set_status(revision, Status.SUBMITTED, status)
    _review(revision, decision, by, comment, is_override=is_override)
    record(revision.article, revision, action, by, comment)
    if tell:
        values = {"name": name_of(by), "action": action.label, "title": revision.title, "number": revision.number}
        notifications.notify(
            Notice.Kind.DECIDED,
            gettext("%(name)s %(action)s “%(title)s” (revision %(number)s)%(comment)s")
            % {**values, "comment": f": {comment}" if comment else "."},
            article=revision.article,
            revision=revision,
            users=[revision.author, *notifications.watchers(revision.article)],
            actor=by,
        )
    return revision
