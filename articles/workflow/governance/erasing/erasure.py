"""Protecting articles, and erasing texts where the law requires it."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from articles.derived import republish
from articles.derived.responses import stored
from articles.derived.texts import derivation
from articles.models import Article, Rendering, Revision, ScheduledJob
from articles.workflow import tasks
from articles.workflow.drafts import versions
from articles.workflow.history import rows
from articles.workflow.history.audit_log import TOMBSTONE, was_published
from articles.workflow.scheduling import run_job
from articles.workflow.transitions import (
    Action,
    InvalidTransition,
    NotAllowed,
    Status,
    compare_and_set,
    lock_article,
    record,
    require,
    require_reason,
    set_status,
    transition,
)

from . import redaction, remnants


@transition
def protect(article, *, by, reason):
    """Restrict editing of the article to people who can protect articles."""
    require(by, "articles.protect_article", gettext("protect articles"))
    require_reason(reason, gettext("Give editors a reason."))
    return _set_protection(article, by, reason, is_protected=True)


@transition
def release(article, *, by, reason=""):
    """Let every editor edit the article again."""
    require(by, "articles.protect_article", gettext("unprotect articles"))
    return _set_protection(article, by, reason, is_protected=False)


@transition
def erase(revision, *, by, reason):
    """Replace a revision's text with a tombstone, for legal reasons; digests, dates and decisions stay.

    Whatever was written about it or quotes it goes, too: remarks and log entries become tombstones (`redaction`),
    versions of drafts that contain it, unused uploads and form values are deleted, and the database's file is
    compacted. What a person has to decide is left in `revision.quotation_set`. A text that waits to be reviewed or
    published no longer does.
    """
    require(by, "articles.erase_revision", gettext("erase texts"))
    require_reason(reason, gettext("Give a reason; it is shown in place of the text."))
    article = revision.article
    lock_article(article)
    revision.refresh_from_db(fields=["status"])
    if revision.is_draft:
        raise InvalidTransition(
            gettext("Drafts can’t be erased. Delete the text from the draft, save it, and delete its earlier versions.")
        )
    if article.published_revision_id == revision.pk:
        raise NotAllowed(gettext("This text is published. Publish another revision or unpublish the article first."))
    passages, uploads = redaction.passages_of(revision), versions.uploads_in(redaction.texts_of(revision))
    about = remnants.about(revision, passages)
    with rows.recorded(Revision, [revision.pk]):
        erased = Revision.objects.filter(pk=revision.pk, erased_at=None).update(
            erased_at=timezone.now(), erasure_reason=reason, title=TOMBSTONE, lead="", edit_summary="", public_note=""
        )
    if not erased:
        raise InvalidTransition(gettext("This revision has already been erased."))
    if revision.status in {Status.SUBMITTED, Status.APPROVED} and not was_published(revision):
        set_status(revision, revision.status, Status.WITHDRAWN, publish_at=None, take_down_at=None)
        record(article, revision, Action.WITHDRAWN, by)
    for section in revision.section_set.all():
        section.heading, section.body = TOMBSTONE, ""
        section.save(update_fields=["heading", "body"])
    for source in revision.source_set.all():  # its key was a word of the text
        revision.source_set.filter(pk=source.pk).update(key=f"erased{source.position}")
    revision.refresh_from_db()
    derivation.derive(revision)
    Rendering.objects.filter(pk=revision.pk).update(page_html="", partial_review=None)
    uploads |= versions.erase(revision, passages)
    record(article, revision, Action.ERASED, by, reason)
    remnants.forget(revision, passages)
    redaction.redact_all(revision, passages, about, by=by)
    remnants.delete_unused(uploads)
    republish(article)
    compact_after_commit()
    return revision


def compact_after_commit():
    """Forget stored responses and files of tasks, and compact the database, which keeps what was deleted until then.

    The scheduler retries a failure.
    """
    stored.forget_all()
    waiting = {"ended_at": timezone.now(), "succeeded_at": None, "error": ""}
    ScheduledJob.objects.update_or_create(name=ScheduledJob.Name.COMPACTION, defaults=waiting)
    transaction.on_commit(tasks.forget_files, robust=True)
    transaction.on_commit(lambda: run_job(ScheduledJob.Name.COMPACTION), robust=True)


def _set_protection(article, by, reason, *, is_protected):
    lock_article(article)
    if not compare_and_set(Article.objects.filter(is_protected=not is_protected), article, is_protected=is_protected):
        raise InvalidTransition(
            gettext("This article is already protected.") if is_protected else gettext("This article isn’t protected.")
        )
    record(article, None, Action.PROTECTED if is_protected else Action.RELEASED, by, reason)
    return article
