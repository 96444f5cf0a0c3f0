"""Drafts enter the review queue, and leave it when they are withdrawn."""

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext

from articles.derived.reviews import reviewers
from articles.models import Notice
from articles.workflow import notifications
from articles.workflow.content import content_of, missing_for_submission
from articles.workflow.content.changes import weigh
from articles.workflow.content.recordings import cited_recordings
from articles.workflow.history import audit_log
from articles.workflow.transitions import (
    Action,
    NotAllowed,
    NotReady,
    Status,
    lock_article,
    name_of,
    record,
    require,
    require_editable,
    set_status,
    transition,
)

from . import versions


@transition
def submit(revision, *, by):
    """Submit the draft for review. Raises `NotReady` with what is missing."""
    lock_article(revision.article)
    require_editable(by, revision.article)
    submit_draft(revision)
    recordings = cited_recordings(revision, is_locked=True)
    record(revision.article, revision, Action.SUBMITTED, by, revision.edit_summary, recordings=recordings)
    notifications.notify(
        Notice.Kind.SUBMITTED,
        gettext("%(by)s submitted “%(title)s” (revision %(number)s) for review.")
        % {"by": name_of(by), "title": revision.title, "number": revision.number},
        revision=revision,
        users=[
            *reviewers.users_with_permission("articles.review_revision"),
            *notifications.watchers(revision.article),
        ],
        actor=by,
    )
    return revision


@transition
def withdraw(revision, *, by):
    """Withdraw a submitted revision; only its contributors can."""
    require(by, "articles.change_revision", gettext("edit articles"))
    lock_article(revision.article)
    if not revision.contributor_set.filter(user=by).exists():
        raise NotAllowed(gettext("Only people who contributed to this revision can withdraw it."))
    set_status(revision, Status.SUBMITTED, Status.WITHDRAWN)
    record(revision.article, revision, Action.WITHDRAWN, by)
    return revision


def submit_draft(revision):
    """Freeze the draft in its current stored state. Raises `NotReady` with what is missing."""
    # Set the status first: from here on nobody else can save, so the text read below is the one submitted.
    set_status(revision, Status.DRAFT, Status.SUBMITTED, submitted_at=timezone.now())
    revision.refresh_from_db()
    content = content_of(revision)
    if missing := missing_for_submission(revision, content):
        raise NotReady(missing)
    revision.change_kinds, revision.risk = weigh(revision)
    revision.digest = audit_log.revision_digest(revision, content=content)
    before = revision.base
    if before is not None and before.status == Status.CHANGES_REQUESTED:
        # Whoever was to review the text looks at its changes, unless that person has written some of them.
        revision.assigned_group = before.assigned_group
        wrote = settings.FOUR_EYES and revision.contributor_set.filter(user=before.assigned_to_id).exists()
        revision.assigned_to = None if wrote else before.assigned_to
    revision.save(update_fields=["change_kinds", "risk", "digest", "assigned_to", "assigned_group"])
    versions.drop_autosaves(revision)
