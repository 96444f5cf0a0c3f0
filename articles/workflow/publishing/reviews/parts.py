"""Accepting some of a revision's changes: these are published, and the others go back to the author."""

from django.db.models import Q
from django.utils.translation import gettext

from articles.derived import refresh_linking_to
from articles.derived.i18n import translate
from articles.models import Comment, Revision
from articles.workflow.collaboration.comments import discussion_of
from articles.workflow.content import content_of, replace_content
from articles.workflow.content.changes import accepted_part, compare
from articles.workflow.content.recordings import cited_recordings
from articles.workflow.drafts import new_draft, submit_draft
from articles.workflow.history import rows
from articles.workflow.publishing import FROZEN, move_pointer
from articles.workflow.recordings import require_reviewed
from articles.workflow.transitions import (
    Action,
    InvalidTransition,
    lock_article,
    record,
    require,
    require_reason,
    transition,
)
from articles.workflow.transitions.four_eyes import require_second_person

from .records import Decision, decide
from .required import progress_of


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
    _require_single(revision)
    comment = comment.strip() or _reasons_in_threads(revision, changes)
    require_reason(comment, gettext("Tell the author what to change in the rest."))
    revision.refresh_from_db(fields=FROZEN)  # it may still have been a draft when the caller loaded it
    try:
        accepted = accepted_part(revision, changes)
    except ValueError as error:
        raise InvalidTransition(translate(error)) from error
    decide(revision, Decision.CHANGES_REQUESTED, Action.ACCEPTED_IN_PART, by, comment)
    open_draft = revision.article.revision_set.open().filter(author=revision.author).exists()

    part = new_draft(revision.article, base=revision, by=by, author=None, author_name=revision.author_name)
    replace_content(part, accepted)
    _require_single(part)
    submit_draft(part)
    part.author, part.public_note = revision.author, revision.public_note if public_note is None else public_note
    part.save(update_fields=["author", "public_note"])
    note = gettext("accepted in part from revision %(number)s") % {"number": revision.number}
    record(part.article, part, Action.SUBMITTED, by, note, recordings=cited_recordings(part))
    decide(part, Decision.APPROVED, Action.APPROVED, by, note, notify=False)
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


def mark_reasons(threads, revision):
    """Set `is_reason` on each of a revision's `threads`: whether it can be the reason to return what it is about.

    That is so without a comment in `accept_in_part`, as `_reasons_in_threads` finds them.
    """
    contributors = {writer.user_id for writer in revision.contributor_set.all()} - {None}
    for thread in threads:
        has_place = thread.change or thread.section_key or thread.revision_id == revision.pk
        thread.is_reason = bool(has_place) and thread.resolved_at is None and thread.by_id not in contributors


def _require_single(revision):
    """Require that one approval is enough for `revision`."""
    if progress_of(revision) is not None:
        raise InvalidTransition(
            gettext(
                "This text needs two approvals of the same words, so it can’t be accepted in part. Approve all of it or "
                "request changes."
            )
        )


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
